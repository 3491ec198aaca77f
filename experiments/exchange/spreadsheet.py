"""Tables that people open in a spreadsheet: a name in them is never taken for a formula, and numbers stay numbers."""

import re
from typing import Any

import pandas as pd

FORMULA = re.compile(r"[=+@\t\r\n＝＋－＠]|-.")  # what a spreadsheet takes for the beginning of a formula; "-" alone is none
NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|\.\d+)([eE][+-]?\d+)?")


def harmless(cell: Any) -> Any:
    """Return a cell as it is, and a text that a spreadsheet would run with an apostrophe before it."""
    runs = isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if runs else cell


def as_csv(table: pd.DataFrame | pd.Series, **how: Any) -> str:
    """Return a table as CSV, in which no cell, row or column is a formula; ``how`` is for pandas."""
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    safe = frame.copy()
    for name in frame.select_dtypes(exclude=["number", "bool"]).columns:
        safe[name] = frame[name].map(harmless)
    return safe.rename(index=harmless, columns=harmless).to_csv(**how)
