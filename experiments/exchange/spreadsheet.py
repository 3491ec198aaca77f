"""Tables that people open in a spreadsheet: a name in them is never taken for a formula, and numbers stay numbers."""

import re
from typing import Any

import pandas as pd

FORMULA = re.compile(r"[=+@\t\r\n＝＋－＠]|-.")  # what a spreadsheet takes for the beginning of a formula; "-" alone is none
PARTED = re.compile(r"([;|\t]\s*)(?=[=+@＝＋＠]|-.)")  # before a formula, where lines are parted at other signs than commas
NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|\.\d+)([eE][+-]?\d+)?")


def harmless(cell: Any) -> Any:
    """Return a cell as it is, and a text that a spreadsheet would run, or a part of it, with an apostrophe before that."""
    if not isinstance(cell, str) or NUMBER.fullmatch(cell):
        return cell
    text = cell[:1] + PARTED.sub(r"\1'", cell[1:]) if PARTED.search(cell, 1) else cell
    return f"'{text}" if FORMULA.match(cell) else text


def as_csv(table: pd.DataFrame | pd.Series, **how: Any) -> str:
    """Return a table as CSV, in which no cell, row or column is a formula; ``how`` is for pandas."""
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    safe = frame.copy()
    for name in frame.select_dtypes(exclude=["number", "bool"]).columns:
        safe[name] = frame[name].map(harmless)
    return safe.rename(index=harmless, columns=harmless).to_csv(**how)
