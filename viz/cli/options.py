"""What the commands share: options, consoles, and how a table is shown."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import LARGEST, SMALLEST

console, messages = Console(), Console(stderr=True)


def whole(low: int, high: int, help: str) -> Any:
    """Return an option that takes a whole number, and whose complaint names the number and what is allowed."""

    def parsed(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise typer.BadParameter(f"{text} is not allowed: a whole number from {low} to {high:,}")
        return number

    return typer.Option(parser=parsed, metavar="N", help=help)


def language(context: typer.Context, text: str) -> str:
    """Return a language that reports are written in, and have whatever is wrong with the rest told in it."""
    if text not in ("nl", "en"):
        raise typer.BadParameter(f"{text} is not allowed: nl or en")
    context.meta[LANGUAGE] = text
    return text


def speaking(help: str) -> Any:
    """Return an option that names a language; it is read before all others."""
    return typer.Option(callback=language, is_eager=True, metavar="nl|en", help=help)


DUTCH = "nl"  # for whoever has not chosen a language
ENGLISH = "en"  # of commands for researchers
LANGUAGE = "kantelpunt.language"  # where a command line keeps the language that was chosen
Language = Annotated[str, speaking("The language of answers and reports.")]
Area = Annotated[str | None, typer.Option(help="A preset, name or code; or FILE:CODE for a row of a CBS workbook or CSV.")]
Situation = Annotated[str | None, typer.Option(help="A situation to begin from, as kantelpunt situations lists them.")]
People = Annotated[int | None, whole(SMALLEST, LARGEST, "Residents to simulate, with the same doses per head.")]
Seed = Annotated[int, whole(0, 2**63 - 1, "Which world: the same seed is the same luck.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Threads = Annotated[int | None, whole(1, 1_024, "Runs at the same time; left out: one a core.")]
Processes = Annotated[int | None, whole(1, 1_024, "Processes in place of threads: a run that breaks one harms no other.")]
Dask = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, as tcp://127.0.0.1:8786.")]
Mix = Annotated[bool, typer.Option("--mix", help="Go on although the model has changed; a column tells which model made a run.")]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the study goes; left out: a folder in results.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file there that Kantelpunt did not write.")]
Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder of a study, or its name in results.")]


def taking(group: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator: a command takes the fields of a dataclass as options, and gets them together as its last argument."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        *own, last = inspect.signature(command).parameters.values()

        @wraps(command)
        def called(**given: Any) -> None:
            together = group(**{each.name: given.pop(each.name) for each in fields(group)})
            command(**given, **{last.name: together})

        kind = inspect.Parameter.KEYWORD_ONLY
        own += [inspect.Parameter(each.name, kind, default=each.default, annotation=each.type) for each in fields(group)]
        called.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in own}
        return called

    return decorate


def named_area(text: str) -> tuple[str, Path | None]:
    """Return the area's name or code, and its file where FILE:CODE was written."""
    file, _, code = text.rpartition(":")
    if not file and Path(text).is_file():
        allowed = f"{text}:CODE, with a code or name in it"
        raise InputError("which area of this file?", place="--area", value=text, allowed=allowed)
    return (code, Path(file)) if file else (text, None)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], words: tuple[str, ...] = ()) -> None:
    """Print a table in the house style: numbers to the right, columns of ``words`` to the left."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="left" if heading in words else "right")
    for cells in rows:
        table.add_row(*map(Text, cells))
    console.print(Text(f"\n{title}", style="italic"))
    console.print(table)


def study_folder(path: Path) -> Path:
    """Return the folder that is meant: the path itself, or one of its name in results; raises InputError where none is."""
    from kantelpunt.experiments.running.store import MARK
    from kantelpunt.experiments.study import RESULTS

    for place in (path, RESULTS / path.name):
        if (place / MARK).is_file():
            return place
    known = sorted(each.parent.name for each in RESULTS.glob(f"*/{MARK}"))
    allowed = f"the folder of a study; in {RESULTS}: {', '.join(known) or 'none yet'}"
    raise InputError("no study stands here", place="STUDY", value=path, allowed=allowed)


def plan_file(path: Path | None) -> Path:
    """Return the file that is meant: the path itself, a ready-made question of that name, or the built-in one."""
    from kantelpunt.experiments.design.plan import BUILT_IN

    if path is None or path.is_file():
        return path or BUILT_IN
    ready = BUILT_IN.parent / f"{path.stem}.toml"
    return ready if ready.is_file() else path
