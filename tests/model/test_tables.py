"""Other people's tables: every way of saving one gives the same figures; none takes more than its share of memory or time."""

import os
import random
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kantelpunt.model.errors import InputError
from kantelpunt.model.population import cbs_workbook, table_files
from kantelpunt.model.population.areas import area, areas, listing
from kantelpunt.model.population.cbs_workbook import LONGEST_TEXT
from kantelpunt.viz.app.compare.upload import read_areas
from kantelpunt.viz.cli.main import app
from tests.generated import COUNT
from tests.model.foreign_tables import HEADER, broken, made, renamed, rewritten, saved, with_size

SEED = int(os.environ.get("KANTELPUNT_SEED", "1"))
ROW = ("BU99990101", "Dorpshart", "Buurt", "4195", "715", "580", "1645", "765", "490", "2140", "27", "200")
MOST_MEMORY = 2 * 2**20  # kB


def book(*rows) -> openpyxl.Workbook:
    found = openpyxl.Workbook()
    for row in (HEADER, *rows):
        found.active.append(row)
    return found


def numbered(n: int, **changed: object) -> list:
    values = dict(zip(HEADER, ROW, strict=True)) | {"gwb_code": f"BU9999010{n}", **changed}
    return list(values.values())


def text(*rows, separator: str = ";", before: str = "", after: str = "") -> str:
    lines = [separator.join(map(str, row)) for row in (HEADER, *rows)]
    return before + "\r\n".join(lines) + "\r\n" + after


