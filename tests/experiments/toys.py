"""A small plan, and a toy in place of the model."""

import os
import signal
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.study import Study
from kantelpunt.model.outcomes import OUTCOMES

FOLDERS = tempfile.TemporaryDirectory(prefix="kantelpunt-test-")  # gone when the tests end
COLUMN = list(OUTCOMES).index("recruited")
TABLE = {
    "title": "A small question",
    "people": 120,
    "years": 1,
    "points": 6,
    "worlds": 1,
    "compare": {"against": "today", "matters": 3.0},
    "scenario": {"today": {}, "youth": {"youth_activities": 1.0}, "raid": {"raid": 1.0}},
}


def plan_of(**changes):
    return Plan.read({**TABLE, **changes})


def study_of(plan=None, work=None, folder=None):
    """Return a study in a folder that nobody has."""
    folder = folder or Path(tempfile.mkdtemp(dir=FOLDERS.name)) / "study"
    return Study.of(plan or plan_of(), folder, work or Toy())


@dataclass(frozen=True)
class Toy:
    """A model whose youths recruited in the first week are luck of the world, and an effect of the scenario."""

    effects: dict = field(default_factory=dict)
    luck: float = 2.0

    def __call__(self, job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        rng = np.random.default_rng(job.seed)
        history[1, COLUMN] = 20.0 + self.luck * rng.standard_normal() + self.effects.get(job.name, 0.0) * rng.uniform(0.9, 1.1)
        return history


@dataclass(frozen=True)
class Deadly(Toy):
    """The toy, but some runs take their process along: once (if ``graves`` is a folder to remember it in), or always."""

    graves: str = ""
    victims: tuple = (("youth", 2),)

    def __call__(self, job):
        if (job.name, job.point) in self.victims:
            grave = Path(self.graves or os.devnull) / f"{job.name}-{job.point}"
            if not self.graves or not grave.exists():
                if self.graves:
                    grave.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(job)


def toy(effects, luck=2.0):
    return Toy(effects, luck)


def press_ctrl_c(what=signal.SIGINT):
    """Press Ctrl-C, and wait until it is noticed: the first one by another way to take the next, which insists."""
    before = signal.getsignal(what)
    signal.pthread_kill(threading.main_thread().ident, what)
    patience = time.monotonic() + 10.0
    while signal.getsignal(what) is before and time.monotonic() < patience:
        time.sleep(0.01)
