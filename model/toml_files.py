"""TOML of others, read as data: what makes far more of itself than it seems to hold is refused before it does."""

import codecs
import errno
import os
import re
import stat
import tomllib
from bisect import bisect_left
from pathlib import Path
from typing import Any

from .errors import InputError, Phrase, reason_of

DEEPEST = 50  # tables and lists inside each other, and parts of a key: a chain of keys takes the square of its length
MOST = 16_000_000  # bytes; a plan of 2,000 scenarios, written out, has one or two
CHAIN = re.compile(rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{DEEPEST}}}""")
LONG = re.compile(r"\b0[box]\w{1000}")  # a whole number that Python reads and does not write
KEYS = Phrase("allowed.toml_keys")


def read_toml(path: str | Path) -> dict[str, Any]:
    """Return the tables of a TOML file; raises InputError, naming the line, where it cannot be read."""
    try:
        with open(path, "rb", opener=at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
            content = file.read(MOST + 1)
    except OSError as error:
        raise InputError("file.unreadable", place=path, reason=reason_of(error)) from None
    if len(content) > MOST:
        raise InputError("file.unreadable", place=path, reason=Phrase("unreadable.too_large", most=MOST // 1_000_000))
    return tables(content, path)


def at_once(path: str, how: int) -> int:
    """Open a file without waiting for anybody: a pipe may have nobody who writes, and a device has no end."""
    return os.open(path, how | getattr(os, "O_NONBLOCK", 0))


def tables(content: bytes, place: str | Path = "") -> dict[str, Any]:
    """Return the tables of TOML; raises InputError, naming ``place`` and the line, where it cannot be read."""
    text = as_text(content, place)
    if CHAIN.search(text):
        raise InputError("file.deep_toml", place=place, allowed=KEYS)
    if found := LONG.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise InputError("file.not_toml", place=place, allowed=KEYS, line=line, reason="a number of thousands of digits")
    try:
        read = tomllib.loads(text)
    except RecursionError:
        raise InputError("file.deep_toml", place=place, allowed=KEYS) from None
    except ValueError as error:  # also a number of thousands of digits, which is no TOMLDecodeError
        raise InputError("file.not_toml", place=place, allowed=KEYS, line=line_of(error, text), reason=str(error)) from None
    if deep(read):
        raise InputError("file.deep_toml", place=place, allowed=KEYS)
    return read


def deep(table: dict[str, Any]) -> bool:
    """Return whether there are more tables and lists inside each other than anything here can need."""
    level: list[Any] = [table]
    for _ in range(DEEPEST):
        inner = (each for outer in level for each in (outer.values() if isinstance(outer, dict) else outer))
        level = [each for each in inner if isinstance(each, dict | list)]
    return bool(level)


def line_of(error: ValueError, text: str) -> int:
    """Return the line of a text at which TOML went wrong: with it, and not before, the same error comes."""
    lines = text.splitlines(keepends=True)

    def fails(n: int) -> bool:
        try:
            tomllib.loads("".join(lines[:n]))
        except ValueError as other:
            return str(other) == str(error)
        return False

    return bisect_left(range(1, len(lines)), True, key=fails) + 1


def as_text(content: bytes, place: str | Path) -> str:
    """Return a text, with or without a byte order mark; raises InputError where it is not UTF-8."""
    allowed = Phrase("allowed.utf_8")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("file.utf_16", place=place, allowed=allowed)
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("file.not_utf_8", place=place, allowed=allowed, line=line) from None
