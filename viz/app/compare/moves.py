"""The moves of a session on the page Compare that can be undone: as many as memory allows, since an upload goes along."""

from collections import deque

from .upload import Upload
from .what_if import Question

MOST_MOVES = 100  # that can be undone
MOST_BYTES = 8_000_000  # of the files of all uploads to go back to; the largest one has some three, and takes four times as much
State = tuple[Question, Upload | None]  # what is asked, and the upload that its area may stand in


class Moves:
    """States before and after the one at hand; the oldest are forgotten."""

    def __init__(self) -> None:
        """Begin without any move."""
        self.past: deque[State] = deque(maxlen=MOST_MOVES)
        self.undone: list[State] = []

    def begin(self, now: State) -> None:
        """Remember a state that is left for a new one."""
        self.past.append(now)
        self.undone.clear()

    def undo(self, now: State) -> State:
        """Return the state before this one."""
        self.undone.append(now)
        return self.past.pop()

    def redo(self, now: State) -> State:
        """Return the state that was left for this one by `undo`."""
        self.past.append(now)
        return self.undone.pop()

    def uploads(self, now: State) -> set[Upload]:
        """Return the uploads that are still needed, with that of this state; forget the oldest moves where they are too large."""
        while self.past and sum(each.size for each in self._all(now)) > MOST_BYTES:
            self.past.popleft()
        return set(self._all(now))

    def _all(self, now: State) -> set[Upload]:
        return {upload for _, upload in (*self.past, *self.undone, now) if upload}
