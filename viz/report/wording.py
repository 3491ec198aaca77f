"""An answer in words, in the reader's language: what a package does, how surely, at what price."""

import math
from collections.abc import Mapping
from typing import Any

from kantelpunt.experiments.analysis.discovery import Box
from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.experiments.analysis.rivals import WITHOUT
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.variants import spoken
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.statistics import FEWEST_UNITS, Effect, Interval, Verdict
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.formulas import is_formula
from kantelpunt.model.outcomes import is_total, outcome_of
from kantelpunt.model.registry import quantities

from ..text import Text, capital

ADAPTED = "bewerkt"  # as the sources of our own figures say


def outcome_name(t: Text, outcome: str) -> str:
    """Return how an outcome is called; a formula as it is written."""
    return t.named("outcome", outcome, outcome_of(outcome).definition)


def plan_name(t: Text, scenario: str) -> str:
    """Return what a plan is called: as its measure, as a candidate of a race, or else as its maker wrote it."""
    first, _, rest = scenario.partition(" ")
    if scenario == "equal parts":
        return t("best.equal_parts")
    if first == "only" and t.named("intervention", rest.partition(" ")[0], ""):
        return t("best.only", measure=measure_name(t, rest))
    if is_mix(scenario):
        return t("best.candidate", n=rest)
    return t.named("scenario", scenario, t.named("intervention", scenario, spoken(scenario)))


def is_mix(scenario: str) -> bool:
    """Return whether a plan is a candidate of a race that has no other name than its number."""
    first, _, rest = scenario.partition(" ")
    return first == "candidate" and rest.isdecimal()


def measure_name(t: Text, kind: str) -> str:
    """Return what a measure is called; the second of a kind with its number."""
    name, _, number = kind.partition(" ")
    return " ".join([t.named("intervention", name, spoken(name)), number]).strip()


def carrier_name(t: Text, name: str) -> str:
    """Return what carries an effect: a causal loop with its number, or a measure."""
    return f"{getattr(loops()[name], t.language)} ({name})" if name in loops() else measure_name(t, name)


def credited(t: Text, *sources: str) -> str:
    """Return where figures of areas come from, in the reader's language; titles of publications stay as they are."""
    plain = [source.removeprefix("Bron: ").replace(ADAPTED, t("report.adapted")) for source in sources]
    return t("report.figures_of", source="; ".join(dict.fromkeys(plain)))


def rule_name(t: Text, name: str) -> str:
    """Return what a rule of the model is called; a group of parameters that is no rule as its maker wrote it."""
    return t.named("rule_name", name, spoken(name))


def rival_name(t: Text, rival: str) -> str:
    """Return what a rival choice in the model is called: without a loop, or as its maker wrote it."""
    loop = loops().get(rival.removeprefix(WITHOUT)) if rival.startswith(WITHOUT) else None
    return t("report.without_loop", loop=getattr(loop, t.language)) if loop else spoken(rival)


def holds(t: Text, called: str, verdict: str, there: Mapping[str, str]) -> str:
    """Return the verdict on a plan, and what it is under every rival choice in the model; verdicts by their keys."""
    found: dict[str, list[str]] = {}
    for rival, other in there.items():
        found.setdefault(other, []).append(rival_name(t, rival))
    parts = []
    for other in sorted(found, key=lambda each: each != verdict):
        known = {"rivals": listed(t, found[other])}
        parts.append(t("front.also", **known) if other == verdict else t("front.but", verdict=t(f"verdict.{other}"), **known))
    return t("front.robust", plan=called, verdict=t(f"verdict.{verdict}"), rivals=", ".join(parts))


def listed(t: Text, some: list[str]) -> str:
    """Return a few things as a sentence lists them."""
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])}{t('rule.and')}{some[-1]}"


def moment(t: Text, value: Any, years: int) -> Any:
    """Return a number of weeks since the start in words, and a date as it is."""
    if not isinstance(value, int):
        return value
    if value <= 0:
        return t("moment.start")
    return t("moment.end") if value >= years * WEEKS_A_YEAR else t("moment.years", years=value / WEEKS_A_YEAR)


def timed(t: Text, way: Mapping[str, Any], years: int) -> str:
    """Return in words from when, until when and where a measure is done, in brackets; nothing of what is done all along."""
    begin, end = way.get("from"), way.get("until")
    all_along = isinstance(begin, int) and begin <= 0 and isinstance(end, int) and end >= years * WEEKS_A_YEAR
    some = []
    for key, value in way.items():
        if all_along and key in ("from", "until"):
            continue
        shown = ", ".join(value) if isinstance(value, list | tuple) else moment(t, value, years)
        some.append(f"{t.named('dose', key, key)} {shown}")
    return f" ({', '.join(some)})" if some else ""


def parameter_name(t: Text, parameter: str) -> str:
    """Return what a parameter means; a column of a study that is none is called as it is."""
    return t.named("parameter", parameter, quantities()[parameter].meaning if parameter in quantities() else parameter)


def counted(outcome: str) -> bool:
    """Return whether more or fewer is said of an outcome, and not higher or lower."""
    return is_total(outcome) or outcome_of(outcome).unit in ("persons", "households", "cases", "crews")


def change(t: Text, number: float, outcome: str, digits: int) -> str:
    """Return a difference in words."""
    way = ("fewer" if number < 0 else "more") if counted(outcome) else ("down" if number < 0 else "up")
    shown = t.number(abs(number), digits)
    return t(f"verdict.{way}", n=shown) if shown.strip("0.,") else t("verdict.none")


def headline(t: Text, effect: Effect) -> str:
    """Return what a package does in a word or two, for large type."""
    return change(t, effect.difference.mean, effect.outcome, digits_of(effect.difference, effect.outcome))


