"""The codebook of a study: of every column of every file its unit and its meaning, in a table and in the files themselves."""

from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from kantelpunt.model.outcomes import known
from kantelpunt.model.registry import quantities

NONE = "-"  # the unit of what has none


class Column(NamedTuple):
    """A column: its unit, which way is better ("" where that says nothing), and its meaning."""

    unit: str
    better: str
    meaning: str


KEYS = {
    "run": Column(NONE, "", "id of the run: a hash of model, scenario, point and world"),
    "scenario": Column(NONE, "", "name of the scenario, as in study.toml and scenarios.csv"),
    "point": Column("number", "", "setting of the uncertain parameters, as in points.parquet"),
    "world": Column("number", "", "draw of luck within the point; all scenarios share it"),
    "seed": Column("number", "", "seed of the world"),
    "cost": Column("euro", "lower", "cost of all interventions over all years"),
    "digest": Column(NONE, "", "hash of every week: the same where a run is the same to the last bit"),
    "model": Column(NONE, "", "hash of the sources that the run was made with"),
    "week": Column("week", "", "weeks since the start"),
}


def column(name: str) -> Column:
    """Return what is known of a column; one that nobody declared is called as it is."""
    if name in KEYS:
        return KEYS[name]
    if name in known():
        return Column(known()[name].unit, known()[name].better, known()[name].definition)
    if name in quantities():
        return Column(quantities()[name].unit or NONE, "", quantities()[name].meaning)
    return Column(NONE, "", name)


def with_units(table: pa.Table) -> pa.Table:
    """Return a table whose columns tell their unit and meaning."""
    fields = []
    for field in table.schema:
        about = column(field.name)
        fields.append(field.with_metadata({"unit": about.unit, "meaning": about.meaning}))
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


def codebook(files: dict[str, list[str]]) -> pd.DataFrame:
    """Return a row a column of these files: file, column, unit, better, meaning."""
    rows = [{"file": file, "column": name, **column(name)._asdict()} for file, names in files.items() for name in names]
    return pd.DataFrame(rows)
