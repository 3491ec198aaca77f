"""A study on disk: nothing is ever half written, and no run that was written is ever lost.

    study.toml                 the question and the design, everything filled in
    plan.parquet               one row a run that is asked for: run (its id), scenario, point, world, seed; rows only join
    points.parquet             one row a point: the parameters that it sets
    manifest.json              versions, commit and patch, machine, time
    runs/part-*.parquet        one row a run: what it is known by, cost, digest of its course, and what it came to
    series/part-*.parquet      one row a run and week (thinned): counts since the row before, levels of that week
    failures/part-*.jsonl      one line a failed run, with its inputs and what Python said

A file is written under a hidden name, flushed to the disk, and then takes its name.  What is to be done is what the plan
asks for and the parts do not hold: there is no other record of progress that could say something else.  The part of
``runs`` is written last, so what it holds is complete; pages carry checksums, so a damaged part is noticed.
"""

import errno
import json
import os
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import time_ns
from typing import Any, BinaryIO
from uuid import uuid4

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from model.errors import InputError
from model.outcomes import OUTCOMES

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, keep to one process a study
    fcntl = None  # type: ignore[assignment]

MARK = "study.toml"  # by which a folder is known as a study
PLAN, POINTS, MANIFEST = "plan.parquet", "points.parquet", "manifest.json"
RUNS, SERIES, FAILURES = "runs", "series", "failures"
BEGINNING = {RUNS, SERIES, FAILURES, PLAN, POINTS, MANIFEST}
MODEL = b"model"  # where the plan keeps the hash of the model that its ids are made with
HELD = ("cost", "digest", "model")  # of a run, beside what it is known by and what it came to
FULL = (errno.ENOSPC, errno.EDQUOT)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT)


class DiskFull(InputError):
    """There is no room to write a file."""


