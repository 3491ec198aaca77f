"""The light cone of a measure: whom and what its deeds can have reached, week by week, in twin worlds.

Two worlds share people and luck; in one of them a measure begins.  Whoever, and whatever place or household, differs for the
first time in a week must be near something that differed the week before, or near a deed of this week that only one world has:

    deed     something that somebody did to a person or household, or in a place: a logged contact, raid, arrest, plan, step in
             a case or part of a measure (DONE), or what a log would hold and a field shows (DEEDS: a round in a place, a mentor,
             an activity, help after a raid)
    near     at most STEPS links away: household, households of kin, crew, who makes an offer, the place of free time,
             their own home; to a home from the square, shop and
             hidden spot where people from there go; every fourth week, when people look around, also friends, school, and
             homes within a declared radius (REACH), and two links more, since what a home has of crime pulls at who lives
             there in the same week; around a raid, a promise and talk their own radius (RADIUS), and for a field that is felt
             farther than others from one kind of deed, that of the field (FIELDS: deterrence, in the quarter that is raided)

What it cannot see yet: who did it (no event names a professional), what was said to whom, desks and teams (a professional or a
desk may differ without anybody asking why; only what comes of it is asked), and whether a link was used: it asks whether one is
there.  Links spread fast, so it is sharp in the first weeks of a measure and less so later.  A measure in which everybody takes
part has deeds everywhere, which leaves nothing out of reach: `test_deeds.py` asks of it whom each deed moved, one by one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy import sparse

from kantelpunt.model import Scenario
from kantelpunt.model.interventions import Circumstance, build, catalogue
from kantelpunt.model.rules.climate import EVERY
from kantelpunt.model.shared.grid import REACH
from kantelpunt.model.shared.persons import PUPIL_UNTIL
from kantelpunt.model.shared.sight import EARSHOT, SIGHT
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import EVENT_KINDS, NOBODY
from tests.worlds.twins import Event, begun, difference

AREA = Scenario(area="tilburg-noord", people=2_000, years=1)
SEED = 5
BEFORE, WEEKS, STEPS = 8, 12, 2
SHARE = 0.25  # of the full measure: the fewer deeds, the sharper
CREWS = 128
SIDE = 50  # cells of a tile, of which this world has one
QUARTER = -1  # as a radius: the quarter in which it is done
RADIUS = {  # cells from which it is felt or seen
    "raided": EARSHOT, "promise kept": SIGHT, "promise broken": SIGHT, "good contact": SIGHT, "report": SIGHT, "sanction": SIGHT,
    "initiative": SIGHT, "talked unseen": SIGHT,
}  # fmt: skip
FIELDS = {"places.deterrence": ("raided", QUARTER)}  # field -> the deed from which it alone is felt farther, and how far
DONE = ("good contact", "bad contact", "raided", "arrest", "plan started", "case opened", "case closed", "report",
        "promised", "promise kept", "promise broken", "heard", "sanction", "lesson", "initiative",
        "debt relieved", "family visited", "place managed", "talked unseen", "decided along", "dialogue",
        "legal places")  # fmt: skip
LATER = ("report", "case closed")  # felt a week later too: a report leaks out, and crime's hold gives way where a case is done
DEEDS = {
    "people": ("contact", "mentored", "plan_domains", "plan_until", "active", "detained_until", "victim"),
    "households": ("visit", "aftercare", "raided"),
    "places": ("presence",),
}
ROWS = {
    "people": ("household", "case", "crew"),
    "households": ("case", "member_row"),
    "places": (),
}  # where something stands, not what it is
NEEDS = (  # so that there is something to care for afterwards, and a team to coach
    {"kind": "raid", "share": 0.5, "from": 2, "until": 3},
    {"kind": "frontline_team", "share": 0.3, "ramp": 0},
)


class Look(NamedTuple):
    """A world as it is after a week."""

    people: np.ndarray  # who is present, by identity
    friends: np.ndarray  # identities, in the same order
    households: np.ndarray
    relatives: np.ndarray  # two columns: households that are kin
    places: np.ndarray
    cases: dict[int, tuple]  # identity -> state, place, who it is about, who reported


def look(simulation: Simulation) -> Look:
    """Look at a world."""
    world = simulation.world
    rows = np.flatnonzero(world.people["present"] == 1)
    rows = rows[np.argsort(world.people["id"][rows], kind="stable")]
    names = ["id", "state", "domain", "owned", "handoffs", "place", "about_id", "reporter_id"]
    cases = {case[0]: case for case in world.cases[world.cases["state"] != 0][names].tolist()}
    linked = world.relatives["household"]
    known = (linked != NOBODY) & (world.relatives["id"] == world.households["id"][linked])
    kin = np.column_stack([np.nonzero(known)[0], linked[known]])
    return Look(world.people[rows], world.friends["id"][rows], world.households.copy(), kin, world.places.copy(), cases)


class Frame(NamedTuple):
    """Numbers of nodes: people by identity, then cells, households and crews."""

    ids: np.ndarray
    cells: int
    households: int

    def person(self, ids: np.ndarray) -> np.ndarray:
        """Return the nodes of people, those who are known only."""
        ids = ids[np.isin(ids, self.ids)]
        return np.searchsorted(self.ids, ids)

    def cell(self, cells: np.ndarray) -> np.ndarray:
        """Return the nodes of cells."""
        return self.ids.size + np.asarray(cells, int)

    def household(self, rows: np.ndarray) -> np.ndarray:
        """Return the nodes of households."""
        return self.ids.size + self.cells + np.asarray(rows, int)

    def crew(self, rows: np.ndarray) -> np.ndarray:
        """Return the nodes of crews."""
        return self.ids.size + self.cells + self.households + np.asarray(rows, int)

    def school(self, cells: np.ndarray) -> np.ndarray:
        """Return the nodes of schools as pupils know them, apart from what happens in their places."""
        return self.ids.size + self.cells + self.households + CREWS + np.asarray(cells, int)

    def tags(self, flags: np.ndarray) -> set[int]:
        """Return flagged nodes by what lasts: identities of people, and numbers below 0 of all else."""
        nodes = np.flatnonzero(flags)
        return {*self.ids[nodes[nodes < self.ids.size]].tolist(), *(self.ids.size - 1 - nodes[nodes >= self.ids.size]).tolist()}

    def flags(self, tags: set[int]) -> np.ndarray:
        """Return the nodes with these tags, flagged."""
        found = np.zeros(self.size, bool)
        numbers = np.array(sorted(tags), dtype=np.int64)
        found[self.person(numbers)] = True
        found[self.ids.size - 1 - numbers[numbers < 0]] = True
        return found

    @property
    def size(self) -> int:
        """Return the number of nodes."""
        return self.ids.size + 2 * self.cells + self.households + CREWS


def window(cell: int, radius: int) -> np.ndarray:
    """Return the cells within a radius, as far as the tile goes."""
    row, column = divmod(int(cell), SIDE)
    rows = np.arange(max(row - radius, 0), min(row + radius + 1, SIDE))
    columns = np.arange(max(column - radius, 0), min(column + radius + 1, SIDE))
    return (rows[:, None] * SIDE + columns).ravel()


def around(places: np.ndarray, cell: int, radius: int) -> np.ndarray:
    """Return the cells within a radius, which may be the quarter."""
    return np.flatnonzero(places["quarter"] == places["quarter"][cell]) if radius == QUARTER else window(cell, radius)


def links(frame: Frame, looks: tuple[Look, Look], events: list, week: int) -> sparse.csr_matrix:
    """Return what may change what within this week, in either world: row the one that changes, column where it comes from."""
    both, ways = [], [(frame.person(np.array([e.who])), frame.cell(np.array([e.place]))) for e in events if offence(e, week)]
    ways += [(frame.person(np.array([e.whom])), frame.person(np.array([e.who]))) for e in events if offer(e, week)]
    ways = [(source, target) for source, target in ways if source.size == target.size]
    for seen in looks:
        people, me = seen.people, frame.person(seen.people["id"])
        both += [(me, frame.household(people["household"])), (me, frame.cell(people["home"]))]
        both.append(tuple(frame.household(column) for column in seen.relatives.T))
        for chosen, nodes in (
            (people["in_public"] == 1, frame.cell(people["place"])),
            (people["crew"] != NOBODY, frame.crew(people["crew"])),
            (
                (week - people["born"] < PUPIL_UNTIL * 52) & (week % EVERY == 0),
                frame.school(seen.places["near_school"][people["home"]]),
            ),
        ):
            both.append((me[chosen], nodes[chosen]))
        for column in seen.friends.T if week % EVERY == 0 else ():
            known = np.isin(column, frame.ids)
            both.append((me[known], frame.person(column)))
    grounds_both, grounds_ways = grounds(frame, looks[0].places, week)
    return joined(frame, [*both, *[pair[::-1] for pair in both], *grounds_both, *ways, *grounds_ways])


def offence(event: Event, week: int) -> bool:
    """Return whether somebody did something in a place this week in one world only."""
    return event.week == week and EVENT_KINDS[event.kind] == "offence"


def offer(event: Event, week: int) -> bool:
    """Return whether somebody was offered work for a crew this week in one world only."""
    return event.week == week and EVENT_KINDS[event.kind] == "offer"


def grounds(frame: Frame, places: np.ndarray, week: int) -> tuple[list, list]:
    """Return which cells change each other (homes near each other, every fourth week), and what a home takes from elsewhere."""
    homes = np.flatnonzero(places["dwellings"] > 0)
    near = [(np.full(some.size, frame.cell(home)), frame.cell(some)) for home in homes for some in [window(home, REACH)]]
    cells, ways = np.arange(places.size), []
    for name in ("usual_square", "usual_shop", "near_hidden"):
        known = places[name] >= 0
        ways.append((frame.cell(places[name][known]), frame.cell(cells[known])))
    ways.append((frame.school(cells), frame.cell(cells)))
    return near if week % EVERY == 0 else [], ways


def joined(frame: Frame, pairs: list) -> sparse.csr_matrix:
    """Return pairs (where it comes from, what changes) as a matrix."""
    source, target = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    return sparse.csr_matrix((np.ones(source.size, np.int32), (target, source)), shape=(frame.size, frame.size))


def apart(frame: Frame, one: Look, other: Look, deeds: bool = False) -> Iterator[tuple[str, np.ndarray]]:
    """Give each field ("people.fear") with the nodes in which two worlds differ: deeds only, or all but row numbers."""
    both = np.intersect1d(one.people["id"], other.people["id"])
    mine, theirs = (each.people[np.isin(each.people["id"], both)] for each in (one, other))
    tables = (
        ("people", mine, theirs, frame.person(both)),
        ("households", one.households, other.households, frame.household(np.arange(one.households.size))),
        ("places", one.places, other.places, frame.cell(np.arange(one.places.size))),
    )
    for table, left, right, nodes in tables:
        for name in DEEDS[table] if deeds else sorted(set(left.dtype.names or ()) - set(ROWS[table])):
            yield f"{table}.{name}", nodes[left[name] != right[name]]
    if not deeds:
        yield "people.present", frame.person(np.setxor1d(one.people["id"], other.people["id"]))


def touched(frame: Frame, looks: tuple[Look, Look], events: list, week: int) -> np.ndarray:
    """Return a flag a node: a deed of this week, which only one world has, was done to it or in it."""
    found = np.zeros(frame.size, bool)
    for _, nodes in apart(frame, *looks, deeds=True):
        found[nodes] = True
    for event in events:
        kind = EVENT_KINDS[event.kind]
        if kind in DONE and (event.week == week or (event.week == week - 1 and kind in LATER)):
            found[frame.person(np.array([event.who]))] = True
            found[frame.household(np.flatnonzero(looks[1].households["id"] == event.who))] = True
            found[frame.cell(around(looks[0].places, event.place, RADIUS.get(kind, 0)))] = True
    one, other = (look.cases for look in looks)
    for id in one.keys() | other.keys():
        if one.get(id) != other.get(id):
            *_, place, about, reporter = one.get(id) or other[id]
            found[frame.person(np.array([about, reporter]))] = True
            found[frame.cell(np.array([place]))] = True
    return found


def felt(frame: Frame, places: np.ndarray, name: str, events: list, week: int) -> np.ndarray:
    """Return a flag a node: this field is felt there, by the radius that it has of its own, from a deed of this week."""
    found, (kind, radius) = np.zeros(frame.size, bool), FIELDS.get(name, ("", 0))
    for event in events:
        if event.week == week and EVENT_KINDS[event.kind] == kind:
            found[frame.cell(around(places, event.place, radius))] = True
    return found


def twins(kind: str, part: str = "") -> tuple[Simulation, Simulation]:
    """Return two worlds that are the same up to now, in the second of which a measure, or a part of it alone, begins."""
    before = [each for each in NEEDS if each["kind"] != kind]
    dose = {"intensity": 1.0, "share": 0.2} if kind == "raid" else {"intensity": SHARE, "ramp": 0}  # a raid is one small deed
    measure = build({"kind": kind, "from": BEFORE, **dose})
    measure = measure.part(part) if part else measure
    one, other = (
        begun(AREA.changed(interventions=before), SEED),
        begun(AREA.changed(interventions=[*before, measure.table()]), SEED),
    )
    for world in (one, other):
        world.advance(BEFORE)
    return one, other


class Cone(NamedTuple):
    """What became of twin worlds: the fields that differ in somebody or something out of reach, and how much differs at all.

    `done_to` is the share of people to whom the deeds of one week were done, at most: where it is large, little is out of reach.
    """

    beyond: set[str]
    differing: int
    done_to: float


def cone(one: Simulation, other: Simulation, weeks: int = WEEKS) -> Cone:
    """Let two worlds that are the same live on for some weeks, and hold every first difference to what can have reached it."""
    beyond: set[str] = set()
    known: set[int] = set()  # what differed before: people by identity, other nodes by their number
    done_to = 0.0
    for _ in range(weeks):
        for world in (one, other):
            world.advance()
        looks = look(one), look(other)
        ids = np.union1d(looks[0].people["id"], looks[1].people["id"])
        frame = Frame(ids, looks[0].places.size, looks[0].households.size)
        was, events = frame.flags(known), difference(one, other)
        done = touched(frame, looks, events, one.week)
        done_to = max(done_to, float(done[: ids.size].mean()))
        reach = was | done
        near = links(frame, looks, events, one.week)
        for _ in range(STEPS + 2 * (one.week % EVERY == 0)):
            reach |= near @ reach.astype(np.int32) > 0
        now = was.copy()
        for name, nodes in apart(frame, *looks):
            if not (reach | felt(frame, looks[0].places, name, events, one.week))[nodes].all():
                beyond.add(name)
            now[nodes] = True
        known = frame.tags(now)
    return Cone(beyond, len(known), done_to)


def decided() -> list[tuple[str, str]]:
    """Return every measure that somebody decides on, part by part: (kind, part); circumstances are nobody's deed."""
    kinds = {kind: model for kind, model in catalogue().items() if not issubclass(model, Circumstance)}
    return [(kind, part) for kind, model in kinds.items() for part in model.PARTS or ("",)]
