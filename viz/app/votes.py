"""Votes and seats in which phones take part, and their answers.  Kept in memory, for as long as the trainer's page is there.

Nothing here knows a browser, or who somebody is: a voter is a random number that the phone was given.
"""

import secrets
import threading
from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Literal

from cachetools import TTLCache

from .kept import Kept, browser
from .learn.lessons import WAYS

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
LENGTH = 6  # of a code: a thousand million, too many to guess at a vote a second
MOST_VOTERS, MOST_OF_ONE = 500, 120  # in a room, and from one address: a network may show all of its phones under one
MOST_BALLOTS, HELD = 200, 14_400.0  # at once; seconds that one is kept since the last step of its lesson, at most
MOST_ADDRESSES = 20_000
RELOAD = 60.0  # seconds in which a page that left may be loaded again
Question = Literal["before", "way", "after"]
LEVELS = ("agree", "unsure", "disagree")  # answers to the question before a lesson, and after it
ANSWERS: dict[Question, tuple[str, ...]] = {"before": LEVELS, "way": WAYS, "after": LEVELS}


class Gathering:
    """Something that phones take part in, under a code of its own: a ballot, or the table of a game."""

    def __init__(self) -> None:
        """Give it a code; the browser that opens it is the only one that may go on with it."""
        self.opener = browser()
        self.code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self.holders: set[object] = set()  # the sessions that show it: with the last of them it goes
        self._known: set[str] = set()
        self._addresses: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def own(self) -> bool:
        """Return whether the browser that asks opened it: its code stands on a screen for all to read."""
        return self.opener == browser()

    def _admitted(self, voter: str, address: str) -> bool:
        """Return whether somebody may take part, and count them in; called with the lock held."""
        if voter in self._known:
            return True
        if len(self._known) >= MOST_VOTERS or self._addresses[address] >= MOST_OF_ONE:
            return False
        self._known.add(voter)
        self._addresses[address] += 1
        return True

    @property
    def seen(self) -> object:
        """Return what phones changed, to be held against what it was."""
        raise NotImplementedError


class Ballot(Gathering):
    """The votes of one room on one lesson: a question before it, the prediction, and the same question after it.

    Parameters
    ----------
    lesson : what is asked, by the name of its lesson.
    percent : up to how many percent of difference is about the same.
    """

    def __init__(self, lesson: str, percent: int) -> None:
        """Open it, with a code of its own."""
        super().__init__()
        self.lesson, self.percent = lesson, percent
        self.asking: Question = "way"  # what is asked now
        self.open, self.found = True, ""  # and, once the trainer has shown it, how it went
        self._votes: dict[Question, dict[str, str]] = {question: {} for question in ANSWERS}

    def vote(self, voter: str, address: str, answer: str) -> bool:
        """Count an answer to what is asked, in place of an earlier one of this voter; False where it is closed or full."""
        with self._lock:
            if not self.open or not self._admitted(voter, address):
                return False
            self._votes[self.asking][voter] = answer
            return True

    def of(self, voter: str) -> str | None:
        """Return what somebody answered to what is asked."""
        return self._votes[self.asking].get(voter)

    def counted(self, question: Question) -> dict[str, int]:
        """Return how many gave each answer to a question."""
        with self._lock:
            counted = Counter(self._votes[question].values())
        return {answer: counted[answer] for answer in ANSWERS[question]}

    @property
    def counts(self) -> dict[str, int]:
        """Return how many predicted each way."""
        return self.counted("way")

    @property
    def seen(self) -> object:
        """Return how many gave each answer."""
        return {question: self.counted(question) for question in ANSWERS}

    def rows(self) -> list[dict[Question, str]]:
        """Return the answers of each phone by question, in an order that says nothing of who it was or when."""
        with self._lock:
            voters = list(set().union(*self._votes.values()))
            secrets.SystemRandom().shuffle(voters)
            return [{question: some[voter] for question, some in self._votes.items() if voter in some} for voter in voters]

    def forget(self) -> None:
        """Forget all answers."""
        with self._lock:
            for some in self._votes.values():
                some.clear()
            self._known.clear()
            self._addresses.clear()


class Allowance:
    """How often each address may ask: so many at once, and so many a second after that.

    Parameters
    ----------
    most : at once.
    rate : a second.
    """

    def __init__(self, most: float, rate: float) -> None:
        """Begin with nobody having asked."""
        self.most, self.rate = most, rate
        self._left: TTLCache[str, tuple[float, float]] = TTLCache(MOST_ADDRESSES, most / rate)

    def take(self, address: str, now: float, cost: float = 1.0) -> bool:
        """Return whether an address may ask now, and count that it did; what costs nothing is only let in or not."""
        left, since = self._left.get(address, (self.most, now))
        left = min(self.most, left + (now - since) * self.rate)
        if left < 1.0:
            return False
        self._left[address] = (left - cost, now)
        return True


BALLOTS = Kept(MOST_BALLOTS, seconds=HELD)


def leave(gathering: Gathering, holder: object) -> None:
    """Show something no longer, and end it where nobody else does."""
    gathering.holders.discard(holder)
    if not gathering.holders:
        BALLOTS.drop(gathering.code)


def leave_later(gathering: Gathering, holder: object) -> None:
    """Leave something, unless the page is loaded again by then and another session shows it."""
    waiting = threading.Timer(RELOAD, leave, (gathering, holder))
    waiting.daemon = True
    waiting.start()


def opened(lesson: str, percent: int) -> Ballot:
    """Return a new ballot that phones find by its code."""
    ballot = Ballot(lesson, percent)
    BALLOTS.put(ballot.code, ballot)
    return ballot


def neighbour(address: str) -> str:
    """Return an address as limits know it: one machine may have all addresses of its part of an IPv6 network."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    return str(known.ipv4_mapped or known.exploded[:19])
