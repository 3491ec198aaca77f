"""Files: written whole or not at all, locked while somebody is at them, read only where they are as they were written.

A file is written under a hidden name, flushed to the disk, and then takes its name.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from kantelpunt.model.errors import InputError, Phrase, reason_of

from .seals import BLANK, seal_of, sealed, whole

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, keep to one process a study
    fcntl = None  # type: ignore[assignment]

AGAIN = Phrase("allowed.copy_or_sweep")
MOST = 2**30  # bytes of a file that is read at once; a part of a study has far fewer
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(InputError):
    """There is no room to write a file."""


@contextmanager
def locked(path: Path, how: int, shared: bool) -> Iterator[None]:
    """Lock a folder or file; raises InputError where somebody else holds it.  A no-op on file systems without locking."""
    if not fcntl:
        yield
        return
    try:
        handle = os.open(path, how)
    except OSError as error:
        raise InputError(
            "file.unwritable", place=path.parent, allowed=Phrase("allowed.writable_folder"), reason=reason_of(error)
        ) from None
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
        raise InputError(
            "shard.busy" if path.suffix == ".lock" else "study.busy", place=path, allowed=Phrase("allowed.wait")
        ) from None


def needed(path: Path, read: Callable[[bytes], Any], allowed: Phrase = AGAIN) -> Any:
    """Return what a reader makes of a file that a study cannot do without; raises InputError where it is damaged or gone."""
    try:
        data = content(path)
        if not whole(data):
            raise InputError("file.unreadable", place=path, allowed=allowed, reason=Phrase("damage.changed"))
        return read(data)
    except InputError:
        raise
    except (ValueError, LookupError, TypeError, RecursionError, OSError) as error:  # of Arrow, of JSON, of the disk
        raise InputError("file.unreadable", place=path, allowed=allowed, reason=reason_of(error)) from None


def inside(folder: Path, *names: str) -> Path:
    """Return a place in a folder; raises InputError where a link on the way there leads out of it: somebody else may have put
    it there.
    """
    place = folder
    for name in names:
        place = place / name
        if place.is_symlink():
            raise InputError("file.link", place=place, allowed=Phrase("allowed.own_folder"))
    return place


def content(path: Path) -> bytes:
    """Return what a file holds; raises OSError where there is none, where what stands there has no end (a device or a pipe), or
    where it is larger than any file of a study: one that is mostly a hole takes no room on a disk, and in a zip.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
    if found.st_size > MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return path.read_bytes()


def write(path: Path, put: Callable[[BinaryIO], object], shard: str = "") -> None:
    """Write a file under a hidden name, flush it to the disk and give it its name; raises InputError where that cannot be."""
    part = path.with_name(f".{path.name}.{uuid4().hex[:12]}.{shard or 'whole'}.part")
    try:
        with part.open("xb") as file:
            put(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        flush(path.parent)
    except OSError as error:
        if error.filename and Path(error.filename) not in (part, path.parent):  # a file that was read for it
            raise
        if error.errno in FULL:
            raise DiskFull("disk.full", place=path, allowed=Phrase("allowed.more_room")) from None
        raise InputError(
            "file.unwritable", place=path, allowed=Phrase("allowed.writable_folder"), reason=reason_of(error)
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_arrow(path: Path, table: pa.Table, shard: str = "") -> str:
    """Write a table as Parquet with checksums and a seal, whole or not at all; return the seal."""
    buffer = BytesIO()
    pq.write_table(with_metadata(table, {"seal": BLANK}), buffer, compression="zstd", write_page_checksum=True)
    data = sealed(buffer.getvalue())
    write(path, lambda file: file.write(data), shard)
    return seal_of(data)


def with_metadata(table: pa.Table, more: dict[str, str]) -> pa.Table:
    """Return a table that says more about itself."""
    return table.replace_schema_metadata({**(table.schema.metadata or {}), **more})


def flush(folder: Path) -> None:
    """Have the names in a folder on disk, where the system can be asked to (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
