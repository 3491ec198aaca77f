"""The answer of a study in words and tables: short, plain, and honest about what it does not know.

The same sentences and tables go to the screen and into `summary.md`.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from model.outcomes import OUTCOMES

from .plan import spoken
from .runner import is_total
from .statistics import FEWEST_UNITS, Effect, Interval, price
from .study import Study

PEOPLE_WON = {"recruited": "youth kept out"}  # what one unit of an outcome is called once it is won
FINE_UNITS = {"level": 3, "share": 3, "ratio": 3, "%": 1, "0-10": 2}  # digits after the point
BIG = 20  # from here on a count needs no digits after the point
HOW_SURE = (
    "Skip this table if the answer is all you need: intervals and verdicts allow for it. Plans share their worlds and luck, so "
    "their outcomes are alike (correlation, up to 1) and a pair tells as much as that many separate runs. The last two columns "
    "tell why the difference is not the same in each world (± one standard deviation)."
)
RIVALS = (
    "The same plans in the same worlds, with another choice in the model. Where verdicts differ, the answer hangs on a choice "
    "that these runs cannot settle."
)
WIDER = 4  # times the points halve an interval


class Table(NamedTuple):
    """A table for the screen and for a page."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""


def opening(study: Study) -> list[str]:
    """Return what was asked, in how many worlds, and what becomes of the scenario compared against."""
    question, table = study.question, study.outcomes
    base, outcome = study.plan.scenarios[question.against], question.outcome
    values = table.loc[table["scenario"] == question.against, outcome]
    points = table["point"].nunique()
    setting = f"{points} plausible settings of what nobody knows well, each with its own luck" if points > 1 else "one setting"
    numbers = (values.mean(), *values.quantile([0.05, 0.95]))
    mean, low, high = (amount(number, outcome, digits_of(numbers, outcome)) for number in numbers)
    return [
        f"A neighbourhood of the type {base.resolved_area().name}, {base.n_people:,} residents, {span(study.plan.years)}. "
        f"{len(study.plan.scenarios)} plans lived in the same {len(values)} worlds: {setting}.",
        f"The question: {said(outcome, study.plan.years)} ({question.better} is better). "
        f'Under "{spoken(question.against)}" it is {mean} on average, and {low} to {high} in nine of ten worlds.',
    ]


def verdicts(study: Study, effects: list[Effect]) -> list[tuple[str, str]]:
    """Return for every scenario its name with the verdict, and what it does, how surely and at what cost."""
    return [(f"{spoken(each.scenario)}: {each.verdict}", sentence(study, each)) for each in effects]


def sentence(study: Study, effect: Effect) -> str:
    """Return what a scenario does, how surely and at what cost."""
    if effect.same == effect.worlds:
        words = ["No difference at all, in any world."]
    else:
        mean = change(effect.difference.mean, effect.outcome, digits_of(effect.difference, effect.outcome))
        counted = f"better in {effect.better} of {effect.worlds} worlds, worse in {effect.worse}"
        counted += f", the same in {effect.same}." if effect.same else "."
        words = [f"{mean} ({between(effect.difference, effect.outcome)}); {counted}"]
    return " ".join([*words, *doubt(study, effect), *money(study, effect)])


def doubt(study: Study, effect: Effect) -> list[str]:
    """Return what a verdict leaves open."""
    matters = f"less than {study.question.matters:.3g}"
    if effect.units < FEWEST_UNITS:
        return [f"That is too few worlds for a verdict (--points {FEWEST_UNITS} or more)."]
    if effect.verdict == "not known yet":
        more = f"{WIDER} times the points would halve this interval (--points {WIDER * study.plan.points})"
        if effect.sure_alone:
            return [f"Alone it would count; among several plans it may still be luck: {more}."]
        return [f"It may help, harm or do little: {more}."]
    if effect.verdict == "practically the same":
        return [] if effect.same == effect.worlds else [f"If there is a difference, it is too small to matter ({matters})."]
    if min(abs(effect.difference.low), abs(effect.difference.high)) < study.question.matters:
        return [f"The difference may be too small to matter ({matters})."]
    return []


