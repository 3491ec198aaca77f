"""Calibration in waves: every wave learns from all runs before it, and looks where nothing is ruled out yet.

    1   the first wave varies all that is uncertain, and tells which parameters any target feels (`screening.py`)
    2   an emulator of each target is fitted to all runs (`emulation.py`), and very many settings are drawn as likely as
        points are; those that an emulator rules out fall away; what is left fills a share of the ranges
    3   settings that lie apart are run, drawn from what is left by the chance that no target rules them out; and again from 2

The settings that are kept were all run, and no target rules them out.  Only parameters that some target feels, at most 40, are
narrowed; all others are drawn anew in each wave as in the first one, so that the set says nothing of them that nobody knows,
and holds whatever they are.  A wave is a study in the folder of the first one (wave-2, wave-3 ...), so nothing is run twice.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kantelpunt.model.registry import quantities

from ...design import sampling
from ...design.plan import Plan
from ...running.files import inside
from ...running.jobs import RunFunction, run_job
from ...running.store import POINTS, Store
from ...study import Study
from .emulation import Emulator, allowed, chances, coverage, emulators
from .matching import Found, Target, found, matched
from .screening import COLUMNS, screened

MOST_FELT = 40
CANDIDATES = 20_000
ENOUGH = 20  # candidates for every setting of a wave
ROUNDS = 30  # of moves among what is left, where too little of it was drawn
LATER = 0.5  # settings of a later wave, for each of the first


class Part(NamedTuple):
    """A plan whose points are held against targets; ``name`` is that of its folder, "" for the first part."""

    plan: Plan
    targets: list[Target]
    name: str = ""


class Calibrated(NamedTuple):
    """The result: all runs; how many of these settings the first wave had; one row per wave; what each target responds to."""

    study: Study  # the first part of the first wave
    found: Found
    first: int
    waves: pd.DataFrame
    screening: pd.DataFrame


Run = Callable[[Study], object]
Tell = Callable[[int, int, float], object]  # which wave begins, its settings, and the share of the ranges that is left


def waves(
    parts: Sequence[Part], folder: Path, n: int, run: Run, tell: Tell = lambda *_: None, work: RunFunction = run_job
) -> Calibrated:
    """Return what up to n waves come to; ``run`` runs a study, ``tell`` is told which wave begins."""
    study, seen = one_wave(parts, folder, 1, None, run, work)
    first = len(seen.means)
    told = screened(seen.parameters, seen.means)
    rows: list[dict[str, Any]] = [{"points": first, "kept": matched(seen).share}]
    moves = told[told["felt"] != "no"].drop(columns=list(COLUMNS)).head(MOST_FELT)
    size, space = max(2, round(LATER * first)), Space(parts[0].plan, tuple(map(str, moves.index)))
    for wave in range(2, n + 2) if n > 1 and len(moves) else ():
        known = emulators(seen, moves)
        candidates, left = space.left(known, size, wave)
        rows[-1]["left"] = left
        if wave > n or not len(candidates):
            break
        tell(wave, size, left)
        _, new = one_wave(parts, folder, wave, space.points(candidates, known, size, wave), run, work)
        rows.append({"points": len(new.means), "kept": matched(new).share, "coverage": coverage(known, new)})
        seen = after(seen, new)
    table = pd.DataFrame(rows, columns=["points", "kept", "coverage", "left"], index=pd.RangeIndex(1, len(rows) + 1, name="wave"))
    return Calibrated(study, seen, first, table, told)


def one_wave(
    parts: Sequence[Part], folder: Path, wave: int, points: pd.DataFrame | None, run: Run, work: RunFunction
) -> tuple[Study, Found]:
    """Return the first study of a wave, and what its settings came to: all parts live the same settings."""
    studies, seen = [], []
    for part in parts:
        place = inside(folder, *filter(None, (f"wave-{wave}" if wave > 1 else "", part.name)))
        study = Study.of(part.plan.asked(seed=part.plan.seed + wave - 1), place, work)
        store = Store(place)
        if points is not None:
            study = study.points(store.points() if store.exists and store.holds(POINTS) else points)
        run(study)
        points = study.parameters
        studies.append(study)
        seen.append(found(study, part.targets))
    return studies[0], beside(seen)


def beside(parts: Sequence[Found]) -> Found:
    """Return what the same settings came to in several studies."""
    means, luck = (pd.concat(some, axis=1) for some in ([each.means for each in parts], [each.luck for each in parts]))
    targets = {name: target for each in parts for name, target in each.targets.items()}
    return Found(means, luck, targets, parts[0].parameters)


def after(before: Found, new: Found) -> Found:
    """Return what settings came to and then others, numbered on."""

    def joined(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([one, other], ignore_index=True).rename_axis("point")

    parameters = joined(before.parameters, new.parameters)
    return Found(joined(before.means, new.means), joined(before.luck, new.luck), before.targets, parameters)


class Space(NamedTuple):
    """The ranges of parameters that are felt, each as the share of plausible values below it, from 0 to 1."""

    plan: Plan
    names: tuple[str, ...]

    def values(self, shares: np.ndarray) -> pd.DataFrame:
        """Return the parameters at these shares."""
        known = quantities()
        columns = {name: sampling.numbers(known[name], shares[:, i], self.plan.spread)[1:] for i, name in enumerate(self.names)}
        return pd.DataFrame(columns)

    def left(self, known: Sequence[Emulator], size: int, wave: int) -> tuple[np.ndarray, float]:
        """Return settings that no emulator rules out, enough for a wave, and the share of the ranges that they stand for.

        Where few of those that are drawn are left, others come by steps along the difference of two of these (ter Braak 2006),
        which keeps them as likely as they are.
        """
        rng = np.random.default_rng([self.plan.seed, wave])
        drawn = rng.random((CANDIDATES, len(self.names)))
        kept = drawn[allowed(known, self.values(drawn))]
        share = len(kept) / CANDIDATES
        for _ in range(ROUNDS):
            if not 3 <= len(kept) < ENOUGH * size:
                break
            one, two, three = rng.integers(len(kept), size=(3, ENOUGH * size))
            step = rng.normal(2.38 / np.sqrt(2 * len(self.names)), 0.1, (ENOUGH * size, 1))
            moved = folded(kept[one] + step * (kept[two] - kept[three]))
            kept = np.concatenate([kept, moved[allowed(known, self.values(moved))]])
        return kept, share

    def points(self, candidates: np.ndarray, known: Sequence[Emulator], size: int, wave: int) -> pd.DataFrame:
        """Return settings that lie apart: by chance, one by lot from each cluster of candidates; all else as a plan draws it."""
        from sklearn.cluster import KMeans

        rng = np.random.default_rng([self.plan.seed, wave, 1])
        chance = chances(known, self.values(candidates)) + np.finfo(float).tiny
        drawn = np.unique(rng.choice(len(candidates), ENOUGH * size, p=chance / chance.sum()))
        size = min(size, len(drawn))
        groups = KMeans(size, n_init=1, random_state=wave).fit_predict(candidates[drawn])
        chosen = [rng.choice(drawn[groups == each]) for each in np.unique(groups)]
        varied = {name: quantities()[name] for name in self.plan.vary} or sampling.uncertain()
        others = sampling.points(len(chosen) + 1, self.plan.seed + wave, self.plan.spread, varied)[1:]
        table = sampling.as_points(others)
        table[list(self.names)] = self.values(candidates[chosen]).to_numpy()
        return table


def folded(shares: np.ndarray) -> np.ndarray:
    """Return shares inside 0 and 1: what goes beyond an end comes back by as much."""
    return 1.0 - np.abs(1.0 - np.abs(shares) % 2.0)
