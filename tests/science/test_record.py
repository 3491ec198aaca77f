"""What is on record of this version, and of version 1, is about the wijken on the list, and judged as it says."""

import csv

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis.mirror import split
from kantelpunt.experiments.analysis.trial import able

from .measure import used_for_fitting
from .record import READING, REFERENCE, VERSION_1, WIJKEN, Row, beside, row, suspects, with_before

COLUMNS = list(Row._fields)


def test_the_list_of_wijken_is_the_split_by_the_hash_of_their_codes():
    with WIJKEN.open(encoding="utf-8") as file:
        listed = {line["code"]: line["set"] for line in csv.DictReader(file)}
    assert listed == split(listed)
    assert [list(listed.values()).count(part) for part in ("fit", "judge")] == [32, 20]


def on_record(name):
    return pd.read_csv(REFERENCE / name, keep_default_na=False, na_values=[""], dtype={"holds": str})


def test_version_1_was_used_for_nothing_and_stands_beside_this_one():
    before, now = on_record(VERSION_1.name), on_record("record.csv")
    assert (before["used_for_fitting"] == "no").all()
    known = before.set_index("what")["value"]
    assert now["version1"].notna().sum() > 15
    for _, each in now.dropna(subset="version1").iterrows():
        assert each["version1"] == known[each["what"]], each["what"]


def test_a_figure_that_version_1_lacks_is_left_empty_and_drawn_all_the_same():
    rows = [row("N3", each, (1.0, 0.5, 1.5), "0-2", 0, 2) for each in ("old", "new")]
    before = pd.DataFrame({"what": ["old"], "value": [3.0]})
    table = with_before(pd.DataFrame(rows), before)
    assert table["version1"].fillna(-1).tolist() == [3.0, -1.0]
    assert len(beside(table).axes) == 2


def test_what_a_pattern_was_used_for_is_told():
    assert [used_for_fitting(id) for id in ("N2", "N10", "N8b", "N3")] == ["on other areas", "by hand", "by hand", "no"]


@pytest.mark.parametrize(("name", "columns"), [("record.csv", [*COLUMNS, "version1"]), (VERSION_1.name, COLUMNS)])
def test_what_is_on_record_is_whole(name, columns):
    record = on_record(name)
    assert list(record.columns) == columns
    assert {"N1", "N2", "N3", "N4", "N5", "N10", "N11", "N12"} <= set(record["id"])
    assert set(record["used_for_fitting"]) <= {"no", "by hand", "on other areas"}
    assert set(record["holds"].dropna()) <= {"yes", "no"}
    assert name == VERSION_1.name or all(record["what"].str.contains(each.id).any() for each in able())
    known = record.dropna(subset=["low", "high"])
    assert (known["low"] <= known["high"]).all() and len(known) > 15


def test_a_figure_is_judged_by_its_bounds_and_one_without_a_target_is_not():
    numbers = (1.0, 0.5, 1.5)
    assert row("N0", "x", numbers, "0-2", 0, 2).holds == "yes"
    assert row("N0", "x", numbers, "2-3", 2, 3).holds == "no"
    assert row("N0", "x", (np.nan, np.nan, np.nan), "2-3", 2, 3).holds == "no", "nothing to see is no success"
    assert row("N0", "x", numbers, READING).holds == ""


@pytest.mark.slow
def test_suspects_are_counted_once_a_year_among_their_age():
    found = suspects(1)
    for number, youths in found.values():
        assert 0 <= number < youths
        assert 8 * 200 < youths < 8 * 600, "a sixth of 2,000 people, in eight years"
