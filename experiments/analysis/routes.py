"""Routes: every change from one plan to another at every moment of looking, laid out as the scenarios of one study.

A plan that changes course lives as its first plan until it changes.  So whatever sign it watches, at whatever level, in a
given world it is one of these: the first plan to the end, or the first plan up to a look and the second from there.  All of
them together answer for every sign and level without a run of their own, and they share the weeks in which they agree
(`model.branching`).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kantelpunt.model.branching import beginning
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import Horizon, Intervention
from kantelpunt.model.policies.seen import QUARTER
from kantelpunt.model.scenario import Scenario

from ..design.plan import Plan
from ..study import Study

OWN = ("route", "policy")  # first words of names that an analysis of pathways gives itself
MOST_PLANS = 5  # 20 ways to change from one to another


@dataclass(frozen=True)
class Routes:
    """The plans of a question, the weeks at which somebody looks, and the plan of a study that lives every change at each."""

    plan: Plan
    names: tuple[str, ...]
    looks: tuple[int, ...]

    def route(self, first: str, then: str, week: int) -> str:
        """Return what the scenario is called that changes after this week."""
        return f"route {self.names.index(first) + 1} {self.names.index(then) + 1} {week}"

    def of(self, first: str, then: str) -> list[str]:
        """Return the scenarios of one change: one a look, and at the end the first plan, which never changes."""
        return [*(self.route(first, then, week) for week in self.looks), first]

    def pairs(self) -> list[tuple[str, str]]:
        """Return every change from one plan to another."""
        return [(first, then) for first in self.names for then in self.names if first != then]

    def study(self, pairs: list[tuple[str, str]], points: int, seed: int) -> Plan:
        """Return the plan of a study that lives all plans, and these changes at every look, in the same worlds."""
        own = self.plan.scenarios
        arms = {name: self.plan.filled(name, own[name]) for name in self.names}
        for first, then in pairs:
            for week in self.looks:
                some = changed(own[first], own[then], week)
                arms[self.route(first, then, week)] = {**arms[first], "interventions": some}
        left: dict[str, Any] = {"until": None, "rival": {}, "cells": {}, "factors": None, "package": None}
        known = {name: getattr(self.plan, name) for name in Plan.model_fields}
        question = self.plan.question.model_copy(update={"deciding": ()})
        return Plan(**{**known, **left, "scenario": arms, "compare": question, "points": points, "seed": seed})


def routes_of(plan: Plan, every: int) -> Routes:
    """Return the routes of a plan with a look every so many weeks; raises InputError where there are none."""
    if len(plan.blocks) > 1:
        some = Phrase("allowed.one_area")
        raise InputError("race.several_areas", place="factors", value=", ".join(plan.blocks), allowed=some)
    names = tuple(dict.fromkeys([plan.first, *plan.scenarios]))
    if not 2 <= len(names) <= MOST_PLANS:
        some = Phrase("allowed.whole_between", low=2, high=MOST_PLANS)
        raise InputError("pathways.plans", place="scenario", value=len(names), allowed=some)
    for name in names:
        if name.split(" ")[0] in OWN:
            raise InputError("name.taken", place=f"scenario.{name}", value=name, allowed=Phrase("allowed.another_name"))
        if beginning(plan.scenarios[name]) != beginning(plan.scenarios[names[0]]):
            some = Phrase("allowed.same_beginning", against=names[0])
            raise InputError("pathways.another_world", place=f"scenario.{name}", value=name, allowed=some)
    weeks = plan.scenarios[names[0]].weeks
    if every % QUARTER or not QUARTER <= every <= weeks // 2:
        some = Phrase("allowed.quarters_of_a_year", low=QUARTER, high=weeks // 2 // QUARTER * QUARTER)
        raise InputError("value.out_of_range", place="--every", value=every, allowed=some)
    return Routes(plan, names, tuple(range(every, weeks - QUARTER + 1, every)))


def changed(first: Scenario, then: Scenario, week: int) -> list[Intervention]:
    """Return the measures of one plan up to this week and those of another from there; what both do goes on.

    The second plan moves as a whole: its first measure begins then, unless it would begin later anyway, and all last as long.
    """
    horizon = first.horizon
    both = [each for each in first.interventions if each in then.interventions]
    there = [cut for each in first.interventions if each not in both for cut in until(each, week, horizon)]
    own = [each for each in then.interventions if each not in both]
    shift = max(0, 7 * week - min((span(each, horizon)[0] for each in own), default=0))
    return [*both, *there, *(late for each in own for late in moved(each, shift, horizon))]


def until(measure: Intervention, week: int, horizon: Horizon) -> list[Intervention]:
    """Return a measure that stops after this week, or nothing where it would not have begun."""
    begin, end = span(measure, horizon)
    return [] if begin >= 7 * week else [measure.model_copy(update={"until": week}) if end > 7 * week else measure]


def moved(measure: Intervention, days: int, horizon: Horizon) -> list[Intervention]:
    """Return a measure so many days later, as far as it lies within the horizon."""
    begin, end = (each + days for each in span(measure, horizon))
    if not days:
        return [measure]
    if begin >= 7 * horizon.weeks:
        return []
    first, last = horizon.start + timedelta(days=begin), horizon.start + timedelta(days=end)
    own = {"date": first} if getattr(measure, "date", None) is not None else {}
    ends = {"until": last if measure.until is not None and end < 7 * horizon.weeks else None}
    return [measure.model_copy(update={"from_": first, **ends, **own})]


def span(measure: Intervention, horizon: Horizon) -> tuple[int, int]:
    """Return on which day a measure begins, that of its own date where it has one, and the day after its last."""
    begin, end = measure.days(horizon)
    own = getattr(measure, "date", None)
    return (begin if own is None else horizon.days(own)), end


def plans_alone(study: Study, routes: Routes) -> Study:
    """Return the same runs, of which only the plans are compared: what a reader can take in."""
    known = {name: getattr(study.plan, name) for name in Plan.model_fields}
    few = {name: study.plan.scenario[name] for name in routes.names}
    return type(study).of(Plan(**{**known, "scenario": few}), study.folder, study.work)
