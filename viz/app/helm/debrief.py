"""The debrief of a game: the same luck with other choices, and how much of a difference is luck.  Knows no browser."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from kantelpunt.experiments.running.engines import cores
from kantelpunt.model.interventions.systemic_working import STEP
from kantelpunt.model.outcomes import OUTCOMES, better, is_total
from kantelpunt.model.policies import Budget, Policy, Seen, equal_parts, team
from kantelpunt.model.simulation import simulate
from kantelpunt.viz.report import wording
from kantelpunt.viz.text import Text, capital

from .dilemmas import PARTS, YEARS, Dilemmas
from .game import Game, Move, available, by_hand, scenario

JUDGED = ("recruited", "incidents", "trust_institutions")
OWN, NOTHING, EQUAL, TEAM = "own", "nothing", "equal", "team"
WORLDS = 8


class Course(NamedTuple):
    """How a neighbourhood could have been steered: what was chosen in dilemmas, and who divided the money."""

    dilemmas: Dilemmas
    moves: tuple[Move, ...]
    policy: Policy

    def lived(self, seed: int) -> np.ndarray:
        """Return its outcomes week by week in a world."""
        return simulate(scenario(self.dilemmas, self.moves), seed, policy=self.policy).world.history


class Debrief(NamedTuple):
    """The outcomes of each course: name -> outcomes, shape (worlds, JUDGED); the first world is that of the game."""

    found: dict[str, np.ndarray]

    def beaten(self, name: str) -> list[tuple[int, int]]:
        """Return, by outcome, in how many worlds the room's own course is better than another, and in how many it is worse."""
        ways = np.array([1.0 if better(each) == "higher" else -1.0 for each in JUDGED])
        ahead = ways * (self.found[OWN] - self.found[name])
        return list(zip((ahead > 0.0).sum(axis=0).tolist(), (ahead < 0.0).sum(axis=0).tolist(), strict=True))


def limited(policy: Policy, shares: list[float], quarter: int, seen: Seen) -> Budget:
    """Return what a policy decides with the share of the budget that the room has left."""
    return policy(quarter, seen._replace(budget=shares[quarter] * seen.budget))


def nothing(quarter: int, seen: Seen) -> Budget:
    """Return a budget that spends nothing."""
    return {}


def courses(game: Game) -> dict[str, Course]:
    """Return the room's own course, three others with the same choices in dilemmas, and its own with each choice turned."""
    known, moves = game.dilemmas, game.moves
    shares = [parts / PARTS for parts in available(known, moves)]
    others: dict[str, Policy] = {EQUAL: equal_parts, TEAM: partial(team, STEP.default)}
    found = {OWN: Course(known, moves, by_hand(moves)), NOTHING: Course(known, moves, nothing)}
    found |= {name: Course(known, moves, partial(limited, policy, shares)) for name, policy in others.items()}
    for name, dilemma in known.by_name.items():
        for choice in dilemma.choices:
            if choice != moves[dilemma.quarter].choice:
                turned = (
                    *moves[: dilemma.quarter],
                    replace(moves[dilemma.quarter], choice=choice),
                    *moves[dilemma.quarter + 1 :],
                )
                found[f"{name}.{choice}"] = Course(known, turned, by_hand(affordable(known, turned)))
    return found


def affordable(dilemmas: Dilemmas, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Return moves that spend no more than there would have been: parts go from the last card that has any."""
    made = []
    for move, most in zip(moves, available(dilemmas, moves), strict=True):
        parts = list(move.parts)
        while sum(parts) > most:
            parts[max(i for i, n in enumerate(parts) if n)] -= 1
        made.append(replace(move, parts=tuple(parts)))
    return tuple(made)


def told_as(t: Text, outcome: str) -> str:
    """Return how an outcome is told of: what it is, over which time, and in what."""
    unit = OUTCOMES[outcome].unit
    over = wording.over(t, outcome, YEARS)
    scale = f", {t.named('units', unit, unit)}" if not is_total(outcome) and unit != "share" else ""
    return f"{capital(wording.outcome_name(t, outcome))} ({over}{scale})"


def judged(course: Course, seed: int) -> list[float]:
    """Return the outcomes of a course in a world: of what is counted the sum over all years, of a level the last year."""
    history = course.lived(seed)
    columns = [history[1:, list(OUTCOMES).index(each)] for each in JUDGED]
    return [
        float(column.sum() if is_total(each) else column[-(len(column) // YEARS) :].mean())
        for each, column in zip(JUDGED, columns, strict=True)
    ]


@cache
def aside() -> ThreadPoolExecutor:
    """Return threads for ends of games, one fewer than cores: long ones leave room for answers that others wait for."""
    return ThreadPoolExecutor(max(cores() - 1, 1), thread_name_prefix="debrief")


def debrief(game: Game, worlds: int = WORLDS, wanted: Callable[[], bool] = lambda: True) -> Debrief | None:
    """Return what came of the game and of what could have been, in so many worlds; None where nobody waits for it any more."""
    asked = courses(game)

    def lived(course: Course, seed: int) -> list[float] | None:
        return judged(course, seed) if wanted() else None

    seeds = range(game.seed, game.seed + worlds)
    tasks = {name: [aside().submit(lived, course, seed) for seed in seeds] for name, course in asked.items()}
    found = {name: [task.result() for task in some] for name, some in tasks.items()}
    if not wanted():
        return None
    return Debrief({name: np.array(some, float) for name, some in found.items()})
