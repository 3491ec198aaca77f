"""A full room on the line of the app, where living a world and drawing a page are naps: what becomes of answers, within a minute.

    uv run python -m tests.bench.room                      # 50 sessions, twenty times as quick as in life
    uv run python -m tests.bench.room --draw 0.15 --calm 0

It shows what order and rest in the line do, whatever else runs on the machine; `tests.bench.app moving` measures the app itself.
A drawing holds the one lock that Python has, takes half as long again while worlds live on both cores, and shows all that
came before it began.
"""

import argparse
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from kantelpunt.viz.app.compare.quick_answer import CALM, STEPS
from kantelpunt.viz.app.work_queue import Asking, Line

from .app import DRAG, LOOK, LOST, MOVING

QUICKER, SECONDS = 20.0, 180.0
Place = tuple[int, int]  # where a slider stands, and in how many worlds that is answered


def nap(seconds: float) -> None:
    """Wait for so long, in the time of the room."""
    time.sleep(seconds / QUICKER)


def sharper(asked: Place) -> Place | None:
    """Return the same in more worlds, as long as there are more."""
    return next(((asked[0], step) for step in STEPS if step > asked[1]), None)


class Room:
    """Sessions that drag a slider, wait for the answer, look at it, and drag again.

    Parameters
    ----------
    draw, world : seconds of a processor that a page, and a world, take.
    calm : seconds without a move before answers are sharpened.
    """

    def __init__(self, draw: float, world: float, calm: float) -> None:
        """Begin with nothing known."""
        self.draw, self.world = draw, world
        self.lock, self.living, self.drawn = threading.Lock(), False, 0
        self.lived: dict[int, int] = {}
        self.times: list[float] = []
        self.line = Line(self.live, rank=lambda asked: STEPS.index(asked[1]), better=sharper, calm=calm / QUICKER)

    def live(self, asked: Place, stale: Callable[[], bool]) -> Place | None:
        """Live the worlds of a question, two at a time."""
        place, worlds = asked
        while self.lived.setdefault(place, 0) < worlds:
            if stale():
                return None
            self.living = True
            nap(self.world)
            self.lived[place] += 2
        self.living = False
        return asked

    def show(self) -> None:
        """Draw a page; the lock is held."""
        self.drawn += 1
        nap(self.draw * (1.5 if self.living else 1.0))


class Session:
    """One session in a room."""

    def __init__(self, room: Room, number: int) -> None:
        """Sit down."""
        self.room, self.dice, self.at = room, random.Random(number), 100
        self.told: int | None = None
        self.changed, self.answered, self.left = threading.Event(), threading.Event(), False
        self.asking = Asking(room.line, self.tell)

    def tell(self, found: Any) -> None:
        """Take an answer, and ask for a sharper one."""
        self.told = found[0]
        self.changed.set()
        if found[0] == self.at and (more := sharper(found)):
            self.asking.ask(more)

    def paint(self) -> None:
        """Draw what has changed, as often as that happens."""
        while not self.left:
            self.changed.wait()
            with self.room.lock:
                self.changed.clear()
                current = self.told == self.at
                self.room.show()
            if current:
                self.answered.set()

    def play(self, end: float) -> None:
        """Drag, wait and look until it is time."""
        threading.Thread(target=self.paint, daemon=True).start()
        while time.monotonic() < end:
            nap(self.dice.uniform(*LOOK))
            for _ in range(self.dice.randint(*DRAG)):
                self.at, self.told = (self.at + self.dice.choice((-10, -5, 5, 10))) % 105, None
                self.answered.clear()
                self.changed.set()
                self.asking.ask((self.at, STEPS[0]))
                nap(0.15)
            begin = time.monotonic()
            came = self.answered.wait(LOST / QUICKER)
            self.room.times.append((time.monotonic() - begin) * QUICKER if came else np.inf)
        self.asking.close()
        self.left = True
        self.changed.set()


def main() -> None:
    """Print how long answers take, and how many never came."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.room", description="A full room in simulated time.")
    parser.add_argument("--sessions", type=int, default=MOVING)
    parser.add_argument("--draw", type=float, default=0.1, help="seconds of a processor that drawing a page takes (0.1)")
    parser.add_argument("--world", type=float, default=0.45, help="and living a world (0.45)")
    parser.add_argument("--calm", type=float, default=CALM, help=f"without a move before answers are sharpened ({CALM})")
    asked = parser.parse_args()
    room, end = Room(asked.draw, asked.world, asked.calm), time.monotonic() + SECONDS / QUICKER
    people = [threading.Thread(target=Session(room, i).play, args=(end,)) for i in range(asked.sessions)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    median, most, longest = np.quantile(room.times, [0.5, 0.95, 1.0])
    lost = sum(map(np.isinf, room.times))
    shares = f"median {median:.1f}, 95 % {most:.1f}, longest {longest:.1f}"
    print(f"{len(room.times)} answers, {lost} lost; seconds: {shares}; drawn {room.drawn}")


if __name__ == "__main__":
    main()
