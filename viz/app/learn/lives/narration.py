"""Events and lives in words, in the language of the reader."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.shared.persons import ADULT_FROM, YOUTH_FROM
from kantelpunt.model.state.codes import (
    CHANNELS,
    CRIME,
    EXPOSED,
    FAMILY,
    FAVOURS,
    HARSH,
    JUST,
    NUISANCE,
    RUNNER,
    TIED_IN,
    YOUTH_AT_RISK,
)
from kantelpunt.viz.text import Text

from ..paired_worlds import HOUSEMATE_RAIDED, Happening, Life, ObservedWorld

OFTEN = (
    "offence",
    "crime elsewhere",
    "contact",
    "good contact",
    "bad contact",
    "report",
    "heard",
    "debt relieved",
    "talked unseen",
    "decided along",
    "dialogue",
)  # told by the year, not one by one
BY_VALUE = {  # told in other words by stage, kind of case, price, manner or use
    "case opened": (NUISANCE, CRIME, YOUTH_AT_RISK, FAMILY),
    "stage up": (EXPOSED, FAVOURS, RUNNER, TIED_IN),
    "sanction": (0, 1),
    "raided": (JUST, HARSH),
    "family visited": (0, 1),
    HOUSEMATE_RAIDED: (JUST, HARSH),
}


def person(t: Text, world: ObservedWorld, identity: int) -> str:
    """Return who somebody is: an age and a sex, never a name; or somebody who left."""
    row = world.row_of(identity)
    if row is None:
        return t("who.gone")
    someone = world.simulation.world.people[row]
    return called(t, int((world.simulation.week - someone["born"]) // WEEKS_A_YEAR), bool(someone["male"]))


def called(t: Text, age: int, male: bool | None) -> str:
    """Return how somebody of this age is called."""
    if male is None:
        return t("who.someone", age=age)
    kind = "child" if age < YOUTH_FROM else "youth" if age < ADULT_FROM else "adult"
    return t(f"who.{kind}_{'m' if male else 'f'}", age=age)


def what(t: Text, happening: Happening) -> str:
    """Return an event in words."""
    key = happening.kind.replace(" ", "_")
    if happening.kind in BY_VALUE:
        return t(f"event.{key}_{happening.value}")
    stage = t(f"stage.{happening.value}") if key in ("stage_down", "stage_brought", "arrest", "released") else ""
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
    if life.trust is None:
        return t("learn.now", now=state)
    told = t("learn.now_trust", now=state, trust=round(100 * life.trust))
    return f"{told} {home(t, life)}" if life.here else told


def home(t: Text, life: Life) -> str:
    """Return with how many somebody lives, and whether at school or work."""
    others = min(life.housemates, 2)  # nobody, one, more
    return t(f"home.{others}", n=life.housemates, occupation=t(f"occupation.{life.occupation}"))


def story(t: Text, life: Life) -> list[tuple[str, str]]:
    """Return a life as (when, what): of each year first what happens often, taken together, then the rest, week by week."""
    told = []
    for year, week, text in chapters(t, life.happened):
        age = max((year - 1) * WEEKS_A_YEAR + max(week, 1) - life.born, 0) // WEEKS_A_YEAR
        told.append((t("learn.at_age" if week else "learn.at_age_in_year", year=year, week=week, age=age), text))
    return told


def chapters(t: Text, happened: Iterable[Happening]) -> Iterator[tuple[int, int, str]]:
    """Yield year, week in that year (0: all year round), and what happened."""
    for year, events in groupby(happened, lambda each: max(each.week - 1, 0) // WEEKS_A_YEAR + 1):
        own = list(events)
        often = Counter(each.kind for each in own if each.kind in OFTEN)
        if often:
            yield year, 0, ", ".join(t(f"often.{kind.replace(' ', '_')}", n=often[kind]) for kind in OFTEN if often[kind])
        for each in own:
            if each.kind not in OFTEN:
                yield year, max(each.week - 1, 0) % WEEKS_A_YEAR + 1, what(t, each)
