"""Standard output and error: an answer is lost neither to a code page, nor to a full disk, nor to a closed pipe."""

import codecs
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NEAR = "kantelpunt.near"
NEARBY = {"−": "-", "–": "-", "—": "-", "…": "...", "€": "EUR", "±": "+/-", "×": "x", "≤": "<=", "≥": ">=", "→": "->", "·": ".",
          "“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'", "\u00a0": " "}  # fmt: skip


def near(error: UnicodeError) -> tuple[str, int]:
    """Return what stands in for characters that an encoding lacks: the nearest of ASCII, and ? where there is none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain, error.object[error.start : error.end])), error.end


def plain(character: str) -> str:
    """Return a character in ASCII."""
    known = NEARBY.get(character) or unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return known or ("" if unicodedata.combining(character) else "?")


def any_code_page() -> None:
    """Have standard output and error write whatever they are given, in the encoding that they have."""
    codecs.register_error(NEAR, near)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NEAR)


@contextmanager
def to_the_end() -> Iterator[None]:
    """Have all that was printed arrive before the process ends; leave with code 2 where standard output takes no more."""
    try:
        try:
            yield
        finally:
            flush()
    except OSError as error:
        if error.filename is not None or error.errno not in FULL:
            raise
        silence()
        if sys.stderr is not None:
            sys.stderr.write(f"standard output: {error.strerror}\n")
        raise SystemExit(2) from None


def flush() -> None:
    """Write out what was printed; nobody has to be there to read it."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        silence()


def silence() -> None:
    """Send what is left for standard output nowhere, so that Python does not try again when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
