"""Seals: a file says itself what it has to hold, so that a single changed bit is noticed.

A seal is two words and 32 hexadecimal digits somewhere in the file: the BLAKE2b hash of the whole file with zeros in place of
the digits.  It is written with the file, so no power cut comes between the two, and it goes along wherever the file is copied.

A file without a trace of a seal was written by hand, or by an earlier version; nothing speaks for or against it here.
"""

import re
from hashlib import blake2b

NAMES = b"kantelpunt-seal", b"blake2b:"  # two, so that no single bit takes away every trace
ZEROS = b"0" * 32
BLANK = b" ".join((NAMES[0], NAMES[1] + ZEROS)).decode()  # what a file holds before it is sealed
SEAL = re.compile(rb"%b %b([0-9a-f]{32})" % NAMES)


def sealed(data: bytes) -> bytes:
    """Return a file whose blank seal is filled in; raises ValueError where it holds none."""
    at = data.index(BLANK.encode()) + len(BLANK) - len(ZEROS)
    return data[:at] + hashed(data, at) + data[at + len(ZEROS) :]


def hashed(data: bytes, at: int) -> bytes:
    """Return the hash of a file in which zeros stand from here."""
    view, found = memoryview(data), blake2b(digest_size=len(ZEROS) // 2)
    for part in (view[:at], ZEROS, view[at + len(ZEROS) :]):
        found.update(part)
    return found.hexdigest().encode()


def seal_of(data: bytes) -> str:
    """Return the seal that a file keeps, or "" where it is damaged or has none."""
    return next((each[1].decode() for each in SEAL.finditer(data) if hashed(data, each.start(1)) == each[1]), "")


def unsealed(data: bytes) -> bool:
    """Return whether a file shows no trace of a seal."""
    return not any(name in data for name in NAMES)


def whole(data: bytes) -> bool:
    """Return whether nothing speaks against a file: it holds something, and keeps its seal or never had one."""
    return bool(seal_of(data)) or (bool(data) and unsealed(data))
