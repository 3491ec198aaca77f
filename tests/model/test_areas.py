"""Areas: presets, built-in rows, a user's own file, and what is said about what is not there."""

import csv
import pickle
from pathlib import Path

import openpyxl
import pytest

from kantelpunt.model.errors import InputError, nearest
from kantelpunt.model.population.areas import BUILT_IN, PRESETS, TYPICAL, Area, area, areas
from kantelpunt.model.population.cbs_workbook import AGES

SHARED = Path(__file__).resolve().parents[3] / "shared"
EXTRACT = SHARED / "evidence" / "kwb_extract.csv"
WORKBOOK = SHARED / "data" / "CBS-Utrecht-kwb-2023.xlsx"
ENGLISH = SHARED / "data" / "kwb-wijken-2022.csv"

HEADER = [
    "gwb_code", "regio", "gm_naam", "recs", "a_inw", "a_00_14", "a_15_24", "a_25_44", "a_45_64", "a_65_oo", "a_nl_all",
    "a_hh", "a_soz_wb", "p_koopw",
]  # fmt: skip
ROW = ["WK990001", "Wijk 01 Voorbeeld", "Voorbeeldstad", "Wijk", 1000, 170, 130, 260, 250, 190, "geheim", 480, ".", 40]


def write(path: Path, rows: list[list], separator: str = ",", encoding: str = "utf-8", header: list[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows([header, *rows])
    return path


def message(*args) -> str:
    with pytest.raises(InputError) as caught:
        area(*args)
    return str(caught.value)


def test_presets_are_typical_buurten_with_the_shares_of_real_areas():
    assert set(PRESETS) == {"overvecht", "tilburg-noord", "contrast", "small-town"}
    for name in PRESETS:
        found = area(name)
        assert found.default_people == TYPICAL == 2000
        assert found.kind == "preset"
        assert sum(found.ages) == pytest.approx(found.people, rel=0.01)
        assert "CC BY 4.0" in found.source
    assert area("overvecht").people == 34910
    assert area("contrast").name == "Noordoost"


def test_tilburg_noord_is_its_three_wijken_taken_together():
    parts = [area(code) for code in ("WK085542", "WK085543", "WK085544")]
    whole = area("tilburg-noord")
    assert whole.people == sum(part.people for part in parts) == 23785
    assert whole.ages == tuple(map(sum, zip(*(part.ages for part in parts), strict=True)))
    assert whole.participation == pytest.approx(
        sum((part.participation or 0) * part.people for part in parts) / whole.people, abs=0.1
    )
    assert whole.owned == pytest.approx(
        sum((part.owned or 0) * (part.dwellings or 0) for part in parts) / (whole.dwellings or 1), abs=0.1
    )
    assert "welfare" in whole.missing


def test_an_area_is_found_by_code_and_by_name_whatever_the_capitals():
    assert area("wk085542") == area("STOKHASSELT ") == area("Stokhasselt")
    assert area("WK034403").default_people == 34910
    assert area("Tilburg Noord").code == area("tilburg_noord").code == area("tilburg-noord").code


def test_the_built_in_areas():
    found = areas()
    assert len(found) == 16
    assert sum(each.code.startswith("BU034403") for each in found) == 8
    assert {each.year for each in found} == {2022, 2023}
    assert {each.kind for each in found} == {"wijk", "buurt"}


def test_what_a_row_lacks_is_none_and_what_is_assumed_is_said():
    found = area("Stokhasselt")
    assert found.welfare is None and found.households is None
    kinds = ("single", "couple", "children")
    lacking = {
        "address_density",
        "households",
        "welfare",
        "disability",
        "flats",
        "corporation",
        *(f"households_{kind}" for kind in kinds),
    }
    assert set(found.missing) == set(found.assumed) == lacking
    assert all(each.reason.startswith("assumed") for each in found.assumed.values())
    assert sum(found.figure(f"households_{kind}") for kind in kinds) == found.figure("households")
    assert 300 < found.figure("welfare") < 600
    assert found.figure("owned") == found.owned == 30


def welfare_of(found):
    return 100 * found.welfare / (found.age_15_24 + found.age_25_44 + found.age_45_64)


def test_a_buurt_borrows_shares_from_its_wijk_and_says_so():
    found = area("BU03440342")
    assert found.participation is None
    wijk = area("WK034403")
    assert found.figure("high_education") == wijk.high_education
    more = welfare_of(found) - welfare_of(wijk)
    assert more > 0
    assert found.figure("participation") == pytest.approx(wijk.participation - 1.4 * more, abs=0.06)
    assert found.figure("low_income") == pytest.approx(wijk.low_income + 1.6 * more, abs=0.06)
    assert "WK034403 Overvecht" in found.assumed["participation"].reason


def test_nothing_is_assumed_about_a_row_that_is_complete():
    assert area("overvecht").missing == () and not area("overvecht").assumed


def test_an_area_can_be_kept_and_sent():
    found = area("tilburg-noord")
    assert pickle.loads(pickle.dumps(found)) == found
    assert len({found, area("tilburg-noord")}) == 1


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "latin-1"), ("\t", "utf-8-sig")])
def test_a_csv_of_the_user(tmp_path, separator, encoding):
    row = [*ROW]
    row[1] = "Wijk 01 Één"
    row[-1] = "40,5" if separator == ";" else "40.5"
    found = area("WK990001", write(tmp_path / "kwb-2021.csv", [row], separator, encoding))
    assert (found.name, found.people, found.owned, found.welfare, found.year) == ("Één", 1000, 40.5, None, 2021)
    assert found.default_people == 1000
    assert found.households == 480 and "welfare" in found.missing