def keep(folder: Path, content: str | bytes, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_table_as_a_dutch_spreadsheet_saves_it(tmp_path):
    content = text(numbered(1, regio="’t Zand", p_koopw="45,5"), numbered(2))
    for encoding in ("cp1252", "utf-8-sig", "utf-16"):
        first, _ = areas(keep(tmp_path, content.encode(encoding)))
        assert (first.name, first.people, first.owned) == ("’t Zand", 4195, 45.5)


@pytest.mark.parametrize(
    ("before", "after"),
    [("sep=;\r\n", ""), ('"sep=;"\n', ""), ("Kerncijfers, wijken en buurten\r\n\r\n2023;;;;\r\n", ""),
     ("", "© Centraal Bureau voor de Statistiek\r\n"), ("", "Bron: CBS;12 maart 2024\r\n"), ("\r\n\r\n", "\r\n;;;;\r\n")],
)  # fmt: skip
def test_lines_around_a_table_are_no_part_of_it(tmp_path, before, after):
    found = listing(keep(tmp_path, text(ROW, before=before, after=after)))
    assert [each.code for each in found.areas] == ["BU99990101"] and not found.left_out


def test_padded_codes_and_names_are_those_without_spaces(tmp_path):
    file = keep(tmp_path, text([f"{cell}   " for cell in ROW]))
    assert area("BU99990101", file).name == "Dorpshart"


def test_one_bad_row_is_left_out_and_named(tmp_path):
    file = keep(tmp_path, text(numbered(1), numbered(2, a_soz_wb="1000000000"), numbered(3, a_hh="1.200"), [*numbered(4), "9"]))
    found = listing(file)
    assert [each.code for each in found.areas] == ["BU99990101"]
    assert {code: str(why).partition(":")[0] for code, why in found.left_out.items()} == {
        f"BU9999010{n}": f"own.csv, BU9999010{n}{' Dorpshart' if n == 2 else ''}" for n in (2, 3, 4)
    }
    with pytest.raises(InputError, match="a_hh can be read in two ways"):
        area("BU99990103", file)
    shown = CliRunner().invoke(app, ["areas", "--file", str(file)])
    assert shown.exit_code == 0 and "Left out: BU99990103" in shown.output


@pytest.mark.parametrize("column", ["regio", "recs", "a_inw"])
def test_a_text_longer_than_any_name_is_refused_with_its_place(tmp_path, column):
    file = keep(tmp_path, text(numbered(1), numbered(2, **{column: "9" * (LONGEST_TEXT + 1)})))
    with pytest.raises(InputError, match=rf"BU99990102, {column}.*too long"):
        areas(file)


def test_a_file_without_a_row_that_can_be_used_says_why(tmp_path):
    with pytest.raises(InputError, match="a_inw can be read in two ways"):
        areas(keep(tmp_path, text(numbered(1, a_inw="361.740"))))


def test_rows_that_contradict_each_other_are_left_out(tmp_path):
    found = listing(keep(tmp_path, text(numbered(1), numbered(2), numbered(2, a_soz_wb="7"))))
    assert [each.code for each in found.areas] == ["BU99990101"] and "more than once" in str(found.left_out["BU99990102"])


def test_a_column_that_stands_there_twice_is_refused(tmp_path):
    content = text(ROW).replace("a_soz_wb", "a_inw", 1)
    with pytest.raises(InputError, match="duplicate columns: a_inw"):
        areas(keep(tmp_path, content))


@pytest.mark.parametrize(
    ("column", "same", "other"),
    [("population", "4195.0", "4196"), ("gwb_code_10", "bu99990101", "BU99990102"), ("dwelling_ownership", "27 %", "27,5"),
     ("dwelling_ownership", "x", "many"), ("population", "", "4.195")],
)  # fmt: skip
def test_two_columns_for_one_figure_say_the_same_or_are_both_named(tmp_path, column, same, other):
    def told(figure):
        content = "\n".join(";".join(map(str, line)) for line in ([*HEADER, column], [*numbered(1), figure]))
        return areas(keep(tmp_path, content, f"{len(figure)}.csv"))[0]

    assert (told(same).people, told(same).owned) == (4195, 27.0)
    with pytest.raises(InputError, match=f"columns for one figure disagree: .*, {column}"):
        told(other)


def test_a_quote_that_is_never_closed_swallows_no_row(tmp_path):
    lines = text(numbered(1, regio='"Dorpshart'), numbered(2), numbered(3))
    with pytest.raises(InputError, match="cannot be read as CSV"):
        areas(keep(tmp_path, lines))
    closed = listing(keep(tmp_path, text(numbered(1, regio='"Dorps'), numbered(2, regio='hart"'), numbered(3))))
    assert [each.code for each in closed.areas] == ["BU99990103"] and set(closed.left_out) == {"BU99990101"}


def test_missing_marks_of_geographic_files(tmp_path):
    empty = numbered(2, a_inw=0)[:4] + ["-99999999"] * 6 + ["-99997"] * 2
    found = listing(keep(tmp_path, text(numbered(1, a_soz_wb="-99997"), empty)))
    assert [(each.code, each.welfare) for each in found.areas] == [("BU99990101", None)] and not found.left_out


def test_a_workbook_is_read_to_its_end_whatever_size_it_says_it_has(tmp_path):
    for size in ("A1:J3", "A1", "C2:D3"):
        file = keep(tmp_path, with_size(book(*map(numbered, (1, 2, 3))), size), "own.xlsx")
        assert [(each.code, each.welfare) for each in areas(file)] == [(f"BU9999010{n}", 200) for n in (1, 2, 3)]


def test_cells_of_a_workbook_as_texts_and_formulas(tmp_path):
    file = keep(tmp_path, saved(book(numbered(1, p_koopw="49,5"), numbered(2, a_soz_wb="=100+100"))), "own.xlsx")
    found = listing(file)
    assert [each.owned for each in found.areas] == [49.5]
    assert "a_soz_wb holds a formula without a value (got '=100+100')" in str(found.left_out["BU99990102"])
    stored = rewritten(file.read_bytes(), lambda part: part.replace(b"<v></v>", b"<v>200</v>").replace(b"<v />", b"<v>200</v>"))
    assert [each.welfare for each in areas(keep(tmp_path, stored, "stored.xlsx"))] == [200, 200]


def test_a_decimal_comma_without_quotes_between_commas_moves_no_figure(tmp_path):
    header, shifted = ",".join(HEADER), ",".join(numbered(1, p_koopw="27,5", a_soz_wb=""))
    file = keep(tmp_path, f"{header}\n{shifted}\n{','.join(numbered(2))}\n")
    found = listing(file)
    assert [each.code for each in found.areas] == ["BU99990102"]
    assert {code: error.code for code, error in found.left_out.items()} == {"BU99990101": "row.too_long"}
    assert list(read_areas("own.csv", file.read_bytes(), tmp_path).areas) == ["BU99990102"]


def test_empty_cells_at_the_end_are_no_figures_where_no_comma_parts_them(tmp_path):
    for separator in ";\t":
        found = areas(keep(tmp_path, text([*ROW, "", ""], separator=separator)))
        assert [each.welfare for each in found] == [200]


@pytest.mark.parametrize(("value", "owned"), [(0.27, 27.0), (1, 100.0), (0.005, 0.5), (0, 0.0)])
def test_a_share_that_a_workbook_shows_as_a_percentage_is_that_percentage(tmp_path, value, owned):
    for form in ("0%", "0.00%", "0.0%;-0.0%"):
        made = book(numbered(1, p_koopw=value))
        made.active.cell(2, HEADER.index("p_koopw") + 1).number_format = form
        assert [each.owned for each in areas(keep(tmp_path, saved(made), "own.xlsx"))] == [owned]


def test_a_percentage_with_its_sign_written_behind_it_is_as_large_as_it_is(tmp_path):
    made = book(numbered(1, p_koopw=27))
    made.active.cell(2, HEADER.index("p_koopw") + 1).number_format = '0"%"'
    assert [each.owned for each in areas(keep(tmp_path, saved(made), "own.xlsx"))] == [27]


def test_more_than_a_hundred_percent_is_refused_however_it_is_shown(tmp_path):
    made = book(numbered(1, p_koopw=1.2))
    made.active.cell(2, HEADER.index("p_koopw") + 1).number_format = "0%"
    with pytest.raises(InputError, match="got '120 %'"):
        areas(keep(tmp_path, saved(made), "own.xlsx"))


def test_a_1_among_shares_has_two_readings_and_a_1_among_percentages_has_one(tmp_path):
    found = listing(keep(tmp_path, text(*(numbered(n, p_koopw=each) for n, each in enumerate(("0,45", "1", "0", "45 %"))))))
    assert [each.owned for each in found.areas] == [0, 45]
    assert {error.code for error in found.left_out.values()} == {"figure.two_ways"} and len(found.left_out) == 2
    assert [each.owned for each in areas(keep(tmp_path, text(numbered(1, p_koopw="1"), numbered(2, p_koopw="27"))))] == [1, 27]


def test_a_text_of_two_encodings_has_the_names_of_both(tmp_path):
    content = text(numbered(1, regio="Café")).encode() + text(numbered(2, regio="Súd")).encode("cp1252").partition(b"\n")[2]
    for before in (b"", b"\xef\xbb\xbf"):
        assert [each.name for each in areas(keep(tmp_path, before + content))] == ["Café", "Súd"]


def test_a_workbook_is_known_by_what_it_is(tmp_path):
    for name in ("own.csv", "own.xltx", "own"):
        assert [each.welfare for each in areas(keep(tmp_path, saved(book(ROW)), name))] == [200]
    for name in ("own.xls", "own.xlsb", "own.xlsx", "own.csv"):  # the last two: with a password
        with pytest.raises(InputError) as caught:
            areas(keep(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name))
        assert caught.value.code == "file.old_workbook"


def test_a_formula_without_a_value_is_found_in_a_sheet_of_any_name(tmp_path):
    content = saved(book(numbered(1), numbered(2, a_soz_wb="=100+100")))
    for other in ("xl/sheets/sheet1.xml", "xl/worksheets/sheet1.bin", "xl/worksheets/SHEET1.XML"):
        found = listing(keep(tmp_path, renamed(content, "xl/worksheets/sheet1.xml", other), "own.xlsx"))
        assert [each.code for each in found.areas] == ["BU99990101"]
        assert {error.code for error in found.left_out.values()} == {"figure.formula"}


@pytest.mark.parametrize("said", ["sep=\r\n", 'sep="\r\n', "sep=,\n", "sep=\x00\n"])
def test_a_separator_that_parts_nothing_is_refused_in_words(tmp_path, said):
    with pytest.raises(InputError):
        areas(keep(tmp_path, text(ROW, before=said)))


def memory_of_children() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.parametrize("row", [b"1048577", b"999999999", b"99999999999999999999"])
def test_a_row_number_that_no_sheet_has_is_refused_at_once(tmp_path, row):
    content = rewritten(saved(book(ROW)), lambda part: part.replace(b'<row r="2"', b'<row r="' + row + b'"'))
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        areas(keep(tmp_path, content, "own.xlsx"))
    assert memory_of_children() < MOST_MEMORY


def test_a_row_far_down_is_read(tmp_path):
    content = rewritten(saved(book(ROW)), lambda part: part.replace(b'<row r="2"', b'<row r="1000000"'))
    assert [each.code for each in areas(keep(tmp_path, content, "own.xlsx"))] == ["BU99990101"]


def test_an_entity_in_a_workbook_is_refused(tmp_path):
    start = b'<!DOCTYPE x [<!ENTITY a "' + b"9" * 1000 + b'">]>'
    content = rewritten(saved(book(ROW)), lambda part: start + part)
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        areas(keep(tmp_path, content, "own.xlsx"))


def test_too_many_cells_or_characters_are_refused(tmp_path, monkeypatch):
    wide = keep(tmp_path, ";".join(HEADER) + "\n" + ";" * (table_files.MOST_COLUMNS + 1))
    with pytest.raises(InputError, match="16,384 columns"):
        areas(wide)
    for name in ("MOST_ROWS", "MOST_CELLS", "MOST_CHARACTERS"):
        with monkeypatch.context() as patch:
            patch.setattr(table_files, name, 1)
            with pytest.raises(table_files.Unreadable, match="too_much"):
                table_files.csv_table(keep(tmp_path, text(ROW)), set(HEADER))


def test_a_large_text_is_read_by_a_process_within_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "SMALL", 10)
    assert [each.code for each in areas(keep(tmp_path, text(ROW)))] == ["BU99990101"]
    file = keep(tmp_path, ("a" * 100 + ";") * 2_000_000, "large.csv")
    with pytest.raises(InputError, match="cannot be read as CSV"):
        areas(file)
    assert memory_of_children() < MOST_MEMORY


