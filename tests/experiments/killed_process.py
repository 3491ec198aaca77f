"""A study in a process of its own, to be killed or weighed: `python -m tests.experiments.killed_process FOLDER RUNS`.

It prints "begins", and at the end how many MiB it took at its peak over what it had at the start (Linux: else 0).
"""

import re
import sys
from pathlib import Path

from tests.experiments.toys import plan_of, study_of

SCENARIOS = {"today": {}, "youth": {"youth_activities": 1.0}}
STATUS = Path("/proc/self/status")


def plan_of_many(runs):
    return plan_of(points=100, worlds=runs // 200, scenario=SCENARIOS, spread=0.2)


def mebibytes(what):
    return int(re.search(what + r":\s+(\d+)", STATUS.read_text())[1]) // 1024 if STATUS.exists() else 0


if __name__ == "__main__":
    study = study_of(plan_of_many(int(sys.argv[2])), folder=sys.argv[1])
    if STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = mebibytes("VmRSS")
    print("begins", flush=True)
    study.run(quiet=True)
    print(mebibytes("VmHWM") - before, flush=True)
