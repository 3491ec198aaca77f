"""One line of questions for the whole server: sessions take turns, equal questions are worked on once, stale ones dropped."""

import math
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Any

from cachetools import LRUCache

REMEMBERED = 256  # answers, of about 25 kB each
Wanted = dict[Hashable, "Future[Any]"]  # session -> where its answer goes


class Line:
    """Questions of all sessions, answered one after another.

    A session stands in line once, with its newest question, and keeps its place when it asks another.  Sessions that ask the
    same share the answer, also while it is worked on.  Of a question that nobody waits for any more the work stops soon.

    Parameters
    ----------
    work : called with a question and with a function that tells whether it is stale; returns None where it gave up.
    rank : of a question, from 0; those of a lower rank go first, and work on one of a higher rank gives way to them.
    better : of a question, the next one whose answer serves as well and better, or None; the best one known is given at once.
    calm : seconds in which nobody asks anything of rank 0, before work on a higher rank begins: to show what comes of it
        costs each session that hears it as much as an answer does.
    """

    def __init__(
        self,
        work: Callable[[Any, Callable[[], bool]], Any],
        rank: Callable[[Any], int] = lambda _: 0,
        better: Callable[[Any], Any] = lambda _: None,
        calm: float = 0.0,
    ) -> None:
        """Begin with nobody in line."""
        self.work, self.rank, self.better, self.calm = work, rank, better, calm
        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="line")  # a question uses all cores, so one at a time
        self._lock = threading.Condition()
        self._asked = -math.inf  # when somebody last asked anything of rank 0
        self._waiting: dict[Hashable, tuple[Hashable, Future[Any]]] = {}  # session -> question and answer, in order of turn
        self._open: tuple[Hashable, Wanted] = (None, {})  # what is worked on, and for whom
        self._known: LRUCache[Hashable, Any] = LRUCache(REMEMBERED)

    def ask(self, session: Hashable, question: Hashable) -> "Future[Any]":
        """Return where the answer will be: None once the session asks another or leaves, an exception where it ends in one."""
        asked: Future[Any] = Future()
        with self._lock:
            if self.rank(question) == 0:
                self._asked = monotonic()
            question = self._best_known(question)
            at_hand, wanted = self._open
            if question in self._known:
                self._withdraw(session)
                asked.set_result(self._known[question])
            elif wanted and question == at_hand:
                self._withdraw(session)
                wanted[session] = asked
            else:
                self._stand(session, question, asked)
        return asked

    def _best_known(self, question: Hashable) -> Hashable:
        """Return the best question in place of this one whose answer is known, or this one."""
        best, further = question, self.better(question)
        while further is not None:
            best, further = further if further in self._known else best, self.better(further)
        return best

    def leave(self, session: Hashable) -> None:
        """Want no answer any more."""
        with self._lock:
            self._withdraw(session)

    def _withdraw(self, session: Hashable) -> None:
        self._desert(session)
        if session in self._waiting:
            self._waiting.pop(session)[1].set_result(None)

    def _desert(self, session: Hashable) -> None:
        if session in self._open[1]:
            self._open[1].pop(session).set_result(None)

    def _stand(self, session: Hashable, question: Hashable, asked: "Future[Any]") -> None:
        """Stand in line: at the end, or in the place that the session has."""
        self._desert(session)
        before = self._waiting.get(session)
        self._waiting[session] = question, asked
        self._lock.notify()
        if before:
            before[1].set_result(None)
        else:
            self._clerk.submit(self._serve)

    def _outranked(self, question: Hashable) -> bool:
        """Return whether somebody waits with a question that goes before this one."""
        with self._lock:
            return any(self.rank(other) < self.rank(question) for other, _ in self._waiting.values())

    def _next(self) -> Hashable:
        """Return the question whose turn it is, once it is calm enough for that; None where nobody waits."""
        while self._waiting:
            question, _ = min(self._waiting.values(), key=lambda each: self.rank(each[0]))  # of equals the first in line
            left = self._asked + self.calm - monotonic() if self.rank(question) else 0.0
            if left <= 0.0:
                return question
            self._lock.wait(left)
        return None

    def _serve(self) -> None:
        """Answer the question of whose turn it is, for all who ask it."""
        with self._lock:
            question = self._next()
            if question is None:  # whoever stood here has left
                return
            wanted: Wanted = {who: asked for who, (other, asked) in self._waiting.items() if other == question}
            for who in wanted:
                del self._waiting[who]
            self._open = question, wanted
        try:
            answer = self.work(question, lambda: not wanted or self._outranked(question))
        except Exception as error:
            answer = error
        with self._lock:
            self._open = None, {}
            if answer is None:  # who asked again after the work gave up, or gave way
                for who, asked in wanted.items():
                    self._stand(who, question, asked)
                return
            if not isinstance(answer, Exception):
                self._known[question] = answer
        for asked in wanted.values():
            asked.set_result(answer)


class Asking:
    """The questions of one session; whatever is asked meanwhile takes the place of what was asked before.

    Parameters
    ----------
    line : where it stands in line.
    tell : called with an answer that is still wanted, or with the exception that it ended in.
    """

    def __init__(self, line: Line, tell: Callable[[Any], None]) -> None:
        """Wait for a question."""
        self.line, self.tell = line, tell
        self._lock, self._telling, self._number = threading.Lock(), threading.Lock(), 0

    def ask(self, question: Hashable) -> None:
        """Ask, in place of whatever was asked before."""
        with self._lock:
            self._number += 1
            wait = self._number, self.line.ask(self, question)
        threading.Thread(target=self._wait, args=wait, name="asking", daemon=True).start()

    def close(self) -> None:
        """Want no answer any more."""
        with self._lock:
            self._number += 1
            self.line.leave(self)

    def _wait(self, number: int, asked: "Future[Any]") -> None:
        answer = asked.result()
        with self._telling:  # an older answer never comes after a newer one
            if answer is not None and number == self._number:
                self.tell(answer)
