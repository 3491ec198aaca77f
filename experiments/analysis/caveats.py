"""Conclusions that an answer does not support from a study: said with every answer, also when nobody asks.

`found` says which warnings hold, by key and numbers; an answer says them in its own language (`limit` in `viz/text`).
"""

from typing import Any, NamedTuple

from kantelpunt.model.interventions import catalogue
from kantelpunt.model.population.build import population
from kantelpunt.model.registry import quantities

from ..design.plan import Plan
from ..design.sampling import uncertain
from ..design.stopping_rules import PRECISION
from ..design.variants import spoken
from ..results import StudyResults


class Limit(NamedTuple):
    """Warnings that belong together, each by its key, with the numbers and names in them."""

    keys: tuple[str, ...]
    values: dict[str, Any]


def found(study: StudyResults) -> list[Limit]:
    """Return what may not be concluded, most important first."""
    plan = study.plan
    areas = [plan.scenarios[base].resolved_area() for base in plan.blocks]
    against = ", ".join(map(spoken, plan.blocks))
    n = sum(map(len, plan.blocks.values())) * len(study.question.decides)
    assumed = dict.fromkeys(figure for area in areas for figure in area.assumed)
    figures = {"area": ", ".join(dict.fromkeys(area.name for area in areas)), "figures": ", ".join(map(spoken, assumed))}
    return [
        *mishaps(study),
        Limit(("forecast",), {}),
        Limit(("judged", how_varied(plan)), {**judged_numbers(), **varied(study)}),
        Limit(("own_costs" if costs_are_own(plan) else "assumed_costs",), {}),
        Limit(("type", "assumed_figures") if assumed else ("type",), figures),
        *(Limit(("may_harm",), {"measure": kind}) for kind in harmful(plan)),
        *(Limit(("deviates",), {"area": name, "deviations": some}) for name, some in deviations(plan).items()),
        Limit(("person",), {}),
        Limit(("mean",), {}),
        Limit(("one" if n == 1 else "several",), {"n": n, "against": against}),
    ]


def deviations(plan: Plan) -> dict[str, dict[str, tuple[float, float]]]:
    """Return area -> figure -> (asked, got), of areas whose figures the people of a world cannot have all at once."""
    places = dict.fromkeys((each.resolved_area(), each.n_people) for each in plan.scenarios.values())
    found = {area.name: population(area, people, plan.seed).deviations for area, people in places}
    return {name: some for name, some in found.items() if some}


def harmful(plan: Plan) -> list[str]:
    """Return the kinds of measures in a plan of which there is reason to fear that they do harm."""
    used = dict.fromkeys(each.kind for scenario in plan.scenarios.values() for each in scenario.interventions)
    return [kind for kind in used if catalogue()[kind].EVIDENCE.standing == "may_harm"]


def mishaps(study: StudyResults) -> list[Limit]:
    """Return what went wrong on the way, if anything."""
    plan, status, made = study.plan, study.status(), study.runs_with("model")
    models = int(made.groupby("scenario", observed=True)["model"].nunique().max()) if len(made) else 0
    told = []
    if status.left:
        told.append(Limit(("stopped",), {"done": status.done + status.failed, "size": status.asked}))
    if status.failed:
        told.append(Limit(("failed",), {"failed": status.failed}))
    until = plan.until
    if until and not status.left and study.stopped() is None:
        wanted = {"half_width": f"{until.half_width:g}"} if until.rule == PRECISION and until.half_width else {"rule": until.rule}
        told.append(Limit(("imprecise" if "half_width" in wanted else "undecided",), {**wanted, "outcome": until.outcome}))
    if models > 1:
        told.append(Limit(("mixed",), {"models": models}))
    return told


def judged_numbers() -> dict[str, int]:
    """Return how many quantities rest on judgement, at least in part, and how many there are."""
    return {"judged": sum("assumed" in quantity.source for quantity in quantities().values()), "all": len(quantities())}


def how_varied(plan: Plan) -> str:
    """Return the key that tells how points vary what nobody knows well."""
    if plan.points == 1 or (plan.spread == 0.0 and plan.plausible is None):
        return "luck_alone"
    return "varied" if plan.plausible is None else "plausible"


def varied(study: StudyResults) -> dict[str, Any]:
    """Return how many quantities points vary, and how far."""
    plan = study.plan
    names = study.parameters.columns if plan.plausible else plan.vary or uncertain()
    return {"n": len(set(names) - set(plan.parameters)), "spread": f"{plan.spread:.0%}"}


def costs_are_own(plan: Plan) -> bool:
    """Return whether all costs stand in the plan itself."""
    kinds = [each for scenario in plan.scenarios.values() for each in scenario.interventions]
    return bool(kinds) and all(each.cost_per_year is not None for each in kinds)
