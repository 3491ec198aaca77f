"""Loops and tipping by variant, against models whose answer is known."""

import math

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.analysis import tipping
from kantelpunt.experiments.analysis.loops import by_base, scenarios, strength
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.cli.tipping import halfway, in_words
from kantelpunt.viz.text import Text
from tests.experiments.toys import study_of, toy

TRUST, HOLD = (list(OUTCOMES).index(name) for name in ("trust_institutions", "crime_hold"))


def test_strength_is_the_paired_difference_with_the_base_of_a_loop(tmp_path):
    work = toy({"today_without_R2": -8.0, "presence": -5.0, "presence_without_R2": -6.0})
    study = Study("loops", folder=tmp_path / "study", people=120, years=2, series=0, work=work)
    table = strength(study.scenarios(**scenarios(2, ["R2", "B7"])).points(40).run(quiet=True))
    found = table.xs("recruited", level="outcome")
    assert found.loc[("today", "R2"), "difference"] == pytest.approx(-8.0, abs=0.5)
    assert found.loc[("presence", "R2"), "difference"] == pytest.approx(-1.0, abs=0.5)
    assert found.loc[("today", "R2"), "low"] < -8.0 * 0.99 < found.loc[("today", "R2"), "high"] + 0.5
    assert found.loc[("raid_and_aftercare", "B7"), ["difference", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    assert found.loc[("today", "R2"), "relative"] == pytest.approx(-0.4, abs=0.05)
    assert np.isnan(table.loc[("today", "R2", "trust_institutions"), "relative"])
    assert list(by_base(table)) == ["today", "presence", "raid_and_aftercare"]
    for lang, name, least in (("en", "'friend of the municipality'", "-1."), ("nl", "vriend-vijandloop", "-1,")):
        told = in_words(by_base(table)["presence"], Text(lang))
        assert told.loc["R2", "name"] == name
        assert told.loc["R2", "recruited"].startswith((least, least.replace("1", "0")))
    with pytest.raises(InputError, match=r"loops\.scenarios"):
        strength(study_of(work=toy({})).run(quiet=True))


def easier(job):
    """Return a history that tips while the dose is above a threshold, lower with the loop cut; once over, it stays."""
    threshold = 0.3 if job.scenario.parameters["norms.sanction"] == 0.0 else 0.6
    shares = [each.profile(job.scenario.horizon) for each in job.scenario.interventions]
    dose = np.max(shares, axis=0) if shares else np.zeros(job.scenario.weeks + 1)
    over = np.maximum.accumulate(dose > threshold)
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    history[:, TRUST], history[:, HOLD] = np.where(over, 0.7, 0.3), np.where(over, 0.1, 0.6)
    return history


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return a study of doses and durations, and of both ways, with and without a loop."""
    doses = (0.25, 0.5, 0.75, 1.0)
    tables = {
        **tipping.up_and_down("visible_presence", doses, 4, {"ramp": 0}),
        **tipping.dose_by_duration("visible_presence", doses, (1, 2), {"ramp": 0}),
    }
    tables |= tipping.without(tables, {"norms.sanction": 0.0})
    study = Study("easier", folder=tmp_path_factory.mktemp("easier") / "study", people=120, years=4, worlds=2, work=easier)
    return study.scenarios(**tables).points(1).run(quiet=True)


def test_a_variant_has_a_map_of_its_own_against_its_own_today(both):
    maps = {name: tipping.tipping_map(both, tipping.TIPPED, name) for name in ("", tipping.CUT)}
    assert maps[""][2].tolist() == [0.0, 0.0, 100.0, 100.0]
    assert maps[tipping.CUT][2].tolist() == [0.0, 100.0, 100.0, 100.0]
    assert list(tipping.stacked({"all": maps[""], "cut": maps[tipping.CUT]}).index.unique()) == ["all", "cut"]


def test_thresholds_of_a_variant(both):
    ups = [tipping.thresholds(tipping.branches(both, tipping.BALANCE, name))["up"] for name in ("", tipping.CUT)]
    assert ups == pytest.approx([0.625, 0.375])
    assert tipping.reached(tipping.branches(both, tipping.BALANCE), KNOWN).kept == "free"


KNOWN = pd.DataFrame({"low": [0.5, math.nan], "high": [0.66, math.nan]}, index=["up", "down"])


def ways(up, down, sure=True):
    """Return the table of both ways with these means, by dose."""
    rows = {
        (way, dose): {"mean": mean, "sure": sure and dose > 0}
        for way, some in (("up", up), ("down", down))
        for dose, mean in some.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["way", "dose"]).sort_index()


def test_doses_are_told_only_where_the_largest_surely_does_something():
    up = {0.0: 0.0, 0.5: 4.0, 1.0: 10.0}

    def told(*tables, lang="en", **how):
        return halfway(tipping.reached(ways(*tables, **how), KNOWN), Text(lang))

    keeps = {0.0: 0.0, 0.5: 6.0, 1.0: 10.0}
    said = told(up, keeps)
    assert said.startswith("a dose of 58 % (50 to 66 %) gets halfway to the effect of the full dose;")
    assert said.endswith("it takes a dose of 42 % to keep half of the effect.")
    assert told(up, keeps, lang="nl").startswith(
        "een dosis van 58 % (50 tot 66 %) komt halverwege het effect van de volle dosis;"
    )
    assert "no dose tried keeps half of the effect" in told(up, {0.0: 0.0, 0.5: 1.0, 1.0: 2.0})
    assert "half of the effect stays without any dose" in told(up, {0.0: 9.0, 0.5: 4.0, 1.0: 10.0})
    assert "the effect of a dose of 50 %" in told({0.0: 0.0, 0.5: 4.0}, {0.0: 0.0, 0.5: 4.0})
    assert "not certain that the full dose changes anything" in told(up, up, sure=False)
    assert "niet zeker dat de volle dosis iets verandert" in told(up, up, sure=False, lang="nl")


def risen(n, random):
    """Return units in which an outcome rises with the dose, past a threshold around 0.5 that differs from one to the next."""
    doses = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    middle, level = random.normal(0.5, 0.1, (n, 1)), random.normal(0.0, 0.1, (n, 1))
    up = level + 1.0 / (1.0 + np.exp(10.0 * (middle - doses)))
    return pd.concat({way: pd.DataFrame(up, columns=doses) for way in ("up", "down")}, axis=1)


def test_margins_hold_the_threshold_as_often_as_they_say():
    random, times = np.random.default_rng(1), 400
    truth = tipping.halves(risen(200_000, random).mean())["up"]
    found = [tipping.margins(risen(8, random)).loc["up"] for _ in range(times)]
    share = np.mean([low <= truth <= high for low, high in found])
    assert 0.915 < share < 0.985  # 95 %, and what luck does in 400 trials once in a thousand


def test_margins_say_nothing_of_few_units_or_of_what_is_not_reached(both):
    few = risen(5, np.random.default_rng(1))
    assert tipping.margins(few).isna().all(axis=None)
    never = risen(8, np.random.default_rng(1))
    never["down"] = 0.0
    known = tipping.margins(never)
    assert known.loc["up"].notna().all() and known.loc[["down", "memory"]].isna().all(axis=None)


def test_the_ways_tell_what_surely_differs_from_today_in_the_same_worlds(tmp_path):
    def work(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        dose = max((each.intensity for each in job.scenario.interventions), default=0.0)
        history[:, TRUST] = np.random.default_rng(job.seed).random() + (dose > 0.6) * 0.01 * (1.0 + 0.1 * (job.seed % 2))
        return history

    doses = (0.5, 1.0)
    study = Study("sure", folder=tmp_path / "study", people=120, years=2, work=work)
    table = tipping.branches(
        study.scenarios(**tipping.up_and_down("visible_presence", doses, 2)).points(8).run(quiet=True), "trust_institutions"
    )
    assert table.loc["up", "sure"].tolist() == [False, False, True]
    assert (table.loc[("up", 1.0), "high"] - table.loc[("up", 1.0), "low"]) > 0.1  # by themselves, worlds differ far more


def test_the_basin_tells_where_worlds_stood_and_where_they_ended(both):
    table = tipping.basin(both).sort_index()
    assert len(table) == 4 * 2 * 2
    assert table.loc["dose_100_years_1", "trust_institutions"].tolist() == pytest.approx([0.7, 0.7])
    assert table.loc["dose_25_years_2", "crime_hold"].tolist() == pytest.approx([0.6, 0.6])
    assert (table["tipped"] == 100.0 * (table["trust_institutions"] > 0.5)).all()
    assert (tipping.basin(both, tipping.CUT)["tipped"] > 0).sum() > (table["tipped"] > 0).sum()


def test_the_basin_is_that_of_the_week_in_which_it_stopped(tmp_path):
    def later(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        history[:, TRUST] = np.linspace(0.0, 1.0, job.scenario.weeks + 1)
        return history

    tables = tipping.dose_by_duration("visible_presence", (1.0,), (1, 2))
    study = Study("later", folder=tmp_path / "study", people=120, years=4, work=later).scenarios(**tables).run(quiet=True)
    trust = tipping.basin(study).groupby(level="scenario")["trust_institutions"].mean()
    assert trust.to_dict() == pytest.approx({"dose_100_years_1": 0.25, "dose_100_years_2": 0.5})


def test_what_tips_is_an_outcome_or_one_of_two_that_are_derived():
    assert tipping.as_what_tips("balance") == "balance"
    assert tipping.as_what_tips("unsafe") == "unsafe"
    with pytest.raises(InputError, match="unknown outcome"):
        tipping.as_what_tips("balanse")
