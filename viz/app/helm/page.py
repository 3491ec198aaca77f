"""The page At the helm: what organisations see, a budget in parts, a dilemma, and in the end what could have been."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import solara

from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.policies import Seen
from kantelpunt.viz.report.wording import outcome_name
from kantelpunt.viz.text import Text, capital

from ..rejection import Refused
from ..widgets.background import use_made
from ..widgets.choices import card_name
from ..widgets.frame import Place, begun, use_text
from ..widgets.html import Button, prose, table, tag
from . import debrief
from .debrief import EQUAL, JUDGED, NOTHING, OWN, TEAM, WORLDS, Debrief
from .game import CARDS, QUARTERS, Game, available, dilemmas, read, signs

ROLES = {  # who -> the signs that they see
    "mayor": ("unsafe", "trust"),
    "police": ("reports", "arrests"),
    "youth_work": ("worries", "told_offers"),
    "housing": ("family_worries", "told_families"),
    "street": ("good_contacts", "bad_contacts"),
    "resident": ("unanswered", "promises_broken"),
}
FEW = 10.0  # up to which a sign is told to a tenth
SHARES, MOVED = ("unsafe",), 0.1  # a sign has moved where it differs so much of what it was


@solara.component
def Helm() -> None:
    """Draw the page for this session."""
    t, begin = use_text(), begun("helm")
    game, set_game = solara.use_state(solara.use_memo(lambda: read(begin), []))
    Place(t, "helm", game.written())
    with tag("div", class_="helm"):
        with tag("div", class_="bar"):
            tag("h1", t("helm.title"), class_="grow")
            if game.quarter:
                tag("p", t("helm.when", n=min(game.quarter + 1, QUARTERS), of=QUARTERS), class_="quiet", role="status")
                Button(t("helm.again"), lambda: set_game(Game(game.seed + 1)), "small", hint=t("helm.again_hint"))
        tag("progress", value=str(game.quarter / QUARTERS), max="1", aria_label=t("helm.progress"))
        if game.ended:
            Looked(t, game)
        else:
            Quarter(t, game, set_game)


@solara.component
def Quarter(t: Text, game: Game, set_game) -> None:  # type: ignore[no-untyped-def]
    """Show one quarter of a year: what is seen on the left, what is decided on the right."""
    seen = use_made(lambda: signs(game), [game.seed, game.moves])
    with tag("div", class_="columns"):
        with tag("section", class_="card", aria_live="polite"):
            tag("h2", t("helm.seen"))
            if not game.quarter:
                prose(t("helm.intro"))
            else:
                Made(t, seen, partial(Roles, t))
        with tag("div", class_="stack"):
            if game.dilemma:
                Dilemma(t, game, set_game)
            Money(t, game, set_game)


@solara.component
def Made(t: Text, made: Any, show: Callable[[Any], Any]) -> None:
    """Show what the server made, or why it could not be made, or that it is still at work."""
    if isinstance(made, Refused):
        tag("p", made.said(t), class_="wrong", role="alert")
    elif made is None:
        tag("p", t("compare.thinking"), class_="quiet")
    else:
        show(made)


class Sign(NamedTuple):
    """A sign now and a quarter of a year before."""

    now: float
    before: float

    @property
    def way(self) -> str:
        """Return whether it went up, down, or hardly moved."""
        if abs(self.now - self.before) <= MOVED * max(abs(self.before), abs(self.now)):
            return "level"
        return "up" if self.now > self.before else "down"


def sign(seen: Seen, name: str) -> Sign:
    """Return a sign of the whole neighbourhood: what people said is added up, of all else the mean over its quarters is taken."""
    course = seen.sign(name)
    values = course.sum(axis=1) if name.startswith("told_") else course.mean(axis=1)
    return Sign(float(values[-1]), float(values[-2] if len(values) > 1 else values[-1]))


@solara.component
def Roles(t: Text, seen: Seen) -> None:
    """Tell what each role sees: its own signs, and no more."""
    with tag("div", class_="roles"):
        for role, names in ROLES.items():
            with tag("div", class_="role").key(role):
                tag("h3", t(f"helm_role.{role}"))
                for name in names:
                    found = sign(seen, name)
                    shown = t.amount(found.now, "share") if name in SHARES else t.number(found.now, 1 if found.now < FEW else 0)
                    with tag("p"):
                        tag("span", t(f"helm_sign.{name}"))
                        tag("b", shown, tag("small", t(f"helm.{found.way}")))
    tag("p", t("helm.noisy"), class_="quiet")


@solara.component
def Dilemma(t: Text, game: Game, set_game) -> None:  # type: ignore[no-untyped-def]
    """Ask for a choice that cannot be taken back once the quarter has begun."""
    name = game.dilemma
    with tag("section", class_="card dilemma"):
        tag("h2", t(f"dilemma.{name}.title"))
        prose(t(f"dilemma.{name}.story"))
        with tag("div", class_="stack", role="group", aria_label=t(f"dilemma.{name}.title")):
            for choice, made in dilemmas()[name].choices.items():
                price = t("helm.price", n=made.fewer, quarters=made.quarters) if made.fewer else ""
                pick = partial(lambda each: set_game(game.choose(each)), choice)
                Button(t(f"dilemma.{name}.{choice}") + price, pick, pressed=game.draft.choice == choice)


@solara.component
def Money(t: Text, game: Game, set_game) -> None:  # type: ignore[no-untyped-def]
    """Divide the parts of the budget over the cards."""
    most = available((*game.moves, game.draft))[-1]
    with tag("section", class_="card"):
        tag("h2", t("helm.money"))
        if game.dilemma and not game.draft.choice:
            tag("p", t("helm.not_ready"), class_="wrong")
        tag("p", t("helm.left", n=max(game.left, 0), of=most), class_="quiet" if game.left >= 0 else "wrong", role="status")
        for i, card in enumerate(CARDS):
            name = card_name(t, card)
            with tag("div", class_="vote", title=t.named("explained", card, catalogue()[card].__doc__ or "")).key(card):
                tag("span", name, class_="grow")
                less, more = (partial(lambda i, by: set_game(game.part(i, by)), i, by) for by in (-1, 1))
                Button("−", less, "small", disabled=not game.draft.parts[i], hint=t("helm.less", name=name))
                tag("output", t.number(game.draft.parts[i]))
                Button("+", more, "small", disabled=game.left <= 0, hint=t("helm.more", name=name))
        with tag("div", class_="bar"):
            tag("span", class_="grow")
            Button(t("helm.go_on"), lambda: set_game(game.go_on()), "strong next", disabled=not game.ready)


@solara.component
def Looked(t: Text, game: Game) -> None:
    """Tell what came of it, at once in the world that was played, and then in others."""
    wanted = solara.use_memo(lambda: [True], [game])
    solara.use_effect(lambda: wanted.clear, [wanted])
    first = use_made(lambda: debrief.debrief(game, 1, lambda: bool(wanted)), [game])
    others = use_made(lambda: debrief.debrief(game, WORLDS, lambda: bool(wanted)), [game])
    found = others or first
    with tag("section", class_="card looked"):
        tag("h2", t("helm.debrief"))
        prose(t("helm.debrief_text"))
        Made(t, found, lambda found: Compared(t, found, bool(others)))


@solara.component
def Compared(t: Text, found: Debrief, whole: bool) -> None:
    """Set the room's own course beside others, with the same luck."""
    headings = [t("helm.course"), *(capital(outcome_name(t, each)) for each in JUDGED)]
    with tag("div"):
        table(headings, [row(t, found, name, whole) for name in found.found])
        tag("p", luck(t, found) if whole else t("helm.trying", n=WORLDS), class_="quiet", role="status")
        tag("h3", t("helm.talk"))
        with tag("ul", class_="talk"):
            for line in t.lines("helm.questions"):
                tag("li", line)


def row(t: Text, found: Debrief, name: str, whole: bool) -> list[Any]:
    """Return what one course came to in the world that was played, and in how many worlds the room's own is better."""
    shown = [t.amount(float(value), OUTCOMES[each].unit) for each, value in zip(JUDGED, found.found[name][0], strict=True)]
    better = [""] * len(JUDGED)
    if whole and name != OWN:
        better = [t("helm.beaten", n=n, of=WORLDS) for n in found.beaten(name)]
    cells = [tag("span", value, tag("small", words)) for value, words in zip(shown, better, strict=True)]
    return [called(t, name), *cells]


def called(t: Text, name: str) -> str:
    """Return how a course is called; one with another choice by that choice."""
    if name in (OWN, NOTHING, EQUAL, TEAM):
        return t(f"helm.{name}")
    return t("helm.turned", choice=t(f"dilemma.{name}"))


def luck(t: Text, found: Debrief) -> str:
    """Return how far worlds lie apart in which the room chose the same."""
    ends = found.found[OWN][:, 0]
    low, high = (t.number(float(end), 0) for end in (ends.min(), ends.max()))
    return t("helm.luck", n=WORLDS, low=low, high=high, outcome=outcome_name(t, JUDGED[0]))
