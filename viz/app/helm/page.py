"""The page At the helm: what organisations see, a budget in parts, a dilemma, and in the end what could have been."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import solara

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.policies import Seen
from kantelpunt.viz.report.wording import outcome_name
from kantelpunt.viz.text import Text

from ..learn.phones import Phones
from ..own_files import MOST_BYTES
from ..rejection import Refused
from ..votes import leave_later
from ..widgets.background import use_made
from ..widgets.choices import card_name, explained
from ..widgets.frame import Place, begun, use_text
from ..widgets.html import Button, Drop, prose, table, tag
from . import debrief
from .debrief import EQUAL, JUDGED, NOTHING, TEAM, WORLDS, Debrief, told_as
from .dilemmas import OWN, PARTS, QUARTERS, STORY, TITLE, as_file
from .game import CARDS, Game, available, begun_with, part_in_euros, people, read, signs
from .roles import ROLES, Table, found, laid, offered, told


@solara.component
def Helm() -> None:
    """Draw the page for this session."""
    t, begin, ticks = use_text(), begun("helm"), solara.use_reactive(0)
    change = ticks.get()
    game, set_game = solara.use_state(solara.use_memo(lambda: read(begin), []))
    table, set_table = solara.use_state(solara.use_memo(lambda: found(begin.get("table", "")), []))
    Place(t, "helm", {**game.written(), **({"table": table.code} if table else {})})
    solara.use_effect(lambda: held(table), [table])
    with tag("div", class_="helm"):
        with tag("div", class_="bar"):
            tag("h1", t("helm.title"), class_="grow")
            if not table:
                Button(t("seat.begin"), lambda: set_table(laid(game)), "small", hint=t("seat.begin_hint"))
            if game.quarter:
                when = t("helm.ended") if game.ended else t("helm.when", n=game.quarter + 1, of=QUARTERS)
                tag("p", when, class_="quiet", role="status")
                Button(
                    t("helm.again"), lambda: set_game(begun_with(game.called, game.seed + 1)), "small", hint=t("helm.again_hint")
                )
        tag("progress", value=str(game.quarter / QUARTERS), max="1", aria_label=t("helm.progress"))
        if table:
            Seats(t, table, game, set_game, ticks, change)
        if game.ended:
            Looked(t, game, table)
        else:
            Quarter(t, game, set_game, table, change)


def held(table: Table | None) -> Callable[[], None]:
    """Hold a table for as long as this page shows it; return what lets go."""
    holder = object()
    if table:
        table.holders.add(holder)
    return lambda: leave_later(table, holder) if table else None


@solara.component
def Quarter(t: Text, game: Game, set_game, table: Table | None, change: int) -> None:  # type: ignore[no-untyped-def]
    """Show one quarter of a year: what is seen on the left, what is decided on the right."""
    seen = use_made(lambda: signs(game), [game.seed, game.moves, game.called])

    def show() -> None:
        if table:
            table.show(game, None if isinstance(seen, Refused) else seen)

    solara.use_effect(show, [table, game, seen])
    with tag("div", class_="columns"):
        with tag("section", class_="card", aria_live="polite"):
            tag("h2", t("helm.seen" if game.quarter else "helm.how"))
            if not game.quarter:
                prose(t("helm.intro", people=people(), parts=PARTS, euros=t.euros(part_in_euros())))
                Files(t, game, set_game)
            else:
                Made(t, seen, partial(Roles, t, seats=dict(table.seats) if table else {}))
        with tag("div", class_="stack"):
            if game.dilemma:
                Dilemma(t, game, set_game, dict(table.choices) if table else {})
            Money(t, game, set_game)


@solara.component
def Files(t: Text, game: Game, set_game) -> None:  # type: ignore[no-untyped-def]
    """Open dilemmas of one's own before the first quarter, or take ours along to begin from."""
    refused, refuse = solara.use_state(cast("Refused | None", None))

    def take(_: Any, buffers: Any = ()) -> None:
        if buffers:
            try:
                set_game(begun_with(OWN.open(bytes(buffers[0])), game.seed))
                refuse(None)
            except Refused as error:
                refuse(Refused.of(error))

    with tag("details", class_="card own", **({"open": ""} if refused or game.called else {})):
        tag("summary", t("own_dilemmas.title"))
        if refused:
            tag("p", refused.said(t), class_="wrong", role="alert")
        if game.called:
            titles = ", ".join(game.dilemmas.said(t, name, TITLE) for name in game.dilemmas.by_name)
            with tag("div", class_="bar"):
                tag("p", t("own_dilemmas.open", titles=titles), class_="grow", role="status")
                Button(t("own_dilemmas.ours"), lambda: set_game(begun_with("", game.seed)), "small")
        Drop(
            label=t("own_dilemmas.drop"), busyText=t("compare.reading"), accept=".toml", most=MOST_BYTES,
            event_send=take, event_refuse=lambda _: refuse(OWN.too_large),
        )  # fmt: skip
        with tag("div", class_="bar downloads"):
            solara.FileDownload(as_file, "dilemmas.toml", label=t("own_dilemmas.take"), mime_type="application/toml")
        tag("p", t("own_dilemmas.text"), class_="quiet")