@pytest.mark.parametrize("name", ["Some\x1b[31mwhere", "Some\x07where", "Some\u202ewhere", "Some\x9bwhere"])
def test_a_name_that_a_terminal_would_obey_is_left_out_and_told(tmp_path, name):
    found = listing(keep(tmp_path, text(ROW, numbered(9, regio=name))))
    assert [each.code for each in found.areas] == ["BU99990101"]
    assert [error.code for error in found.left_out.values()] == ["text.control_character"]


def test_what_takes_more_than_its_time_or_memory_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "SECONDS", 0.01)
    monkeypatch.setattr(table_files, "SMALL", 1)
    with pytest.raises(table_files.Unreadable, match="greedy"):
        table_files.read(keep(tmp_path, text(ROW)), HEADER)


def test_a_small_file_has_less_time_than_a_large_one_and_none_has_more_than_two_minutes():
    allowed = [table_files.allowance(size) for size in (0, 100_000, 16_000_000, 10**9)]
    assert allowed == sorted(allowed)
    assert allowed[1] < 15 < 60 < allowed[2] <= allowed[3] <= 120


@pytest.mark.slow
def test_generated_tables_give_their_figures_or_are_refused(tmp_path):
    """COUNT files: as people save them, with damaged values, and with damaged bytes."""
    for seed in range(SEED, SEED + COUNT):
        ending, content, sound = made(seed, damage=seed % 3 > 0)
        file = keep(tmp_path, content, f"{seed}{ending}")
        if seed % 3 == 2:
            check_broken(keep(tmp_path, broken(random.Random(seed), content), f"broken-{seed}{ending}"))
        try:
            found = listing(file)
        except InputError:
            assert not sound, f"seed {seed}"
            continue
        read = {each.code: each.people for each in found.areas}
        assert {code: read.get(code) for code in sound} == sound, f"seed {seed}"
        assert seed % 3 or not found.left_out, f"seed {seed}"
    assert memory_of_children() < MOST_MEMORY


def check_broken(file: Path) -> None:
    shown = CliRunner().invoke(app, ["areas", "--file", str(file), "--json"])
    assert shown.exit_code in (0, 2) and (shown.exception is None or isinstance(shown.exception, SystemExit)), file


def test_more_areas_than_a_country_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(cbs_workbook, "MOST_AREAS", 3)  # with the header
    assert len(areas(keep(tmp_path, text(numbered(1), [], numbered(2))))) == 2
    three = [numbered(n) for n in (1, 2, 3)]
    with pytest.raises(InputError, match="more than 3 rows"):
        areas(keep(tmp_path, text(*three), "more.csv"))
    with pytest.raises(InputError, match="more than 3 rows"):
        areas(keep(tmp_path, saved(book(*three)), "more.xlsx"))
