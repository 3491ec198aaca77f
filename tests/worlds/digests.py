"""What many worlds come to, to the last bit: `uv run python -m tests.worlds.digests`.

A change that must not move a number is held to it: print this before and after, and compare.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from kantelpunt.model import Scenario
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.shared.events import happened
from kantelpunt.model.simulation import Simulation, digest

EVERYTHING = [{"kind": kind, "ramp": 0} for kind in catalogue() if kind != "raid"]
RAIDS = [{"kind": "raid", "date": week, "share": 0.6} for week in (2, 53)]
TEAM = [{"kind": "systemic_working", "ramp": 0}]
WORLDS: list[tuple[dict[str, Any], int]] = [  # scenario and seed: one tile, four and nine; nothing done, something, everything
    ({"area": "overvecht", "people": 400}, 1),
    ({"area": "overvecht", "people": 400, "interventions": [*EVERYTHING, *RAIDS]}, 6),
    ({"area": "tilburg-noord", "people": 2_000}, 1),
    ({"area": "contrast", "people": 2_000, "interventions": TEAM}, 3),
    ({"area": "tilburg-noord", "people": 7_000}, 2),
    ({"area": "overvecht", "people": 9_000, "interventions": [*EVERYTHING, *RAIDS]}, 4),
    ({"area": "contrast", "people": 12_000, "interventions": TEAM}, 5),
    ({"area": "overvecht", "people": 12_000, "interventions": [*TEAM, *RAIDS]}, 7),
    ({"area": "tilburg-noord", "people": 23_000, "interventions": [*EVERYTHING, *RAIDS]}, 8),
]


def story(simulation: Simulation) -> str:
    """Return a hex digest of all events, in the order in which they happened."""
    hasher, events = hashlib.blake2b(digest_size=8), happened(simulation.world)
    for name in events.dtype.names:
        hasher.update(np.ascontiguousarray(events[name]).tobytes())
    return hasher.hexdigest()


def lines() -> Iterator[str]:
    """Yield a line a world, with and without a log."""
    for keys, seed in WORLDS:
        for events in (False, True):
            simulation = Simulation(Scenario(years=2, **keys), seed, events)
            simulation.advance(70)
            done = len(keys.get("interventions", ()))
            what = f"{keys['area']}, {keys['people']:,} people, {done} interventions, seed {seed}"
            yield f"{digest(simulation.world)} {story(simulation) if events else 'no log':>16} {what}"


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