@solara.component
def Made(t: Text, made: Any, show: Callable[[Any], Any]) -> None:
    """Show what the server made, or why it could not be made, or that it is still at work."""
    if isinstance(made, Refused):
        tag("p", made.said(t), class_="wrong", role="alert")
    elif made is None:
        tag("p", t("compare.thinking"), class_="quiet")
    else:
        show(made)


@solara.component
def Roles(t: Text, seen: Seen, seats: dict[str, str]) -> None:
    """Tell what each role sees: its own signs, and no more; a role that sits at a phone reads its own there."""
    with tag("div"):
        if len(seats) == len(ROLES):
            tag("p", t("seat.all_read"))
            return
        with tag("div", class_="roles"):
            for role in ROLES:
                with tag("div", class_="role").key(role):
                    tag("h3", t(f"helm_role.{role}"))
                    if role in seats:
                        tag("p", t("seat.reads"), class_="quiet")
                        continue
                    for name, shown, way in told(t, seen, role):
                        with tag("p"):
                            tag("span", name)
                            tag("b", shown, tag("small", way))
        tag("p", t("helm.noisy"), class_="quiet")


@solara.component
def Seats(  # type: ignore[no-untyped-def]
    t: Text, table: Table, game: Game, set_game, ticks: solara.Reactive[int], change: int
) -> None:
    """Show where phones take a seat, who sits there, and what they propose."""
    seats, cards = table.seats, table.cards
    with tag("section", class_="card seats"):
        Phones(t, table, ticks, t("seat.count", n=len(seats), of=len(ROLES)), small=len(seats) == len(ROLES))
        with tag("div"):
            for role in seats:
                with tag("p", class_="bar nowrap").key(role):
                    tag("b", t(f"helm_role.{role}"))
                    waits = t("seat.looks_back" if game.ended else "seat.thinks")
                    tag("span", card_name(t, cards[role]) if role in cards else waits, class_="grow")
                    Button(t("seat.free"), partial(table.free, role), "small", hint=t("seat.free_hint"))
            if not game.ended:
                most = available(game.dilemmas, (*game.moves, game.draft))[-1]
                if len(cards) > most:
                    tag("p", t("seat.too_many", n=most, of=len(cards)), class_="wrong", role="status")
                take = lambda: set_game(table.taken_over(game))  # noqa: E731
                Button(t("seat.take_over"), take, "small", disabled=not cards, hint=t("seat.take_over_hint"))


