"""Two worlds side by side: the same people and the same luck under two scenarios, week by week, to any week and back.

Nothing here knows a browser.  A week back is lived again from the start: chance is a function, so it is the same week.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.shared.events import happened
from kantelpunt.model.shared.persons import BINDING_SCHOOL, PENSION, PUPIL_UNTIL, YOUTH_FROM, YOUTH_UNTIL
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import (
    ARREST,
    ARRIVED,
    BAD_CONTACT,
    BORN,
    CASE_OPENED,
    CRIME_ELSEWHERE,
    DEBT_RELIEVED,
    DECIDED_ALONG,
    DETAINED,
    DIALOGUE,
    DIED,
    EVENT_KINDS,
    FAVOURS,
    GOOD_CONTACT,
    HEARD,
    LEFT,
    LESSON,
    NEUTRAL_CONTACT,
    OFFENCE,
    OFFER,
    PLAN_STARTED,
    RAIDED,
    RELEASED,
    REPORT,
    SANCTION,
    SENT_TO_HALT,
    STAGE_BROUGHT,
    STAGE_DOWN,
    STAGE_UP,
    TALKED_UNSEEN,
    VICTIM_FOUND,
)
from kantelpunt.model.state.world import World

from .. import regimes
from .lives.followed import to_follow

LAYERS = {  # of a place -> what the brightest colour stands for
    "trust": 1.0, "legal_opportunity": 1.0, "criminal_opportunity": 1.0, "presence": 4.0, "disorder": 1.0, "crime_hold": 1.0,
    "fear": 1.0,
}  # fmt: skip
HOUSEMATE_RAIDED = "housemate raided"  # in a life: the log has a raid with who was taken
CHILD, YOUTH, ADULT, PROFESSIONAL = range(4)
TELLING = (  # kinds of event about people, the most telling first
    RAIDED, ARREST, DETAINED, SENT_TO_HALT, VICTIM_FOUND, STAGE_UP, STAGE_DOWN, RELEASED, PLAN_STARTED, DEBT_RELIEVED, SANCTION,
    OFFER, REPORT, BAD_CONTACT, OFFENCE, CRIME_ELSEWHERE,
    GOOD_CONTACT, TALKED_UNSEEN, NEUTRAL_CONTACT, LESSON, DIALOGUE, DECIDED_ALONG, HEARD, DIED, BORN, LEFT, STAGE_BROUGHT,
    ARRIVED,
)  # fmt: skip
SEEN = [(name, "u1") for name in ("role", "stage", "mark", "across", "down")]
DOT = np.dtype([("cell", "<u2"), *SEEN, ("who", "<u4")])
STOP = np.dtype([("who", "<u4"), ("cell", "<u2")])  # of a professional, in a place
LIT, CHOSEN = 1, 2  # marks of a dot
EVERYDAY = (  # too many to ring who lives through them
    GOOD_CONTACT, BAD_CONTACT, NEUTRAL_CONTACT, TALKED_UNSEEN, LESSON, DIALOGUE, DECIDED_ALONG, HEARD,
)  # fmt: skip
FIRST_SCHOOL = 4  # years of age


class Happening(NamedTuple):
    """Something that happened to somebody, or to their household."""

    week: int
    kind: str
    who: int
    place: int
    value: int


@dataclass(frozen=True)
class Life:
    """The life of one person in one world, so far; of somebody long gone only the log is left, and no sex or trust is known."""

    here: bool
    born: int
    age: int
    male: bool | None
    happened: list[Happening]
    stage: int = 0
    trust: float | None = None
    detained: bool = False
    housemates: int = 0
    occupation: str = ""


class ObservedWorld:
    """One of the two: a simulation, and what has been seen of its history."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        """Build the world at its start."""
        self.scenario, self.seed = scenario, seed
        self.history = np.full((scenario.weeks + 1, len(OUTCOMES)), np.nan)
        self.start()

    def start(self) -> None:
        """Go back to the start; what has been seen of the history stays."""
        self.simulation = Simulation(self.scenario, self.seed, events=True)
        self.history[0] = self.simulation.world.history[0]

    def advance(self, weeks: int) -> None:
        """Let weeks pass."""
        before = self.simulation.week
        self.simulation.advance(weeks)
        now = self.simulation.week
        self.history[before + 1 : now + 1] = self.simulation.world.history[before + 1 : now + 1]

    @property
    def log(self) -> np.ndarray:
        """Return the events up to now, in the order of weeks."""
        return happened(self.simulation.world)

    def of_week(self, week: int) -> np.ndarray:
        """Return the events of one week."""
        first, last = np.searchsorted(self.log["week"], [week, week + 1])
        return self.log[first:last]

    def row_of(self, identity: int) -> int | None:
        """Return the row of a person who lives here, or None."""
        people = self.simulation.world.people
        found = np.flatnonzero((people["id"] == identity) & (people["present"] == 1))
        return int(found[0]) if found.size else None

    def at_large(self) -> np.ndarray:
        """Return the rows of people who live here and are not in detention."""
        people = self.simulation.world.people
        return np.flatnonzero((people["present"] == 1) & (people["detained_until"] <= self.simulation.week))


class PairedWorlds:
    """Two worlds that differ in their scenario only.

    Parameters
    ----------
    left, right : scenarios of the same length.
    seed : who lives there and what luck they have, in both.
    """

    def __init__(self, left: Scenario, right: Scenario, seed: int) -> None:
        """Build both worlds at their start."""
        self.seed, self.chosen = seed, 0
        self.worlds = (ObservedWorld(left, seed), ObservedWorld(right, seed))
        self.pinned = to_follow(self.worlds[0].simulation.world.people)

    @property
    def week(self) -> int:
        """Return the week in which both are."""
        return self.worlds[0].simulation.week

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return self.worlds[0].scenario.weeks

    @property
    def seen(self) -> int:
        """Return the last week that has been seen."""
        return int(np.isfinite(self.worlds[0].history[:, 0]).sum()) - 1

    def go_to(self, week: int) -> None:
        """Go on, or back, to a week."""
        week = min(max(week, 0), self.weeks)
        for world in self.worlds:
            if week < world.simulation.week:
                world.start()
            world.advance(week - world.simulation.week)

    def course(self, outcome: str) -> tuple[np.ndarray, np.ndarray]:
        """Return an outcome of every week that has been seen, in both worlds."""
        column = list(OUTCOMES).index(outcome)
        left, right = (world.history[: self.seen + 1, column] for world in self.worlds)
        return left, right

    def regimes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the regime of every week that has been seen, as its place in REGIMES, in both worlds."""
        left, right = (regimes.course(world.history[: self.seen + 1]) for world in self.worlds)
        return left, right

    def warnings(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the signals that may warn of a change, up to this week, in both worlds."""
        left, right = (regimes.warnings(world.history[: self.week + 1]) for world in self.worlds)
        return left, right

    def only_here(self, week: int | None = None) -> tuple[list[Happening], list[Happening]]:
        """Return what happened in a week (left out: this one) to somebody in one world and not in the other."""
        week = self.week if week is None else week
        both = [world.of_week(week) for world in self.worlds]
        keys = [set(zip(events["kind"].tolist(), events["who"].tolist(), strict=True)) for events in both]
        left, right = (sorted(missing(events, keys[1 - i]), key=telling) for i, events in enumerate(both))
        return left, right

    def recruited_only(self) -> tuple[int, int]:
        """Return how many people did their first favours for a crew, up to now, in one world and not in the other."""
        left, right = (set(recruits(world.log)) for world in self.worlds)
        return len(left - right), len(right - left)

    def lives(self, identity: int) -> tuple[Life | None, Life | None]:
        """Return what became of a person in both worlds; None in a world that has not heard of them, or not for long."""
        left, right = (life(world.simulation.world, self.week, identity) for world in self.worlds)
        return left, right

    def frame(self, layer: str) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
        """Return what a map needs: for each world the layer as bytes 0-255 a cell, and the people as records of DOT."""
        lit = self.only_here()
        fields = tuple(shades(world, layer) for world in self.worlds)
        dots = tuple(dots_of(world, lit[i], self.chosen) for i, world in enumerate(self.worlds))
        return fields, dots  # type: ignore[return-value]

    def rounds(self) -> tuple[bytes, bytes]:
        """Return where professionals went this week in both worlds, as records of STOP, in the order in which they did."""
        left, right = (stops(world).tobytes() for world in self.worlds)
        return left, right

    def pick(self, side: int, index: int) -> None:
        """Choose the person of one dot in the present frame; professionals have no life of their own here."""
        rows = self.worlds[side].at_large()
        self.chosen = int(self.worlds[side].simulation.world.people["id"][rows[index]]) if 0 <= index < rows.size else 0


def missing(events: np.ndarray, elsewhere: set) -> Iterator[Happening]:
    """Yield the telling events about people that did not happen elsewhere, each kind once a person."""
    told = set()
    for event in events[np.isin(events["kind"], TELLING)].tolist():
        week, kind, who, place, value = event[:5]
        if (kind, who) not in elsewhere and (kind, who) not in told:
            told.add((kind, who))
            yield Happening(week, EVENT_KINDS[kind], who, place, value)


def happenings(log: np.ndarray) -> Iterator[Happening]:
    """Yield the events of a part of the log."""
    for week, kind, who, place, value, _ in log.tolist():
        yield Happening(week, EVENT_KINDS[kind], who, place, value)


def concerning(log: np.ndarray, identity: int, household: int | None) -> Iterator[Happening]:
    """Yield the events of somebody's life: their own, those of their household, and raids in which a housemate is taken."""
    own = log["who"] == identity
    reported = log["whom"][own & (log["kind"] == REPORT)]
    yield from happenings(log[own & ~((log["kind"] == CASE_OPENED) & np.isin(log["whom"], reported))])
    if household is not None:
        yield from happenings(log[log["who"] == household])
        for each in happenings(log[~own & (log["kind"] == RAIDED) & (log["whom"] == household)]):
            yield each._replace(kind=HOUSEMATE_RAIDED)


def telling(happening: Happening) -> int:
    """Return the place of an event among others: the most telling first."""
    return TELLING.index(EVENT_KINDS.index(happening.kind))


def recruits(log: np.ndarray) -> list[int]:
    """Return who did their first favours for a crew."""
    return log["who"][(log["kind"] == STAGE_UP) & (log["value"] == FAVOURS)].tolist()


def life(world: World, week: int, identity: int) -> Life | None:
    """Return what became of a person in one world, up to this week; None where it has not heard of them, or not for long."""
    log = happened(world)
    last = log[(log["who"] == identity) & np.isin(log["kind"], (DIED, LEFT))][-1:]
    rows = np.flatnonzero(world.people["id"] == identity)
    if not rows.size:
        return gone(log, identity, last) if last.size else None
    person, home = world.people[rows[0]], household_of(world, int(rows[0]))
    here = bool(person["present"])
    events = concerning(log, identity, int(home["id"]) if here else None)
    until = week if here or not last.size else int(last["week"][0])
    age = int((until - person["born"]) // WEEKS_A_YEAR)
    return Life(
        here=here,
        born=int(person["born"]),
        age=age,
        male=bool(person["male"]),
        happened=sorted(events, key=attrgetter("week")),
        stage=int(person["stage"]),
        trust=float(person["trust_institutions"]),
        detained=bool(person["detained_until"] > week),
        housemates=int(home["size"]) - 1,
        occupation=occupation(person, age),
    )


def gone(log: np.ndarray, identity: int, last: np.ndarray) -> Life:
    """Return the life of somebody whose row somebody else has now, from the log."""
    age, events = int(last["value"][0]), concerning(log, identity, None)
    born = int(last["week"][0]) - age * WEEKS_A_YEAR
    return Life(here=False, born=born, age=age, male=None, happened=sorted(events, key=attrgetter("week")))


def household_of(world: World, row: int) -> Any:
    """Return the household of the person in this row, who knows its place in their tile."""
    tile = world.tile_index[np.searchsorted(world.tile_index["first_person"], row, side="right") - 1]
    return world.households[tile["first_household"] + world.people["household"][row]]


def occupation(person: Any, age: int) -> str:
    """Return whether somebody is at school, and bound to it, at work, without work, or neither for their age."""
    if age < FIRST_SCHOOL:
        return "small"
    if age < PUPIL_UNTIL:
        return "school" if person["school_bond"] > BINDING_SCHOOL else "loose"
    if age >= PENSION:
        return "pension"
    return "work" if person["work_bond"] > 0.0 else "idle"


def shades(world: ObservedWorld, layer: str) -> bytes:
    """Return a layer of the places, a byte a cell: 0 nothing, 255 the most that is shown."""
    values = world.simulation.world.places[layer] / LAYERS[layer]
    return (np.clip(values, 0.0, 1.0) * 255.0).astype(np.uint8).tobytes()


def dots_of(world: ObservedWorld, lit: list[Happening], chosen: int) -> bytes:
    """Return people and professionals as dots: where, who, how deep, and whether something happened to them only here."""
    state, week = world.simulation.world, world.simulation.week
    people, rows = state.people, world.at_large()
    professionals = state.professionals[state.professionals["present"] == 1]
    dots = np.zeros(rows.size + professionals.size, DOT)
    own = dots[: rows.size]
    age = (week - people["born"][rows]) // WEEKS_A_YEAR
    own["cell"] = np.where(people["in_public"][rows] == 1, people["place"][rows], people["home"][rows])
    own["role"] = np.where(age >= YOUTH_UNTIL, ADULT, np.where(age >= YOUTH_FROM, YOUTH, CHILD))
    own["stage"] = people["stage"][rows]
    identities = people["id"][rows]
    struck = np.isin(identities, [each.who for each in lit if EVENT_KINDS.index(each.kind) not in EVERYDAY])
    own["mark"] = LIT * struck + CHOSEN * (identities == chosen if chosen else np.zeros(rows.size, bool))
    spread(own, identities)
    staff = dots[rows.size :]
    staff["cell"], staff["role"] = professionals["place"], PROFESSIONAL
    spread(staff, professionals["id"])
    return dots.tobytes()


def stops(world: ObservedWorld) -> np.ndarray:
    """Return the visits of professionals to places this week."""
    state = world.simulation.world
    posts = state.professionals.size // state.tile_index.size
    made = []
    for i, tile in enumerate(state.tile_index):
        visits = state.visits[tile["first_person"] :][: tile["visits"]]
        known = np.zeros(visits.size, STOP)
        known["who"] = short(state.professionals["id"][i * posts + visits["who"]])
        known["cell"] = visits["place"]
        made.append(known)
    return np.concatenate(made)


def even(identities: Any) -> np.ndarray:
    """Return a number for everybody, spread evenly over those of 64 bits."""
    return np.asarray(identities).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def spread(dots: np.ndarray, identities: Any) -> None:
    """Give everybody a lasting place of their own within a cell, by identity, and a name by which the next frame knows them."""
    hashed = even(identities)
    dots["who"] = short(identities)
    dots["across"], dots["down"] = (hashed >> np.uint64(56)).astype(np.uint8), (hashed >> np.uint64(48)).astype(np.uint8)


def short(identities: Any) -> np.ndarray:
    """Return what tells people apart on a map: 32 bits of what `even` makes of an identity."""
    return (even(identities) >> np.uint64(16)).astype(np.uint32)
