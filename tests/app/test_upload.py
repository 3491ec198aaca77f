"""Uploads: whatever is no file of areas is refused in clear words, in both languages, and leaves nothing behind."""

import io
import struct
import threading
import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.model.population.cbs_workbook import MOST_AREAS
from kantelpunt.viz.app.compare import upload
from kantelpunt.viz.app.compare.upload import (
    MOST_BYTES,
    MOST_PARTS,
    MOST_PLAN,
    left_out,
    plain_name,
    read_areas,
    read_plan,
    refuse_foreign,
)
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.text import Text

HEADER = "gwb_code,regio,gm_naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo"
ROW = "BU00010001,Somewhere,Town,2000,400,300,600,500,200"
GOOD = f"{HEADER}\n{ROW}\n".encode()


def archive(**files: bytes) -> bytes:
    """Return a zip with these files; __ in a name stands for /, _ at its end for a dot and xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def of_many_parts(n: int) -> bytes:
    """Return what calls itself a workbook, and lists so many parts of no bytes."""
    one = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 1, *[0] * 6) + b"a"
    last = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 15, *[0] * 6) + b"xl/workbook.xml"
    head, listed = b"PK\3\4" + bytes(26), one * (n - 1) + last
    return head + listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, n, n, len(listed), len(head), 0)


def workbook(*rows: list) -> bytes:
    """Return a workbook with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_macros() -> bytes:
    """Return a workbook that says that it holds macros."""
    out = io.BytesIO(workbook(HEADER.split(","), ROW.split(",")))
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("xl/vbaProject.bin", b"Sub Auto_Open()")
    return out.getvalue()