def money(study: Study, effect: Effect) -> list[str]:
    """Return what a scenario costs more, and for one unit won."""
    extra = extra_cost(study, effect.scenario)
    if extra == 0.0:
        return ["It costs as much."]
    if extra < 0.0:
        return [f"It costs {euros(-extra)} less."]
    each, unit = price(extra, effect.difference, study.question.better), won(study)
    if each is None:
        return [f"It costs {euros(extra)} more. The cost of a {unit} is not defined, since it is not sure that there is any."]
    return [
        f"It costs {euros(extra)} more: about {euros(each.mean)} for every {unit} ({figures(each.low)} to {figures(each.high)})."
    ]


def won(study: Study) -> str:
    """Return what one unit of the outcome that decides is called once it is won."""
    outcome = study.question.outcome
    return PEOPLE_WON.get(outcome, f"unit of {spoken(outcome)} won")


def extra_cost(study: Study, scenario: str) -> float:
    """Return what a scenario costs more than the one compared against, in euros over all years."""
    scenarios = study.plan.scenarios
    return scenarios[scenario].cost() - scenarios[study.question.against].cost()


def tables(study: Study, effects: list[Effect], others: list[Effect]) -> list[Table]:
    """Return the answer in numbers, the money, the other outcomes, and how sure the numbers are."""
    rivals = [rival_table(study, effects)] if study.plan.rival else []
    told = [money_table(study, effects), other_table(study, others), trust_table(study, effects)]
    return [main_table(study, effects), *rivals, *told]


def main_table(study: Study, effects: list[Effect]) -> Table:
    """Return what every scenario does to the outcome that decides."""
    question, outcome = study.question, study.question.outcome
    rows: list[tuple[str, ...]] = [(spoken(question.against), amount(effects[0].baseline, outcome), "", "", "", "")]
    for each in effects:
        mean = amount(each.baseline + each.difference.mean, outcome)
        digits = digits_of(each.difference, outcome)
        numbers = (signed(each.difference.mean, outcome, digits), ends(each.difference, outcome))
        rows.append((spoken(each.scenario), mean, *numbers, f"{each.better} of {each.worlds}", each.verdict))
    headings = ("plan", "mean", "difference", "95 % interval", "better in", "verdict")
    return Table(f"{said(outcome, study.plan.years)}, against {spoken(question.against)}", headings, rows)


def rival_table(study: Study, effects: list[Effect]) -> Table:
    """Return what every scenario does under rival choices in the model, beside what it does as the model is."""
    found = {"as the model is": effects, **study.rivals()}
    rows: list[tuple[str, ...]] = []
    for name in [each.scenario for each in effects]:
        rows.append((spoken(name), "", "", ""))
        for rival, some in found.items():
            for each in (each for each in some if each.scenario == name):
                mean = signed(each.difference.mean, each.outcome, digits_of(each.difference, each.outcome))
                rows.append((f"  {spoken(rival)}", mean, ends(each.difference, each.outcome), each.verdict))
    return Table("Under rival choices in the model", ("plan", "difference", "95 % interval", "verdict"), rows, RIVALS)


def money_table(study: Study, effects: list[Effect]) -> Table:
    """Return what every scenario costs, and for one unit won."""
    rows: list[tuple[str, ...]] = []
    for each in effects:
        extra = extra_cost(study, each.scenario)
        cost = price(extra, each.difference, study.question.better)
        defined = "not defined" if cost is None else f"{figures(cost.mean)} ({figures(cost.low)} to {figures(cost.high)})"
        rows.append((spoken(each.scenario), figures(extra), defined))
    headings = ("plan", "euros more", f"euros for a {won(study)} (95 % interval)")
    return Table(f"What it costs in {span(study.plan.years)}", headings, rows)


def other_table(study: Study, others: list[Effect]) -> Table:
    """Return what every scenario does to the other outcomes; only shown, since the question was about another one."""
    rows: list[tuple[str, ...]] = []
    for outcome in study.question.also:
        effects = [each for each in others if each.outcome == outcome]
        if not effects:
            continue
        kind = OUTCOMES[outcome]
        rows.append((f"{kind.definition} ({kind.unit})", amount(effects[0].baseline, outcome), ""))
        rows += [
            (f"  {spoken(each.scenario)}", signed(each.difference.mean, outcome), ends(each.difference, outcome))
            for each in effects
        ]
    headings = ("outcome", f"{spoken(study.question.against)}, and difference", "95 % interval")
    return Table("Other outcomes in the same worlds (no verdict: the question was another)", headings, rows)


