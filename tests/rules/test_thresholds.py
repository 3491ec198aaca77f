"""Where a rule draws a line: on which side stands whoever is exactly on it, and that there is another side."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.draws import uniform
from kantelpunt.model.rules import (
    desistance,
    encounters,
    enforcement,
    mentoring_and_plans,
    offending,
    presence,
    prospects,
    recruitment,
    reporting,
    routines,
    trust,
    workforce,
)
from kantelpunt.model.rules.aftermath import LEAST
from kantelpunt.model.shared.persons import ADULT_FROM, CHILD_UNTIL, PUPIL_UNTIL, TEEN_FROM, YOUTH_FROM, YOUTH_UNTIL
from kantelpunt.model.state.codes import DISTURBANCE, EXPOSED, FAVOURS, NONE, RUNNER, VIOLENCE
from tests.rules.examples import TODAY, lever, lot_where, one, parameters, person, rows, tally

HAIR = 1e-6
P = {
    name: parameters(name)
    for name in ("desistance", "mentoring_and_plans", "offending", "prospects", "recruitment", "reporting", "routines")
}
COMPANY = {"prospects": 0.5, "pull": 0.5}


def drifts_as_grown(age: float) -> bool:
    p = parameters("desistance")
    return desistance.hazard(person(age, stage=EXPOSED), age, p) != p.drifting


def held_by_work(bond: float) -> bool:
    return desistance.hazard(person(17.0, stage=FAVOURS, work_bond=bond, **COMPANY), 17.0, P["desistance"]) != usual_leaving()


def held_by_debt(debt: float) -> bool:
    return desistance.hazard(person(17.0, stage=FAVOURS, debt=debt, **COMPANY), 17.0, P["desistance"]) != usual_leaving()


def usual_leaving() -> float:
    return float(desistance.hazard(person(17.0, stage=FAVOURS, **COMPANY), 17.0, P["desistance"]))


def bound_at_school(bond: float) -> bool:
    return bool(recruitment.binds(person(school_bond=bond), PUPIL_UNTIL - 1.0))


def bound_at_work(bond: float) -> bool:
    return bool(recruitment.binds(person(work_bond=bond), PUPIL_UNTIL))


def bound_by_work_alone(age: float) -> bool:
    return bool(recruitment.binds(person(work_bond=1.0), age))


def stands_by_who_is_trusted(trusts: float) -> bool:
    return bool(recruitment.has_adult(person(trust_frontline=trusts), 1.0, P["recruitment"]))


def risks_for_debt(debt: float) -> bool:
    risk = [recruitment.relative_risk(person(debt=owed), one("household"), False, 13.0, P["recruitment"]) for owed in (debt, 0.0)]
    return risk[0] != risk[1]


def idle(age: float) -> bool:
    return recruitment.relative_risk(person(), one("household"), False, age, P["recruitment"]) != 1.0


def late(age: float) -> bool:
    p = parameters("recruitment", late=1.0)
    return age < 40.0 and bool(recruitment.age_window(age, p) == 1.0)


def gives_reason_for_a_signal(exposure: float) -> bool:
    return bool(reporting.at_risk(person(exposure=exposure), P["reporting"]))


def seen_to_go_wrong(closed: float) -> bool:
    return bool(reporting.goes_wrong(one("household", closed=closed)) > 0.0)


def needs_help_at(domain: str, level: float) -> bool:
    return bool(at_home(age=16.0, **{domain: level}) != at_home(age=16.0))


def at_home(age: float, **fields: Any) -> int:
    own, household = dict(fields), {}
    for name in ("closed", "poverty", "trauma"):
        if name in own:
            household[name] = own.pop(name)
    usual = {"school_bond": 1.0, "health": 1.0}
    return int(
        mentoring_and_plans.needs(person(age, **{**usual, **own}), one("household", **household), age, P["mentoring_and_plans"])
    )


def needs_work(age: float) -> bool:
    settled = {"school_bond": 1.0, "education": 1}
    found = (at_home(age, work_bond=bond, **settled) for bond in (0.0, 1.0))
    return next(found) != next(found)


def in_activities_as_a_child(age: float) -> bool:
    return routines.p_active(age, 50.0, P["routines"]) > routines.p_active(age, 0.0, P["routines"])


def kept_in(age: float) -> bool:
    p = parameters("routines", less_kept=0.0)
    return bool(routines.p_outside(person(), 1.0, age, 1.0, p) < routines.p_outside(person(), 0.0, age, 1.0, p))


def may_stay_away(age: float) -> bool:
    p = parameters("routines", absent=1.0)
    return bool(routines.stays_away(person(school_bond=-9.0), age, p, np.uint64(1)))


def in_hardship(debt: float) -> bool:
    p = parameters("prospects", reach=1.0)
    return bool(prospects.takes_relief(person(debt=debt), 1.0, p, np.uint64(1)))


def in_a_wrong_study(age: float) -> bool:
    return bool(prospects.in_wrong_study(person(), age, lot_where(lambda dice: uniform(dice, 0) < prospects.MISFIT)))


def causes_mischief(age: float) -> bool:
    return bool(offending.mischief(person(age, in_public=1), age, P["offending"]) > 0.0)


def may_be_caught(age: float) -> bool:
    offence = one("offence", visible=1, kind=VIOLENCE)
    return bool(enforcement.may_be_caught(offence, person(age), TODAY))


def may_be_diverted(age: float) -> bool:
    return bool(enforcement.may_be_diverted(one("offence", kind=VIOLENCE), person(age), TODAY))


def detained_as_a_minor(age: float) -> bool:
    p = parameters("enforcement")
    return bool(enforcement.term(person(age, stage=RUNNER), p, TODAY) != p.detention)


def counted_as_child(age: float) -> bool:
    told = tally()
    desistance.count_recruit(one("household"), told, age)
    return bool(told.recruited_children)


EXACTLY: dict[str, tuple[Callable[[float], bool], float, bool]] = {  # question -> how, the line, the answer on it; another above
    "grown": (drifts_as_grown, P["desistance"].grown, False),
    "held by work": (held_by_work, desistance.BINDING_WORK, False),
    "held by debt": (held_by_debt, desistance.SERIOUS_DEBT, False),
    "bound at school": (bound_at_school, recruitment.BINDING_SCHOOL, False),
    "bound at work": (bound_at_work, recruitment.BINDING_WORK, False),
    "bound by work alone": (bound_by_work_alone, PUPIL_UNTIL, True),
    "trusted": (stands_by_who_is_trusted, P["recruitment"].trusted, False),
    "at risk for debt": (risks_for_debt, recruitment.SERIOUS_DEBT, False),
    "idle": (idle, prospects.STUDY_FROM, True),
    "late": (late, P["recruitment"].age_centre, True),
    "reason for a signal": (gives_reason_for_a_signal, P["reporting"].exposed, False),
    "a closed door is seen": (seen_to_go_wrong, LEAST, False),
    "a closed door asks for a plan": (lambda level: needs_help_at("closed", level), LEAST, False),
    "poverty asks for a plan": (lambda level: needs_help_at("poverty", level), mentoring_and_plans.POOR, False),
    "company asks for a plan": (lambda level: needs_help_at("exposure", level), P["mentoring_and_plans"].exposed, False),
    "debt asks for a plan": (lambda level: needs_help_at("debt", level), P["mentoring_and_plans"].hardship, False),
    "work asks for a plan": (needs_work, ADULT_FROM, True),
    "hardship": (in_hardship, P["prospects"].hardship, False),
}
UNTIL: dict[str, tuple[Callable[[float], bool], float]] = {  # question -> how, and the age from which the answer is no
    "activities of children": (in_activities_as_a_child, CHILD_UNTIL),
    "kept in": (kept_in, TEEN_FROM),
    "stays away from school": (may_stay_away, PUPIL_UNTIL),
    "wrong study": (in_a_wrong_study, PUPIL_UNTIL),
    "mischief": (causes_mischief, PUPIL_UNTIL),
    "Halt": (may_be_diverted, ADULT_FROM),
    "minor": (detained_as_a_minor, ADULT_FROM),
    "child": (counted_as_child, CHILD_UNTIL),
}
FROM: dict[str, tuple[Callable[[float], bool], float]] = {  # question -> how, and the age from which the answer is yes
    "stays away from school": (may_stay_away, TEEN_FROM),
    "wrong study": (in_a_wrong_study, prospects.STUDY_FROM),
    "mischief": (causes_mischief, YOUTH_FROM),
    "caught": (may_be_caught, TEEN_FROM),
}


@pytest.mark.parametrize("question", EXACTLY)
def test_who_is_exactly_on_a_line_is_on_the_side_that_the_rule_says(question):
    asked, line, answer = EXACTLY[question]
    assert [asked(line - HAIR), asked(line), asked(line + HAIR)] == [False, answer, True]


@pytest.mark.parametrize("question", UNTIL)
def test_an_age_until_which_something_holds_is_out(question):
    asked, age = UNTIL[question]
    week = 1.0 / WEEKS_A_YEAR
    assert [asked(age - week), asked(age), asked(age + week)] == [True, False, False]


@pytest.mark.parametrize("question", FROM)
def test_an_age_from_which_something_holds_is_in(question):
    asked, age = FROM[question]
    week = 1.0 / WEEKS_A_YEAR
    assert [asked(age - week), asked(age), asked(age + week)] == [False, True, True]


def test_only_somebody_who_has_been_harmed_helped_or_drawn_in_is_at_stake():
    assert not encounters.is_at_stake(person())
    for fields in ({"exposure": HAIR}, {"stage": EXPOSED}, {"convictions": 1}, {"mentored": 1}, {"plan_domains": 1}):
        assert encounters.is_at_stake(person(**fields)), fields


def test_adults_correct_children_and_somebody_who_is_at_the_edge_and_nobody_who_works_for_a_crew():
    kinds = [offending.kind_of_work(person(20.0, stage=stage, in_public=1), 0.0, P["offending"]) for stage in (EXPOSED, FAVOURS)]
    assert kinds[0] == DISTURBANCE != kinds[1]
    assert offending.may_offend(person(stage=EXPOSED), 0.0, P["offending"], TODAY)
    assert not offending.may_offend(person(stage=NONE), 0.0, P["offending"], TODAY)


def test_a_loss_of_trust_takes_no_more_than_there_is():
    p = parameters("trust", gain=1.0, bad_weight=9.0, spill=1.0)
    who = person(trust_frontline=0.5, trust_institutions=0.5, contact=trust.BAD)
    trust.after_contact(who, p)
    assert (who.trust_frontline, who.trust_institutions) == (0.0, 0.0)


def test_a_desk_of_one_is_as_fit_quick_and_rested_as_that_one_and_an_empty_one_as_nobody():
    means = {}
    for n in (0, 1, 2, 3):
        team = rows(
            "professional", max(n, 1), present=1 if n else 0, domain=0, situational=0.4, cultural=0.3, skill=0.5, energy=0.7
        )
        desk = one("desk")
        workforce.brief(desk, 0, team)
        means[n] = [float(getattr(desk, name)) for name in ("fit", "through", "energy", "quickness")]
    assert means[0] == [0.0] * 4 and means[1] == pytest.approx(means[2]) and means[1] == pytest.approx(means[3])
    assert means[1][2] == pytest.approx(0.7)


def test_a_round_is_of_the_share_of_hours_that_a_programme_asks_for():
    assert [presence.share_of(hours, lever(presence_hours=20.0)) for hours in (0.0, 10.0, 20.0, 40.0)] == [0.0, 0.5, 1.0, 1.0]
    assert presence.share_of(10.0, lever()) == 0.0


def test_youths_are_counted_until_their_twenty_fourth_birthday():
    told = tally()
    for age in (YOUTH_UNTIL - 1.0 / WEEKS_A_YEAR, YOUTH_UNTIL):
        desistance.count_recruit(one("household"), told, age)
    assert (told.recruited, told.adults_recruited) == (1, 1)
