"""How far a study is, on standard error: runs, rate, time left, and the answer so far."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from model import compiled
from model.scenario import FEWEST, Scenario
from model.simulation import simulate

from .digits import amount, signed
from .parts import Moment, Watch
from .plan import spoken

if TYPE_CHECKING:
    from .study import Study

FEWEST_PAIRS = 4  # worlds before a first look
BLINK = 1.0  # seconds, below which a rate means nothing


def warm_up(messages: Console) -> None:
    """Have the rules compiled before many threads ask for them, and say so where it takes long."""
    text = "Getting ready"
    if compiled.JIT and not any(compiled.cache_folder().rglob("*.nbi")):
        text = "First run after an install or a change: compiling the rules takes about a minute."
        messages.print(text)
    with messages.status(text):
        simulate(Scenario(people=FEWEST, years=1))


class Glance(Progress):
    """A progress bar with a line under it."""

    line = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """Give the bar and the line."""
        yield from super().get_renderables()
        if self.line:
            yield Text(self.line, style="dim", no_wrap=True, overflow="ellipsis")


@contextmanager
def watching(study: "Study", messages: Console | None = None) -> Iterator[Watch]:
    """Give what a study calls while it runs, and show how far it is, how fast it goes and the answer so far."""
    messages = messages or Console(stderr=True)
    speed = TextColumn("{task.fields[speed]:.1f} runs/s")
    columns = MofNCompleteColumn(), BarColumn(), speed, TimeRemainingColumn(elapsed_when_finished=True)
    with Glance(*columns, console=messages, transient=True) as bar:
        task, begin, at_first = bar.add_task("", total=None, speed=0.0), monotonic(), None

        def watch(moment: Moment) -> None:
            nonlocal at_first
            at_first = moment.done if at_first is None else at_first
            rate = (moment.done - at_first) / max(monotonic() - begin, BLINK)
            bar.update(task, completed=moment.done, total=moment.asked, speed=rate)
            if moment.written and study.plan.compare:
                bar.line = so_far(study)

        yield watch


def so_far(study: "Study") -> str:
    """Return the answer so far in one line."""
    effects = study.measured(study.question.outcome)
    if not effects or effects[0].worlds < FEWEST_PAIRS or any(each.points < 2 for each in effects):
        return ""
    halves = [(each, each.difference.high - each.difference.mean) for each in effects]
    shown = [
        f"{spoken(each.scenario)} {signed(each.difference.mean, each.outcome)} ± {amount(half, each.outcome)}"
        for each, half in halves
    ]
    return f"so far, {study.question.outcome}: {', '.join(shown)}"
