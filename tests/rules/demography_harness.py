"""A world with just what demography needs: people in dwellings on one tile, and weeks in which nothing else happens."""

from typing import Any

import numpy as np

from kantelpunt.model.compiled import njit
from kantelpunt.model.draws import Draw, identity, key
from kantelpunt.model.population.families import fill_kin
from kantelpunt.model.population.newcomer_templates import templates
from kantelpunt.model.quantity import quantities_of
from kantelpunt.model.rules import demography as rule
from kantelpunt.model.rules.demography import Parameters, demography
from kantelpunt.model.shared.kin import settle_kin
from kantelpunt.model.state.codes import FRIENDS, NEVER, RELATIVES, WORKERS
from kantelpunt.model.state.fields import DTYPES
from kantelpunt.model.state.world import World, executable
from tests.rules.synthetic_households import band_of

CELLS = 2500
CALM = 0.45  # fear plus unease at which turnover is as given
USUAL = Parameters(*(quantity.default for quantity in quantities_of(Parameters).values()))


@njit
def identities(seed, decision, out):
    dice = key(seed, decision, 0)
    for i in range(out.size):
        out[i] = identity(dice, i)


@njit
def some_weeks(world, p, levers, seed, first, last):
    for week in range(first, last + 1):
        demography(world, p, levers, seed, week)


@njit
def with_kin(world, p, seed):
    rule.lived_here(world.households, p, seed)
    settle_kin(world, p, seed, rule.LEAVER_FROM, rule.LEAVER_UNTIL)


def small_world(synthesis: Any, seed: int, p: Parameters = USUAL, events: int = 0) -> World:
    """Return a world of these people before its first week, with room for this many events."""
    movers = templates(synthesis, p)
    n, rows, dwellings = synthesis.persons.size, int(synthesis.persons.size * 1.25) + 64, synthesis.households.size
    people, households, places = (
        np.zeros(size, DTYPES[kind]) for size, kind in ((rows, "person"), (dwellings, "household"), (CELLS, "place"))
    )
    here = people[:n]
    ids = np.zeros(n, np.int64)
    identities(seed, int(Draw.MEMBER), ids)
    here["id"], here["present"], here["household"] = ids, 1, synthesis.persons["household"]
    here["male"], here["education"] = synthesis.persons["male"], synthesis.persons["education"]
    here["born"] = -np.round(synthesis.persons["age"] * 52).astype(int)
    ids = np.zeros(dwellings, np.int64)
    identities(seed, int(Draw.DWELLING), ids)
    households["id"] = households["dwelling"] = ids
    households["home"] = np.arange(dwellings) % CELLS
    households["size"], households["owner"] = synthesis.households["size"], synthesis.households["owner"]
    households["unsettled"] = movers.unsettled
    here["home"] = here["place"] = households["home"][here["household"]]
    places["fear"] = CALM
    recount(people, households, 0)
    tile_index = np.zeros(1, DTYPES["tile_index"])
    tile_index["people"], tile_index["people_free"], tile_index["fertility"] = n, rows - n, movers.fertility
    free = np.zeros(rows, np.int64)
    free[: rows - n] = np.arange(rows - 1, n - 1, -1)
    tally = np.zeros(1, [(name, "i8") for name in rule.COUNTS])
    empty: dict[str, Any] = dict.fromkeys(World._fields, np.zeros(1))
    empty.update(
        people=people, kin=np.zeros(rows, DTYPES["kin"]), relatives=np.zeros((dwellings, RELATIVES), DTYPES["relative"]),
        friends=np.zeros((rows, FRIENDS), DTYPES["friend"]), households=households, places=places,
        acquaintances=np.zeros((rows, WORKERS), DTYPES["acquaintance"]),
        templates=movers.table, template_members=movers.members, template_weight=movers.weight, people_free=free,
        events=np.zeros(events, DTYPES["event"]), scratch=np.zeros(rows, np.int64), actors=np.zeros(rows, np.int64),
        newcomer_levels=np.zeros(1, DTYPES["newcomer_levels"]), **no_boxes(), crews=np.zeros(3, DTYPES["crew"]),
        tile_index=tile_index, tally=tally, flat_tally=tally.view(np.int64),
    )  # fmt: skip
    here["seeking"] = NEVER
    fill_kin(empty["kin"], people, np.arange(n), np.zeros(n, int), synthesis)
    world = World(**empty)
    with_kin(executable(world), numbers(p), seed)
    return world


def no_boxes() -> dict[str, np.ndarray]:
    """Return the boxes of a tile that has no other beside it."""
    kinds = {"outbox": "person", "outbox_kin": "kin", "inbox": "person", "inbox_kin": "kin"}
    return {name: np.zeros(0, DTYPES[kind]) for name, kind in kinds.items()}


def recount(people: np.ndarray, households: np.ndarray, week: int) -> None:
    """Count adults and find the oldest of each household anew."""
    present = people[people["present"] == 1]
    adults = present["born"] <= week - 18 * 52
    households["adults"] = np.bincount(present["household"][adults], minlength=households.size)
    households["oldest"] = week
    np.minimum.at(households["oldest"], present["household"], present["born"])


def numbers(p: Parameters = USUAL) -> Any:
    """Return parameters of the demography as rules take them."""
    record = np.zeros(1, [(name, "f8") for name in Parameters._fields]).view(np.recarray)
    for name, value in p._asdict().items():
        record[name] = value
    return executable(record)[0]


def live(world: World, seed: int, first: int, last: int, p: Parameters = USUAL, shared: float = 0.0) -> World:
    """Let the weeks first .. last pass, both included; return the same world."""
    levers = np.zeros(4, [("shared_dwellings", "f8")])
    levers["shared_dwellings"] = shared
    some_weeks(executable(world), numbers(p), executable(levers), seed, first, last)
    return world


def counted(world: World) -> dict[str, int]:
    """Return what was counted so far."""
    return {name: int(world.tally[name][0]) for name in rule.COUNTS}


def bands(world: World, week: int) -> np.ndarray:
    """Return the people in each of the five age bands."""
    present = world.people[world.people["present"] == 1]
    return np.bincount(band_of((week - present["born"]) / 52.0), minlength=5)


def story(world: World) -> list[tuple]:
    """Return all events (week, kind, who, place, value), in an order that does not depend on rows."""
    return sorted(world.events[1 : int(world.events["who"][0]) + 1].tolist())


def inhabitants(world: World) -> np.ndarray:
    """Return the records of all present, by identity, without row numbers."""
    present = world.people[world.people["present"] == 1]
    return present[np.argsort(present["id"])][[name for name in present.dtype.names or () if name != "household"]]
