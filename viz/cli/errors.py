"""What is wrong with what somebody typed, in the language in which the command answers.  Exit code 2, and no traceback."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from kantelpunt.model.errors import InputError

from .options import ENGLISH, LANGUAGE, messages


class Refusing(TyperGroup):
    """Commands of which bad input is told in a line or two."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed; bad input ends it."""
        try:
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


def refuse(error: InputError, lang: str) -> None:
    """Say what is wrong with the input and leave."""
    from ..text import Text

    messages.print(error.said(Text(lang).error), style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(2)
