"""How far a study is, on standard error: runs, rate, time left, and the answer so far."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

import rich.progress
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from ..design.variants import spoken
from ..results import StudyResults
from ..rounding import amount, signed
from .jobs import Weeks

FEWEST_PAIRS = 4  # worlds before a first look
BLINK = 1.0  # seconds, below which a rate means nothing


class Progress(NamedTuple):
    """How far a study is: runs done (or failed) and asked for, whether a part has just been written, weeks told and computed."""

    done: int
    asked: int
    written: bool = False
    weeks: Weeks = Weeks()

    @property
    def shared(self) -> int:
        """Return the percentage of the weeks that was not computed, since another run has them."""
        return int(100 * (1 - self.weeks.computed / self.weeks.told)) if self.weeks.told else 0


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True)
class Words:
    """The words beside the bar: English, unless a caller gives those of another language."""

    speed: str = "{n} runs/s"
    shared: str = "{n} % of weeks shared"
    so_far: str = "so far, {outcome}: {found}"
    outcome: Callable[[str], str] = str
    scenario: Callable[[str], str] = spoken
    written: Callable[[str], str] = str


Told = Callable[[StudyResults, Words], str]


class Glance(rich.progress.Progress):
    """A progress bar with a line under it."""

    line = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Give the bar and the line."""
        yield from super().get_renderables()
        if self.line:
            yield Text(self.line, style="dim", no_wrap=True, overflow="ellipsis")


@contextmanager
def watching(
    study: StudyResults, messages: Console | None = None, words: Words = Words(), told: Told | None = None
) -> Iterator[ProgressCallback]:
    """Give what a study calls while it runs, and show how far it is, how fast it goes and what is ``told`` of it so far."""
    messages = messages or Console(stderr=True)
    left = TimeRemainingColumn(elapsed_when_finished=True)
    columns = MofNCompleteColumn(), BarColumn(), TextColumn("{task.fields[speed]}"), left
    with Glance(*columns, console=messages, transient=True) as bar:
        task, begin, at_first = bar.add_task("", total=None, speed=""), monotonic(), None

        def watch(moment: Progress) -> None:
            nonlocal at_first
            at_first = moment.done if at_first is None else at_first
            rate = (moment.done - at_first) / max(monotonic() - begin, BLINK)
            speed = words.speed.format(n=words.written(f"{rate:.1f}"))
            if moment.shared:
                speed += f", {words.shared.format(n=moment.shared)}"
            bar.update(task, completed=moment.done, total=moment.asked, speed=speed)
            if moment.written and study.plan.compare:
                bar.line = (told or so_far)(study, words)

        yield watch


def so_far(study: StudyResults, words: Words = Words()) -> str:
    """Return the answer so far in one line."""
    effects = study.measured(study.question.outcome)
    if not effects or effects[0].worlds < FEWEST_PAIRS or any(each.points < 2 for each in effects):
        return ""
    shown = []
    for each in effects:
        numbers = signed(each.difference.mean, each.outcome), amount(each.difference.high - each.difference.mean, each.outcome)
        shown.append(" ± ".join(map(words.written, numbers)))
    found = "; ".join(f"{words.scenario(each.scenario)} {numbers}" for each, numbers in zip(effects, shown, strict=True))
    return words.so_far.format(outcome=words.outcome(study.question.outcome), found=found)