def test_a_workbook_of_the_user_with_numbers_as_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Kerncijfers wijken en buurten"])
    sheet = book.create_sheet("kwb")
    sheet.append(HEADER)
    sheet.append([str(cell) for cell in ROW])
    book.save(tmp_path / "own.xlsx")
    found = area("voorbeeld", tmp_path / "own.xlsx")
    assert (found.code, found.people, found.ages, found.source) == ("WK990001", 1000, (170, 130, 260, 250, 190), "own.xlsx")


def test_origin_is_never_read(tmp_path):
    other = [*ROW]
    other[HEADER.index("a_nl_all")] = "=cmd|' /C calc'!A0"
    assert area("WK990001", write(tmp_path / "a.csv", [ROW])) == area("WK990001", write(tmp_path / "a.csv", [other]))
    assert not any("nl_all" in name or "eur" in name for name in BUILT_IN.read_text(encoding="utf-8").splitlines()[0].split(","))


def test_education_in_counts_becomes_a_share(tmp_path):
    path = write(tmp_path / "a.csv", [[*ROW, 100, 200, 100]], header=[*HEADER, "a_opl_lg", "a_opl_md", "a_opl_hg"])
    assert area("WK990001", path).high_education == 25


def test_of_several_years_the_latest_counts(tmp_path):
    rows = [[*ROW, 2023], [*ROW[:4], 900, *ROW[5:], 2022]]
    assert area("WK990001", write(tmp_path / "a.csv", rows, header=[*HEADER, "jaar"])).people == 1000


def changed(column: str, value: object) -> list:
    return [value if name == column else cell for name, cell in zip(HEADER, ROW, strict=True)]


def test_a_code_that_stands_there_twice(tmp_path):
    assert area("WK990001", write(tmp_path / "same.csv", [ROW, ROW])).people == 1000
    two = write(tmp_path / "two.csv", [ROW, changed("a_00_14", 175)])
    assert "more than once, with different figures" in message("WK990001", two)


@pytest.mark.parametrize("typed", ["overvegt", "Stokhaselt", "WK034499", "", "a" * 300])
def test_an_unknown_area_is_named_with_what_is_allowed(typed):
    text = message(typed)
    assert text.startswith("area: unknown area (got '") and "overvecht, tilburg-noord, contrast" in text
    assert len(text.splitlines()) == 2 and max(map(len, text.splitlines())) < 200


