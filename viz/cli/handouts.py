"""The command ``handout``: a lesson, or a plan of a study, as one file that needs no server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kantelpunt.model.errors import InputError, Phrase, nearest

from ..consoles import messages
from ..text import Text
from . import options
from .options import print_table
from .study_output import warm_up

if TYPE_CHECKING:
    from ..app.learn.lessons import Lesson

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def handout(
    lesson: Annotated[
        str | None, typer.Argument(metavar="[LESSON|STUDY]", help="A lesson, or a study. Default: list all lessons.")
    ] = None,
    plan: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Of a study. Default: the first plan that is better.")
    ] = None,
    seed: options.Seed = 2,
    lang: Annotated[str, options.speaking("Language in which the page opens; it holds both.")] = options.DUTCH,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Default: named after the lesson, here.")] = None,
    force: options.Force = False,
) -> None:
    """Record a lesson, or two plans of a study, as one HTML file that needs no server and no network."""
    from rich.progress import Progress

    from kantelpunt.experiments.running.destination import destination, is_report
    from kantelpunt.experiments.running.files import write

    from ..app.server import needed

    needed()
    from ..app.learn.lessons import lessons
    from ..handout.page import page, work

    t = Text(lang)
    if lesson is None:
        rows = [(name, t(f"lesson.{name}.title")) for name in lessons()]
        heads = t("handout.heading_name"), t("handout.heading_title")
        print_table(t("handout.list"), heads, rows, words=heads)
        return
    played = lessons().get(lesson) or of_study(lesson, plan)
    if played is None:
        raise InputError(
            "lesson.unknown", place="LESSON", value=lesson, allowed=tuple(lessons()), near=nearest(lesson, lessons())
        )
    lesson = Path(lesson).name
    named = out or Path(f"{lesson}.html")
    if out is None and named.is_symlink():  # which nobody named, and somebody else may have put here
        raise InputError("file.link", place="--out", value=named, allowed=Phrase("allowed.file_name"))
    place = destination(named, is_report, force=force)
    warm_up(lang)
    with Progress(console=messages, transient=True) as progress:
        task = progress.add_task(t("handout.doing"), total=work(played))
        made = page(lesson, played, seed, lang, lambda steps: progress.update(task, advance=steps)).encode()
    write(place, lambda file: file.write(made))
    messages.print(t("handout.size", megabytes=t.number(len(made) / 1e6, 1), file=str(named)), markup=False, soft_wrap=True)


def of_study(name: str, plan: str | None) -> "Lesson | None":
    """Return a plan of a study as a lesson; None where no study has this name."""
    from kantelpunt.experiments.running.store import MARK
    from kantelpunt.experiments.study import RESULTS, Study

    from ..handout.of_study import lesson_of

    found = next((place for place in (Path(name), RESULTS / Path(name).name) if (place / MARK).is_file()), None)
    return lesson_of(Study.open(found), plan) if found else None
