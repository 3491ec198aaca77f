"""Events that happened in one world only, and the life of one person in both."""

import solara

from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.app.widgets.background import use_made
from kantelpunt.viz.app.widgets.html import Button, tag
from kantelpunt.viz.text import Text

from ..paired_worlds import Happening, Life, ObservedWorld
from ..session import LessonSession
from . import narration
from .why import Odds, odds

SHOWN = 7  # events a world


@solara.component
def OnlyHere(t: Text, room: LessonSession, glance: int, titles: tuple[str, str]) -> None:
    """List what happened this week in one world and not in the other."""
    player = room.player
    with player.lock:
        twins = player.twins
        both, alone = twins.only_here(), twins.recruited_only()

    def look(happening: Happening) -> None:
        with player.lock:
            twins.chosen = happening.who
        player.show()

    with tag("section", class_="card only"):
        tag("h2", t("learn.only_here"))
        if twins.week == 0:
            tag("p", t("learn.only_here_later"), class_="quiet")
            return
        with tag("div", class_="two"):
            for side, (happened, world) in enumerate(zip(both, twins.worlds, strict=True)):
                with tag("div", class_=("left", "right")[side]):
                    tag("h3", titles[side])
                    tag("p", t("learn.recruited_only", n=alone[side]), class_="quiet")
                    Happened(t, world, happened, look)


@solara.component
def Happened(t: Text, world: ObservedWorld, happened: list[Happening], look) -> None:  # type: ignore[no-untyped-def]
    """List events of one world; a click on one shows the person's life."""
    with tag("div"):
        for each in happened[:SHOWN]:
            told = narration.headline(t, world, each)
            Button(told, lambda each=each: look(each), "plain happened").key(f"{each.kind}{each.who}")
        if len(happened) > SHOWN:
            tag("p", t("learn.and_more", n=len(happened) - SHOWN), class_="quiet")
        if not happened:
            tag("p", t("learn.nothing_only_here"), class_="quiet")


@solara.component
def Person(t: Text, room: LessonSession, glance: int, titles: tuple[str, str]) -> None:
    """Tell the life of the person that is chosen, in both worlds."""
    player = room.player
    with player.lock:
        twins = player.twins
        lives = twins.lives(twins.chosen)
        names = [narration.person(t, world, twins.chosen) for world in twins.worlds]

    def forget() -> None:
        with player.lock:
            twins.chosen = 0
        player.show()

    standing = (twins.chosen, twins.week, player.playing, id(twins))
    both = use_made(lambda: whys(room), list(standing))
    name = next((each for each in names if each != t("who.gone")), names[0])
    with tag("section", class_="card only life"):
        with tag("div", class_="bar"):
            tag("h2", t("learn.two_lives", who=name), class_="grow")
            Button(t("learn.close"), forget, "small")
        with tag("div", class_="two"):
            for side, each in enumerate(lives):
                with tag("div", class_=("left", "right")[side]):
                    tag("h3", titles[side])
                    if both and not isinstance(both, Refused) and not player.playing:
                        Why(t, both[side])
                    Told(t, each)


def whys(room: LessonSession) -> tuple[Odds | None, Odds | None] | None:
    """Return the odds of the chosen person in both worlds; None while weeks pass."""
    player = room.player
    if player.playing:
        return None
    with player.lock:
        left, right = (odds(world, player.twins.chosen) for world in player.twins.worlds)
    return left, right


@solara.component
def Why(t: Text, found: Odds | None) -> None:
    """Tell how likely the next step is, and what makes it so."""
    if found is None:
        return
    with tag("details", class_="why"):
        tag("summary", t(f"why.{found.step}", chance=t.amount(found.chance, "share")))
        if not found.chance:
            tag("p", t("why.nobody"), class_="quiet")
        elif not found.factors:
            tag("p", t("why.nothing"), class_="quiet")
        else:
            with tag("ul"):
                for each in found.factors:
                    way = "more" if each.times > 1.0 else "less"
                    tag(
                        "li", t(f"why.{way}", what=t(f"why.of_{each.name}"), n=t.number(each.times, 2 if each.times < 1.0 else 1))
                    )
        tag("p", t("why.text"), class_="quiet")


@solara.component
def Told(t: Text, life: Life | None) -> None:
    """Tell a life in one world."""
    if life is None:
        tag("p", t("learn.unknown_here"), class_="quiet")
        return
    with tag("div"):
        tag("p", narration.now(t, life))
        with tag("ol", class_="story", tabindex="0"):
            for when, what in reversed(narration.story(t, life)):
                tag("li", tag("b", when), " ", what)
        if not life.happened:
            tag("p", t("learn.quiet_life"), class_="quiet")
