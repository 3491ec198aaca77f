"""Panels: chosen runs lived again, with who was who and when, as Parquet that any reader opens.

    panel/events.parquet    one row an event: run, week, kind, who, place, value, whom
    panel/agents.parquet    one row a person and look: run, week, and every field of a person who lives here
    panel/ties.parquet      one row a friend: run, week, person, friend (identities)
    panel/layers.parquet    one row a place and look: run, week, cell, and every field of a place
    panel/codebook.csv      of every column its unit and meaning (as `model/state/fields.py` declares them)
    panel/datapackage.json  the same for machines (Frictionless Data Package)

A look is taken at the start, after every so many weeks and at the end; looking changes nothing, and every run is held to the
digest of its course in the study.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.simulation import Run, Simulation
from kantelpunt.model.state.codes import EVENT_KINDS
from kantelpunt.model.state.fields import EVENT, PERSON, PLACE, Field

from ..running.files import write, write_arrow
from ..running.jobs import Job
from ..study import Study
from .spreadsheet import as_csv

FOLDER = "panel"
MOST_RUNS = 100
NONE = "-"
KEYS = (
    Field("run", "str", NONE, "id of the run, as in runs and plan.parquet"),
    Field("week", "i4", "week", "weeks since the start"),
)
TABLES: dict[str, tuple[Field, ...]] = {
    "events": (KEYS[0], *(Field("kind", "str", NONE, ", ".join(EVENT_KINDS)) if each.name == "kind" else each for each in EVENT)),
    "agents": (*KEYS, *(each for each in PERSON if each.name != "present")),
    "ties": (
        *KEYS,
        Field("person", "i8", NONE, "identity of a person"),
        Field("friend", "i8", NONE, "identity of a friend who lives here"),
    ),
    "layers": (*KEYS, Field("cell", "i4", "cell", "number of the place, row by row"), *PLACE),
}
TYPES = {"str": "string", "f": "number", "i": "integer"}


def record(study: Study, runs: list[str], every: int = 52, tell: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Live runs of a study again and write their panel into its folder; return the number of rows of each table.

    Raises InputError for an unknown run, for too many, and where a run does not come to the digest that the study holds.

    Parameters
    ----------
    runs : ids of runs, or their first characters.
    every : weeks between two looks at people, ties and places.
    tell : called when a run is done.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        some = Phrase("allowed.whole_between", low=1, high=MOST_RUNS)
        raise InputError("panel.no_runs", place="RUN", value=len(runs), allowed=some)
    jobs = {job.run: job for job in map(study.replay, runs)}
    held = study.runs_with("digest").drop_duplicates("run").set_index("run")["digest"]
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for job in jobs.values():
        simulation = Simulation(job.scenario, job.seed, events=True)
        for name, table in looked(simulation, job, every):
            found[name].append(table)
        digest = hashlib.blake2b(np.ascontiguousarray(simulation.world.history).tobytes(), digest_size=16).hexdigest()
        if job.run in held and held[job.run] != digest:
            raise InputError("panel.another_course", place=study.folder, value=job.run, allowed=Phrase("allowed.same_version"))
        tell()
    return written(study, {name: pd.concat(tables, ignore_index=True) for name, tables in found.items()})


def looked(simulation: Simulation, job: Job, every: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables of a run, look by look, and its events at the end."""
    while True:
        for name, table in seen(simulation.world).items():
            table.insert(0, "run", job.run)
            table.insert(1, "week", np.int32(simulation.week))
            yield name, table
        if simulation.week >= job.scenario.weeks:
            break
        simulation.advance(every)
    events = Run(job.scenario, job.seed, simulation.world).events
    yield "events", events.assign(kind=events["kind"].astype(str), run=job.run)


def seen(world: Any) -> dict[str, pd.DataFrame]:
    """Return people, ties and places as they are now."""
    people = np.asarray(world.people)
    here = people["present"] == 1
    ids, friends = people["id"][here], np.asarray(world.friends)["id"][here]
    pairs = pd.DataFrame({"person": np.repeat(ids, friends.shape[1]), "friend": friends.ravel()})
    places = np.asarray(world.places).ravel()
    layers = pd.DataFrame({each.name: places[each.name] for each in PLACE})
    layers.insert(0, "cell", np.arange(len(layers), dtype=np.int32))
    return {
        "agents": pd.DataFrame({each.name: people[each.name][here] for each in PERSON if each.name != "present"}),
        "ties": pairs[pairs["friend"].isin(ids)].reset_index(drop=True),
        "layers": layers,
    }


def written(study: Study, tables: dict[str, pd.DataFrame]) -> dict[str, int]:
    """Write the tables of a panel with codebook and data package; return the number of rows of each."""
    folder = study.store.within(FOLDER)
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        fields = TABLES[name]
        arrow = pa.Table.from_pandas(table[[each.name for each in fields]], preserve_index=False)
        schema = pa.schema(
            [arrow.schema.field(each.name).with_metadata({"unit": each.unit or NONE, "meaning": each.meaning}) for each in fields]
        )
        write_arrow(folder / f"{name}.parquet", arrow.cast(schema))
    book = as_csv(codebook(), index=False).encode()
    package = json.dumps(datapackage(study), indent=2).encode()
    write(folder / "codebook.csv", lambda file: file.write(book))
    write(folder / "datapackage.json", lambda file: file.write(package))
    return {name: len(table) for name, table in tables.items()}


def codebook() -> pd.DataFrame:
    """Return a row a column of every table: file, column, type, unit, meaning."""
    rows = [
        (f"{name}.parquet", each.name, type_of(each), each.unit or NONE, each.meaning)
        for name, fields in TABLES.items()
        for each in fields
    ]
    return pd.DataFrame(rows, columns=["file", "column", "type", "unit", "meaning"])


def type_of(field: Field) -> str:
    """Return the type of a column, as Frictionless calls it."""
    return TYPES.get(field.kind) or TYPES[field.kind[0]]


def datapackage(study: Study) -> dict[str, Any]:
    """Return the descriptor of a panel (https://specs.frictionlessdata.io/data-package)."""
    resources = [
        {
            "name": name,
            "path": f"{name}.parquet",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": {
                "fields": [
                    {"name": each.name, "type": type_of(each), "description": each.meaning, "unit": each.unit or NONE}
                    for each in fields
                ]
            },
        }
        for name, fields in TABLES.items()
    ]
    return {"profile": "data-package", "name": FOLDER, "title": study.plan.heading, "resources": resources}
