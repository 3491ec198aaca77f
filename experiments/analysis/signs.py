"""Signs: what a team could see of the runs of a study, quarter by quarter, and when a sign first crosses a level.

A run is lived again with the log of its events, held to its digest, and looked at as a policy looks (`model/policies/seen.py`):
files, a survey and what is told, with their errors.  The table stands beside the study (`signs.parquet`); what is there is not
looked at again.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np
import pandas as pd
import pyarrow as pa

from kantelpunt.model import registry
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.policies.seen import QUARTER, SIGNS, gathered
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.world import executable_parameters

from ..running.engines import Engine, engine_of
from ..running.files import needed, write_arrow
from ..running.integrity import table_of
from ..running.jobs import Job
from ..running.runner import stopping
from ..study import Study

FILE = "signs.parquet"
TOGETHER = 32  # runs that are looked at between two times that the table is written
YEAR = 4  # quarters of a year that a sign is averaged over, since one says little

Look = Callable[[Job], tuple[str, np.ndarray]]
Tell = Callable[[int, int], object]


def look(job: Job) -> tuple[str, np.ndarray]:
    """Return the digest of a run's course, and what a team sees of it: shape (quarters of a year, SIGNS), means over places."""
    simulation = Simulation(job.scenario, job.seed, events=True)
    p = executable_parameters(registry.parameters(dict(job.scenario.parameters))).observation
    seen = []
    while simulation.week + QUARTER <= job.scenario.weeks:
        simulation.advance(QUARTER)
        seen.append(gathered(simulation.world, p, simulation.seed, simulation.week).mean(axis=0))
    simulation.advance(job.scenario.weeks)
    history = np.ascontiguousarray(simulation.world.history)
    return hashlib.blake2b(history.tobytes(), digest_size=16).hexdigest(), np.array(seen)


def seen_of(
    study: Study, names: tuple[str, ...], by: Look = look, engine: Engine | None = None, tell: Tell | None = None
) -> pd.DataFrame:
    """Return the signs of every run of these scenarios: index (scenario, point, world, quarter), a column a sign.

    Looks at what was not looked at yet, and keeps it beside the study.  Raises InputError where a run takes another course
    than in the study, and KeyboardInterrupt after Ctrl-C, when what was seen so far is kept.
    """
    held = study.runs_with("digest")
    held = held[held["scenario"].isin(names)].set_index("run")
    table = kept(study)
    left = [run for run in held.index if run not in set(table["run"])]
    engine = engine or engine_of(None)
    with stopping() as stop, engine.open() as pool:
        for begin in range(0, len(left), TOGETHER):
            if stop.is_set():
                raise KeyboardInterrupt
            some = left[begin : begin + TOGETHER]
            table = pd.concat([table, *looked(study, held.loc[some], by, pool)], ignore_index=True)
            write_arrow(study.folder / FILE, pa.Table.from_pandas(table, preserve_index=False))
            if tell:
                tell(begin + len(some), len(left))
    found = held[["scenario", "point", "world"]].merge(table, left_index=True, right_on="run").drop(columns="run")
    return found.set_index(["scenario", "point", "world", "quarter"]).sort_index()


def looked(study: Study, rows: pd.DataFrame, by: Look, pool: Executor) -> list[pd.DataFrame]:
    """Return what is seen of these runs, a table each; raises InputError where one takes another course than in the study."""
    jobs = [study.job(row) for row in rows.reset_index().itertuples(index=False)]
    found = []
    for job, (digest, signs) in zip(jobs, pool.map(by, jobs), strict=True):
        if digest != rows.loc[job.run, "digest"]:
            some = Phrase("allowed.same_version")
            raise InputError("panel.another_course", place=study.folder, value=job.run, allowed=some)
        table = pd.DataFrame(signs, columns=pd.Index(SIGNS))
        table.insert(0, "quarter", np.arange(1, len(table) + 1, dtype=np.int32))
        table.insert(0, "run", job.run)
        found.append(table)
    return found


def kept(study: Study) -> pd.DataFrame:
    """Return what stands beside a study; nothing where it is not there, or not as it was written."""
    try:
        return needed(study.folder / FILE, as_signs)
    except InputError:
        return pd.DataFrame(columns=pd.Index(["run", "quarter", *SIGNS]))


def as_signs(data: bytes) -> pd.DataFrame:
    """Return the table of signs in a signs.parquet; raises what reading other facts raises."""
    return table_of(data).to_pandas()[["run", "quarter", *SIGNS]]


def known(signs: pd.DataFrame, looks: tuple[int, ...], late: int) -> np.ndarray:
    """Return what is known of each sign at each look: the mean of the last year that has come in.

    Shape (worlds, looks, SIGNS), worlds in their order; not a number where nothing has come in.  ``late`` is how many quarters
    of a year it takes until what happened in one is known.
    """
    quarters = signs.index.get_level_values("quarter").nunique()
    table = signs[list(SIGNS)].to_numpy(float).reshape(-1, quarters, len(SIGNS))
    found = np.full((len(table), len(looks), len(SIGNS)), np.nan)
    for i, week in enumerate(looks):
        if (last := week // QUARTER - late) > 0:
            found[:, i] = table[:, max(0, last - YEAR) : last].mean(axis=1)
    return found


def crossing(values: np.ndarray, level: float, above: bool) -> np.ndarray:
    """Return the number of the first look at which a sign is beyond a level; the number of looks where it never is.

    ``values`` has shape (worlds, looks); what is not a number is beyond nothing.
    """
    beyond = values > level if above else values < level
    return np.where(beyond.any(axis=1), beyond.argmax(axis=1), values.shape[1])
