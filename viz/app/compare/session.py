"""The state of the page Compare: the question, the answer at once, the thorough check, uploads.  Knows no browser."""

import math
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import CARRIED, PRESETS
from kantelpunt.model.population.areas import areas as areas_of

from ..background_study import POINTS, Check
from ..kept import MADE, browser
from ..rejection import Refused
from ..work_queue import Asking
from .moves import Moves, State
from .quick_answer import Asked, Quick, line
from .upload import Upload, called, read_areas, read_plan, usable
from .what_if import MOST_PACKAGES, TODAY, Package, Question, Rows

LONGEST_NAME = 40
ONE_MOVE = 1.5  # seconds within which changes are one move of a hand, such as that of a slider


def built_in_areas() -> dict[str, str]:
    """Return name or code -> what is shown, of the areas that are built in."""
    presets = {name: preset.name for name, preset in PRESETS.items()}
    return presets | {each.code: called(each) for each in areas_of() if each.kind != "gemeente"}


class CompareSession:
    """The work of one session on the page Compare.

    Parameters
    ----------
    question : where it begins.
    show : called when there is something new to draw.
    link : the question of an address, to begin with in its place.
    """

    def __init__(self, question: Question, show: Callable[[], None], link: str = "") -> None:
        """Ask for a first answer."""
        self.question, self.show = question, show
        self.quick: Quick | None = None
        self.before: Quick | None = None  # the answer to what was asked before the last move
        self.refused: Refused | None = None  # what was asked for last, where it cannot be
        self.unanswered: Refused | None = None  # why there is no answer to the question
        self.check: Check | None = None
        self.upload: Upload | None = None
        self._moves = Moves()
        self._moved = -math.inf  # when something was changed last
        self._settled = True  # whether the last change began a move of its own
        self._browser = browser()
        self._folder = tempfile.TemporaryDirectory(prefix="kantelpunt-")  # of this session; gone when it closes
        if link:
            self._open(link)
        self._asking, self._newest = Asking(line(), self._told), threading.Lock()
        self._asking.ask(Asked(self.question))

    def _open(self, link: str) -> None:
        """Begin with the question of a link, and with what this browser checked of it."""
        try:
            self.question = Question.from_link(link, self._place)
        except (InputError, Refused):
            self.refused, self.upload = Refused("link"), None
            return
        self.check = MADE.get(self._kept)
        if self.check:
            self.check.show = self.show

    def _place(self, rows: Rows) -> Path:
        """Return a file of this session with the rows of a link."""
        self.upload = usable(rows, CARRIED.name, Path(self._folder.name))
        return self.upload.file

    @property
    def _kept(self) -> tuple[str, str]:
        """Return under which key what is checked of the question is kept."""
        return self._browser, self.question.to_link()

    @property
    def areas(self) -> dict[str, str]:
        """Return name or code -> what is shown, of every area that can be chosen."""
        return self.upload.areas if self.upload else built_in_areas()

    @property
    def _now(self) -> State:
        return self.question, self.upload

    @property
    def choosing(self) -> bool:
        """Return whether somebody has yet to say which area of an upload it is about."""
        return self.upload is not None and self.question.area_file != self.upload.file

    @property
    def busy(self) -> bool:
        """Return whether the answer is not that of the question yet."""
        return self.quick is None or self.quick.question != self.question

    def set(self, question: Question) -> None:
        """Ask another question, or refuse it; what was checked belongs to the old one and goes."""
        if question != self.question:
            self._attempt(lambda: (question, self.upload))

    def _attempt(self, read: Callable[[], State]) -> None:
        """Take a question with the areas that it may be about: all of it, or where anything of it is wrong nothing."""
        try:
            state = read()
            state[0].check()
        except Refused as refused:
            self._tidy()
            return self.refuse(Refused.of(refused))
        except InputError as error:
            self._tidy()
            return self.refuse(Refused.because(error))
        self._settled = monotonic() - self._moved > ONE_MOVE
        if self._settled:
            self._moves.begin(self._now)
        self._moved = monotonic()
        self._take(state)
        self._tidy()

    def _tidy(self) -> None:
        """Remove the files of uploads to which nothing leads back any more."""
        needed = {each.file for each in self._moves.uploads(self._now)}
        for file in Path(self._folder.name).iterdir():
            if file not in needed:
                file.unlink()

    def _take(self, state: State) -> None:
        self.forget_check()
        if self.quick and self.quick.question == self.question and self._settled:
            self.before = self.quick
        with self._newest:
            self.question, self.upload = state
            self._asking.ask(Asked(self.question))
        self.refused = self.unanswered = None
        self.show()

    @property
    def can_undo(self) -> bool:
        """Return whether there is a move to undo."""
        return bool(self._moves.past)

    @property
    def can_redo(self) -> bool:
        """Return whether a move was undone and nothing changed since."""
        return bool(self._moves.undone)

    def undo(self) -> None:
        """Ask what was asked before the last move."""
        if self.can_undo:
            self._moved, self._settled = -math.inf, True
            self._take(self._moves.undo(self._now))

    def redo(self) -> None:
        """Ask again what was asked before the last undo."""
        if self.can_redo:
            self._moved, self._settled = -math.inf, True
            self._take(self._moves.redo(self._now))

    def forget_check(self) -> None:
        """Stop a check, and forget what it found."""
        if self.check:
            self.check.discard()
            MADE.drop(self._kept)
            self.check = None

    def add_package(self, name: str) -> None:
        """Add an empty package with a name that no other has."""
        if len(self.question.packages) < MOST_PACKAGES:
            self._packages((*self.question.packages, Package(self._free(name))))

    def begin_with(self, package: Package) -> None:
        """Add a package that is made already, under a name that no other has."""
        if len(self.question.packages) < MOST_PACKAGES:
            self._packages((*self.question.packages, replace(package, name=self._free(package.name))))

    def remove_package(self, i: int) -> None:
        """Take a package away."""
        self._packages(self.question.packages[:i] + self.question.packages[i + 1 :])

    def rename_package(self, i: int, name: str) -> None:
        """Give a package another name; one that another has gets a number."""
        old = self.question.packages[i]
        if name.strip() and name != old.name:
            self.set(self.question.with_package(i, Package(self._free(name), old.interventions)))

    def _free(self, name: str) -> str:
        taken = {TODAY, "", *(each.name for each in self.question.packages)}
        name = " ".join(name.split())[:LONGEST_NAME]
        numbered = (f"{name} {n}" for n in range(2, MOST_PACKAGES + 3))
        return name if name not in taken else next(each for each in numbered if each not in taken)

    def _packages(self, packages: tuple[Package, ...]) -> None:
        self.set(replace(self.question, packages=packages))

    def choose_area(self, area: str) -> None:
        """Choose a built-in area, or one of the upload; one that cannot be simulated is refused."""
        self.set(replace(self.question, area=area, area_file=self.upload.file if self.upload else None))

    def take_areas(self, name: str, data: bytes) -> None:
        """Take a workbook or CSV with areas; of several, somebody says which it is about."""

        def read() -> State:
            found = read_areas(name, data, Path(self._folder.name))
            only = next(iter(found.areas)) if len(found.areas) == 1 else ""
            return replace(self.question, area=only, area_file=found.file) if only else self.question, found

        self._attempt(read)

    def take_plan(self, data: bytes) -> None:
        """Take a plan (TOML), as the page or the command line wrote it."""
        self._attempt(lambda: read_plan(data, Path(self._folder.name)))

    def forget_upload(self) -> None:
        """Go back to the built-in areas."""
        self._attempt(lambda: (replace(self.question, area=Question.area, area_file=None), None))

    def refuse(self, refused: Refused) -> None:
        """Tell why a file cannot be used."""
        self.refused = refused
        self.show()

    def start_check(self, title: str) -> None:
        """Begin a thorough check of the question; the answer at once tells from which difference on it matters."""
        if self.check or not self.quick or not self.quick.question.alike(self.question):
            return
        folder = Path(tempfile.mkdtemp(prefix="kantelpunt-"))
        try:
            self.check = Check(self.question.plan(title, self.quick.matters, POINTS), folder, self.show)
        except InputError as error:
            return self.refuse(Refused.because(error))
        if self._browser:
            MADE.put(self._kept, self.check)
        self.check.start()
        self.show()

    def _told(self, found: Any) -> None:
        if isinstance(found, Quick):
            self.quick = found
            with self._newest:  # an answer to what was asked before is never asked for again
                sharper = Asked(found.question, found.worlds).sharper
                if sharper and found.question == self.question and found.question.packages and not self.check:
                    self._asking.ask(sharper)
        else:
            self.unanswered = Refused.of(found)
        self.show()

    def close(self) -> None:
        """Nobody looks any more: forget the upload; a check goes on for a visitor who comes back."""
        show, self.show = self.show, lambda: None
        self._asking.close()
        if self.check and self._browser:
            self.check.leave(show)
        elif self.check:
            self.check.discard()
        self._folder.cleanup()