@solara.component
def Dilemma(t: Text, game: Game, set_game, proposed: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Ask for a choice that cannot be taken back once the quarter has begun; say which roles propose what."""
    said = partial(game.dilemmas.said, t, game.dilemma)
    with tag("section", class_="card dilemma"):
        tag("h2", said(TITLE))
        tag("p", said(STORY))
        with tag("div", class_="stack", role="group", aria_label=said(TITLE)):
            for choice, words in offered(t, game).items():
                pick = partial(lambda each: set_game(game.choose(each)), choice)
                Button(words, pick, pressed=game.draft.choice == choice)
                if roles := [t(f"helm_role.{role}") for role in ROLES if proposed.get(role) == choice]:
                    tag("p", t("seat.proposed", roles=", ".join(roles)), class_="quiet", role="status")


@solara.component
def Money(t: Text, game: Game, set_game) -> None:  # type: ignore[no-untyped-def]
    """Divide the parts of the budget over the cards."""
    most = available(game.dilemmas, (*game.moves, game.draft))[-1]
    with tag("section", class_="card"):
        tag("h2", t("helm.money"))
        if game.dilemma and not game.draft.choice:
            tag("p", t("helm.not_ready"), class_="wrong")
        if game.left < 0:
            tag("p", t("helm.over", n=-game.left, of=most), class_="wrong", role="status")
        else:
            tag("p", t("helm.left", n=game.left, of=most), class_="quiet", role="status")
        for i, card in enumerate(CARDS):
            name = card_name(t, card)
            with tag("div", class_="vote", title=explained(t, card)).key(card):
                tag("span", name, class_="grow")
                less, more = (partial(lambda i, by: set_game(game.part(i, by)), i, by) for by in (-1, 1))
                Button("−", less, "small", disabled=not game.draft.parts[i], hint=t("helm.less", name=name))
                tag("output", t.number(game.draft.parts[i]))
                Button("+", more, "small", disabled=game.left <= 0, hint=t("helm.more", name=name))
        with tag("div", class_="bar"):
            tag("span", class_="grow")
            Button(t("helm.go_on"), lambda: set_game(game.go_on()), "strong next", disabled=not game.ready)


@solara.component
def Looked(t: Text, game: Game, table: Table | None) -> None:
    """Tell what came of it, at once in the world that was played, and then in others; phones hear it too."""
    wanted = solara.use_memo(lambda: [True], [game])
    solara.use_effect(lambda: wanted.clear, [wanted])
    first = use_made(lambda: debrief.debrief(game, 1, lambda: bool(wanted)), [game])
    others = use_made(lambda: debrief.debrief(game, WORLDS, lambda: bool(wanted)), [game])
    found = others or first

    def show() -> None:
        if table:
            table.show(game, None)
            if isinstance(found, Debrief):
                table.look_back(found)

    solara.use_effect(show, [table, game, found])
    with tag("section", class_="card looked"):
        tag("h2", t("helm.debrief"))
        prose(t("helm.debrief_text"))
        Made(t, found, lambda found: Compared(t, game, found, bool(others)))


@solara.component
def Compared(t: Text, game: Game, found: Debrief, whole: bool) -> None:
    """Set the room's own course beside others, with the same luck."""
    headings = [t("helm.course"), *(told_as(t, each) for each in JUDGED)]
    with tag("div"):
        table(headings, [row(t, game, found, name, whole) for name in found.found])
        tag("p", luck(t, found) if whole else t("helm.trying", n=WORLDS), class_="quiet", role="status")
        tag("h3", t("helm.talk"))
        with tag("ul", class_="talk"):
            for line in t.lines("helm.questions"):
                tag("li", line)


def row(t: Text, game: Game, found: Debrief, name: str, whole: bool) -> list[Any]:
    """Return what one course came to in the world that was played, and in how many worlds the room's own is better."""
    shown = [t.amount(float(value), OUTCOMES[each].unit) for each, value in zip(JUDGED, found.found[name][0], strict=True)]
    better = [""] * len(JUDGED)
    if whole and name != debrief.OWN:
        better = [t("helm.beaten", n=n, worse=worse, of=WORLDS) for n, worse in found.beaten(name)]
    cells = [tag("span", value, tag("small", words)) for value, words in zip(shown, better, strict=True)]
    return [called(t, game, name), *cells]


def called(t: Text, game: Game, name: str) -> str:
    """Return how a course is called; one with another choice by that choice."""
    if name in (debrief.OWN, NOTHING, EQUAL, TEAM):
        return t(f"helm.{name}")
    return t("helm.turned", choice=game.dilemmas.said(t, *name.split(".")))


def luck(t: Text, found: Debrief) -> str:
    """Return how far worlds lie apart in which the room chose the same."""
    ends = found.found[debrief.OWN][:, 0]
    low, high = (t.number(float(end), 0) for end in (ends.min(), ends.max()))
    return t("helm.luck", n=WORLDS, low=low, high=high, outcome=outcome_name(t, JUDGED[0]))
