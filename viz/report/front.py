"""The first page of the report of a comparison: verdict and price, whether they hold in another model, and what could go wrong.

The report of a race begins with `advice.py` instead.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kantelpunt.experiments.analysis import caveats
from kantelpunt.experiments.statistics import Effect, Verdict

from ..text import Text, capital
from .advice import carries, first_found_out
from .answer import Answer
from .wording import assumed_costs, holds, listed, measure_name, rival_name

MOST_LINES = 6  # about plans, that a first page has room for
RESERVATIONS = 3


class Front(NamedTuple):
    """The parts of a first page beside the answer: cards of plans, lines on other models and on futures, and reservations."""

    cards: list[dict[str, str]]
    robust: list[str]
    fails: list[str]
    reservations: list[str]


def front(answer: Answer, told: Mapping[str, Any]) -> Front:
    """Return the first page of an answer; ``told`` holds the numbers of `parts` and `worth` where they were made too."""
    t, study, cards = answer.t, answer.study, answer.cards()
    helps = [each.scenario for each in answer.rows.first if each.verdict == Verdict.BETTER]
    helps = helps if len(cards) <= MOST_LINES else []
    fails = [line for name in helps for line in answer.failures.get(name, []) if line != t("report.no_rule")]
    more = [*carries(study, t, told.get("parts")), *first_found_out(study, t, told.get("worth"))]
    cards = cards if len(cards) <= MOST_LINES else []
    return Front(cards, robust(t, answer.effects, study.rivals(), answer.rows.line), [*fails, *more], reservations(answer))


def robust(t: Text, effects: list[Effect], rivals: Mapping[str, list[Effect]], line: Any) -> list[str]:
    """Return under which rival choices in the model each verdict holds; where there are many, how many hold under each.

    ``line`` names what an effect is about.
    """
    if not effects or not rivals:
        return [t("front.no_rivals")]
    there = {name: {(each.scenario, each.outcome): each for each in some} for name, some in rivals.items()}
    if len(effects) > MOST_LINES:
        return [counted(t, name, effects, some) for name, some in there.items()]
    return [of_one(t, each, line(each), there) for each in effects]


def of_one(t: Text, effect: Effect, called: str, there: Mapping[str, Mapping[tuple[str, str], Effect]]) -> str:
    """Return the verdict of one plan, and what it is under every rival choice."""
    key = effect.scenario, effect.outcome
    return holds(t, called, effect.verdict.key, {rival: some[key].verdict.key for rival, some in there.items() if key in some})


def counted(t: Text, rival: str, effects: Iterable[Effect], some: Mapping[tuple[str, str], Effect]) -> str:
    """Return how many verdicts hold under one rival choice, and how many turn."""
    pairs = [(each, some[each.scenario, each.outcome]) for each in effects if (each.scenario, each.outcome) in some]
    decided = {Verdict.BETTER, Verdict.WORSE}
    turned = sum({one.verdict, other.verdict} == decided for one, other in pairs)
    same = sum(one.verdict == other.verdict for one, other in pairs)
    return t("front.counted", rival=capital(rival_name(t, rival)), same=same, n=len(pairs), turned=turned)


def reservations(answer: Answer) -> list[str]:
    """Return what could make an answer wrong, the gravest first."""
    t, plan = answer.t, answer.plan
    found = answer.told_of(caveats.mishaps(answer.study))
    if harmful := caveats.harmful(plan):
        found.append(t("advice.may_harm", measures=listed(t, [measure_name(t, each) for each in harmful])))
    costs = t("advice.own_costs") if caveats.costs_are_own(plan) else assumed_costs(t, plan)
    return [*found, costs, t("advice.forecast")][:RESERVATIONS]
