"""What people open in a spreadsheet holds no formula, and every number is a number still."""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.exchange.spreadsheet import as_csv, harmless

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"
    table = pd.DataFrame({text: [text], "plain": ["raid"]}, index=[text])
    row = pd.read_csv(io.StringIO(as_csv(table)), dtype=str, index_col=0, lineterminator="\n")
    assert row.index[0] == row.columns[0] == row.iloc[0, 0] == f"'{text}"
    assert row.iloc[0, 1] == "raid"


@pytest.mark.parametrize("text", ["x;=HYPERLINK(A1);y", "a; +cmd|' /C calc'!A0;b", "a;-2+3", "a|@SUM(A1)"])
def test_no_part_of_a_text_begins_a_formula_where_lines_are_parted_at_semicolons(text):
    table = pd.DataFrame({"plan": [text, "raid"]}).set_index("plan")
    for cell in re.split(r"[;|\n]", as_csv(table)):
        assert not re.match(r"\s*([=+@]|-.)", cell.strip('"'))


@pytest.mark.parametrize("cell", ["-", "-5", "+0.3", "-1e-05", "raid", "", "a=b", "a; b", "1;2", -5, -0.5, None, np.float64(-2)])
def test_numbers_and_plain_texts_stay_as_they_are(cell):
    assert harmless(cell) is cell


def test_a_table_of_numbers_is_what_pandas_writes():
    table = pd.DataFrame({"difference": [-1.5, 2.0], "n": [-3, 4], "own": [True, False]}, index=pd.Index([-1, 0], name="week"))
    assert as_csv(table) == table.to_csv()
    assert as_csv(table["difference"], index=False) == table["difference"].to_csv(index=False)
    pairs = pd.MultiIndex.from_tuples([("=a", -1), ("b", 2)], names=["plan", "n"])
    assert "'=a,-1,-1.5" in as_csv(table.set_index(pairs))


def test_every_table_is_written_by_this_function():
    files = [ROOT / "viz/cli/run.py", *(ROOT / "experiments").rglob("*.py"), *(ROOT / "viz").rglob("*.py")]
    files = [path for path in files if path.name != "sources.py"]  # whose text is hashed, and never seen by a spreadsheet
    writers = {path.name for path in files if re.search(r"\.to_csv\(|\.to_excel\(|csv\.writer", path.read_text(encoding="utf-8"))}
    assert writers == {"spreadsheet.py"}
