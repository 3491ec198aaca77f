"""The roles of the game: which signs each sees, and the table at which they sit with their phones.  Knows no browser."""

import math
from typing import NamedTuple

from kantelpunt.model.policies import Seen
from kantelpunt.viz.text import Text

from ..votes import BALLOTS, Gathering
from .debrief import Debrief
from .game import CARDS, Game

ROLES = {  # who -> the signs that they see
    "mayor": ("unsafe", "trust"),
    "police": ("reports", "arrests"),
    "youth_work": ("worries", "told_offers"),
    "housing": ("family_worries", "told_families"),
    "street": ("good_contacts", "bad_contacts"),
    "resident": ("unanswered", "promises_broken"),
}
FEW = 10.0  # up to which a sign is told to a tenth
SHARES, MOVED = ("unsafe",), 0.1  # a sign has moved where it differs so much of what it was


class Sign(NamedTuple):
    """A sign now and a quarter of a year before; NaN before there was one."""

    now: float
    before: float

    @property
    def way(self) -> str:
        """Return whether it went up, down, or hardly moved; "" where there is nothing to compare it with."""
        if math.isnan(self.before):
            return ""
        if abs(self.now - self.before) <= MOVED * max(abs(self.before), abs(self.now)):
            return "level"
        return "up" if self.now > self.before else "down"


def sign(seen: Seen, name: str) -> Sign:
    """Return a sign of the whole neighbourhood: what people said is added up, of all else the mean over its quarters is taken."""
    course = seen.sign(name)
    values = course.sum(axis=1) if name.startswith("told_") else course.mean(axis=1)
    return Sign(float(values[-1]), float(values[-2]) if len(values) > 1 else math.nan)


def told(t: Text, seen: Seen, role: str) -> list[tuple[str, str, str]]:
    """Return what a role sees, in words: what it is, how much, and which way it went."""
    rows = []
    for name in ROLES[role]:
        found = sign(seen, name)
        shown = t.amount(found.now, "share") if name in SHARES else t.number(found.now, 1 if found.now < FEW else 0)
        rows.append((t(f"helm_sign.{name}"), shown, t(f"helm.{found.way}") if found.way else ""))
    return rows


def offered(t: Text, game: Game) -> dict[str, str]:
    """Return the choices in the dilemma of a game: what each is, in words, with its price."""
    found = {}
    for choice, made in game.dilemmas.choices(game.dilemma).items():
        price = t("helm.price", n=made.fewer, quarters=made.quarters) if made.fewer else ""
        found[choice] = game.dilemmas.said(t, game.dilemma, choice) + price
    return found


class Table(Gathering):
    """Six seats at one game: each is taken by one phone, sees the signs of its role, and proposes.

    Parameters
    ----------
    game : as far as it has been played.
    """

    def __init__(self, game: Game) -> None:
        """Begin with all seats free."""
        super().__init__()
        self.game, self.signs = game, None  # type: tuple[Game, Seen | None]
        self.seats: dict[str, str] = {}  # role -> voter
        self.cards: dict[str, str] = {}  # role -> the card that it proposes a part for
        self.choices: dict[str, str] = {}  # role -> the choice that it proposes in the dilemma
        self.debrief: Debrief | None = None  # what could have been, once the game has ended and somebody found out

    def show(self, game: Game, signs: Seen | None) -> None:
        """Say where the game is, and what is seen there; proposals for an earlier quarter, or another game, are gone."""
        with self._lock:
            if (game.called, game.seed, game.moves) != (self.game.called, self.game.seed, self.game.moves):
                self.cards, self.choices, self.debrief = {}, {}, None
            self.game, self.signs = game, signs

    def look_back(self, found: Debrief) -> None:
        """Show what could have been; phones tell it in their own words."""
        with self._lock:
            self.debrief = found

    def role_of(self, voter: str) -> str:
        """Return the role of a phone; "" without one."""
        return next((role for role, each in list(self.seats.items()) if each == voter), "") if voter else ""

    def sit(self, voter: str, address: str, role: str) -> bool:
        """Take a seat, in place of an earlier one; False where somebody else has it, or nobody more may come."""
        with self._lock:
            if role not in ROLES or self.seats.get(role, voter) != voter or not self._admitted(voter, address):
                return False
            self._stand(self.role_of(voter))
            self.seats[role] = voter
            return True

    def free(self, role: str) -> None:
        """Let somebody else take a seat."""
        with self._lock:
            self._stand(role)

    def _stand(self, role: str) -> None:
        for some in (self.seats, self.cards, self.choices):
            some.pop(role, None)

    def propose(self, voter: str, quarter: int, what: str) -> bool:
        """Propose a card, or a choice in the dilemma, for a quarter of a year; False for what cannot be proposed there."""
        with self._lock:
            role, dilemma = self.role_of(voter), self.game.dilemma
            if not role or self.game.ended or quarter != self.game.quarter:
                return False
            if what in CARDS:
                self.cards[role] = what
            elif what in self.game.dilemmas.choices(dilemma):
                self.choices[role] = what
            else:
                return False
            return True

    @property
    def seen(self) -> object:
        """Return who sits where, and what was proposed."""
        with self._lock:
            return dict(self.seats), dict(self.cards), dict(self.choices)

    def taken_over(self, game: Game) -> Game:
        """Return a game with one part for each proposal, as far as there is money; the same where nobody proposed anything."""
        cards = list(dict(self.cards).values())
        if not cards:
            return game
        laid = game
        for i, n in enumerate(game.draft.parts):
            laid = laid.part(i, -n)
        for card in cards:
            laid = laid.part(CARDS.index(card), 1)
        return laid


def found(code: str) -> Table | None:
    """Return the table of a code that this browser laid; None without any."""
    table = BALLOTS.get(code)
    return table if isinstance(table, Table) and table.own else None


def laid(game: Game) -> Table:
    """Return a new table that phones find by its code."""
    table = Table(game)
    BALLOTS.put(table.code, table)
    return table
