"""The state of the page Compare: the question, the answer at once, the thorough check, uploads.  Knows no browser."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import PRESETS, Area
from kantelpunt.model.population.areas import areas as built_in

from ..background_study import POINTS, Check
from ..rejection import Refused
from ..work_queue import Asking
from .quick_answer import Quick, line
from .upload import read_areas, read_plan
from .what_if import MOST_PACKAGES, TODAY, Package, Question

LONGEST_NAME = 40


class CompareSession:
    """The work of one session on the page Compare.

    Parameters
    ----------
    question : where it begins.
    show : called when there is something new to draw.
    """

    def __init__(self, question: Question, show: Callable[[], None]) -> None:
        """Ask for a first answer."""
        self.question, self.show = question, show
        self.quick: Quick | None = None
        self.refused: Refused | None = None  # what was asked for last, where it cannot be
        self.unanswered: Refused | None = None  # why there is no answer to the question
        self.check: Check | None = None
        self.uploaded: dict[str, Area] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="kantelpunt-")  # of this session; gone when it closes
        self._asking = Asking(line(), self._told)
        self._asking.ask(question)

    @property
    def areas(self) -> dict[str, str]:
        """Return name or code -> what is shown, of every area that can be chosen."""
        if self.uploaded:
            return {code: f"{each.name} ({each.people})" for code, each in self.uploaded.items()}
        presets = {name: preset.name for name, preset in PRESETS.items()}
        return presets | {each.code: f"{each.name}, {each.municipality}" for each in built_in() if each.kind != "gemeente"}

    @property
    def busy(self) -> bool:
        """Return whether the answer is not that of the question yet."""
        return self.quick is None or self.quick.question != self.question

    def set(self, question: Question) -> None:
        """Ask another question, or refuse it; what was checked belongs to the old one and goes."""
        if question != self.question:
            self._attempt(lambda: (question, self.uploaded))

    def _attempt(self, read: Callable[[], tuple[Question, dict[str, Area]]]) -> None:
        """Take a question with the areas that it may be about: all of it, or where anything of it is wrong nothing."""
        try:
            question, uploaded = read()
            question.check()
        except Refused as refused:
            return self.refuse(refused)
        except InputError as error:
            return self.refuse(Refused.because(error))
        self.question, self.uploaded = question, uploaded
        self.refused = self.unanswered = None
        if self.check:
            self.check.close()
            self.check = None
        self._asking.ask(question)
        self.show()

    def add_package(self, name: str) -> None:
        """Add an empty package with a name that no other has."""
        if len(self.question.packages) < MOST_PACKAGES:
            self._packages((*self.question.packages, Package(self._free(name))))

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
        self.set(replace(self.question, area=area))

    def take_areas(self, name: str, data: bytes) -> None:
        """Take a workbook or CSV with areas."""

        def read() -> tuple[Question, dict[str, Area]]:
            path, found = read_areas(name, data, Path(self._folder.name))
            return replace(self.question, area=found[0].code, area_file=path), {each.code: each for each in found}

        self._attempt(read)

    def take_plan(self, data: bytes) -> None:
        """Take a plan (TOML), as the page or the command line wrote it."""

        def read() -> tuple[Question, dict[str, Area]]:
            question, found = read_plan(data, Path(self._folder.name))
            return question, {each.code: each for each in found}

        self._attempt(read)

    def forget_upload(self) -> None:
        """Go back to the built-in areas."""
        self._attempt(lambda: (replace(self.question, area=Question.area, area_file=None), {}))

    def refuse(self, refused: Refused) -> None:
        """Tell why a file cannot be used."""
        self.refused = refused
        self.show()

    def start_check(self, title: str) -> None:
        """Begin a thorough check of the question."""
        if self.check or not self.quick:
            return
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        try:
            self.check = Check(self.question.plan(title, self.quick.matters, POINTS), folder, self.show)
        except InputError as error:
            return self.refuse(Refused.because(error))
        self.check.start()
        self.show()

    def _told(self, found: Any) -> None:
        if isinstance(found, Quick):
            self.quick = found
        else:
            self.unanswered = Refused.of(found)
        self.show()

    def close(self) -> None:
        """Nobody looks any more: stop what runs, and forget the upload."""
        self.show = lambda: None
        self._asking.close()
        if self.check:
            self.check.close()
        self._folder.cleanup()