def spread(t: Text, interval: Interval, outcome: str, digits: int) -> str:
    """Return an interval in words, the smaller change first where both ends lie on one side."""
    if math.isnan(interval.low):
        return t("verdict.no_interval")
    if interval.low * interval.high <= 0:
        low = change(t, interval.low, outcome, digits)
        return t("verdict.between", low=low, high=change(t, interval.high, outcome, digits))
    near, far = sorted((interval.low, interval.high), key=abs)
    return t("verdict.between", low=t.number(abs(near), digits), high=change(t, far, outcome, digits))


def verdict(t: Text, effect: Effect) -> str:
    """Return better, worse, practically the same, or not known yet."""
    return t(f"verdict.{effect.verdict.key}")


def over(t: Text, outcome: str, years: int) -> str:
    """Return the time that an outcome is about; of a formula that says it itself, so."""
    if is_formula(outcome):
        return t("verdict.as_written")
    return t("verdict.in_years", span=t.span(years)) if is_total(outcome) else t("verdict.last_year")


def sentence(t: Text, effect: Effect, years: int, matters: float) -> str:
    """Return what a package does, and how surely."""
    if effect.same == effect.worlds:
        return t("verdict.nothing")
    digits, counted = digits_of(effect.difference, effect.outcome), {"better": effect.better, "worlds": effect.worlds}
    words = t(
        "verdict.sentence",
        outcome=capital(outcome_name(t, effect.outcome)),
        over=over(t, effect.outcome, years),
        change=change(t, effect.difference.mean, effect.outcome, digits),
        spread=spread(t, effect.difference, effect.outcome, digits),
    )
    if effect.worlds in (effect.better, effect.worse):
        words += " " + t("verdict.worlds_all" if effect.better else "verdict.worlds_none", worlds=effect.worlds)
    elif effect.same and effect.better and effect.worse:
        words += " " + t("verdict.worlds_same", **counted, worse=effect.worse, same=effect.same)
    elif effect.same:  # never "in 0 worlds"
        one_way = "verdict.worlds_or_same" if effect.better else "verdict.worlds_worse_or_same"
        words += " " + t(one_way, **counted, worse=effect.worse, same=effect.same)
    else:
        words += " " + t("verdict.worlds", **counted, worse=effect.worse)
    return " ".join([words, *doubt(t, effect, matters)])


def assumed_costs(t: Text, plan: Plan) -> str:
    """Return that costs are estimates, and for how many residents where all areas have as many."""
    people = {each.n_people for each in plan.scenarios.values()}
    return t("advice.costs_for", people=people.pop()) if len(people) == 1 else t("advice.costs")


def doubt(t: Text, effect: Effect, matters: float) -> list[str]:
    """Return what a verdict leaves open."""
    if effect.units < FEWEST_UNITS:
        return [t("verdict.few", least=FEWEST_UNITS)]
    if effect.verdict == Verdict.UNKNOWN:
        return [t("verdict.alone" if effect.sure_alone else "verdict.open")]
    if effect.verdict == Verdict.SAME:
        return [t("verdict.small", matters=least(t, matters))]
    if may_be_small(effect, matters):
        key = "may_be_small" if abs(effect.difference.mean) >= matters else "looks_small"
        return [t(f"verdict.{key}", matters=least(t, matters))]
    return []


def may_be_small(effect: Effect, matters: float) -> bool:
    """Return whether a plan is better or worse, but not surely by what matters."""
    decided = effect.verdict in (Verdict.BETTER, Verdict.WORSE)
    return decided and min(abs(effect.difference.low), abs(effect.difference.high)) < matters


def least(t: Text, matters: float) -> str:
    """Return the smallest difference that matters, as somebody would write it."""
    return t.written(f"{matters:,.3g}")


def money(t: Text, cost: float, price: Interval | None, outcome: str) -> str:
    """Return what a package costs more, and for one unit won where that is known."""
    unit = unit_won(t, outcome)
    if cost == 0:
        return t("verdict.free")
    if cost < 0:
        return t("verdict.cheaper", cost=t.euros(-cost))
    if price is None:
        return t("verdict.cost", cost=t.euros(cost)) + " " + t("verdict.no_price", unit=unit)
    low, high = t.euros(price.low), t.euros(price.high)
    return t("verdict.cost", cost=t.euros(cost)) + " " + t(
        "verdict.price", price=t.euros(price.mean), low=low, high=high, unit=unit
    )  # fmt: skip


def unit_won(t: Text, outcome: str) -> str:
    """Return what one unit of an outcome is called once it is won."""
    return t.named("won", outcome, t("won.unit", outcome=outcome_name(t, outcome)))


def rule(t: Text, box: Box) -> str:
    """Return where a plan fails, as a rule in words; "" where there is none."""
    return t("rule.and").join(limit(t, str(name), row["low"], row["high"]) for name, row in box.limits.iterrows())


def limit(t: Text, parameter: str, low: float, high: float) -> str:
    """Return one limit of a rule in words."""
    bounds = {"low": t.number(low), "high": t.number(high)}
    way = "below" if math.isinf(low) else "above" if math.isinf(high) else "between"
    return t(f"rule.{way}", what=parameter_name(t, parameter), name=parameter, **bounds)


def deviating(t: Text, some: Mapping[str, tuple[float, float]]) -> str:
    """Return in words which figures people have in place of those that the source asks for."""
    named = {t.named("area_figure", name, spoken(name)): pair for name, pair in some.items()}
    return "; ".join(t("report.deviation", figure=name, asked=asked, got=got) for name, (asked, got) in named.items())
