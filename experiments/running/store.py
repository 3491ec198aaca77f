"""A study on disk: nothing is ever half written, and no run that was written is ever lost.

    study.toml                 the question and the design, everything filled in
    plan.parquet               one row a run that is asked for: run (its id), scenario, point, world, seed; rows only join
    points.parquet             one row a point: the parameters that it sets
    manifest.json              versions, commit and patch, machine, time
    codebook.csv               of every column of every file its unit and its meaning; the files themselves tell it too
    scenarios.csv              one row a scenario: the one it is compared with, area, cost, and the level of each factor
    runs/part-*.parquet        one row a run: what it is known by, cost, digest of its course, and what it came to
    series/part-*.parquet      one row a run and week (thinned): counts since the row before, levels of that week
    failures/part-*.jsonl      one line a failed run, with its inputs and what Python said

A file is written under a hidden name, flushed to the disk, and then takes its name.  A run is still to be done if the plan
asks for it and no part holds it: there is no other record of progress that could say something else.  ``study.toml`` is
written first, so a study that was killed at any moment goes on; the part of ``runs`` last, so what it holds is complete.
Every file carries a seal (`seals.py`), and a part of ``runs`` that of its courses: what is damaged or gone is noticed (`parts`).
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import time_ns
from typing import Any
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from kantelpunt.model.errors import InputError, Phrase, reason_of, typed
from kantelpunt.model.outcomes import OUTCOMES

from .. import provenance
from ..provenance import Model
from .codebook import with_units
from .files import AGAIN, DiskFull, content, flush, inside, locked, needed, with_metadata, write, write_arrow
from .integrity import BYTES_A_RUN, COURSES, refuse_damaged, refuse_sum, table_of
from .jobs import Weeks, added_up
from .seals import BLANK, sealed, whole

MARK = "study.toml"  # by which a folder is known as a study
PLAN, POINTS, MANIFEST = "plan.parquet", "points.parquet", "manifest.json"
RUNS, SERIES, FAILURES = "runs", "series", "failures"
CODEBOOK, SCENARIOS = "codebook.csv", "scenarios.csv"
BEGINNING = {RUNS, SERIES, FAILURES, PLAN, POINTS, MANIFEST, CODEBOOK, SCENARIOS}
WEEKS = "weeks"  # where a part of runs says how many weeks its runs tell, and how many of these were computed
MODEL, ADDITIONS = "model", "parts"  # where the plan keeps hashes of the model that its ids are made with
HELD = ("cost", "digest", "model")  # of a run, beside what it is known by and what it came to
NAMED, NUMBERED = ("run", "scenario"), ("point", "world", "seed")  # columns of a plan
KEYS = ["scenario", "point", "world"]  # of which a plan holds each once
TOLD_VERSIONS, TOLD_COMMIT = dict.fromkeys(("python", "numpy", "numba"), str), {"commit": str, "changed": bool}  # in a manifest
BY_HAND = Phrase("allowed.by_hand")
LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)  # Windows knows no such links, and no locks


class Store:
    """The folder of a study.  ``broken`` lists parts that could not be read and were set aside."""

    def __init__(self, folder: Path) -> None:
        """Hold the folder; nothing is made or read yet."""
        self.folder = Path(folder)
        self.broken: list[Phrase] = []

    @property
    def exists(self) -> bool:
        """Return whether a study stands here."""
        return (self.folder / MARK).is_file()

    def make(self, option: str = "--out") -> None:
        """Make the folder; raises InputError where something else stands or nothing may be written."""
        refuse_foreign(self.folder, option)
        try:
            made = [each for each in (self.folder, *self.folder.absolute().parents) if not each.exists()]
            for part in (RUNS, SERIES, FAILURES):
                (Path(os.path.realpath(self.folder)) / part).mkdir(parents=True, exist_ok=True)  # a link may lead nowhere yet
            for each in made:
                flush(each.absolute().parent)
        except OSError as error:
            raise InputError(
                "file.unwritable",
                place=option,
                value=self.folder,
                allowed=Phrase("allowed.makeable_folder"),
                reason=reason_of(error),
            ) from None

    @contextmanager
    def writing(self, shard: str = "") -> Iterator[None]:
        """Hold the folder while runs are added, so that nobody else does the same runs; then clear what the dead left behind.

        Shards share the folder with each other, a whole study does not, and no two processes do one shard.  Raises InputError
        where another process is at it.  A lock goes with the process, however that ends.
        """
        with ExitStack() as held:
            held.enter_context(locked(self.folder, os.O_RDONLY, shared=bool(shard)))
            if shard:
                held.enter_context(locked(self.folder / f".{shard}.lock", LOCK, shared=False))
            self.clear(shard)
            yield

    def clear(self, shard: str = "") -> None:
        """Remove files that a dead process left half written, and series whose runs were not written any more."""
        for part in self.folder.rglob(f".*.{shard or '*'}.part"):
            part.unlink(missing_ok=True)
        if not shard:
            complete = {each.name for each in self.within(RUNS).glob("part-*.parquet")}
            for each in self.within(SERIES).glob("part-*.parquet"):
                if each.name not in complete:
                    each.unlink()

    def within(self, which: str) -> Path:
        """Return a folder inside; raises InputError where it is a link."""
        return inside(self.folder, which)

    def plan(self) -> tuple[pd.DataFrame, Model]:
        """Return the runs that are asked for, in their order, and the model that their ids are made with."""
        plan: tuple[pd.DataFrame, Model] = needed(self.folder / PLAN, as_plan)
        return plan

    def write_plan(self, plan: pd.DataFrame, model: Model) -> None:
        """Write what is asked for; whoever calls has made sure that no row is lost."""
        told = {MODEL: model.engine, **({} if model.parts is None else {ADDITIONS: json.dumps(dict(model.parts))})}
        write_arrow(self.folder / PLAN, with_metadata(with_units(pa.Table.from_pandas(plan, preserve_index=False)), told))

    def points(self) -> pd.DataFrame:
        """Return the parameters of every point."""
        points: pd.DataFrame = needed(self.folder / POINTS, as_points)
        return points

    def write_points(self, points: pd.DataFrame) -> None:
        """Write the parameters of every point."""
        write_arrow(self.folder / POINTS, with_units(pa.Table.from_pandas(points.reset_index(), preserve_index=False)))

    def check_question(self) -> None:
        """Raise InputError where study.toml is not as it was written."""
        needed(self.folder / MARK, bytes.decode, allowed=BY_HAND)

    def write_question(self, text: str) -> None:
        """Write study.toml."""
        self.write_sealed(MARK, f"# {BLANK}\n{text}")

    def manifest(self) -> dict[str, Any]:
        """Return where the numbers come from; raises InputError where nothing says so any more."""
        allowed = Phrase("allowed.resume_again", command=f"kantelpunt resume {typed(str(self.folder))}")
        facts: dict[str, Any] = needed(self.folder / MANIFEST, as_manifest, allowed=allowed)
        return facts

    def write_manifest(self, facts: dict[str, Any]) -> None:
        """Write where the numbers come from."""
        self.write_sealed(MANIFEST, provenance.as_json({"seal": BLANK, **facts}))

    def add(
        self, runs: pd.DataFrame, series: pa.Table | None, failures: list[dict[str, Any]], weeks: Weeks, shard: str = ""
    ) -> None:
        """Write a part, which says how many weeks were computed: all of it, or nothing that counts.

        Raises InputError where the disk is full.
        """
        name = f"part-{time_ns() // 1_000_000:013d}-{uuid4().hex[:8]}"
        try:
            if failures:
                lines = b"".join(sealed(json.dumps({"seal": BLANK, **each}).encode()) + b"\n" for each in failures)
                write(self.within(FAILURES) / f"{name}.jsonl", lambda file: file.write(lines), shard)
            if len(runs):
                there = self.within(SERIES) / f"{name}.parquet"
                courses = "" if series is None else write_arrow(there, with_units(series), shard)
                told = {COURSES: courses, WEEKS: json.dumps(weeks._asdict())}
                table = with_metadata(with_units(pa.Table.from_pandas(runs, preserve_index=False)), told)
                write_arrow(self.within(RUNS) / f"{name}.parquet", table, shard)
        except DiskFull:
            for which in (RUNS, SERIES):  # the one may have its name already, and is nothing without the other
                (self.within(which) / f"{name}.parquet").unlink(missing_ok=True)
            allowed = Phrase("allowed.room_then_resume", command=f"kantelpunt resume {typed(str(self.folder))}")
            raise DiskFull("disk.full_for_runs", place=self.folder, allowed=allowed, n=len(runs)) from None

    def parts(self, which: str) -> list[Path]:
        """Return the parts that are as they were written, oldest first; of runs, any other is set aside, to be run again."""
        found = sorted(self.within(which).glob("part-*.parquet"))
        return [part for part in found if which != RUNS or self._sound(part)]

    def _sound(self, part: Path) -> bool:
        """Return whether a part and its courses are as they were written; set both aside where not."""
        courses = self.within(SERIES) / part.name
        try:
            refuse_damaged(part, courses)
        except FileNotFoundError:
            return False
        except (ValueError, LookupError, TypeError, pa.ArrowException, OSError) as error:  # of a damaged or foreign file
            for each in (part, courses):
                with suppress(OSError):  # in a folder that may only be read it stays, and counts for nothing
                    each.replace(each.with_suffix(".broken"))
            self._note(Phrase("damage.part", part=part.name, reason=reason_of(error)))
            return False
        return True

    def _note(self, broken: Phrase) -> None:
        """Remember what could not be read, once."""
        if broken not in self.broken:
            self.broken.append(broken)

    def damaged(self) -> list[str]:
        """Return which of the files that stand beside the parts are gone, or are not as they were written."""
        return [name for name in (MARK, POINTS, PLAN, MANIFEST) if not self.holds(name)]

    def holds(self, name: str) -> bool:
        """Return whether a file stands here as it was written, and holds what it has to."""
        read = {MARK: self.check_question, POINTS: self.points, PLAN: self.plan, MANIFEST: self.manifest}[name]
        try:
            read()
        except InputError:
            return False
        return True

    def done(self) -> pd.Index:
        """Return the ids of finished runs."""
        return pd.Index(self.runs(["run"])["run"])

    def runs(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return one row per finished run, each once, as the parts hold them; only these columns where given."""
        parts = self.parts(RUNS)
        wanted = None if columns is None else list(dict.fromkeys(["run", *columns]))
        if not parts:
            return pd.DataFrame(columns=pd.Index(wanted or ["run", *HELD, *OUTCOMES]))
        refuse_sum(self.folder, parts, wanted)
        tables = [pq.read_table(part, columns=wanted, page_checksum_verification=True) for part in parts]
        whole = pa.concat_tables(tables, promote_options="default").to_pandas()
        return whole.drop_duplicates("run", ignore_index=True)

    def weeks(self) -> Weeks:
        """Return how many weeks the runs tell, and how many were computed; parts of an earlier version do not say."""
        told = [(pq.read_schema(part).metadata or {}).get(WEEKS.encode()) for part in self.parts(RUNS)]
        return added_up(Weeks(**json.loads(each)) for each in told if each)

    def series(self) -> ds.Dataset | None:
        """Return the courses of runs as a dataset, to be read by column and in batches; none where none are kept."""
        sound = {each.name for each in self.parts(RUNS)}
        parts = [each for each in self.parts(SERIES) if each.name in sound]
        checked = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
        kind = ds.ParquetFileFormat(default_fragment_scan_options=checked)
        return ds.dataset([str(each) for each in parts], format=kind) if parts else None

    def failures(self) -> list[dict[str, Any]]:
        """Return what is known about every run that failed, the latest failure of each."""
        found: dict[str, dict[str, Any]] = {}
        for part in sorted(self.within(FAILURES).glob("part-*.jsonl")):
            for line in content(part).removesuffix(b"\n").split(b"\n"):
                try:
                    failure = json.loads(line if whole(line) else b"")
                    found[failure["run"]] = {name: value for name, value in failure.items() if name != "seal"}
                except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # damaged: the run counts as left
                    self._note(Phrase("damage.line", part=part.name))
        return list(found.values())

    def write_text(self, name: str, text: str) -> None:
        """Write a text, whole or not at all."""
        write(self.folder / name, lambda file: file.write(text.encode()))

    def write_sealed(self, name: str, text: str) -> None:
        """Write a text with a blank seal in it, sealed, whole or not at all."""
        write(self.folder / name, lambda file: file.write(sealed(text.encode())))


