"""Sizes of the pages of a Parquet file, as they say them themselves, before any of them is unpacked.

A page is unpacked into as many bytes as its own header says, whatever the footer of the file says: so all headers are looked
at.  They are structures of Thrift's compact protocol (https://github.com/apache/parquet-format).
"""

from collections.abc import Iterator
from typing import Any

UNPACKED, PACKED = 2, 3  # fields of a header: bytes of the page, once unpacked and as it lies in the file
TRUE, FALSE, BYTE, DOUBLE, BINARY, STRUCT = 1, 2, 3, 7, 8, 12  # types of fields that are no whole numbers; a header has no lists
WHOLE = (4, 5, 6)
DEEPEST = 5  # structures inside each other; a header has three
MOST_PAGES = 100_000  # of a file


class Lying(ValueError):
    """Headers of pages do not say what they should."""


def unpacked(data: bytes, metadata: Any) -> int:
    """Return how many bytes the largest group of rows takes once unpacked, as its pages say; raises Lying.

    Parameters
    ----------
    data : a whole Parquet file.
    metadata : its footer, as Arrow gives it.
    """
    most = pages = 0
    for i in range(metadata.num_row_groups):
        group, together = metadata.row_group(i), 0
        for column in map(group.column, range(group.num_columns)):
            sizes = list(sizes_of(data, column))
            if sum(sizes) > column.total_uncompressed_size:
                raise Lying
            together, pages = together + sum(sizes), pages + len(sizes)
            if pages > MOST_PAGES:
                raise Lying
        most = max(most, together)
    return most


def sizes_of(data: bytes, column: Any) -> Iterator[int]:
    """Yield how many bytes each page of a column takes once unpacked."""
    at = column.data_page_offset
    if column.has_dictionary_page and 0 < column.dictionary_page_offset < at:
        at = column.dictionary_page_offset
    end = at + column.total_compressed_size
    if not 0 < at <= end <= len(data):
        raise Lying
    while at < end:
        header = Header(data, at)
        fields = header.structure()
        size, lies = fields.get(UNPACKED, -1), fields.get(PACKED, -1)
        at = header.at + lies
        if min(size, lies) < 0 or at > end:
            raise Lying
        yield size


class Header:
    """A structure of Thrift's compact protocol, read from a place on; ``at`` is where it ends."""

    def __init__(self, data: bytes, at: int) -> None:
        """Begin at a place."""
        self.data, self.at = data, at

    def structure(self, depth: int = 1) -> dict[int, int]:
        """Return the whole numbers among its fields, by number; raises Lying where it is none."""
        if depth > DEEPEST:
            raise Lying
        found, number = dict[int, int](), 0
        while (kind := self.byte()) != 0:
            number = number + (kind >> 4) if kind >> 4 else self.whole()
            if kind & 15 in WHOLE:
                found[number] = self.whole()
            else:
                self.skip(kind & 15, depth)
        return found

    def skip(self, kind: int, depth: int) -> None:
        """Pass over a value."""
        if kind in WHOLE:
            self.whole()
        elif kind == STRUCT:
            self.structure(depth + 1)
        elif kind in (BYTE, DOUBLE, BINARY):
            length = {BYTE: 1, DOUBLE: 8}.get(kind) or self.varint()
            self.at += length
        elif kind not in (TRUE, FALSE):
            raise Lying

    def byte(self) -> int:
        """Return the next byte."""
        if self.at >= len(self.data):
            raise Lying
        self.at += 1
        return self.data[self.at - 1]

    def varint(self) -> int:
        """Return the next number without a sign: seven bits a byte, the last ones first."""
        found = shift = 0
        while shift < 64:
            byte = self.byte()
            found |= (byte & 127) << shift
            if byte < 128:
                return found
            shift += 7
        raise Lying

    def whole(self) -> int:
        """Return the next whole number."""
        found = self.varint()
        return (found >> 1) ^ -(found & 1)
