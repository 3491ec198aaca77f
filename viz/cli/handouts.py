"""The command ``handout``: a lesson as one file that needs no server."""

from pathlib import Path
from typing import Annotated

import typer

from kantelpunt.model.errors import InputError, nearest

from ..consoles import messages
from ..text import Text
from . import options
from .options import print_table
from .study_output import warm_up

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def handout(
    lesson: Annotated[str | None, typer.Argument(metavar="[LESSON]", help="A lesson. Default: list all lessons.")] = None,
    seed: options.Seed = 2,
    lang: Annotated[str, options.speaking("Language in which the page opens; it holds both.")] = options.DUTCH,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Default: named after the lesson, here.")] = None,
    force: options.Force = False,
) -> None:
    """Record a lesson as one HTML file that needs no server and no network."""
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
    if lesson not in lessons():
        raise InputError(
            "lesson.unknown", place="LESSON", value=lesson, allowed=tuple(lessons()), near=nearest(lesson, lessons())
        )
    named = out or Path(f"{lesson}.html")
    place = destination(named, is_report, force=force)
    warm_up(lang)
    with Progress(console=messages, transient=True) as progress:
        task = progress.add_task(t("handout.doing"), total=work(lessons()[lesson]))
        made = page(lesson, lessons()[lesson], seed, lang, lambda steps: progress.update(task, advance=steps)).encode()
    write(place, lambda file: file.write(made))
    messages.print(t("handout.size", megabytes=t.number(len(made) / 1e6, 1), file=str(named)), markup=False, soft_wrap=True)
