"""Numbers as Dutch files write them: whole counts, percentages, marks for what is missing, and what can be read in two ways."""

import pytest

from kantelpunt.model import formulas
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.population.cbs_workbook import AGES
from kantelpunt.model.population.consistency import conflict
from kantelpunt.model.population.number_parsing import count, is_missing, percentage
from kantelpunt.viz.text import Text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4195", 4195), ("4195.0", 4195), ("4195,00", 4195), ("0", 0), ("1.234.567", 1_234_567), ("1,234,567", 1_234_567),
     ("361 740", 361_740), ("361\u00a0740", 361_740), (".", None), ("-99997", None), ("-99999999", None), ("-99997.0", None)],
)  # fmt: skip
def test_a_count_is_whole(text, expected):
    assert count(text, "own.csv", "a_inw") == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    [("361.740", ("361740", "361.74")), ("1.200", ("1200", "1.2")), ("1,200", ("1200", "1.2")), ("361.000", ("361000", "361"))],
)
def test_a_count_with_two_readings_is_refused_with_both(text, readings):
    with pytest.raises(InputError) as caught:
        count(text, "own.csv, BU1", "a_inw")
    assert str(caught.value).startswith(f"own.csv, BU1: a_inw can be read in two ways (got {text!r})")
    assert all(each in str(caught.value.allowed).split(",")[0].split(" or ") for each in readings)


@pytest.mark.parametrize(
    "text", ["1.2", "0,5", "-5", "inf", "1e3", "1_000", "4 195 0", "1.2.3", "٣٠٠", "9" * 400, "#N/A", "veel"]
)
def test_what_is_no_count_is_refused(text):
    with pytest.raises(InputError, match="a_inw holds no usable figure"):
        count(text, "own.csv", "a_inw")


def test_a_formula_without_a_value_is_called_one():
    for convert in (count, percentage):
        with pytest.raises(InputError, match="a_inw holds a formula without a value"):
            convert("=100+100", "own.xlsx", "a_inw")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45,5", 45.5),
        ("45.5", 45.5),
        ("45,512", 45.512),
        ("0", 0),
        ("1", 1),
        ("100", 100),
        ("27 %", 27),
        ("0,27%", 0.27),
        ("x", None),
    ],
)
def test_a_percentage_takes_a_point_or_a_comma(text, expected):
    assert percentage(text, "own.csv", "p_koopw") == expected


def test_a_share_in_place_of_a_percentage_is_refused_with_both_readings():
    with pytest.raises(InputError) as caught:
        percentage("0,27", "own.csv", "p_koopw")
    assert "two ways (got '0,27')" in str(caught.value) and "0.27 % or 27 %" in str(caught.value.allowed)
    assert "0,27 % of 27 %" in Text("nl").error(caught.value.allowed)


def test_a_1_among_shares_is_refused_with_both_readings():
    for text, readings in {"1": "1 % or 100 %", "1,0": "1 % or 100 %", "0,5": "0.5 % or 50 %"}.items():
        with pytest.raises(InputError) as caught:
            percentage(text, "own.csv", "p_koopw", among_shares=True)
        assert readings in str(caught.value.allowed)
    assert [percentage(text, "own.csv", "p_koopw", among_shares=True) for text in ("0", "1 %", "27")] == [0, 1, 27]


@pytest.mark.parametrize("text", ["101", "-1", "nan%", "1.234,5", "=1", "4 5", "1000"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(InputError):
        percentage(text, "own.csv", "p_koopw")


@pytest.mark.parametrize("text", ["", ".", "-", "x", "-99995", "-99999998", "n/a"])
def test_marks_for_what_is_missing(text):
    assert is_missing(text)


@pytest.mark.parametrize("text", ["0", "-1", "-99", "-9999", "-100000", "--"])
def test_a_number_below_zero_is_no_mark_for_what_is_missing(text):
    assert not is_missing(text)


TRUE = {"people": 420.0, **dict(zip(AGES, (70.0, 60.0, 165.0, 75.0, 50.0), strict=True)), "households": 200.0,
        "households_single": 80.0, "households_couple": 60.0, "households_children": 60.0, "dwellings": 195.0, "welfare": 20.0,
        "disability": 15.0, "owned": 27.0, "corporation": 60.0}  # fmt: skip


def test_figures_that_can_be_true_together_have_no_conflict():
    assert conflict(TRUE) is None
    assert conflict(TRUE | dict.fromkeys(("households", "dwellings", "welfare", "owned"), None)) is None


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"households": 600.0}, "the kinds of households do not add up"),
        ({"households": 600.0, "households_single": None}, "a_hh does not fit"),
        ({"households_couple": 250.0, "households": None}, "more people in households"),
        ({"welfare": 1e9}, "a_soz_wb does not fit"),
        ({"disability": 500.0}, "a_soz_ao does not fit"),
        ({"welfare": 200.0, "disability": 250.0}, "a_soz_wb and a_soz_ao together are more than all people"),
        ({"dwellings": 5000.0}, "a_woning does not fit"),
        ({"address_density": 999_999.0}, "ste_oad does not fit"),
        ({"owned": 60.0}, "p_koopw and p_wcorpw are more than all dwellings"),
        ({"age_25_44": 600.0}, "the age groups do not add up"),
    ],
)
def test_every_figure_has_bounds_against_the_others(figures, expected):
    found = conflict(TRUE | figures)
    assert found is not None
    said = Phrase(found.code, **found.facts)
    assert expected in str(said)
    dutch = Text("nl")
    assert dutch.error(said) != str(said) and dutch.error(found.allowed) != str(found.allowed)


def test_few_formulas_are_remembered():
    for i in range(2 * formulas.FEW):
        formulas.read(f"recruited + {i}")
    assert formulas.read.cache_info().currsize <= formulas.FEW