def test_the_nearest_name_is_offered():
    assert "did you mean 'Stokhasselt'?" in message("stokhaselt")
    assert nearest("xyz", ["overvecht"]) == ""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (changed("a_inw", 0), "no inhabitants (got 0)"),
        (changed("a_inw", "."), "no inhabitants"),
        (changed("a_inw", 45), "too few inhabitants to simulate (got 45)"),
        (changed("a_inw", "veel"), "a_inw holds no usable figure (got 'veel')"),
        (changed("a_inw", -5), "a_inw holds no usable figure (got '-5')"),
        (changed("p_koopw", 140), "p_koopw holds no usable figure (got '140')"),
        (changed("a_25_44", "."), "no figures for a_25_44"),
        ([*ROW[:6], 5, 5, 5, 5, *ROW[10:]], "too few people of 15 and over (got 20)"),
        (changed("a_25_44", 26), "the age groups do not add up (got 766)"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, row, expected):
    path = write(tmp_path / "own.csv", [row])
    text = message("WK990001", path)
    assert expected in text and "own.csv, WK990001" in text and "allowed:" in text


def test_a_name_that_several_areas_bear(tmp_path):
    path = write(tmp_path / "own.csv", [ROW, ["WK990002", *ROW[1:]]])
    assert "one code of WK990001, WK990002" in message("Voorbeeld", path)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("none.csv", None, "no such file"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n\n", "no column gwb_code, a_inw"),
        ("header.csv", ",".join(HEADER).encode(), "a header but no areas"),
        ("foreign.csv", b"name,price\nbread,2\n", "found: name, price"),
        ("noise.csv", bytes(range(256)) * 4, "these are not figures of areas"),
        ("damaged.xlsx", b"PK\x03\x04 and nothing more", "cannot be read as a workbook"),
        ("text.xlsx", b"gwb_code;a_inw", "cannot be read as a workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "workbooks of this kind, or with a password, cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, content, expected):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    text = message("WK990001", path)
    assert expected in text and name in text and len(text.splitlines()) <= 2
    with pytest.raises(InputError):
        areas(path)


def test_a_folder_is_no_file(tmp_path):
    assert "this is a folder" in message("x", tmp_path)


@pytest.mark.skipif(not (EXTRACT.exists() and ENGLISH.exists()), reason="the sources are not here")
def test_built_in_rows_are_those_of_their_sources():
    extract = {found.code for found in areas(EXTRACT)}
    for found in areas():
        theirs = area(found.code, EXTRACT if found.code in extract else ENGLISH)
        for name in sorted(set(Area.__dataclass_fields__) - {"source", "assumed"}):
            expected = getattr(theirs, name)
            if found.code not in extract and name in AGES:  # worked out from shares, and as in the extract to five people
                expected = 5 * round(expected / 5)
            if found.code in extract or name != "municipality":  # which that file has no column for
                assert getattr(found, name) == expected, (found.code, name)


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the workbook is not here")
def test_the_workbook_as_published():
    found = areas(WORKBOOK)
    assert len(found) == 122
    overvecht = area("Overvecht", WORKBOOK)
    assert (overvecht.code, overvecht.ages, overvecht.households, overvecht.welfare) == (
        "WK034403", area("WK034403").ages, 17305, 2680,
    )  # fmt: skip
    assert set(overvecht.missing) == {"participation", "low_income", "high_education"}
    assert "people on welfare" in overvecht.assumed["participation"].reason
    assert 50 < overvecht.figure("participation") < 62
    assert "at least 50" in message("BU03440911", WORKBOOK)


@pytest.mark.skipif(not ENGLISH.exists(), reason="the file of all wijken is not here")
def test_all_wijken_in_english():
    found = areas(ENGLISH)
    assert len(found) > 3300
    stokhasselt = area("WK085542", ENGLISH)
    assert stokhasselt.ages == pytest.approx(area("WK085542").ages, abs=3)
    assert (stokhasselt.urbanity, stokhasselt.low_income, stokhasselt.participation) == (2, 55.8, 55)
