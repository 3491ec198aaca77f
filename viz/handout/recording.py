"""Two worlds recorded week by week, so that a page without any model can play them.

Everybody has one row, by identity, with all weeks beside each other: people come back to the same few places, so rows pack into
half of what changes from week to week do.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kantelpunt.model.outcomes import OUTCOMES

from ..app.learn.lessons import Lesson
from ..app.learn.maps import smoothed
from ..app.learn.paired_worlds import DOT, LIT, PairedWorlds

NOWHERE = 65_535  # the cell of who does not live there, or is in detention
STAGES = 8  # role + STAGES * stage is what one byte says of somebody in a week


@dataclass
class Blob:
    """Arrays one after another, and where each begins."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, array: np.ndarray) -> dict[str, Any]:
        """Hold an array; return where it stands, by the name that JavaScript has for its numbers."""
        gap = -self.size % 8
        told = {"at": self.size + gap, "length": array.size, "kind": array.dtype.str[1:]}
        self.parts += [bytes(gap), np.ascontiguousarray(array).tobytes()]
        self.size += gap + array.nbytes
        return told

    def packed(self) -> bytes:
        """Return all of it, the same bytes at any time."""
        return gzip.compress(b"".join(self.parts), 9, mtime=0)


def recorded(lesson: Lesson, seed: int, blob: Blob, told: Callable[[], None]) -> tuple[dict[str, Any], PairedWorlds]:
    """Record both worlds of a lesson into a blob; return where everything stands, and the worlds at their end.

    Parameters
    ----------
    told : called after every week.
    """
    twins, frames = lesson.twins(seed), []
    for week in range(twins.weeks + 1):
        twins.go_to(week)
        frames.append(twins.frame(lesson.layer))
        told()
    sides = [side(lesson, twins, frames, i, blob) for i in range(2)]
    return {"sides": sides}, twins


def side(lesson: Lesson, twins: PairedWorlds, frames: list[Any], i: int, blob: Blob) -> dict[str, Any]:
    """Return where one world stands in a blob: people, layer, what lights up, and the courses of its outcomes."""
    weeks = [np.frombuffer(dots[i], DOT) for _, dots in frames]
    who, first = np.unique(np.concatenate([each["who"] for each in weeks]), return_index=True)
    lasting = np.concatenate(weeks)[first]
    cells = np.full((len(who), len(weeks)), NOWHERE, np.uint16)
    looks = np.zeros((len(who), len(weeks)), np.uint8)
    lit: list[tuple[int, int]] = []
    for week, dots in enumerate(weeks):
        rows = np.searchsorted(who, dots["who"])
        cells[rows, week] = dots["cell"]
        looks[rows, week] = dots["role"] + STAGES * dots["stage"]
        lit += [(week, int(row)) for row in rows[(dots["mark"] & LIT) > 0]]
    shades = np.array([np.frombuffer(layers[i], np.uint8) for layers, _ in frames])
    return {
        "who": blob.add(who),
        "across": blob.add(lasting["across"]),
        "down": blob.add(lasting["down"]),
        "cells": blob.add(cells),
        "looks": blob.add(looks),
        "lit": blob.add(np.array(lit, np.uint16).reshape(-1, 2)),
        "shades": blob.add(np.diff(shades, axis=0, prepend=np.zeros_like(shades[:1]))),
        "courses": [blob.add(course(lesson, twins, outcome, i)) for outcome in lesson.charts],
    }


def course(lesson: Lesson, twins: PairedWorlds, outcome: str, i: int) -> np.ndarray:
    """Return an outcome of every week as a chart draws it."""
    values = twins.course(outcome)[i]
    drawn = values.cumsum() if outcome in lesson.added else smoothed(values, OUTCOMES[outcome].unit)
    return drawn.astype(np.float32)
