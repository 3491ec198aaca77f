"""Where a file that somebody asks for may go: links are followed, and nothing that is not ours is replaced unasked."""

import os
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from kantelpunt.model.errors import InputError, Phrase, reason_of

MOST_TOLD = 4_000_000  # bytes of what a packed study tells of itself; a zip of somebody else may unpack to gigabytes
HEAD = 65_536  # bytes in which a file shows what it is
GENERATOR = b'<meta name="generator" content="Kantelpunt">'
PLAUSIBLE = (b"point,worst", b"target,pattern,", b"wave,points,", b"parameter,target,")  # how tables of a calibration begin
Ours = Callable[[Path], bool]


def destination(path: Path, ours: Ours, option: str = "--out", force: bool = False) -> Path:
    """Return where a file goes, links followed; raises InputError where it may not go there.

    Parameters
    ----------
    path : the name that was asked for.
    ours : tells whether a file that stands there was written by Kantelpunt, and so may be replaced.
    option : the option that asked for it.
    force : replace any ordinary file; a folder, device or pipe is never replaced.
    """

    def refused(code: str, allowed: str, **facts: Any) -> InputError:
        return InputError(code, place=option, value=path, allowed=Phrase(allowed), **facts)

    folder = "allowed.file_in_folder"
    try:
        place, mode = path.resolve(), mode_of(path)
        parent = mode_of(place.parent)
    except (OSError, RuntimeError) as error:  # too long a name, a loop of links
        raise refused("file.unwritable", folder, reason=reason_of(error)) from None
    if not parent or not stat.S_ISDIR(parent):
        raise refused("file.no_folder", folder, folder=place.parent)
    if mode and not stat.S_ISREG(mode):
        raise refused("file.folder" if stat.S_ISDIR(mode) else "file.device", "allowed.file_name")
    if not os.access(place.parent, os.W_OK) or (mode and not os.access(place, os.W_OK)):
        raise refused("file.no_permission", folder)
    if mode and not force and place.stat().st_size and not ours(place):
        raise refused("file.not_ours", "allowed.force")
    return place


def mode_of(path: Path) -> int:
    """Return the mode of what a path leads to, 0 where nothing stands; raises OSError where it leads nowhere."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def head(path: Path) -> bytes:
    """Return how a file begins."""
    with path.open("rb") as file:
        return file.read(HEAD)


def is_weeks(path: Path) -> bool:
    """Return whether this is a table of every week of a run."""
    columns = head(path).partition(b"\n")[0].strip().split(b",")
    return columns[0] == b"week" and b"recruited" in columns


def is_report(path: Path) -> bool:
    """Return whether this is a report on one page."""
    return GENERATOR in head(path)


def is_plausible(path: Path) -> bool:
    """Return whether this is a table of plausible points, or what is said of it."""
    begun = head(path)
    return begun.startswith(PLAUSIBLE) or b'"kantelpunt"' in begun


def is_crate(path: Path) -> bool:
    """Return whether this is a study packed as an RO-Crate."""
    try:
        with ZipFile(path) as crate, crate.open("ro-crate-metadata.json") as told:
            return b"#kantelpunt" in told.read(MOST_TOLD)
    except (BadZipFile, KeyError, EOFError, ValueError, RuntimeError, zlib.error):  # damaged, encrypted, packed in another way
        return False
