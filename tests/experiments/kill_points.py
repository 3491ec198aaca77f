"""A study whose process dies at every moment at which it touches the disk: `python -m tests.experiments.kill_points FOLDER HAD`.

Moment k of it (opening to write, renaming, removing, making a folder, flushing) is the last of a child, which leaves
FOLDER/k/study.  It has two points; HAD of them were done before.  It prints how many moments there are.
"""

import os
import shutil
import sys
from itertools import count
from pathlib import Path

from tests.experiments.toys import plan_of, study_of

KILLED = 9
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
TOUCHES = {"os.rename", "os.mkdir", "os.remove", "flush"}


def small_study(folder, points=2):
    return study_of(plan_of(points=points, worlds=2, scenario={"today": {}, "youth": {"youth_activities": 1.0}}), folder=folder)


def die_at(moment):
    """Have this process die when it is about to touch the disk for so many times, as if somebody pulled the plug."""
    left = [moment]

    def touched(event, arguments):
        if event in TOUCHES or (event == "open" and arguments[2] & WRITING):
            left[0] -= 1
            if left[0] < 0:
                os._exit(KILLED)

    sys.addaudithook(touched)
    fsync = os.fsync
    os.fsync = lambda handle: (touched("flush", ()), fsync(handle))


def child(folder, moment):
    """Return whether a child died at this moment of a study, and did not come to its end before."""
    process = os.fork()
    if process == 0:
        study = small_study(folder)
        die_at(moment)
        study.run(engine=1, quiet=True)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if code not in (0, KILLED):
        raise RuntimeError(f"the study ended with {code}")
    return code == KILLED


if __name__ == "__main__":
    folder, had = Path(sys.argv[1]), int(sys.argv[2])
    before = folder / "before"
    before.mkdir()
    if had:
        small_study(before / "study", had).run(engine=1, quiet=True)
    for moment in count():
        shutil.copytree(before, folder / str(moment))
        if not child(folder / str(moment) / "study", moment):
            print(moment)
            break
