"""What is wrong with what somebody typed, in the language in which the command answers.  Exit code 2, and no traceback."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from kantelpunt.model.errors import InputError
from kantelpunt.model.renaming import Renamed

from .options import ENGLISH, LANGUAGE, messages


class KantelpuntGroup(TyperGroup):
    """Commands of which bad input is told in a line or two."""

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
