"""The first page of a report of `best`: what to do, at what price, what carries it, and what could make it wrong."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kantelpunt.experiments.analysis.parts import own_measures
from kantelpunt.experiments.results import StudyResults
from kantelpunt.model.interventions import catalogue

from ..text import Text, capital
from . import rivals
from .decisions import informed, measure_name, part_name
from .section import ends, numbers, unit
from .wording import assumed_costs, is_mix, listed, outcome_name, over, plan_name, timed

RESERVATIONS = 3  # that a first page has room for
CHEAPER = 0.95  # share of the price from which on another one is worth telling
QUARTERS = {1.0: "full", 0.75: "most", 0.5: "half", 0.25: "quarter"}


class Advice(NamedTuple):
    """The page for a mayor: one sentence, the action with its price, the evidence, and reservations."""

    asked: str
    headline: str
    steps: list[str]
    lines: list[str]
    reservations: list[str]


def advice(study: StudyResults, t: Text, told: Mapping[str, Any]) -> Advice:
    """Return the advice that follows from a race, in one language.

    Parameters
    ----------
    study : the last judgement of the race.
    told : analysis -> its numbers: those of `best`, and of `parts` and `worth` where they were made too.
    """
    best = told["best"]
    rows = {each["name"]: each for each in best["front"]}
    better = [each["plan"] for each in best["beats"] if each["verdict"] == "worse" and each["plan"] in rows]
    chosen = rows[max(better, key=lambda name: rows[name]["gain"]) if better else best["winner"]]
    budget, cost = t.euros(best["budget"]), t.euros(chosen["cost"])
    helps = chosen["low"] is not None and chosen["low"] > 0.0
    key = "do" if helps else "nothing_sure"
    plan = study.plan
    gained = {"unit": unit(study, t), "today": plan_name(t, plan.first), **ends(study, t, chosen, "gain")}
    about = {"outcome": outcome_name(t, study.question.outcome), "over": over(t, study.question.outcome, plan.years)}
    lines = [t("advice.gain" if helps else "advice.gain_unsure", **gained, **about, worlds=plan.points * plan.worlds)]
    if helps and chosen["worst"] > 0.0:
        lines.append(t("advice.worst_helps", worst=numbers(study, t, chosen["worst"])[0], unit=unit(study, t)))
    total = t.euros(chosen["cost"] * plan.years)
    lines.append(t("advice.price", cost=cost, budget=budget, total=total, span=t.span(plan.years)))
    lines += [rivals.line(t, told["rivals"])] if "rivals" in told else []
    lines += [*carries(study, t, told.get("parts")), *first_found_out(study, t, told.get("worth"))]
    area = plan.scenarios[plan.first].resolved_area().name
    return Advice(
        t("advice.asked", area=area, budget=budget),
        t(f"advice.{key}", cost=cost, budget=budget),
        steps(study, t, chosen, best.get("ways", {})),
        lines,
        reservations(study, t, best, chosen)[:RESERVATIONS],
    )


def steps(study: StudyResults, t: Text, row: Mapping[str, Any], ways: Mapping[str, Any]) -> list[str]:
    """Return what is to be done, a measure each, with how much of it and what it costs a year."""
    plan, doses = study.plan, {kind: dose for kind, dose in row["doses"].items() if dose}
    there = plan.scenarios[row["name"]]
    made = []
    for (kind, dose), measure in zip(doses.items(), own_measures(plan, row["name"]), strict=True):
        cost = t.euros(measure.cost(there.residents, there.horizon) / plan.years)
        much = t(f"advice.{QUARTERS[dose]}") if dose in QUARTERS else f"{100 * dose:.0f}\u00a0%"
        way = ways.get(kind, {})
        name = capital(measure_name(t, kind.partition(" ")[0] if way else kind)) + timed(t, way, plan.years)
        made.append(t("advice.step", measure=name, much=much, cost=cost))
    return made


def carries(study: StudyResults, t: Text, told: Any) -> list[str]:
    """Return which measures carry the package; nothing where that was not looked at."""
    if not told:
        return []
    some = sorted((each for each in told["rows"] if each["kind"] == "measure"), key=lambda each: -each["gain"])
    counted = [each for each in some if each["counts"] and each["gain"] > 0.0]
    if not counted:
        return [t("advice.carries_nothing")]
    shares = [t("advice.share", part=part_name(t, each), gain=numbers(study, t, each["gain"])[0]) for each in counted]
    return [t("advice.carries", parts=listed(t, shares), unit=unit(study, t))]


def first_found_out(study: StudyResults, t: Text, told: Any) -> list[str]:
    """Return what is worth finding out before choosing; nothing where that was not looked at."""
    if not told:
        return []
    rows = [each for block in told for each in block["rows"] if each["kind"] != "survey" and each["counts"]]
    if not rows:
        return [t("advice.find_nothing")]
    most = max(rows, key=lambda each: each["value"])
    called = t("worth.euro") if told[0]["euros"] else unit(study, t)
    return [t("advice.find", what=informed(t, most), value=ends(study, t, most, "value", told[0]["euros"])["value"], unit=called)]


def reservations(study: StudyResults, t: Text, best: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Return what could make this advice wrong, the gravest first."""
    found = []
    if row["worst"] is not None and row["worst"] < 0.0:
        found.append(t("advice.worst_harms", worst=numbers(study, t, -row["worst"])[0], unit=unit(study, t)))
    if equal := [each["plan"] for each in best["beats"] if each["verdict"] not in ("better", "worse")]:
        costs = {each["name"]: each["cost"] for each in best["front"]}
        known = [priced(t, each, costs.get(each, row["cost"]), row["cost"]) for each in equal if not is_mix(each)]
        mixes = len(equal) - len(known)
        found.append(t("advice.equal", plans=listed(t, known + ([t("advice.others", n=mixes)] if mixes else []))))
    kinds = [kind.partition(" ")[0] for kind, dose in row["doses"].items() if dose]
    if harmful := [each for each in kinds if catalogue()[each].EVIDENCE.standing == "may_harm"]:
        found.insert(0, t("advice.may_harm", measures=listed(t, [measure_name(t, each) for each in harmful])))
    own = any(each.cost_per_year is not None for each in own_measures(study.plan, row["name"]))
    return [*found, t("advice.own_costs") if own else assumed_costs(t, study.plan), t("advice.forecast")]


def priced(t: Text, name: str, cost: float, ours: float) -> str:
    """Return a plan by its name, with its price where it costs less."""
    return t("advice.cheaper", plan=plan_name(t, name), cost=t.euros(cost)) if cost < CHEAPER * ours else plan_name(t, name)