def trust_table(study: Study, effects: list[Effect]) -> Table:
    """Return how sure the differences are, and where their spread comes from."""
    rows: list[tuple[str, ...]] = []
    for each in effects:
        spreads = ["-" if size is None else f"± {amount(size, each.outcome)}" for size in (each.chance, each.plausible)]
        agreement = "-" if math.isnan(each.correlation) else f"{each.correlation:.2f}"
        pairing = (times(each.worth), times(each.twins))
        rows.append((spoken(each.scenario), f"{each.worlds}", agreement, *pairing, *spreads))
    told = ("one pair tells as much as", "shared luck alone", "varies by luck", "varies by what nobody knows")
    return Table("How sure is this?", ("plan", "worlds", "alike", *told), rows, HOW_SURE)


def times(number: float) -> str:
    """Return in how many unpaired runs' stead one stands."""
    return "-" if math.isnan(number) else "any number" if math.isinf(number) else f"{number:,.{0 if number >= BIG else 1}f} runs"


def change(difference: float, outcome: str, digits: int | None = None) -> str:
    """Return a difference in words."""
    down, up = ("fewer", "more") if is_total(outcome) or OUTCOMES[outcome].unit == "persons" else ("lower", "higher")
    text = signed(difference, outcome, digits)
    return f"{text[1:]} {down if text[0] == '-' else up}" if text[0] in "+-" else f"{text} {up} or {down}"


def between(interval: Interval, outcome: str) -> str:
    """Return an interval in words; where both ends lie on one side, the smaller change comes first."""
    if math.isnan(interval.low):
        return "too few worlds for an interval"
    digits, (_, low, high) = digits_of(interval, outcome), interval
    if low * high <= 0.0:
        return f"95 % interval: {change(low, outcome, digits)} to {change(high, outcome, digits)}"
    near, far = sorted((low, high), key=abs)
    return f"95 % interval: {amount(abs(near), outcome, digits)} to {change(far, outcome, digits)}"


def ends(interval: Interval, outcome: str) -> str:
    """Return an interval as its ends."""
    if math.isnan(interval.low):
        return "-"
    return " to ".join(signed(end, outcome, digits_of(interval, outcome)) for end in interval[1:])


def digits_of(numbers: Iterable[float], outcome: str) -> int:
    """Return how many digits after the point numbers deserve that stand together."""
    return FINE_UNITS.get(OUTCOMES[outcome].unit, 0 if max(map(abs, numbers)) >= BIG else 1)


def amount(number: float, outcome: str, digits: int | None = None) -> str:
    """Return an outcome with as many digits as it deserves, or as many as asked for."""
    digits = digits_of([number], outcome) if digits is None else digits
    return "-" if math.isnan(number) else f"{number:,.{digits}f}"


def signed(number: float, outcome: str, digits: int | None = None) -> str:
    """Return a difference with its sign, and 0 without."""
    text = amount(abs(number), outcome, digits)
    return text if not any(digit in text for digit in "123456789") else ("+" if number > 0 else "-") + text


def said(outcome: str, years: int) -> str:
    """Return what an outcome is, over which time."""
    definition = OUTCOMES[outcome].definition.removesuffix(" this week")
    return f"{definition}, {f'in {span(years)}' if is_total(outcome) else 'mean of the last year'}"


def euros(number: float) -> str:
    """Return an amount of money in words."""
    return f"{number / 1e6:,.1f} million euros" if number >= 1e6 else f"{figures(number)} euros"


def figures(number: float) -> str:
    """Return an amount of money, without more digits than an assumed one deserves."""
    if number == 0.0:
        return "0"
    step = 10 ** max(0, math.floor(math.log10(abs(number))) - 1)
    return f"{round(number / step) * step:,.0f}"


def span(years: int) -> str:
    """Return a number of years in words."""
    return "1 year" if years == 1 else f"{years} years"
