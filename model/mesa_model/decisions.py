"""Decisions that methods of one's own make: a rule asks them in the middle of a week.

The rules are machine code, which knows no agents.  While a week passes, a tile of the world holds the address of a function
that finds the agent and asks it; machine code calls it where a rule would compare a draw with the odds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import addressof, c_void_p
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, Phrase
from ..machine_code.calls import ANSWER
from ..shared.decisions import ACCEPTS, GOES_TO, OFFERS_TO, REPORTS

if TYPE_CHECKING:
    from .records import Host

DECISIONS = {"accepts": ACCEPTS, "reports": REPORTS, "goes_to": GOES_TO, "offers_to": OFFERS_TO}
ABOUT_PEOPLE = ("accepts", "offers_to")
NAMES = {bit: name for name, bit in DECISIONS.items()}


class Deciding:
    """The decisions that people can make by themselves, whatever the rule would have them do; `Person` inherits them.

    Each gets what the decision is about, the odds that the rule worked out for this person this week, and the draw, a number in
    [0, 1) that belongs to this person, decision and week.  A method may read and write whatever agents can.
    """

    def accepts(self, recruiter: Any, odds: float, draw: float) -> bool:
        """Return whether somebody at the edge of crews (stage 1) accepts an offer of work from this person."""
        return draw < odds

    def reports(self, place: int, odds: float, draw: float) -> bool:
        """Return whether somebody who feels that they should report what happened in this cell gets to a desk with it."""
        return draw < odds

    def goes_to(self, place: int, odds: float, draw: float) -> bool:
        """Return whether somebody of eight or over goes out, to this cell, and does not stay at home."""
        return draw < odds

    def offers_to(self, other: Any, odds: float, draw: float) -> bool:
        """Return whether somebody who works for a crew that lacks hands offers work to this person, within reach, this week."""
        return draw < odds


def own_decisions(kinds: tuple[type, ...]) -> int:
    """Return the bits of the decisions that a class of one's own makes."""
    names = {name for kind in kinds for name in DECISIONS if getattr(kind, name, None) not in (None, getattr(Deciding, name))}
    return sum(DECISIONS[name] for name in names)


@contextmanager
def asked(model: "Host") -> Iterator[None]:
    """Let rules ask the agents of a model while the weeks within pass.

    Raises what a method raised, and InputError for an answer that is neither True nor False.  From there on the rule's odds and
    draws decide the rest of that week.
    """
    own = own_decisions(model.kinds)
    if not own:
        yield
        return
    failures: list[BaseException] = []

    def answer(decision: int, first: int, row: int, whom: int, odds: float, draw: float) -> int:
        if failures:
            return draw < odds
        try:
            return decided(model, NAMES[decision], first, row, whom, odds, draw)
        except BaseException as failure:  # machine code cannot pass it on
            failures.append(failure)
            return draw < odds

    ask, tiles = ANSWER(answer), model.simulation.world.tile_index
    tiles["own_decisions"], tiles["asks"] = own, c_void_p.from_address(addressof(ask)).value
    try:
        yield
    finally:
        tiles["own_decisions"] = tiles["asks"] = 0
    if failures:
        raise failures[0]


def decided(model: "Host", name: str, first: int, row: int, whom: int, odds: float, draw: float) -> int:
    """Return 1 where the agent in a row of a tile decides to do it, 0 where not."""
    agent = model.views.now(first + row)
    about = model.views.now(first + whom) if name in ABOUT_PEOPLE else whom
    does = getattr(agent, name)(about, odds, draw)
    if not isinstance(does, bool | np.bool_):
        place = f"{type(agent).__name__}.{name}"
        raise InputError("agents.undecided", place=place, value=does, allowed=Phrase("allowed.true_or_false"))
    return int(does)
