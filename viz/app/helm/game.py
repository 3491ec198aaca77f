"""The game: a room divides a budget every quarter of a year, by what its organisations see, and chooses in dilemmas.

Nothing here knows a browser.  A game is what was chosen so far; its world is lived again from the start whenever somebody looks,
and is the same world up to the last choice, since chance is a function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from typing import Self

from kantelpunt.model.interventions import Intervention, build
from kantelpunt.model.interventions.systemic_working import BUDGET
from kantelpunt.model.policies import Budget, Policy, Seen
from kantelpunt.model.policies.seen import QUARTER
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import Simulation

from .dilemmas import GAME, PARTS, QUARTERS, YEARS, Dilemmas, dilemmas_of, ours

CARDS = (
    "visible_presence", "small_visible_actions", "reachable_municipality", "youth_activities", "mentoring", "person_centred",
    "family_approach", "hot_spot_enforcement",
)  # fmt: skip
FIRST_SEED, LAST_SEED = 1, 10**9
BETWEEN, MARK = ".", "-"  # moves in an address, and the choice in one of them


@dataclass(frozen=True)
class Move:
    """The choices of a room for one quarter of a year: parts of the budget by card, and in its dilemma where there is one."""

    parts: tuple[int, ...] = (0,) * len(CARDS)
    choice: str = ""


@dataclass(frozen=True)
class Game:
    """A game as far as it has been played, and what lies on the table for the next quarter of a year."""

    seed: int = FIRST_SEED
    moves: tuple[Move, ...] = ()
    draft: Move = Move()
    called: str = ""  # how an address calls its dilemmas
    dilemmas: Dilemmas = field(default_factory=ours)

    @property
    def quarter(self) -> int:
        """Return the quarter of a year that is to be decided."""
        return len(self.moves)

    @property
    def ended(self) -> bool:
        """Return whether all quarters have been played."""
        return self.quarter == QUARTERS

    @property
    def dilemma(self) -> str:
        """Return the dilemma that lies before the room."""
        return self.dilemmas.before(self.quarter)

    @property
    def left(self) -> int:
        """Return the parts that may still be spent in this quarter."""
        return available(self.dilemmas, (*self.moves, self.draft))[-1] - sum(self.draft.parts)

    @property
    def ready(self) -> bool:
        """Return whether the quarter can begin: what had to be chosen is chosen, and no more is spent than there is."""
        return not self.ended and bool(self.draft.choice) == bool(self.dilemma) and self.left >= 0

    def part(self, card: int, more: int) -> Self:
        """Return the game with parts more, or fewer, for a card; the same where there are none."""
        parts = list(self.draft.parts)
        parts[card] += more
        changed = replace(self, draft=replace(self.draft, parts=tuple(parts)))
        return changed if parts[card] >= 0 and (more < 0 or changed.left >= 0) else self

    def choose(self, choice: str) -> Self:
        """Return the game with a choice in its dilemma; the same for what cannot be chosen."""
        known = self.dilemma and choice in self.dilemmas.choices(self.dilemma)
        return replace(self, draft=replace(self.draft, choice=choice)) if known else self

    def go_on(self) -> Self:
        """Return the game a quarter later, with the same parts on the table; the same game where it is not ready."""
        if not self.ready:
            return self
        moves = (*self.moves, self.draft)
        fits = len(moves) < QUARTERS and sum(self.draft.parts) <= available(self.dilemmas, (*moves, Move()))[-1]
        return replace(self, moves=moves, draft=Move(self.draft.parts) if fits else Move())

    def written(self) -> dict[str, str]:
        """Return the game as values of an address."""
        moves = BETWEEN.join("".join(map(str, each.parts)) + MARK + each.choice for each in (*self.moves, self.draft))
        return {"world": str(self.seed), "moves": moves, **({"dilemmas": self.called} if self.called else {})}


def begun_with(called: str, seed: int) -> Game:
    """Return a new game with the dilemmas that an address calls so; with ours where they are gone."""
    own = dilemmas_of(called)
    return Game(seed, called=called, dilemmas=own) if own else Game(seed)


def read(state: Mapping[str, str]) -> Game:
    """Return the game of an address, as far as it can be: a move that cannot be made ends it there.

    Where its dilemmas were in a file that is gone, it begins with ours.
    """
    seed = state.get("world", "")
    known = seed.isascii() and seed.isdigit() and 0 < len(seed) < len(str(LAST_SEED))
    called = state.get("dilemmas", "")
    game = begun_with(called, int(seed) if known else FIRST_SEED)
    if game.called != called:
        return game
    for i, text in enumerate(state.get("moves", "").split(BETWEEN)[: QUARTERS + 1]):
        if i:
            game = game.go_on()
            if game.quarter < i:
                return game
        digits, _, choice = text.partition(MARK)
        if len(digits) != len(CARDS) or not (digits.isascii() and digits.isdigit()):
            return game
        laid = replace(game, draft=Move(tuple(map(int, digits)))).choose(choice)
        game = laid if sum(laid.draft.parts) <= PARTS else game
    return game


def available(dilemmas: Dilemmas, moves: Sequence[Move]) -> list[int]:
    """Return the parts that there are in each quarter of a year, given what was chosen."""
    gone = [0] * (2 * QUARTERS + 1)
    for quarter, move in enumerate(moves):
        if chosen := dilemmas.choices(dilemmas.before(quarter)).get(move.choice):
            gone[quarter] += chosen.fewer
            gone[quarter + chosen.quarters] -= chosen.fewer
    return [max(PARTS - fewer, 0) for fewer in list(accumulate(gone))[: len(moves)]]


def scenario(dilemmas: Dilemmas, moves: Sequence[Move]) -> Scenario:
    """Return the scenario of a game: a budget to be divided, and what was chosen in dilemmas."""
    happens: list[Intervention] = [build({"kind": GAME, "late": 0})]
    for quarter, move in enumerate(moves):
        if chosen := dilemmas.choices(dilemmas.before(quarter)).get(move.choice):
            happens += chosen.after(quarter)
    return Scenario(area=DEFAULT_AREA, years=YEARS, interventions=tuple(happens))


def spent(moves: Sequence[Move], quarter: int, seen: Seen) -> Budget:
    """Return the budget that was chosen; nothing where it has not been yet."""
    if quarter >= len(moves):
        return {}
    return {card: seen.budget * n / PARTS for card, n in zip(CARDS, moves[quarter].parts, strict=True) if n}


def people() -> int:
    """Return how many people live in the neighbourhood of the game."""
    return Scenario(area=DEFAULT_AREA).n_people


def part_in_euros() -> float:
    """Return what one part of the budget of a quarter of a year comes to."""
    return BUDGET.default * people() / 1_000 / (QUARTERS / YEARS) / PARTS


def by_hand(moves: Sequence[Move]) -> Policy:
    """Return the room as a policy."""
    return partial(spent, moves)


def signs(game: Game) -> Seen | None:
    """Return what organisations see before the quarter of a year that is to be decided; None where the game has ended."""
    found: list[Seen] = []

    def watched(quarter: int, seen: Seen) -> Budget:
        found.append(seen)
        return spent(game.moves, quarter, seen)

    if game.ended:
        return None
    Simulation(scenario(game.dilemmas, game.moves), game.seed, policy=watched).advance(QUARTER * game.quarter + 1)
    return found[game.quarter]
