"""Results on disk: whole or not at all.

A study is a folder.  It is filled under another name beside its place, flushed to the disk, and then takes the place of what
was there: whoever looks sees the old study or the new one, never half of one.

    runs.parquet    one row a run: scenario, point, world, seed, run (its id), cost, outcomes, parameters of the point
    weeks.parquet   one row a scenario and week: the mean of every outcome over the worlds
    plan.toml       the plan with everything filled in: run it again and get the same numbers
    manifest.json   versions, commit, model, machine, time
    summary.md, figure.png, figure.svg, and failures.jsonl where a run failed
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import pandas as pd

from model.errors import InputError

MARK = "manifest.json"  # by which a folder is known as a study


@dataclass
class NewFolder:
    """A folder being filled, and the place that it takes when all went well."""

    path: Path
    place: Path


@contextmanager
def folder(place: Path, *others: Path, option: str = "--out") -> Iterator[NewFolder]:
    """Give a new folder to fill, which takes its place when all went well and is gone when not.

    Whoever fills it may change its place to one of the ``others``.  Raises InputError at once where there is no
    permission, or something there that is no study and so must not be replaced.
    """
    for each in (place, *others):
        refuse_foreign(each, option)
    part = beside(place.resolve(), "part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
    except OSError as error:
        reason = f"cannot be written: {error.strerror}"
        raise InputError(reason, place=option, value=place, allowed="a folder that may be made") from None
    try:
        new = NewFolder(part, place)
        yield new
        flush(part)
        take_place(part, new.place.resolve())
    finally:
        shutil.rmtree(part, ignore_errors=True)


def beside(place: Path, suffix: str) -> Path:
    """Return a name that nobody has, hidden beside a place."""
    return place.with_name(f".{place.name}.{uuid4().hex[:12]}.{suffix}")


def take_place(new: Path, place: Path) -> None:
    """Rename a folder to ``place``; the one that was there goes only when the new one stands."""
    before = beside(place, "before")
    replaced = place.exists()
    if replaced:
        place.rename(before)
    try:
        new.rename(place)
    except OSError:
        if replaced:
            before.rename(place)
        raise
    flush(place.parent)
    shutil.rmtree(before, ignore_errors=True)


def refuse_foreign(place: Path, option: str) -> None:
    """Raise InputError where something stands that is no study: it would be lost."""
    if not place.exists() or (place.is_dir() and ((place / MARK).is_file() or not any(place.iterdir()))):
        return
    what = "this folder holds something else than a study" if place.is_dir() else "this is a file"
    raise InputError(what, place=option, value=place, allowed="a new or empty folder, or one with a study, which is replaced")


def write(path: Path, content: Callable[[BinaryIO], object]) -> None:
    """Write a file under another name, flush it to the disk and give it its name."""
    part = beside(path, "part")
    try:
        with part.open("xb") as file:
            content(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all."""
    write(path, lambda file: file.write(text.encode()))


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all; an index is left out."""
    write(path, lambda file: table.to_parquet(file, engine="pyarrow", compression="zstd", index=False))


def flush(folder: Path) -> None:
    """Have the names in a folder on disk, where the system can be asked to (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
