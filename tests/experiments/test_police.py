"""Police tables as people have them, and what is wrong with some."""

import random
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from kantelpunt.experiments.exchange import police_tables
from kantelpunt.experiments.exchange.police_tables import recorded
from kantelpunt.model.errors import InputError
from kantelpunt.model.population.cbs_workbook import sheet

KNOWN = ("WK051801", "WK051802", "BU05180101", "BU05180102", "BU05180201")
YEARS = "code,year,count\nWK051801,2016,10\nWK051801,2017,12\nWK051802,2016,3\nWK051802,2017,0\n"


def written(folder: Path, text: str, name: str = "police.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_years_by_wijk(tmp_path):
    found = recorded(written(tmp_path, YEARS), KNOWN)
    assert found.years.to_dict("index") == {"WK051801": {2016: 10, 2017: 12}, "WK051802": {2016: 3, 2017: 0}}
    assert found.months.empty and not found.left_out


def test_codes_without_letters_buurten_and_several_kinds_are_added_up(tmp_path):
    text = "code;year;threat;assault\n5180101;2016;1;2\n5180102;2016;3;4\n5180201;2016;5;6\n"
    file = written(tmp_path, text)
    assert recorded(file, KNOWN, ("threat", "assault")).years[2016].to_dict() == {"WK051801": 10, "WK051802": 11}
    assert recorded(file, KNOWN, ("threat",), by="buurt").years[2016].to_list() == [1, 3, 5]


def test_a_column_for_every_year(tmp_path):
    text = "wijk,population_2022,violence_2011,violence_2014\nWK051801,900,5,6\nWK051802,800,7,8\n"
    assert recorded(written(tmp_path, text), KNOWN).years.to_numpy().tolist() == [[5, 6], [7, 8]]


def test_the_table_of_the_police_as_it_is_published(tmp_path):
    counts = [
        ("1.4.4 ", "WK051801  ", "2017MM01", 2),
        ("1.4.5 ", "WK051801  ", "2017MM01", 3),
        ("0.0.0 ", "WK051801  ", "2017MM01", 99),
        ("1.4.4 ", "WK051801  ", "2017MM02", 1),
        ("2.2.1 ", "WK051802  ", "2017MM02", 4),
        ("1.4.4 ", "GM0518    ", "2017MM01", 50),
        ("1.4.4 ", "BU05180101", "2017MM01", 2),
        ("1.4.5 ", "BU05180101", "2017MM01", 3),
    ]
    rows = [f'{i};"{kind}";"{code}";"{period}";{count}' for i, (kind, code, period, count) in enumerate(counts)]
    text = '"ID";"SoortMisdrijf";"WijkenEnBuurten";"Perioden";"GeregistreerdeMisdrijven_1"\n' + "\n".join(rows) + "\n"
    found = recorded(written(tmp_path, text), KNOWN)
    assert found.months.to_dict("index") == {"WK051801": {(2017, 1): 5, (2017, 2): 1}, "WK051802": {(2017, 1): 0, (2017, 2): 4}}
    assert found.years[2017].to_dict() == {"WK051801": 36, "WK051802": 24}, "two months known of twelve"


def test_unknown_areas_and_areas_without_a_year_are_left_out_only_when_asked(tmp_path):
    file = written(tmp_path, YEARS + "WK999999,2016,1\nWK999999,2017,1\n")
    with pytest.raises(InputError, match=r"1 codes without figures.*WK999999"):
        recorded(file, KNOWN)
    assert recorded(file, KNOWN, skip=True).left_out == ("WK999999",)
    short = written(tmp_path, YEARS.replace("WK051802,2016,3\n", ""))
    with pytest.raises(InputError, match=r"WK051802: 1 areas lack a year.*2016"):
        recorded(short, KNOWN)
    assert list(recorded(short, KNOWN, skip=True).years.index) == ["WK051801"]
    assert len(recorded(short, KNOWN, years=(2017, 2017)).years) == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (YEARS.replace("2017,12", "2017,-12"), r"line 3: invalid count \(got '-12'\)"),
        (YEARS.replace("2017,12", "2017,1.5"), r"line 3: invalid count"),
        (YEARS.replace("2017,12", "2017,."), r"line 3: the count is missing"),
        (YEARS.replace("2017,12", "2017"), r"line 3: the count is missing"),
        (YEARS.replace("2017,12", "soon,12"), r"line 3: invalid year"),
        (YEARS.replace("WK051801,2017", "Centrum,2017"), r"line 3: invalid area code"),
        (YEARS + "WK051802,2017,4\n", r"line 6: this occurs twice"),
        (YEARS.replace("count", "crimes"), r"which columns hold counts"),
        ("a,b\n1,2\n", r"not a police table"),
        ("code,year,count\n", r"has no rows"),
        ("code,year,month,count\nWK051801,2016,13,2\n", r"line 2: invalid month"),
        ("code,year,count\nGM0518,2016,3\n", r"no wijk in this table"),
        (YEARS.replace("2017,12", "2017,1,200"), r"line 3: more cells than the header has \(got '200'\)"),
        (YEARS.replace(",", ";").replace("2017;12", "2017;1.000"), r"line 3: count can be read in two ways \(got '1.000'\)"),
        (YEARS.replace("2017,12", "2017,1e3"), r"line 3: invalid count"),
        (YEARS.replace("2017,12", "2017,1_000"), r"line 3: invalid count"),
        ("code,year,count,count\nWK051801,2016,3,4\n", r"duplicate columns: count"),
        ("wijk,violence_2011,violence_2012,violence_2011\nWK051801,5,6,7\n", r"duplicate columns: violence_2011"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_its_line(tmp_path, text, complaint):
    with pytest.raises(InputError, match=complaint) as caught:
        recorded(written(tmp_path, text), KNOWN)
    assert caught.value.allowed


def test_other_years_and_other_kinds_are_refused(tmp_path):
    with pytest.raises(InputError, match="no wijk in this table has counts for 2019 to 2020"):
        recorded(written(tmp_path, YEARS), KNOWN, years=(2019, 2020))
    with pytest.raises(InputError, match="unknown kind of crime"):
        recorded(written(tmp_path, YEARS), KNOWN, ("theft",))
    with pytest.raises(InputError, match="no such file"):
        recorded(tmp_path / "nothing.csv", KNOWN)
    with pytest.raises(InputError, match="cannot be read"):
        sheet(written(tmp_path, "x", "police.xls"), ())


SECONDS = 10.0  # of the processor, for some megabytes: reading takes two or three


@pytest.mark.parametrize("month", ["", ",month"])
def test_a_large_table_about_areas_that_are_not_known_is_read_in_seconds(tmp_path, month):
    rows = [f"WK{i:06d},{1900 + i % 200}{month and f',{i % 12 + 1}'},1" for i in range(100_000)]
    text = "\n".join([f"code,year{month},count", *rows])
    begin = time.process_time()
    found = recorded(written(tmp_path, text), KNOWN, skip=True)
    assert time.process_time() - begin < SECONDS
    assert len(found.left_out) == 100_000 - (found.years.shape[0] if month else 0) and found.years.shape[1] == 200


def test_areas_that_are_not_known_still_say_which_months_there_are(tmp_path):
    text = "code,year,month,count\nWK051801,2016,1,4\nWK999999,2016,1,1\nWK999999,2016,2,1\n"
    found = recorded(written(tmp_path, text), KNOWN, skip=True)
    assert found.months.to_dict("index") == {"WK051801": {(2016, 1): 4, (2016, 2): 0}}
    assert found.years.to_dict("index") == {"WK051801": {2016: 24}} and found.left_out == ("WK999999",)
    only = written(tmp_path, "code,year,month,count\nWK999999,2016,1,1\n", "only.csv")
    assert recorded(only, KNOWN, skip=True).years.empty


@pytest.mark.parametrize(
    "text",
    [
        "code,year,count\n" + "".join(f"WK05180{n},{year},1\n" for n in (1, 2) for year in range(2000, 2006)),
        "code,count_2000,count_2001,count_2002\n" + "WK051801,1,1,1\nWK051802,1,1,1\nWK999999,1,1,1\n",
        "code,year,count\n" + "".join(f"WK05180{n},{2000 + 6 * n + year},1\n" for n in (1, 2) for year in range(4)),
    ],
    ids=["a row a count", "a column a year", "counts that areas lack"],
)
def test_more_counts_than_a_country_has_are_refused(tmp_path, text, monkeypatch):
    file = written(tmp_path, text)
    monkeypatch.setattr(police_tables, "MOST_COUNTS", 20)
    recorded(file, KNOWN, skip=True)
    monkeypatch.setattr(police_tables, "MOST_COUNTS", 11)
    with pytest.raises(InputError, match="too many counts"):
        recorded(file, KNOWN, skip=True)


READ = """
import resource, sys
from pathlib import Path
from kantelpunt.experiments.exchange.police_tables import recorded
found = recorded(Path(sys.argv[1]), ["WK051801", "WK051802"], skip=True)
used = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(found.months.size, max(each.ru_maxrss for each in used) / 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other platforms count memory in other units, or not at all")
def test_five_megabytes_of_the_police_as_a_workbook_are_read_within_limits_and_a_gigabyte(tmp_path):
    """Twelve years of months, as published: five kinds of crime in 290 wijken."""
    lot, book = random.Random(1), openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["ID", "SoortMisdrijf", "WijkenEnBuurten", "Perioden", "GeregistreerdeMisdrijven_1"])
    wijken, periods = [f"WK{51_801 + i:06d}" for i in range(290)], [f"{2012 + i // 12}MM{i % 12 + 1:02d}" for i in range(144)]
    rows = (
        (kind, wijk, when) for wijk in wijken for when in periods for kind in ("0.0.0 ", "1.1.1 ", "1.4.4 ", "1.4.5 ", "2.2.1 ")
    )
    for i, row in enumerate(rows):
        sheet.append([i, *row, lot.randrange(50)])
    book.save(file := tmp_path / "police.xlsx")
    assert file.stat().st_size > 4_900_000
    done = subprocess.run([sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=True)
    months, megabytes = map(float, done.stdout.split())
    assert months == 2 * 144 and megabytes < 1024
