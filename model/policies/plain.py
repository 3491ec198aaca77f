"""Policies to compare with: each is a budget by itself, and none looks at what it brings."""

from .decision import Budget
from .seen import Seen


def equal_parts(quarter: int, seen: Seen) -> Budget:
    """Return the same for all that is on the menu."""
    return dict.fromkeys(seen.menu, seen.budget / len(seen.menu))


def lot(quarter: int, seen: Seen) -> Budget:
    """Return all for one kind, drawn anew every quarter of a year."""
    return {seen.menu[seen.luck % len(seen.menu)]: seen.budget}


def single(kind: str, quarter: int, seen: Seen) -> Budget:
    """Return all for one kind that was chosen beforehand."""
    return {kind: seen.budget}


class Person:
    """Somebody who decides: what they say in `budget` holds until they say something else; `seen` is what lies before them."""

    def __init__(self, budget: Budget | None = None) -> None:
        """Begin with a budget; left out, nothing is spent."""
        self.budget: Budget = budget or {}
        self.seen: Seen | None = None

    def __call__(self, quarter: int, seen: Seen) -> Budget:
        """Show what is seen and return what was said last."""
        self.seen = seen
        return self.budget
