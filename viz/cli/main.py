"""The command line: all commands in one.

Exit codes: 0 fine, 1 a run failed, 2 bad input.  Results go to standard output, all else to standard error.
"""

import warnings
from typing import Annotated

import typer

from .errors import KantelpuntGroup
from .own_settings import pass_over_settings_here
from .streams import any_code_page, to_the_end

app = typer.Typer(
    name="kantelpunt",
    cls=KantelpuntGroup,
    help="How trust and opportunity tip in a neighbourhood where organised crime takes root: a way to think, not a forecast.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Rich takes twice as long to import as the help takes to print
)


def main() -> None:
    """Run the command line."""
    warnings.filterwarnings("ignore", "machine code cannot be kept")  # said in the language of the command instead
    any_code_page()
    pass_over_settings_here()
    with to_the_end():
        app(prog_name="kantelpunt")


def tell_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kantelpunt {version('kantelpunt')}")
        raise typer.Exit


@app.callback()
def kantelpunt(
    version: Annotated[bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Read the options that stand before the command."""
