"""Shared by the commands: options, consoles, and how a table is shown."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.population.areas import LARGEST, SMALLEST

from ..consoles import console

if TYPE_CHECKING:
    from kantelpunt.experiments.design.plan import Plan


class Unfit(typer.BadParameter):
    """An option that cannot be used, with the InputError that says why."""

    def __init__(self, error: InputError) -> None:
        """Hold the error."""
        super().__init__(str(error))
        self.error = error


def whole(low: int, high: int, help: str) -> Any:
    """Return an option that takes a whole number, and whose complaint names the number and what is allowed."""

    def parsed(text: str) -> int:
        allowed = Phrase("allowed.whole_between", low=low, high=high)
        try:
            number = int(text)
        except ValueError:
            raise Unfit(InputError("value.not_whole", value=text, allowed=allowed)) from None
        if not low <= number <= high:
            raise Unfit(InputError("value.out_of_range", value=number, allowed=allowed))
        return number

    return typer.Option(parser=parsed, metavar="N", help=help)


def language(context: typer.Context, text: str) -> str:
    """Parse --lang and use it for later error messages."""
    if text not in ("nl", "en"):
        raise Unfit(InputError("option.no_language", value=text, allowed=("nl", "en")))
    context.meta[LANGUAGE] = text
    return text


def readable(context: typer.Context, asked: bool) -> bool:
    """Parse --json and use it for later errors."""
    context.meta[JSON] = asked
    return asked


def speaking(help: str) -> Any:
    """Return an option that names a language; it is read before all others."""
    return typer.Option(callback=language, is_eager=True, metavar="nl|en", help=help)


DUTCH = "nl"  # of commands for policy makers and trainers, unless they choose
ENGLISH = "en"  # of commands for researchers, unless they choose
LANGUAGE = "kantelpunt.language"  # where a command line keeps the language that was chosen
JSON = "kantelpunt.json"  # and whether a program reads it
Language = Annotated[str, speaking("Language of answers, reports and error messages.")]
Area = Annotated[
    str | None, typer.Option(help="A built-in area by name or code, or FILE:CODE for a row of a CBS workbook or CSV.")
]
Situation = Annotated[str | None, typer.Option(help="Starting situation; kantelpunt situations lists them.")]
People = Annotated[int | None, whole(SMALLEST, LARGEST, "Number of residents; doses per head stay the same.")]
Seed = Annotated[int, whole(0, 2**63 - 1, "Which world to draw: the same seed gives the same luck.")]
Json = Annotated[
    bool, typer.Option("--json", callback=readable, is_eager=True, help="Print only JSON on standard output, errors too.")
]
Threads = Annotated[int | None, whole(1, 1_024, "Parallel runs. Default: one per core.")]
Processes = Annotated[int | None, whole(1, 1_024, "Use processes instead of threads: a crash in one harms no other.")]
Dask = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://127.0.0.1:8786.")]
Mix = Annotated[bool, typer.Option("--mix", help="Continue after a change of the model; a column records the model of each run.")]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder of the study. Default: a folder in results.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that Kantelpunt did not write.")]
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
        raise InputError("option.no_code", place="--area", value=text, allowed=Phrase("allowed.file_code", file=text))
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
    raise InputError(
        "study.none",
        place="STUDY",
        value=path,
        allowed=Phrase("allowed.study_in", folder=str(RESULTS), studies=known)
        if known
        else Phrase("allowed.study_in_none", folder=str(RESULTS)),
    )


def plan_file(path: Path | None) -> Path:
    """Return the file that is meant: the path itself, a ready-made question of that name, or the built-in one."""
    from kantelpunt.experiments.design.plan import BUILT_IN

    if path is None or path.is_file():
        return path or BUILT_IN
    ready = BUILT_IN.parent / f"{path.stem}.toml"
    return ready if ready.is_file() else path


def asked_plan(plan: Path | None, area: str | None, situation: str | None, **given: Any) -> "Plan":
    """Return the plan in a file, elsewhere or begun otherwise if asked, with everything filled in; raises InputError where it
    compares nothing.  ``given`` are keys of `Plan.asked`."""
    from kantelpunt.experiments.design.plan import Plan
    from kantelpunt.experiments.design.question import Question

    file = plan_file(plan)
    question = Plan.from_toml(file)
    question = question if area is None else question.moved(*named_area(area))
    question = question if situation is None else question.beginning(situation)
    asked = question.asked(**given)
    if asked.compare is None:
        raise InputError("value.missing", place=f"{file}: compare", allowed=Question.keys())
    return asked
