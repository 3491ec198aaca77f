"""The command ``lives``: it prints lives from the event log of one run, for who wants to read whether they could be."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kantelpunt.model.errors import InputError

from ..consoles import console, messages
from ..text import Text
from . import options
from .options import whole
from .run import asked, lived

if TYPE_CHECKING:
    from kantelpunt.model.simulation import Run

MOST = 1_000
NEVER_HERE = {"died", "left", "hired", "staff left"}  # in no life of who lives there at the end

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def lives(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario file (TOML). Default: no interventions.")] = None,
    count: Annotated[int, whole(1, MOST, "How many lives.")] = 10,
    having: Annotated[
        str | None,
        typer.Option("--with", metavar="KIND", help="Only lives in which this happens, such as arrest or 'stage up'."),
    ] = None,
    area: options.Area = None,
    situation: options.Situation = None,
    years: Annotated[int | None, whole(1, 50, "Years of 52 weeks.")] = None,
    people: options.People = None,
    seed: options.Seed = 1,
    intervention: Annotated[list[str] | None, typer.Option(metavar="KIND=INTENSITY", help="Add one; may be repeated.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="RULE.PARAMETER=VALUE", help="Set one; may be repeated.")
    ] = None,
    lang: options.Language = options.ENGLISH,
) -> None:
    """Print the lives of some who live there at the end of a run: what happened to them, from the event log."""
    from kantelpunt.model.state.codes import EVENT_KINDS

    from ..app.learn.paired_worlds import HOUSEMATE_RAIDED

    kinds = tuple(kind for kind in (*EVENT_KINDS, HOUSEMATE_RAIDED) if kind not in NEVER_HERE)
    if having is not None and having not in kinds:
        raise InputError("option.no_event", place="--with", value=having, allowed=kinds)
    what_if, t = asked(scenario, area, situation, years, people, intervention or [], set_ or []), Text(lang)
    run = lived(what_if, seed, lang, events=True)
    chosen = some(run, count, having)
    for number, identity in enumerate(chosen, 1):
        for line in told(t, run, number, identity):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if len(chosen) < count:
        messages.print(t("lives.fewer", n=len(chosen)), markup=False, highlight=False)


def some(run: "Run", count: int, having: str | None) -> list[int]:
    """Return so many of those who live there at the end, by a lot that is the same for every scenario."""
    import numpy as np

    from ..app.learn.paired_worlds import even

    people = run.world.people
    here = people["id"][people["present"] == 1]
    order = here[np.argsort(even(here), kind="stable")].tolist()
    return list(islice((identity for identity in order if having is None or holds(run, identity, having)), count))


def holds(run: "Run", identity: int, kind: str) -> bool:
    """Return whether something of this kind happens in a life."""
    from ..app.learn.paired_worlds import life

    own = life(run.world, run.scenario.weeks, identity)
    return own is not None and any(each.kind == kind for each in own.happened)


def told(t: Text, run: "Run", number: int, identity: int) -> Iterator[str]:
    """Yield the lines of one life: who it is, how they are now, and what happened, in the order of weeks."""
    from ..app.learn import narration
    from ..app.learn.paired_worlds import life

    own = life(run.world, run.scenario.weeks, identity)
    assert own is not None
    yield f"{number}. {narration.called(t, own.age, own.male)}. {narration.now(t, own)}"
    for when, what in narration.story(t, own):
        yield f"   {when}: {what}"
    if not own.happened:
        yield f"   {t('learn.quiet_life')}"
    yield ""
