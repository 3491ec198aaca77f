"""What may not be concluded from a study: said with every answer, also when nobody asks."""

from model.registry import quantities

from .designs import uncertain
from .plan import Plan, spoken
from .study import Study


def limits(study: Study) -> list[str]:
    """Return what may not be concluded, most important first."""
    plan = study.plan
    area = plan.scenarios[plan.first].resolved_area()
    return [
        *mishaps(study),
        "This is no forecast. It compares plans inside a model, which leaves out much of what happens in a real neighbourhood.",
        f"{judged_numbers()} of the {len(quantities())} numbers in the rules rest on judgement, at least in part. {varied(plan)}",
        f"{costs(plan)} Better does not mean worth its money.",
        f"It is about a type of neighbourhood, which starts from figures of {area.name}; the real one may answer otherwise."
        + (f" Figures that the source lacks are assumed: {', '.join(area.assumed)}." if area.assumed else ""),
        "It says nothing about a person, a family or an address: its people are made up.",
        "A verdict is about the mean of all these worlds. In one world, and in yours, it may turn out otherwise.",
        several(plan),
    ]


def mishaps(study: Study) -> list[str]:
    """Return what went wrong on the way, if anything."""
    found = []
    if study.done < study.size:
        done = f"The study was stopped: {study.done} of {study.size} runs are done."
        found.append(f"{done} To stop because the answer pleases makes the answer worthless.")
    if study.failures:
        found.append(
            f"{len(study.failures)} runs failed (see failures.jsonl). Their worlds are left out, and may be the odd ones."
        )
    return found


def judged_numbers() -> int:
    """Return how many quantities rest on judgement, at least in part."""
    return sum("assumed" in quantity.source for quantity in quantities().values())


def varied(plan: Plan) -> str:
    """Return what the points vary."""
    n = len(set(uncertain()) - set(plan.parameters))
    if plan.points == 1 or plan.spread == 0.0:
        return "Here they all stand at their default, so the intervals hold luck alone and are too narrow."
    return f"The worlds vary {n} of them around what is likely, within {plan.spread:.0%} of what is possible."


def costs(plan: Plan) -> str:
    """Return whose the costs are."""
    kinds = [each for scenario in plan.scenarios.values() for each in scenario.interventions]
    own = bool(kinds) and all(each.cost_per_year is not None for each in kinds)
    return "The costs are those of your plan." if own else "The costs are assumed, not from a budget."


def several(plan: Plan) -> str:
    """Return what 5 % means, and how several comparisons were taken into account."""
    n, against = len(plan.scenarios) - 1, spoken(plan.first)
    wrong = "5 in 100 such studies call a plan better or worse where nothing is."
    if n == 1:
        return f"One comparison, with {against}. Even so, {wrong}"
    return (
        f"{n} plans are compared at once, and the verdicts allow for that (Holm). Even so, at most {wrong} "
        f"Each interval stands for itself. Plans are compared with {against}, not with each other."
    )
