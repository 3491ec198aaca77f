"""The command `kantelpunt compare`: from a plan to an answer on the screen and a folder with everything behind it."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from model import compiled
from model.scenario import FEWEST, Scenario
from model.simulation import simulate

from . import store, words
from .answer import Answer
from .plan import BUILT_IN, Plan, spoken
from .runner import cores
from .study import Study

RESULTS = Path("results")
GLANCE = 1.0  # seconds between two looks at the answer so far
FEWEST_PAIRS = 4  # worlds before a first look
FINE, FAILED, STOPPED = 0, 1, 130  # exit codes

TEXTS = ("plan", "outcome", "verdict")  # columns that hold words, not numbers

Draw = Callable[[Study, Path], object]


def run_plan(
    plan: Path | None = None,
    as_json: bool = False,
    seed: int | None = None,
    worlds: int | None = None,
    points: int | None = None,
    people: int | None = None,
    threads: int | None = None,
    out: Path | None = None,
    draw: Draw | None = None,
) -> int:
    """Run a plan, tell what it says, keep everything in a folder, and return the exit code.

    0 when all went well; 1 when a run failed; 130 when Ctrl-C stopped it.  What has no full answer goes to a folder whose
    name ends in "-unfinished", so that it never replaces one that has.  Raises InputError, before any run, for a plan
    that cannot be used or a place that cannot be written.

    Parameters
    ----------
    plan : a TOML file; left out, the built-in question.
    as_json : print JSON on standard output, in place of words and tables.
    seed, worlds, points, people : in place of what the plan says.
    threads : runs at the same time; left out, one a core.
    out : folder of the results; left out, a folder in results with the name of the question.
    draw : called with the study and the folder, to add the figures.
    """
    asked = Plan.from_toml(plan or BUILT_IN).asked(people=people, points=points, worlds=worlds, seed=seed)
    place = out or RESULTS / asked.slug
    unfinished = place.parent / f"{place.name or asked.slug}-unfinished"
    messages, study, threads = Console(stderr=True), Study(asked), threads or cores()
    with store.folder(place, unfinished) as folder:
        warm_up(messages)
        begin = monotonic()
        watched(study, threads, messages)
        answer = Answer(study)
        if study.done < study.size or not answer.effects:
            folder.place = unfinished
        answer.write(folder.path, seconds=round(monotonic() - begin, 1), threads=threads)
        if draw and answer.effects:
            draw(study, folder.path)
    if as_json:
        print(json.dumps({**answer.as_dict(), "folder": str(folder.place)}, indent=2, allow_nan=False))
    else:
        show(answer, Console())
    messages.print(f"Runs, figure, summary and what it takes to make them again: {folder.place}", markup=False, highlight=False)
    return STOPPED if study.done < study.size else FAILED if study.failures else FINE


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
        yield Text(self.line, style="dim", no_wrap=True, overflow="ellipsis")


def watched(study: Study, threads: int, messages: Console) -> None:
    """Run a study, and show how far it is, how fast it goes, when it is done, and the answer so far."""
    plan = study.plan
    n_people, n_worlds = plan.scenarios[plan.compare.against].n_people, plan.points * plan.worlds
    messages.print(
        f"{len(plan.scenarios)} plans in the same {n_worlds} worlds of {n_people:,} residents and {words.span(plan.years)}: "
        f"{study.size} runs, {threads} at a time.  Ctrl-C stops and keeps what is done.",
        highlight=False,
    )
    speed = TextColumn("{task.fields[speed]:.1f} runs/s")
    columns = MofNCompleteColumn(), BarColumn(), speed, TimeRemainingColumn(elapsed_when_finished=True)
    with Glance(*columns, console=messages, transient=True) as bar:
        task, begin, looked = bar.add_task("", total=study.size, speed=0.0), monotonic(), 0.0

        def progress(study: Study) -> None:
            nonlocal looked
            now = monotonic()
            bar.update(task, completed=study.done, speed=study.done / max(now - begin, GLANCE))
            if now - looked > GLANCE:
                bar.line, looked = so_far(study), now

        study.run(threads, progress)


def so_far(study: Study) -> str:
    """Return the answer so far in one line."""
    effects = study.measured(study.plan.compare.outcome)
    if not effects or effects[0].worlds < FEWEST_PAIRS or any(each.points < 2 for each in effects):
        return ""
    halves = [(each, each.difference.high - each.difference.mean) for each in effects]
    shown = [
        f"{spoken(each.scenario)} {words.signed(each.difference.mean, each.outcome)} ± {words.amount(half, each.outcome)}"
        for each, half in halves
    ]
    return f"so far, {study.plan.compare.outcome}: {', '.join(shown)}"


def show(answer: Answer, screen: Console) -> None:
    """Print the answer in words and tables."""
    screen.print(answer.study.plan.heading, style="bold", markup=False, highlight=False)
    for line in answer.opening:
        screen.print(line, markup=False, highlight=False)
    for name, text in answer.verdicts:
        screen.print(Text.assemble("\n", (name, "bold"), "\n", text))
    for table in answer.tables:
        shown = Table(title=table.title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for heading in table.headings:
            shown.add_column(heading, justify="left" if heading in TEXTS else "right")
        for cells in table.rows:
            shown.add_row(*map(Text, cells))
        screen.print("", shown)
    screen.print("What may not be concluded", style="bold")
    for line in answer.limits:
        screen.print(Text.assemble("- ", line))
