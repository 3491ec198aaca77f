"""Decisions that methods of one's own make: a rule asks them in the middle of a week.

The rules are machine code, which knows no agents.  While a week passes, a tile of the world holds the address of a function
that finds the agent and asks it; machine code calls it where a rule would compare a draw with a probability.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import addressof, c_void_p
from inspect import getattr_static, signature
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

    Each gets what the decision is about, the probability (0 to 1) that the rule worked out for this person this week, and the
    draw, a number in [0, 1) that belongs to this person, decision and week (of `offers_to`: to these two people and this week).
    They are asked in this order: everybody `goes_to`, then who `offers_to` and who `accepts`, then who `reports`.  A method may
    read and write whatever agents can; it sees the week as far as it has come.
    """

    def accepts(self, recruiter: Any, probability: float, draw: float) -> bool:
        """Return whether somebody at the edge of crews (stage 1) accepts an offer of work from this person."""
        return draw < probability

    def reports(self, place: int, probability: float, draw: float) -> bool:
        """Return whether somebody who feels that they should report what happened in this cell gets to a desk with it."""
        return draw < probability

    def goes_to(self, place: int, probability: float, draw: float) -> bool:
        """Return whether somebody of eight or over goes out, to this cell, and does not stay at home."""
        return draw < probability

    def offers_to(self, other: Any, probability: float, draw: float) -> bool:
        """Return whether somebody who works for a crew that lacks hands offers work to this person, within reach, this week.

        The lowest draw for its probability makes the first offer, and a person hears one offer a week: recruiters who would come
        after one who offers are not asked.
        """
        return draw < probability

    def __setattr__(self, name: str, value: Any) -> None:
        """Set anything but a decision, which only a class can have; raises AttributeError."""
        if name in DECISIONS:
            raise AttributeError(f"{name} is a method of a class: give the model a class of your own in agents")
        super().__setattr__(name, value)


def own_decisions(kinds: tuple[type, ...]) -> int:
    """Return the bits of the decisions that a class of one's own makes."""
    people = [kind for kind in kinds if issubclass(kind, Deciding)]
    return sum(
        bit for name, bit in DECISIONS.items() if any(getattr(kind, name) is not getattr(Deciding, name) for kind in people)
    )


def is_askable(kind: type, name: str) -> bool:
    """Return whether a class has something by this name that a rule can call with what a decision gets."""
    method, given = getattr(kind, name), ("about", "probability", "draw")
    unbound = not isinstance(getattr_static(kind, name), staticmethod | classmethod)
    try:
        signature(method).bind(*(["self"] if unbound else []), *given)
    except TypeError:
        return False
    except ValueError:  # written in C, which does not tell
        return True
    return True


@contextmanager
def asked(model: "Host") -> Iterator[None]:
    """Let rules ask the agents of a model while the weeks within pass.

    Raises what a method raised, and InputError for an answer that is neither True nor False.  From there on the rule decides the
    rest of that week, and the model goes no further.
    """
    own = own_decisions(model.kinds)
    if not own:
        yield
        return
    failures: list[BaseException] = []

    def answer(decision: int, first: int, row: int, whom: int, probability: float, draw: float) -> int:
        if failures:
            return draw < probability
        try:
            model.asking = (first, decision)
            return decided(model, NAMES[decision], first, row, whom, min(max(probability, 0.0), 1.0), draw)
        except BaseException as failure:  # machine code cannot pass it on
            failures.append(failure)
            return draw < probability

    ask, tiles = ANSWER(answer), model.simulation.world.tile_index
    tiles["own_decisions"], tiles["asks"] = own, c_void_p.from_address(addressof(ask)).value
    try:
        yield
    finally:
        tiles["own_decisions"] = tiles["asks"] = 0
        model.asking = None
    if failures:
        model.failed = True
        raise failures[0]


def decided(model: "Host", name: str, first: int, row: int, whom: int, probability: float, draw: float) -> int:
    """Return 1 where the agent in a row of a tile decides to do it, 0 where not."""
    agent = model.views.person(first + row)
    about = model.views.person(first + whom) if name in ABOUT_PEOPLE else whom
    does = getattr(agent, name)(about, probability, draw)
    if not isinstance(does, bool | np.bool_):
        place = f"{type(agent).__name__}.{name}"
        raise InputError("agents.undecided", place=place, value=does, allowed=Phrase("allowed.true_or_false"))
    return int(does)
