"""Events and lives in words, in the language of the reader."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.shared.persons import ADULT_FROM, YOUTH_FROM
from kantelpunt.model.state.codes import CHANNELS
from kantelpunt.viz.text import Text

from .paired_worlds import Happening, Life, ObservedWorld

OFTEN = (
    "offence",
    "crime elsewhere",
    "contact",
    "good contact",
    "bad contact",
    "report",
    "heard",
)  # told by the year, not one by one


def person(t: Text, world: ObservedWorld, identity: int) -> str:
    """Return who somebody is: an age and a sex, never a name; or somebody who left."""
    row = world.row_of(identity)
    if row is None:
        return t("who.gone")
    someone = world.simulation.world.people[row]
    return called(t, int((world.simulation.week - someone["born"]) // WEEKS_A_YEAR), bool(someone["male"]))


def called(t: Text, age: int, male: bool) -> str:
    """Return how somebody of this age is called."""
    kind = "child" if age < YOUTH_FROM else "youth" if age < ADULT_FROM else "adult"
    return t(f"who.{kind}_{'m' if male else 'f'}", age=age)


def what(t: Text, happening: Happening) -> str:
    """Return an event in words."""
    key = happening.kind.replace(" ", "_")
    stage = t(f"stage.{happening.value}") if key in ("stage_up", "stage_down", "stage_brought", "arrest", "released") else ""
    story = t(f"story.{happening.value}") if key == "heard" else ""
    answer = t(f"answer.{happening.value}") if key == "case_closed" else ""
    channel = t(f"channel.{CHANNELS[happening.value]}") if key in ("offer", "recruited") else ""
    return t(f"event.{key}", stage=stage, story=story, answer=answer, channel=channel, value=happening.value)


def headline(t: Text, world: ObservedWorld, happening: Happening) -> str:
    """Return who, and what happened."""
    return f"{person(t, world, happening.who)}: {what(t, happening)}"


def now(t: Text, life: Life) -> str:
    """Return how somebody is now: where, or in which stage, and with how much trust."""
    state = t("learn.gone_now") if not life.here else t("learn.detained_now") if life.detained else t(f"stage.{life.stage}")
    return t("learn.now", now=state, trust=round(life.trust, 2))


def story(t: Text, life: Life) -> list[tuple[str, str]]:
    """Return a life as (when, what), events that happen often taken together by the year."""
    return [
        (t("learn.when", year=year, week=week) if week else t("learn.in_year", year=year), text)
        for year, week, text in chapters(t, life.happened)
    ]


def chapters(t: Text, happened: Iterable[Happening]) -> Iterator[tuple[int, int, str]]:
    """Yield year, week in that year (0: all year round), and what happened."""
    for year, events in groupby(happened, lambda each: max(each.week - 1, 0) // WEEKS_A_YEAR + 1):
        often: dict[str, int] = {}
        for each in events:
            if each.kind in OFTEN:
                often[each.kind] = often.get(each.kind, 0) + 1
            else:
                yield year, max(each.week - 1, 0) % WEEKS_A_YEAR + 1, what(t, each)
        if often:
            told = [t(f"often.{kind.replace(' ', '_')}", n=n) for kind, n in often.items()]
            yield year, 0, ", ".join(told)
