"""The words of an answer: which way, how surely, at what price."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.experiments.statistics import Interval, Verdict, effect
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.viz.report.wording import (
    change,
    counted,
    credited,
    doubt,
    holds,
    is_mix,
    limit,
    listed,
    may_be_small,
    measure_name,
    moment,
    money,
    outcome_name,
    over,
    plan_name,
    rival_name,
    sentence,
    spread,
    timed,
    unit_won,
)
from kantelpunt.viz.text import LANGUAGES, Text


@pytest.fixture(params=LANGUAGES)
def t(request):
    return Text(request.param)


def found(differences, **changed):
    """Return an effect on crimes with these differences in one world each."""
    index = pd.MultiIndex.from_product([[0], range(len(differences))])
    theirs = pd.Series(np.full(len(differences), 50.0), index)
    return replace(effect("x", "crimes", theirs + differences, theirs, "lower", 1.0), **changed)


def test_more_or_fewer_is_said_of_what_is_counted_and_higher_or_lower_of_levels():
    some = ("recruited", "members", "closed_families", "cases_open", "crews")
    assert all(counted(outcome) for outcome in some)
    assert not any(counted(outcome) for outcome in ("waited", "trust_institutions", "usefulness"))


def test_a_limit_is_told_by_the_end_that_it_has(t):
    inf, name = math.inf, "no_parameter"
    told = {"what": name, "name": name}
    assert limit(t, name, -inf, 2.0) == t("rule.below", low=t.number(-inf), high=t.number(2.0), **told)
    assert limit(t, name, 2.0, inf) == t("rule.above", low=t.number(2.0), high=t.number(inf), **told)
    assert limit(t, name, 2.0, 3.0) == t("rule.between", low=t.number(2.0), high=t.number(3.0), **told)
    assert limit(t, name, -inf, 2.0) != limit(t, name, 2.0, inf)


def test_a_cheaper_plan_is_not_told_as_a_dearer_one(t):
    cheaper, dearer = money(t, -300.0, None, "crimes"), money(t, 300.0, None, "crimes")
    assert cheaper == t("verdict.cheaper", cost=t.euros(300.0))
    assert dearer.startswith(t("verdict.cost", cost=t.euros(300.0)))
    assert money(t, 0, None, "crimes") == t("verdict.free")
    priced = money(t, 300.0, Interval(2.0, 1.0, 4.0), "crimes")
    places = [priced.index(t.euros(price)) for price in (2.0, 1.0, 4.0)]
    assert places == sorted(places)


def test_the_time_that_an_outcome_is_about_is_told(t):
    assert over(t, "recruited", 3) == t("verdict.in_years", span=t.span(3))
    assert over(t, "trust_institutions", 3) == t("verdict.last_year")
    assert over(t, "recruited[0:104]", 3) == t("verdict.as_written")


def test_a_dearer_plan_that_may_not_help_has_a_cost_and_no_price(t):
    said = money(t, 5_000.0, None, "recruited")
    assert said == f"{t('verdict.cost', cost=t.euros(5_000.0))} {t('verdict.no_price', unit=unit_won(t, 'recruited'))}"


def test_a_difference_is_told_by_its_direction(t):
    assert change(t, -3.0, "crimes", 0) == t("verdict.fewer", n="3")
    assert change(t, 3.0, "crimes", 0) == t("verdict.more", n="3")
    assert change(t, -0.25, "trust_institutions", 2) == t("verdict.down", n=t.number(0.25, 2))
    assert change(t, 0.25, "trust_institutions", 2) == t("verdict.up", n=t.number(0.25, 2))
    for outcome in ("crimes", "trust_institutions"):
        assert change(t, 0.001, outcome, 0) == change(t, 0.0, outcome, 0) == t("verdict.none")


def test_an_interval_tells_the_smaller_change_first(t):
    both = t("verdict.between", low=t.number(1.0, 0), high=change(t, -4.0, "crimes", 0))
    assert spread(t, Interval(-2.0, -4.0, -1.0), "crimes", 0) == both
    across = t("verdict.between", low=change(t, -1.0, "crimes", 0), high=change(t, 2.0, "crimes", 0))
    assert spread(t, Interval(0.5, -1.0, 2.0), "crimes", 0) == across
    assert spread(t, Interval(0.5, math.nan, math.nan), "crimes", 0) == t("verdict.no_interval")


def test_doubt_is_told_by_what_is_open(t):
    few, many = np.array([-3.0, -4.0, -5.0]), np.array([-3.0, -4.0, -5.0, -3.0, -4.0, -5.0])
    assert doubt(t, found(few), 1.0) == [t("verdict.few", least=6)]
    assert doubt(t, found(many), 1.0) == [t("verdict.alone")], "sure alone, and not judged yet"
    assert doubt(t, found(many - many.mean()), 1.0) == [t("verdict.open")]
    assert doubt(t, found(many, verdict=Verdict.BETTER), 1.0) == []
    assert doubt(t, found(many, verdict=Verdict.BETTER), 3.5) == [t("verdict.may_be_small", matters=t.written("3.5"))]
    assert doubt(t, found(many, verdict=Verdict.BETTER), 6.0) == [t("verdict.looks_small", matters=t.written("6"))]
    assert doubt(t, found(many, verdict=Verdict.SAME), 6.0) == [t("verdict.small", matters=t.written("6"))]
    assert not may_be_small(found(many), 6.0), "nothing is decided"
    edge = min(abs(end) for end in found(many).difference[1:])
    assert not may_be_small(found(many, verdict=Verdict.WORSE), edge), "as large as what matters is not smaller"


def test_a_plan_is_called_by_its_measure_its_number_or_as_its_maker_wrote_it(t):
    assert plan_name(t, "equal parts") == t("best.equal_parts")
    assert plan_name(t, "only aftercare") == t("best.only", measure=measure_name(t, "aftercare"))
    assert plan_name(t, "candidate 12") == t("best.candidate", n="12") and is_mix("candidate 12")
    assert not is_mix("candidate twelve") and not is_mix("candidate") and not is_mix("other 12")
    assert plan_name(t, "only_nonsense") == "only nonsense" and plan_name(t, "only nonsense") == "only nonsense"
    assert plan_name(t, "aftercare") == measure_name(t, "aftercare")
    assert measure_name(t, "aftercare 2") == f"{measure_name(t, 'aftercare')} 2"


def test_plans_are_called_as_people_know_them(t):
    assert plan_name(t, "today") == t("scenario.today") and plan_name(t, "my_own_plan") == "my own plan"


def test_a_moment_is_told_by_where_it_lies_in_the_years_and_a_date_as_it_is(t):
    ends = [moment(t, week, 5) for week in (-1, 0, 1, 5 * WEEKS_A_YEAR - 1, 5 * WEEKS_A_YEAR, 999)]
    start, end = t("moment.start"), t("moment.end")
    years = [t("moment.years", years=week / WEEKS_A_YEAR) for week in (1, 5 * WEEKS_A_YEAR - 1)]
    assert ends == [start, start, *years, end, end]
    assert moment(t, "2027-01-01", 5) == "2027-01-01"


def test_when_and_where_a_measure_is_done_is_told_in_brackets(t):
    assert timed(t, {}, 5) == ""
    until, where = f"{t('dose.until')} {t('moment.end')}", f"{t.named('dose', 'where', 'where')} noord, zuid"
    assert timed(t, {"from": 0, "until": 5 * WEEKS_A_YEAR}, 5) == ""  # all along
    assert timed(t, {"until": 5 * WEEKS_A_YEAR, "where": ["noord", "zuid"]}, 5) == f" ({until}, {where})"


def test_a_verdict_is_told_with_every_rival_choice_and_those_that_agree_first(t):
    agree, differ = {"other": "better", "third": "better"}, {"fourth": "worse"}
    told = holds(t, "x", "better", {**differ, **agree})
    parts = [
        t("front.also", rivals=f"other{t('rule.and')}third"), t("front.but", verdict=t("verdict.worse"), rivals="fourth"),
    ]  # fmt: skip
    assert told == t("front.robust", plan="x", verdict=t("verdict.better"), rivals=", ".join(parts))
    loop = next(iter(loops()))
    assert rival_name(t, f"without_{loop}") == t("report.without_loop", loop=getattr(loops()[loop], t.language))
    assert (rival_name(t, "without_nothing"), rival_name(t, loop)) == ("without nothing", loop)
    assert listed(t, ["a"]) == "a" and listed(t, ["a", "b", "c"]) == f"a, b{t('rule.and')}c"


def test_an_interval_that_ends_at_nothing_holds_it(t):
    for low, high in ((-3.0, 0.0), (0.0, 3.0)):
        told = t("verdict.between", low=change(t, low, "crimes", 0), high=change(t, high, "crimes", 0))
        assert spread(t, Interval((low + high) / 2, low, high), "crimes", 0) == told


def test_what_is_won_has_the_name_of_its_outcome_or_one_of_its_own(t):
    assert unit_won(t, "recruited") != t("won.unit", outcome=outcome_name(t, "recruited")), "recruits have one"
    assert unit_won(t, "crimes / people") == t("won.unit", outcome=outcome_name(t, "crimes / people"))


def test_worlds_are_counted_by_which_way_they_went(t):
    index = pd.MultiIndex.from_product([[0], range(6)])
    theirs = pd.Series(np.full(6, 50.0), index)
    for differences, key in (
        ([-1.0] * 6, "all"),
        ([1.0] * 6, "none"),
        ([-1.0] * 3 + [1.0] + [0.0] * 2, "same"),
        ([-1.0] * 4 + [0.0] * 2, "or_same"),
        ([1.0] * 4 + [0.0] * 2, "worse_or_same"),
        ([-1.0] * 4 + [1.0] * 2, ""),
    ):
        one = effect("x", "crimes", theirs + differences, theirs, "lower", 1.0)
        counted_worlds = {"worlds": one.worlds, "better": one.better, "worse": one.worse, "same": one.same}
        said = {
            "all": t("verdict.worlds_all", worlds=6), "none": t("verdict.worlds_none", worlds=6),
            "same": t("verdict.worlds_same", **counted_worlds), "": t("verdict.worlds", better=4, worlds=6, worse=2),
            "or_same": t("verdict.worlds_or_same", **counted_worlds),
            "worse_or_same": t("verdict.worlds_worse_or_same", **counted_worlds),
        }  # fmt: skip
        told = sentence(t, one, 5, 1.0)
        assert said[key] in told and sum(each in told for each in said.values()) == 1
    assert sentence(t, effect("x", "crimes", theirs, theirs, "lower", 1.0), 5, 1.0) == t("verdict.nothing")


def test_days_and_sources_are_told_in_the_language_of_the_reader():
    source = "Bron: CBS, Kerncijfers wijken en buurten 2022 en 2023, CC BY 4.0, bewerkt"
    dutch, english = Text("nl"), Text("en")
    assert (dutch.day("2026-11-30T10:00"), english.day("2026-03-01")) == ("30 november 2026", "1 March 2026")
    assert credited(dutch, source, source).endswith("2022 en 2023, CC BY 4.0, bewerkt")
    assert credited(english, source).endswith("Kerncijfers wijken en buurten 2022 en 2023, CC BY 4.0, adapted")
