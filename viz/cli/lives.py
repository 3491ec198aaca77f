"""The command ``lives``: it prints lives from the event log of one run, so that readers can judge whether they could be real."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from kantelpunt.model.errors import InputError

from ..consoles import console, messages
from ..text import Text
from .options import taking, whole
from .run import ScenarioFile, WhatIf, lived

if TYPE_CHECKING:
    from kantelpunt.model.simulation import Run

    from ..app.learn.paired_worlds import Life

MOST = 1_000
OF_NO_RESIDENT = {"hired", "staff left", "place managed", "legal places"}  # in no life of a resident
LAST = ("died", "left")  # in no life of who lives there at the end

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
@taking(WhatIf)
def lives(
    scenario: ScenarioFile = None,
    count: Annotated[int, whole(1, MOST, "How many lives.")] = 10,
    having: Annotated[
        str | None,
        typer.Option("--with", metavar="KIND", help="Only lives in which this happens, such as arrest or 'stage up'."),
    ] = None,
    gone: Annotated[bool, typer.Option("--gone", help="Include residents who died or moved away.")] = False,
    who: Annotated[
        int | None,
        whole(0, 2**63 - 1, "Only the life of this person, whose twin lives in other worlds of the same seed."),
    ] = None,
    *,
    asked: WhatIf,
) -> None:
    """Print life stories of some residents at the end of a run, from its event log."""
    from kantelpunt.model.state.codes import EVENT_KINDS

    from ..app.learn.paired_worlds import HOUSEMATE_RAIDED

    kinds = tuple(kind for kind in (*EVENT_KINDS, HOUSEMATE_RAIDED) if kind not in OF_NO_RESIDENT)
    if having is not None and having not in kinds:
        raise InputError("option.no_event", place="--with", value=having, allowed=kinds)
    what_if, t = asked.scenario(scenario), Text(asked.lang)
    run = lived(what_if, asked.seed, asked.lang, events=True)
    found = [one(run, who)] if who is not None else list(islice(some(run, having, gone or having in LAST), count))
    for number, (identity, own) in enumerate(found, 1):
        for line in told(t, number, identity, own):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if who is None and len(found) < count:
        messages.print(t("lives.fewer", n=len(found)), markup=False, highlight=False)


def one(run: "Run", identity: int) -> tuple[int, "Life"]:
    """Return the life of one person; raises InputError where nobody of this identity lived there."""
    from ..app.learn.paired_worlds import life

    own = life(run.world, run.scenario.weeks, identity)
    if own is None:
        raise InputError("option.no_person", place="--who", value=identity)
    return identity, own


def some(run: "Run", having: str | None, gone: bool) -> Iterator[tuple[int, "Life"]]:
    """Yield lives of those who live there at the end, or of the gone too, by a lot that is the same for every scenario."""
    import numpy as np

    from kantelpunt.model.state.codes import DIED, LEFT

    from ..app.learn.paired_worlds import even, happened

    people, log = run.world.people, happened(run.world)
    known = [people["id"][people["present"] == 1]]
    if gone:
        known.append(log["who"][np.isin(log["kind"], (DIED, LEFT))])
    identities = np.unique(np.concatenate(known))
    for identity in identities[np.argsort(even(identities), kind="stable")].tolist():
        _, own = one(run, identity)
        if having is None or any(each.kind == having for each in own.happened):
            yield identity, own


def told(t: Text, number: int, identity: int, own: "Life") -> Iterator[str]:
    """Yield the lines of one life: who it is, how they are now, and what happened, in the order of weeks."""
    from ..app.learn.lives import narration

    who = t("lives.person", n=number, who=narration.called(t, own.age, own.male), identity=str(identity))
    yield f"{who} {narration.now(t, own)}"
    for when, what in narration.story(t, own):
        yield f"   {when}: {what}"
    if not own.happened:
        yield f"   {t('learn.quiet_life')}"
    yield ""
