"""The group of all commands: it imports the one that is asked for, lists them in panels, and tells bad input without a traceback.

Bad input is told in the language that `--lang` asks for, and ends with exit code 2.
"""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kantelpunt.model.errors import InputError
from kantelpunt.model.renaming import Renamed

from .options import ENGLISH, LANGUAGE, messages

PANELS = {
    "Run one world": {"run": "run", "areas": "catalogue", "situations": "catalogue"},
    "Compare and study": {
        "compare": "studies", "sweep": "studies", "status": "studies", "resume": "studies", "verify": "studies",
        "replay": "studies", "report": "studies", "export": "studies",
    },
    "Analyse": {
        "sensitivity": "analyses", "discover": "analyses", "tipping": "tipping", "loops": "tipping", "calibrate": "analyses",
        "worth": "decisions", "parts": "decisions", "best": "decisions", "mirror": "instruments", "trial": "instruments",
    },
    "Look and serve": {"app": "run"},
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
            refuse(error, ctx.meta.get(LANGUAGE, ENGLISH))
        except typer.BadParameter as error:
            if not error.message:  # one that is missing
                raise
            place = max(error.param.opts, key=len) if error.param else ""
            refuse(InputError(error.message, place=place), ctx.meta.get(LANGUAGE, ENGLISH))
        except OSError as error:
            if error.filename is None:
                raise
            refuse(InputError(str(error.strerror), place=error.filename), ctx.meta.get(LANGUAGE, ENGLISH))


@contextmanager
def telling_old_names(ctx: Any) -> Iterator[None]:
    """Tell of names of an earlier version in the language of the command, in a line each."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def tell(message: Any, *where: Any, **more: Any) -> None:
            if isinstance(message, Renamed):
                say(str(message), ctx.meta.get(LANGUAGE, ENGLISH), "yellow")
            else:
                usual(message, *where, **more)

        warnings.simplefilter("default", Renamed)
        warnings.showwarning = tell
        yield


def say(complaint: str, lang: str, style: str) -> None:
    """Print what the model says, in this language."""
    from ..text import Text

    messages.print(Text(lang).error(complaint), style=style, markup=False, highlight=False, soft_wrap=True)


def refuse(error: InputError, lang: str) -> None:
    """Say what is wrong with the input and leave."""
    from ..text import Text

    messages.print(error.said(Text(lang).error), style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(2)
