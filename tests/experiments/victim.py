"""A study in a process of its own, to be killed: `python -m tests.experiments.victim FOLDER [RUNS]`."""

import sys

from tests.experiments.toys import plan_of, study_of

SCENARIOS = {"today": {}, "youth": {"youth_activities": 1.0}}


def plan_of_many(runs):
    return plan_of(points=100, worlds=runs // 200, scenario=SCENARIOS, spread=0.2)


if __name__ == "__main__":
    folder, runs = sys.argv[1], int(sys.argv[2])
    print("begins", flush=True)
    study_of(plan_of_many(runs), folder=folder).run(quiet=True)
    print("ends", flush=True)