class Store:
    """The folder of a study.  ``broken`` lists parts that could not be read and were set aside."""

    def __init__(self, folder: Path) -> None:
        """Hold the folder; nothing is made or read yet."""
        self.folder = Path(folder)
        self.broken: list[str] = []

    @property
    def exists(self) -> bool:
        """Return whether a study stands here."""
        return (self.folder / MARK).is_file()

    def make(self, option: str = "--out") -> None:
        """Make the folder; raises InputError where something else stands or nothing may be written."""
        refuse_foreign(self.folder, option)
        try:
            for part in (RUNS, SERIES, FAILURES):
                (Path(os.path.realpath(self.folder)) / part).mkdir(parents=True, exist_ok=True)  # a link may lead nowhere yet
        except OSError as error:
            reason = f"cannot be written: {error.strerror}"
            raise InputError(reason, place=option, value=self.folder, allowed="a folder that may be made") from None

    @contextmanager
    def writing(self, shard: str = "") -> Iterator[None]:
        """Hold the folder while runs are added, so that nobody else does the same runs; then clear what the dead left behind.

        Shards share the folder with each other, a whole study does not, and no two processes do one shard.  Raises InputError
        where another process is at it.  A lock goes with the process, however that ends.
        """
        with ExitStack() as held:
            held.enter_context(locked(self.folder, os.O_RDONLY, shared=bool(shard)))
            if shard:
                held.enter_context(locked(self.folder / f".{shard}.lock", os.O_RDWR | os.O_CREAT, shared=False))
            self.clear(shard)
            yield

    def clear(self, shard: str = "") -> None:
        """Remove files that a dead process left half written, and series whose runs were not written any more."""
        for part in self.folder.rglob(f".*.{shard or '*'}.part"):
            part.unlink(missing_ok=True)
        if not shard:
            complete = {each.name for each in (self.folder / RUNS).glob("part-*.parquet")}
            for each in (self.folder / SERIES).glob("part-*.parquet"):
                if each.name not in complete:
                    each.unlink()

    def plan(self) -> tuple[pd.DataFrame, str]:
        """Return the runs that are asked for, in their order, and the hash of the model that their ids are made with."""
        table = needed(self.folder / PLAN, pq.read_table)
        return table.to_pandas(), table.schema.metadata[MODEL].decode()

    def write_plan(self, plan: pd.DataFrame, points: pd.DataFrame, model: str) -> None:
        """Write what is asked for; whoever calls has made sure that no row is lost."""
        write_arrow(self.folder / POINTS, pa.Table.from_pandas(points.reset_index(), preserve_index=False))
        table = pa.Table.from_pandas(plan, preserve_index=False)
        write_arrow(self.folder / PLAN, table.replace_schema_metadata({**(table.schema.metadata or {}), MODEL: model}))

    def points(self) -> pd.DataFrame:
        """Return the parameters of every point."""
        return needed(self.folder / POINTS, pd.read_parquet).set_index("point")

    def add(self, runs: pd.DataFrame, series: pa.Table | None, failures: list[dict[str, Any]], shard: str = "") -> None:
        """Write a part: all of it, or nothing that counts.  Raises InputError where the disk is full."""
        name = f"part-{time_ns() // 1_000_000:013d}-{uuid4().hex[:8]}"
        try:
            if failures:
                text = "".join(json.dumps(each) + "\n" for each in failures)
                write(self.folder / FAILURES / f"{name}.jsonl", lambda file: file.write(text.encode()), shard)
            if len(runs):
                if series is not None:
                    write_arrow(self.folder / SERIES / f"{name}.parquet", series, shard)
                write_arrow(self.folder / RUNS / f"{name}.parquet", pa.Table.from_pandas(runs, preserve_index=False), shard)
        except DiskFull as error:
            (self.folder / SERIES / f"{name}.parquet").unlink(missing_ok=True)
            error.message += f"; the {len(runs)} runs of this part are lost, all earlier ones are safe"
            error.allowed = f"make room, then go on with: kantelpunt resume {shlex.quote(str(self.folder))}"
            error.place = str(self.folder)
            raise

    def parts(self, which: str) -> list[Path]:
        """Return the parts that can be read, oldest first; of runs, one that cannot is set aside, to be run again."""
        found = sorted((self.folder / which).glob("part-*.parquet"))
        return [part for part in found if which != RUNS or self._sound(part)]

    def _sound(self, part: Path) -> bool:
        """Return whether a part can be read to its end, and its courses begun with; set both aside where not."""
        courses = self.folder / SERIES / part.name
        try:
            pq.read_table(part, columns=["run"], page_checksum_verification=True)
            if courses.exists():
                pq.read_metadata(courses)
        except FileNotFoundError:
            return False
        except (pa.ArrowException, OSError) as error:
            for each in (part, courses):
                with suppress(OSError):  # in a folder that may only be read it stays, and counts for nothing
                    each.replace(each.with_suffix(".broken"))
            self._note(f"{part.name}: {str(error).splitlines()[0]}")
            return False
        return True

    def _note(self, broken: str) -> None:
        """Remember what could not be read, once."""
        if broken not in self.broken:
            self.broken.append(broken)

    def done(self) -> pd.Index:
        """Return the ids of runs that came to their end."""
        return pd.Index(self.runs(["run"])["run"])

    def runs(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return one row a run that came to its end, each once, as the parts hold them; only these columns where given."""
        parts = self.parts(RUNS)
        wanted = None if columns is None else list(dict.fromkeys(["run", *columns]))
        if not parts:
            return pd.DataFrame(columns=pd.Index(wanted or ["run", *HELD, *OUTCOMES]))
        tables = [pq.read_table(part, columns=wanted, page_checksum_verification=True) for part in parts]
        whole = pa.concat_tables(tables, promote_options="default").to_pandas()
        return whole.drop_duplicates("run", ignore_index=True)

    def series(self) -> ds.Dataset | None:
        """Return the courses of runs as a dataset, to be read by column and in batches; none where none are kept."""
        sound = {each.name for each in self.parts(RUNS)}
        parts = [each for each in self.parts(SERIES) if each.name in sound]
        return ds.dataset([str(each) for each in parts], format="parquet") if parts else None

    def failures(self) -> list[dict[str, Any]]:
        """Return what is known about every run that failed, the latest failure of each."""
        found: dict[str, dict[str, Any]] = {}
        for part in sorted((self.folder / FAILURES).glob("part-*.jsonl")):
            for line in part.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    failure = json.loads(line)
                except json.JSONDecodeError:  # damaged: the run counts as left
                    self._note(f"{part.name}: a line that cannot be read")
                    continue
                found[failure["run"]] = failure
        return list(found.values())

    def write_text(self, name: str, text: str) -> None:
        """Write a text, whole or not at all."""
        write(self.folder / name, lambda file: file.write(text.encode()))


@contextmanager
def locked(path: Path, how: int, shared: bool) -> Iterator[None]:
    """Lock a folder or file; raises InputError where somebody else holds it.  A file system without locks is let be."""
    if not fcntl:
        yield
        return
    try:
        handle = os.open(path, how)
    except OSError as error:
        reason = f"cannot be written: {error.strerror}"
        raise InputError(reason, place=path.parent, allowed="a folder that may be written") from None
    try:
        with suppress(OSError):
            lock(handle, shared, path)
        yield
    finally:
        os.close(handle)


def lock(handle: int, shared: bool, path: Path) -> None:
    """Lock what is open; raises InputError where somebody else holds it."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        what = "this shard" if path.suffix == ".lock" else "this study"
        raise InputError(f"{what} is running already", place=path, allowed="wait for it, or stop it with Ctrl-C") from None


def refuse_foreign(place: Path, option: str) -> None:
    """Raise InputError where something stands that is no study."""
    if not place.exists() or (place.is_dir() and ((place / MARK).is_file() or not strangers(place))):
        return
    what = "this folder holds something else than a study" if place.is_dir() else "this is a file"
    raise InputError(what, place=option, value=place, allowed="a new or empty folder, or one with a study")


def strangers(folder: Path) -> set[str]:
    """Return names in a folder that are not those of a study that has just begun."""
    return {each.name for each in folder.iterdir() if not each.name.startswith(".")} - BEGINNING


def needed(path: Path, read: Callable[[Path], Any]) -> Any:
    """Return what a reader makes of a file that a study cannot do without; raises InputError where it is damaged or gone."""
    try:
        return read(path)
    except (ValueError, OSError) as error:  # of Arrow, of JSON, of the disk
        allowed = "a copy of it; or, without the file, the same sweep with the same plan: runs that are done count again"
        raise InputError(f"cannot be read: {str(error).splitlines()[0]}", place=path, allowed=allowed) from None


def write(path: Path, content: Callable[[BinaryIO], object], shard: str = "") -> None:
    """Write a file under a hidden name, flush it to the disk and give it its name; raises InputError where that cannot be."""
    part = path.with_name(f".{path.name}.{uuid4().hex[:12]}.{shard or 'whole'}.part")
    try:
        with part.open("xb") as file:
            content(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        flush(path.parent)
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull("the disk is full", place=path, allowed="more room") from None
        if error.errno in CLOSED:
            raise InputError(f"cannot be written: {error.strerror}", place=path, allowed="a folder that may be written") from None
        raise
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_arrow(path: Path, table: pa.Table, shard: str = "") -> None:
    """Write a table as Parquet with checksums, whole or not at all."""
    write(path, lambda file: pq.write_table(table, file, compression="zstd", write_page_checksum=True), shard)


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all; an index is left out."""
    write_arrow(path, pa.Table.from_pandas(table, preserve_index=False))


def flush(folder: Path) -> None:
    """Have the names in a folder on disk, where the system can be asked to (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def names(values: Iterable[str]) -> pa.Array:
    """Return words of which there are few, each kept once."""
    return pa.array(values, pa.string()).dictionary_encode()
