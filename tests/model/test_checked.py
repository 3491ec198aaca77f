"""Numbers, dates and texts as people and libraries hand them over: taken for what they are, or refused in clear words."""

import tomllib
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model.errors import InputError
from kantelpunt.model.scenario import Scenario, read_toml
from kantelpunt.model.simulation import Simulation

JUNE = date(2026, 6, 1)
LONG = 10**400


@pytest.mark.parametrize(
    "number", [np.int64(3), np.uint8(3), np.float64(3), np.float32(3), np.array(3), 3.0, pd.Series([3]).iloc[0]]
)
def test_a_whole_number_of_any_library_is_a_number(number):
    assert Scenario(years=number) == Scenario(years=3)
    assert Study("x").scenarios(a={}).points(number).plan.points == 3
    assert Study("x").scenarios(a={}).worlds(number).plan.worlds == 3


@pytest.mark.parametrize("number", [np.float64(0.5), np.float32(0.5), np.array(0.5), pd.Series([0.5]).iloc[0]])
def test_a_parameter_of_any_library_is_a_number(number):
    assert Scenario(parameters={"norms.sanction": number}).parameters == {"norms.sanction": 0.5}
    assert Scenario(interventions=[{"kind": "raid", "intensity": number}]).interventions[0].intensity == 0.5


DAYS = [
    JUNE, "2026-06-01", datetime(2026, 6, 1), pd.Timestamp("2026-06-01"), np.datetime64("2026-06-01"),
    np.datetime64("2026-06-01", "ns"),
    pd.Series(pd.to_datetime(["2026-06-01"])).iloc[0],
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_day_of_any_library_is_a_date(day):
    assert Scenario(interventions=[{"kind": "raid", "from": day}]).interventions[0].from_ == JUNE
    assert Scenario(start=day).start == JUNE


@pytest.mark.parametrize("weeks", [26, 26.0, np.int64(26), np.float64(26), np.array(26)])
def test_weeks_of_any_library_are_weeks(weeks):
    assert Scenario(interventions=[{"kind": "raid", "from": weeks}]).interventions[0].from_ == 26


NO_MOMENTS = [
    26.5, True, "soon", "", float("inf"), float("nan"), datetime(2026, 6, 1, 12), pd.NaT, pd.Timestamp("2026-06-01 01:00"),
    [JUNE], {},
    datetime(2026, 6, 1, tzinfo=UTC), np.datetime64("NaT"), np.datetime64("2026-06-01T10"), np.timedelta64(3, "D"), LONG, -LONG,
]  # fmt: skip


@pytest.mark.parametrize("when", NO_MOMENTS, ids=str)
def test_what_is_no_moment_is_refused(when):
    with pytest.raises(InputError) as caught:
        Scenario(interventions=[{"kind": "raid", "from": when}])
    assert caught.value.place.startswith("interventions[0]")
    assert caught.value.allowed


NO_NUMBERS = {
    "3": "text", "1.200": "text", True: "true or false", np.bool_(True): "true or false", LONG: "", -LONG: "", float("nan"): "",
    float("inf"): "", 3.5: "", 1e308: "", np.timedelta64(3, "D"): "",
}  # fmt: skip


@pytest.mark.parametrize("value", [*NO_NUMBERS, [], {}, [3], JUNE], ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("key", ["years", "people"])
def test_what_is_no_number_is_refused_with_what_may_stand_there(key, value):
    with pytest.raises(InputError) as caught:
        Scenario(**{key: value})
    assert caught.value.place == key
    assert "whole number" in str(caught.value.allowed)
    assert len(str(caught.value)) < 300


NO_VALUES = [LONG, -LONG, float("nan"), float("inf"), "0.5", True, None, [0.5], JUNE]


@pytest.mark.parametrize("value", NO_VALUES, ids=lambda value: str(value)[:9])
def test_what_is_no_value_of_a_parameter_is_refused(value):
    with pytest.raises(InputError) as caught:
        Scenario(parameters={"norms.sanction": value})
    assert caught.value.place == "parameters.norms.sanction"


@pytest.mark.parametrize("seed", [LONG, True, "1", 1.5, None, -1, np.float64(1)])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(InputError):
        Simulation(Scenario(people=60, years=1), seed)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_is_read_with_or_without_a_mark_before_it(tmp_path, mark, end):
    path = tmp_path / "x.toml"
    path.write_bytes(mark + b'area = "overvecht"' + end + b"years = 3" + end)
    assert read_toml(path) == {"area": "overvecht", "years": 3}


UNREADABLE = {
    "utf-16": ("years = 3\n".encode("utf-16"), "UTF-16"),
    "windows": ('area = "x"\ntitle = "één"\n'.encode("cp1252"), "line 2 holds a character that is not UTF-8"),
    "deep": (b"a = " + b"[" * 5_000, "nested"),
    "digits": (b"years = " + b"9" * 5_000, "not TOML"),
    "day": (b"start = 2026-13-01", "not TOML"),
    "zeros": (b"\x00" * 100, "not TOML"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_says_why(tmp_path, name):
    content, reason = UNREADABLE[name]
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        read_toml(path)
    assert caught.value.place == str(path)
    assert caught.value.allowed


def test_a_place_with_control_characters_is_spelled_out(tmp_path):
    with pytest.raises(InputError) as caught:
        Plan.read({"rival": {"\x1b[2J\n\u202e": {"norms.sanction": 9}}, "scenario": {"a": {}}}, "x.toml")
    assert "rival.\\x1b[2J\\n\\u202e.norms.sanction: out of range" in str(caught.value)


def test_a_number_in_hexadecimal_of_any_length_is_out_of_range():
    table = tomllib.loads(f"years = 0x{'f' * 6_000}")
    with pytest.raises(InputError) as caught:
        Scenario.read(table, "x.toml")
    assert len(str(caught.value)) < 300
