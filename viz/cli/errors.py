"""The group of all commands: it imports the one that is asked for, lists them in panels, and tells bad input without a traceback.

Bad input is told in the language that `--lang` asks for, and ends with exit code 2.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kantelpunt.model.errors import InputError, Phrase, reason_of
from kantelpunt.model.renaming import Renamed

from ..consoles import messages
from .options import ENGLISH, JSON, LANGUAGE, Unfit

PANELS = {
    "Run one world": {"run": "run", "lives": "lives", "areas": "catalogue", "situations": "catalogue", "numbers": "catalogue"},
    "Compare and study": {
        "compare": "studies", "sweep": "studies", "status": "studies", "resume": "studies", "verify": "studies",
        "replay": "studies", "report": "studies", "export": "studies", "panel": "decisions",
    },
    "Analyse": {
        "sensitivity": "analyses", "discover": "analyses", "tipping": "tipping", "loops": "tipping", "calibrate": "calibration",
        "worth": "decisions", "parts": "decisions", "best": "decisions",
        "pathways": "decisions", "mirror": "instruments", "trial": "instruments",
    },
    "Look and serve": {"app": "run", "handout": "handouts"},
}  # fmt: skip
MODULES = {command: module for panel in PANELS.values() for command, module in panel.items()}


class KantelpuntGroup(TyperGroup):
    """All commands, each from the module that holds it; a module is imported when somebody asks for one of its commands."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; none for an unknown name."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f".{MODULES[cmd_name]}", __package__)
        return get_group(module.commands).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does, panel by panel."""
        wide = max(map(len, MODULES))
        for panel, names in PANELS.items():
            rows = [(f"{name:{wide}}", self.get_command(ctx, name).get_short_help_str(limit=200)) for name in names]
            with formatter.section(panel):
                formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; bad input ends it."""
        try:
            with telling_old_names(ctx):
                return super().invoke(ctx)
        except InputError as error:
            refuse(error, ctx)
        except typer.BadParameter as error:
            if not error.message:  # one that is missing
                raise
            found = error.error if isinstance(error, Unfit) else InputError("option.unfit", reason=error.message)
            found.place = max(error.param.opts, key=len) if error.param else ""
            refuse(found, ctx)
        except OSError as error:
            if error.filename is None:
                raise
            refuse(InputError("system.failed", place=error.filename, reason=reason_of(error)), ctx)


@contextmanager
def telling_old_names(ctx: Any) -> Iterator[None]:
    """Tell of names of an earlier version in the language of the command, in a line each."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def tell(message: Any, *where: Any, **more: Any) -> None:
            if isinstance(message, Renamed):
                say(message.words, ctx, "yellow")
            else:
                usual(message, *where, **more)

        warnings.simplefilter("default", Renamed)
        warnings.showwarning = tell
        yield


def say(said: Phrase | InputError, ctx: Any, style: str) -> None:
    """Print words or an error in the language of the command."""
    from ..text import errors

    language = errors(ctx.meta.get(LANGUAGE, ENGLISH))
    text = said.said(language) if isinstance(said, InputError) else language(said)
    messages.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def refuse(error: InputError, ctx: Any) -> None:
    """Say what is wrong with the input, to a program too where --json asks for it, and leave."""
    say(error, ctx, "red")
    if ctx.meta.get(JSON):
        typer.echo(json.dumps({"error": error.table()}, indent=2, ensure_ascii=False))
    sys.exit(2)