BAD = {
    "empty": ("a.csv", b""),
    "huge": ("a.csv", b"a" * (MOST_BYTES + 1)),
    "bomb": ("a.xlsx", archive(xl__workbook=b"<x/>", xl__sheet=b"0" * 260_000_000)),
    "many parts": ("a.xlsx", of_many_parts(MOST_PARTS + 1)),
    "many areas": ("a.csv", "\n".join([HEADER, *[ROW] * (MOST_AREAS + 1)]).encode()),
    "pdf": ("areas.pdf", b"%PDF-1.7 ..."),
    "picture": ("areas.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "program": ("areas.xlsx", b"MZ\x90\0" + bytes(100)),
    "old workbook or password": ("areas.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "parquet": ("areas.csv", b"PAR1" + bytes(100)),
    "zip of something else": ("areas.xlsx", archive(word__document=b"<w/>")),
    "broken zip": ("areas.xlsx", GOOD_ZIP[: len(GOOD_ZIP) // 2] if (GOOD_ZIP := workbook(["a"])) else b""),
    "workbook that is none": ("areas.xlsx", archive(xl__workbook=b"not xml at all")),
    "macros": ("areas.xlsm", with_macros()),
    "text called workbook": ("areas.xlsx", GOOD),
    "foreign ending": ("areas.json", b"some text"),
    "json": ("areas.csv", b'[{"gwb_code": 1}]'),
    "web page": ("areas.csv", b"<!doctype html><script>alert(1)</script>"),
    "utf-16": ("areas.csv", HEADER.encode("utf-16")),
    "binary": ("areas.csv", b"gwb\0code"),
    "other columns": ("areas.csv", b"name,age\nx,3\n"),
    "only a header": ("areas.csv", HEADER.encode()),
    "formulas": ("areas.csv", f"{HEADER}\n{ROW.replace('2000', '=2+2')}\n".encode()),
    "command": ("areas.csv", f"{HEADER}\n{ROW.replace('2000', '=cmd|calc!A1')}\n".encode()),
    "negative": ("areas.csv", f"{HEADER}\n{ROW.replace('2000', '-5')}\n".encode()),
    "too few people": ("areas.csv", f"{HEADER}\nBU1,X,Y,12,2,2,3,3,2\n".encode()),
    "no ages": ("areas.csv", f"{HEADER}\nBU1,X,Y,2000,.,.,.,.,.\n".encode()),
    "words for numbers": ("areas.csv", f"{HEADER}\n{ROW.replace('2000', 'many')}\n".encode()),
    "endless number": ("areas.csv", f"{HEADER}\n{ROW.replace('2000', 'inf')}\n".encode()),
    "broken encoding": ("areas.csv", b"\xff\xd8\xff\xe0 gwb"),
    "path as a name": ("../../etc/passwd", GOOD),
    "no ending": ("areas", GOOD),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_both_languages_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    name, data = BAD[case]
    with pytest.raises(Refused) as caught:
        read_areas(name, data, tmp_path)
    dutch, english = (caught.value.said(Text(language)) for language in ("nl", "en"))
    assert len(dutch) > 15 and len(english) > 15 and dutch != english
    assert caught.value.key != "other", "there is a better word for this"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mine.csv", GOOD),
        ("../x/mine.CSV", GOOD),
        ("wide.csv", GOOD.decode().encode("utf-16")),
        ("kwb.xlsx", workbook(HEADER.split(","), ROW.split(","))),
    ],
)
def test_a_good_file_is_read_and_kept_in_its_folder_alone(name: str, data: bytes, tmp_path: Path) -> None:
    found = read_areas(name, data, tmp_path)
    assert list(found.areas) == ["BU00010001"]
    assert list(tmp_path.iterdir()) == [found.file] and plain_name(name) not in found.file.name
    assert Question("BU00010001", found.file).people == 2000


@pytest.mark.parametrize(
    "data",
    [b"", b"not toml [", b"\xff\xfe", b"title = 3", b"x" * (MOST_PLAN + 1), b"[scenario.a]\n[scenario.b]\n",
     b'[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\nraid = 1.0\n[scenario.b]\n',
     b'area_file = "/etc/passwd"\n[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\n[scenario.b]\n',
     b'plausible = "/etc/passwd"\n[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\n[scenario.b]\n',
     b'[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\n[scenario.b]\nno_such_thing = 1\n',
     b'[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\n[scenario.b]\ninterventions = [' + b'{kind = "raid"},' * 400 + b"]"],
)  # fmt: skip
def test_a_bad_plan_is_refused_in_both_languages(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_plan(data, tmp_path)
    dutch, english = (caught.value.said(Text(language)) for language in ("nl", "en"))
    assert dutch != english
    assert "passwd" not in dutch and "?x?" not in dutch


def test_an_archive_of_more_parts_than_a_workbook_has_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    data = of_many_parts(MOST_PARTS)
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert len(made.infolist()) == MOST_PARTS
    assert refuse_foreign("a.xlsx", data) == ".xlsx"
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(Refused):
        refuse_foreign("a.xlsx", of_many_parts(MOST_PARTS + 1))


def test_too_many_areas_are_refused_while_they_are_read(tmp_path: Path) -> None:
    name, data = BAD["many areas"]
    with pytest.raises(Refused) as caught:
        read_areas(name, data, tmp_path)
    assert caught.value.key == "many" and caught.value.values == {"most": MOST_AREAS}


def test_a_plan_that_was_saved_is_read_again(tmp_path: Path) -> None:
    question = Question(years=2, packages=(Package("A").with_card("raid", 104), Package("B").with_card("mentoring", 104)))
    again, found = read_plan(question.to_toml("x", 2.0, 8).encode(), tmp_path)
    assert [each.name for each in again.packages] == ["A", "B"]
    assert not found


LARGER = "WK000100,Around,Town,9000,1500,1200,3000,2300,1000"


def test_a_question_about_an_area_of_ones_own_is_saved_with_its_figures_and_opened_another_day(tmp_path: Path) -> None:
    monday, friday = tmp_path / "monday", tmp_path / "friday"
    monday.mkdir()
    friday.mkdir()
    text = f"{HEADER},p_arb_pp,a_secret\n{ROW},,7\n{LARGER},71,7\nBU00020002,Elsewhere,Town,900,90,90,300,300,120,,7\n"
    found = read_areas("cijfers 2023.csv", text.encode(), monday)
    question = Question("BU00010001", found.file, 2, packages=(Package("A").with_card("raid", 104),))
    saved = question.to_toml("x", 2.0, 8)
    assert str(tmp_path) not in saved and "secret" not in saved and "Elsewhere" not in saved
    for file in monday.iterdir():
        file.unlink()
    again, carried = read_plan(saved.encode(), friday)
    assert carried is not None and set(carried.areas) == {"BU00010001", "WK000100"}
    assert again.area_file is not None and again.area_file.parent == friday
    assert again.scenario(again.packages[0]).key == Plan.read(tomllib.loads(saved)).scenarios["A"].key
    there = again.base().resolved_area()
    assert (there.name, there.year, there.source, there.people) == ("Somewhere", 2023, "cijfers 2023.csv", 2000)
    assert there.assumed["participation"].value == 71  # lent by the wijk around it


def test_areas_that_cannot_be_simulated_are_no_choice_and_bad_rows_are_named(tmp_path: Path) -> None:
    country = "NL00,Nederland,,17811290,2683000,2180000,4550000,4800000,3598290"
    few, bad = "BU00010002,Few,Town,45,10,5,10,10,10", ROW.replace("BU00010001", "BU00010003").replace("2000", "361.740")
    found = read_areas("kwb.csv", "\n".join((HEADER, country, few, bad, ROW)).encode(), tmp_path)
    assert list(found.areas) == ["BU00010001"]
    assert Question("BU00010001", found.file).people == 2000
    dutch, english = (left_out(found, Text(language)) for language in ("nl", "en"))
    assert "BU00010003" in dutch and "361.740" in english and dutch != english and "NL00" not in english
    whole = read_areas("kwb.csv", GOOD, tmp_path)
    assert left_out(whole, Text("en")) == ""


@pytest.mark.parametrize(
    "more",
    ["".join(f"[scenario.s{i}]\n" for i in range(5_000)),
     "".join(f'[rival.r{i}]\n"norms.sanction" = 0.8\n' for i in range(3_000)),
     '[[scenario.b.interventions]]\nkind = "raid"\n' * 4_000],
)  # fmt: skip
def test_a_plan_of_more_than_the_page_shows_is_only_counted(more: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "read", None)
    with pytest.raises(Refused) as caught:
        read_plan(f'compare = {{ against = "a", matters = 1 }}\n[scenario.a]\n[scenario.b]\n{more}'.encode(), tmp_path)
    assert caught.value.key == "not_for_page"


def test_a_complaint_about_a_row_names_the_file_as_the_visitor_knows_it(tmp_path: Path) -> None:
    for value in ("361.740", "900000"):
        with pytest.raises(Refused) as caught:
            read_areas("mijn buurt.csv", f"{HEADER}\n{ROW.replace('2000', value)}\n".encode(), tmp_path)
        assert "mijn buurt.csv" in caught.value.said(Text("nl"))


@pytest.mark.parametrize("data", [f"{HEADER},a_inw\n{ROW},5\n", f"{HEADER}\n{ROW},5\n", "a,b\n1,2\n", f"{HEADER}\n"])
def test_a_complaint_names_no_folder_of_the_server(data: str, tmp_path: Path) -> None:
    for name in ("my areas.csv", "../my areas.csv"):
        with pytest.raises(Refused) as caught:
            read_areas(name, data.encode(), tmp_path)
        for t in map(Text, ("nl", "en")):
            assert str(tmp_path) not in caught.value.said(t)


@pytest.mark.parametrize(
    "data",
    [b"a = " + b"[" * 50_000, b".".join([b"a"] * 16_000) + b" = 1", b"years = " + b"9" * 5_000, b"years = 0x" + b"f" * 5_000],
)
def test_a_plan_that_takes_all_time_or_memory_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_plan(data, tmp_path)
    assert caught.value.key == "toml"


def test_rows_that_a_plan_carries_are_checked_as_those_of_a_file(tmp_path: Path) -> None:
    rows = '[[area_rows]]\ngwb_code = "BU1"\na_inw = "many"\n'
    for plan in (f'area = "BU1"\n{rows}', 'area = "BU1"\narea_rows = "x"\n'):
        with pytest.raises(Refused):
            read_plan(f'{plan}[compare]\nagainst = "a"\nmatters = 1\n[scenario.a]\n[scenario.b]\n'.encode(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_uploads_are_read_and_checked_one_at_a_time_and_a_refused_one_lets_the_next_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, together = list[str](), list[int]()

    def slow(what, work):  # type: ignore[no-untyped-def]
        def watched(*given):  # type: ignore[no-untyped-def]
            inside.append(what)
            together.append(len(inside))
            threading.Event().wait(0.05)
            together.append(len(inside))
            inside.remove(what)
            return work(*given)

        return watched

    monkeypatch.setattr(upload.cbs_workbook, "rows", slow("read", upload.cbs_workbook.rows))
    monkeypatch.setattr(upload, "listing", slow("checked", upload.listing))
    few, wrong = f"{HEADER}\nBU00010001,Few,Town,45,10,5,10,10,10\n".encode(), b"no,areas\n1,2\n"
    taken, refused = list[str](), list[str]()

    def send(data: bytes) -> None:
        try:
            taken.extend(read_areas("own.csv", data, tmp_path).areas)
        except Refused as error:
            refused.append(error.key)

    people = [threading.Thread(target=send, args=(data,), daemon=True) for data in (few, wrong, GOOD, few, wrong, GOOD)]
    for each in people:
        each.start()
    for each in people:
        each.join(20)
    assert taken == ["BU00010001"] * 2 and sorted(refused) == ["columns", "columns", "no_usable", "no_usable"]
    assert len(together) >= 2 * 10 and max(together) == 1
