"""Votes by phone: ballots that a trainer opens, and what phones say.  Kept in memory, for as long as the trainer's page is there.

Nothing here knows a browser, or who somebody is: a voter is a random number that the phone was given.
"""

import secrets
import threading
from collections import Counter
from ipaddress import IPv6Address, ip_address

from cachetools import TTLCache

from .kept import Kept
from .learn.lessons import WAYS, Way

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another
LENGTH = 6  # of a code: a thousand million, too many to guess at a vote a second
MOST_VOTERS, MOST_OF_ONE = 500, 120  # in a room, and from one address: a network may show all of its phones under one
MOST_BALLOTS, HELD = 200, 14_400.0  # at once; seconds that one is kept since the last step of its lesson, at most
MOST_ADDRESSES = 20_000


class Ballot:
    """One vote of one room.

    Parameters
    ----------
    lesson : what is asked, by the name of its lesson.
    percent : up to how many percent of difference is about the same.
    """

    def __init__(self, lesson: str, percent: int) -> None:
        """Open it, with a code of its own."""
        self.lesson, self.percent = lesson, percent
        self.code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self.open, self.found = True, ""  # and, once the trainer has shown it, how it went
        self.holders: set[object] = set()  # the sessions that show it: with the last of them it goes
        self._votes: dict[str, Way] = {}
        self._addresses: Counter[str] = Counter()
        self._lock = threading.Lock()

    def vote(self, voter: str, address: str, way: Way) -> bool:
        """Count a vote, in place of an earlier one of this voter; False where it is closed or full."""
        with self._lock:
            if not self.open or (voter not in self._votes and not self._room(address)):
                return False
            self._addresses[address] += voter not in self._votes
            self._votes[voter] = way
            return True

    def _room(self, address: str) -> bool:
        """Return whether one more may vote from an address."""
        return len(self._votes) < MOST_VOTERS and self._addresses[address] < MOST_OF_ONE

    def of(self, voter: str) -> Way | None:
        """Return what somebody voted."""
        return self._votes.get(voter)

    @property
    def counts(self) -> dict[Way, int]:
        """Return how many voted each way."""
        with self._lock:
            counted = Counter(self._votes.values())
        return {way: counted[way] for way in WAYS}

    def forget(self) -> None:
        """Forget all votes."""
        with self._lock:
            self._votes.clear()
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
