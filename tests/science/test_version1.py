"""What is on record of version 1 is about the wijken on the list, and judged as it says."""

import csv

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis.mirror import split
from kantelpunt.experiments.analysis.trial import able

from .version1 import READING, REFERENCE, WIJKEN, Row, row, suspects

COLUMNS = list(Row._fields)


def test_the_list_of_wijken_is_the_split_by_the_hash_of_their_codes():
    with WIJKEN.open(encoding="utf-8") as file:
        listed = {line["code"]: line["set"] for line in csv.DictReader(file)}
    assert listed == split(listed)
    assert [list(listed.values()).count(part) for part in ("fit", "judge")] == [32, 20]


def test_what_is_on_record_is_whole_and_was_used_for_nothing():
    record = pd.read_csv(REFERENCE / "version1.csv", keep_default_na=False, na_values=[""], dtype={"holds": str})
    assert list(record.columns) == COLUMNS
    assert {"N1", "N2", "N3", "N4", "N5", "N10", "N11", "N12"} <= set(record["id"])
    assert (record["used_for_fitting"] == "no").all() and set(record["holds"].dropna()) <= {"yes", "no"}
    assert all(record["what"].str.contains(each.id).any() for each in able())
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