def as_plan(data: bytes) -> tuple[pd.DataFrame, Model]:
    """Return what a plan.parquet asks for, and its model; raises what reading other facts raises."""
    table = table_of(data, BYTES_A_RUN)
    told = table.schema.metadata or {}
    parts = json.loads(told[ADDITIONS.encode()]) if ADDITIONS.encode() in told else None  # an earlier version kept none
    plan = table.to_pandas()
    numbered = all(plan[each].dtype.kind in "iu" for each in NUMBERED)
    if not numbered or plan.empty or plan.duplicated(KEYS).any() or not isinstance(parts, dict | None):
        raise InputError("file.unreadable", place=PLAN, allowed=AGAIN, reason=Phrase("damage.changed"))
    return plan[[*NAMED, *NUMBERED]], Model(told[MODEL.encode()].decode(), parts)


def as_points(data: bytes) -> pd.DataFrame:
    """Return the parameters of every point in a points.parquet; raises what reading other facts raises."""
    points = table_of(data).to_pandas().set_index("point")
    if points.index.tolist() != list(range(len(points))) or any(kind.kind not in "iuf" for kind in points.dtypes):
        raise InputError("file.unreadable", place=POINTS, allowed=AGAIN, reason=Phrase("damage.changed"))
    return points


def as_manifest(data: bytes) -> dict[str, Any]:
    """Return what a manifest.json tells; raises InputError where it does not tell what reports need."""
    facts = json.loads(data)
    if not told_as(facts, {"made": str, "model": str, "versions": TOLD_VERSIONS, "git": (None, TOLD_COMMIT)}):
        raise InputError("file.unreadable", place=MANIFEST, reason=Phrase("damage.changed"))
    return facts


