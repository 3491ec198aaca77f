"""Where an app that runs keeps what sessions send and make: one folder, gone with the app, however that ends."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kantelpunt.experiments.running.store import locked
from kantelpunt.model.errors import InputError

PREFIX = "kantelpunt-app-"


@contextmanager
def scratch() -> Iterator[Path]:
    """Have all temporary files of this process stand in one folder, which goes at the end.

    Leftovers of an app that was killed are removed at the start: its folder is locked as long as it lives.
    """
    above, before = Path(tempfile.gettempdir()), tempfile.tempdir
    sweep(above)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with locked(folder, os.O_RDONLY, shared=False):
        tempfile.tempdir = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = before
            shutil.rmtree(folder, ignore_errors=True)


def sweep(above: Path) -> None:
    """Clear away the folders of apps that are no more, as far as they are ours."""
    for folder in above.glob(f"{PREFIX}*"):
        with contextlib.suppress(InputError, OSError):
            if ours(folder):
                with locked(folder, os.O_RDONLY, shared=False):
                    shutil.rmtree(folder, ignore_errors=True)


def ours(folder: Path) -> bool:
    """Return whether this is a folder of this user, and one that can be locked."""
    return os.name == "posix" and not folder.is_symlink() and folder.is_dir() and folder.stat().st_uid == os.getuid()
