"""A small plan, and a toy in place of the model."""

import signal
import threading
import time

import numpy as np

from experiments.plan import Plan
from model.outcomes import OUTCOMES

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


def toy(effects, luck=2.0):
    """Return a model whose youths recruited in the first week are luck of the world, and an effect of the scenario."""

    def work(job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        rng = np.random.default_rng(job.seed)
        history[1, COLUMN] = 20.0 + luck * rng.standard_normal() + effects.get(job.name, 0.0) * rng.uniform(0.9, 1.1)
        return history

    return work


def press_ctrl_c():
    """Press Ctrl-C, and wait until it is noticed."""
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    time.sleep(0.05)