def told_as(fact: Any, kind: Any) -> bool:
    """Return whether a fact is of a kind: a type, a table with at least these kinds by name, or any of several kinds."""
    if isinstance(kind, dict):
        return isinstance(fact, dict) and all(name in fact and told_as(fact[name], each) for name, each in kind.items())
    if isinstance(kind, tuple):
        return any(told_as(fact, each) for each in kind)
    return fact is None if kind is None else isinstance(fact, kind)


def refuse_foreign(place: Path, option: str) -> None:
    """Raise InputError where something stands that is no study."""
    if not place.exists() or (place.is_dir() and (is_study(place) or not strangers(place))):
        return
    code = "study.other_folder" if place.is_dir() else "file.not_folder"
    raise InputError(code, place=option, value=place, allowed=Phrase("allowed.empty_folder"))


def is_study(folder: Path) -> bool:
    """Return whether a study stands here, also one that lost its study.toml."""
    return (folder / MARK).is_file() or ((folder / PLAN).is_file() and (folder / RUNS).is_dir())


def strangers(folder: Path) -> set[str]:
    """Return names in a folder that are not those of a study that has just begun."""
    return {each.name for each in folder.iterdir() if not each.name.startswith(".")} - BEGINNING


def names(values: Iterable[str]) -> pa.Array:
    """Return words of which there are few, each kept once."""
    return pa.array(values, pa.string()).dictionary_encode()
