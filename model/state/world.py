"""A world: all records of one neighbourhood together, ready for a compiled run.

`World` is a named tuple of record arrays.  In plain Python (`NUMBA_DISABLE_JIT=1`) the arrays are wrapped so that
`people[i].trust_frontline += 0.1` reads and writes Python numbers: exactly what compiled code does.  Levels are kept in
64 bits: compiled code would add two 32-bit levels in 32 bits, plain Python in 64, and histories would differ.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from ..compiled import JIT, njit

BLOCK = 13  # weeks that a tile may live before the next tile lives them: a quarter, after which the tiles exchange


class World(NamedTuple):
    """The record arrays of one neighbourhood or more (see `state.py` for their fields).

    Every tile of 50 x 50 cells has its own people, households, cases, crews, professionals and desks, one tile after the
    other in each table.  Numbers of rows count within the tile, numbers of cells over the whole grid.
    """

    people: Any  # (rows,) person
    friends: Any  # (rows, FRIENDS) friend
    acquaintances: Any  # (rows, WORKERS) acquaintance, of the people in the same rows
    kin: Any  # (rows,) kin, of the people in the same rows
    actors: Any  # (rows,) int32, rows of everybody of eight and over, youths first, tile_index.actors of them
    outgoing: Any  # (rows,) int32, rows of people in public space this week, tile_index.outgoing of them
    at_stake: Any  # (rows,) int32, rows of people who may slide, be helped, leave or be arrested, tile_index.at_stake of them
    households: Any  # (dwellings,) household
    relatives: Any  # (dwellings, RELATIVES) relative
    places: Any  # (height * width,) place, row by row
    cell_week: Any  # (height * width,) what is counted in a place this week
    sights: Any  # (height * width,) sight, what can be seen from a place this week of talk and promises
    used: Any  # (n,) int64, the cells where people live or meet; elsewhere nothing happens
    cell_residents: Any  # (height * width,) who lives in a place, every fourth week
    window_scratch: Any  # (tiles * (TILE + 1),) around, room for one line of cells and a window on it, tile by tile
    patches: Any  # (tiles * 4,) patch
    desks: Any  # (tiles * 2,) desk, tile by tile, safety first
    professionals: Any  # (staff,) professional, the same number for every tile, tile by tile
    ties: Any  # (staff, staff a tile) float64, how well a professional knows each of their tile
    visits: Any  # (rows,) visit, those of this week, tile_index.visits of them; as many rows as for people
    cases: Any  # (rows,) case
    offences: Any  # (2 * rows,) offence, those of this week, tile_index.offences of them; twice as many as rows for people
    promises: Any  # (rows,) promise, as many rows for every tile, tile by tile, tile_index.promises of them in use
    crews: Any  # (rows,) crew
    public: Any  # (tiles * 4, most) int64, public places of each patch, padded with -1
    templates: Any  # (n,) household_template, who may move in
    template_members: Any  # (m,) member, of all templates one after the other
    template_weight: Any  # (n,) float64, cumulative weights of the templates
    rows_by_block: Any  # (rows,) int32, rows of everybody of eight and over by block and age, for choosing friends
    end_in_block: Any  # (tiles * 4 * COHORTS,) int32, where the list of each block and cohort ends
    people_free: Any  # (rows,) int32, stack of free rows, tile by tile
    cases_free: Any  # (rows,) int32, stack of free rows, tile by tile
    events: Any  # (rows,) event, as many rows for every tile, tile by tile (see `events.py`); no rows: nothing is logged
    scratch: Any  # (rows,) int32, room for a list of people
    outbox: Any  # (tiles * most,) person, who looks for a dwelling on another tile from the next quarter on, tile by tile
    outbox_kin: Any  # (tiles * most,) kin, of the people in the same rows
    inbox: Any  # (tiles * most,) person, who looks for a dwelling here this quarter and comes from another tile
    inbox_kin: Any  # (tiles * most,) kin, of the people in the same rows
    newcomer_levels: Any  # (tiles,) what people have at the start, and newcomers bring along
    tile_index: Any  # (tiles,) tile_index
    totals: Any  # (tiles * BLOCK,) sums of which the levels of a week are made, tile by tile, a row for each week of a block
    flat_totals: Any  # (n,) int64, the same memory as a plain array
    tally: Any  # (tiles * BLOCK,) what is counted in a week, tile by tile, a row for each week of a block
    flat_tally: Any  # (n,) int64, the same memory as a plain array
    levels: Any  # (1,) levels of the last week that is closed
    flat_levels: Any  # (n,) float64, the same memory as a plain array
    history: Any  # (weeks + 1, outcomes) float64


@njit
def part(world, tile, nth):  # type: ignore[no-untyped-def]  # typed by Numba
    """Return the world of one tile in the nth week of a block: its own rows of every table, and the places of the whole grid."""
    tiles, week, own = world.tile_index.size, tile * BLOCK + nth, world.tile_index[tile]
    first, last = own.first_person, own.first_person + own.persons
    cases, used = own.first_case, own.first_used
    return World(
        world.people[first:last], world.friends[first:last], world.acquaintances[first:last], world.kin[first:last],
        world.actors[first:last], world.outgoing[first:last], world.at_stake[first:last],
        world.households[own.first_household : own.first_household + own.households],
        world.relatives[own.first_household : own.first_household + own.households], world.places, world.cell_week,
        world.sights, world.used[used : used + own.used], world.cell_residents,
        world.window_scratch[share(world.window_scratch, tile, tiles)], world.patches[share(world.patches, tile, tiles)],
        world.desks[share(world.desks, tile, tiles)], world.professionals[share(world.professionals, tile, tiles)],
        world.ties[share(world.ties, tile, tiles)], world.visits[first:last], world.cases[cases : cases + own.cases],
        world.offences[2 * first : 2 * last], world.promises[share(world.promises, tile, tiles)],
        world.crews[share(world.crews, tile, tiles)], world.public[share(world.public, tile, tiles)], world.templates,
        world.template_members, world.template_weight, world.rows_by_block[first:last],
        world.end_in_block[share(world.end_in_block, tile, tiles)], world.people_free[first:last],
        world.cases_free[cases : cases + own.cases], world.events[share(world.events, tile, tiles)],
        world.scratch[first:last], world.outbox[share(world.outbox, tile, tiles)],
        world.outbox_kin[share(world.outbox_kin, tile, tiles)], world.inbox[share(world.inbox, tile, tiles)],
        world.inbox_kin[share(world.inbox_kin, tile, tiles)],
        world.newcomer_levels[share(world.newcomer_levels, tile, tiles)], world.tile_index[tile : tile + 1],
        world.totals[share(world.totals, week, tiles * BLOCK)],
        world.flat_totals[share(world.flat_totals, week, tiles * BLOCK)],
        world.tally[share(world.tally, week, tiles * BLOCK)], world.flat_tally[share(world.flat_tally, week, tiles * BLOCK)],
        world.levels, world.flat_levels, world.history,
    )  # fmt: skip


@njit
def quarter_end(week):  # type: ignore[no-untyped-def]
    """Return the last week of the quarter of this week, which is 1 or later."""
    return -(-week // BLOCK) * BLOCK


@njit
def share(table, nth, of):  # type: ignore[no-untyped-def]
    """Return which rows are the nth of so many equal parts of a table."""
    rows = table.shape[0] // of
    return slice(nth * rows, nth * rows + rows)


class Row:
    """One record in plain Python: reads give Python numbers, writes round to the field's type."""

    __slots__ = ("_array", "_index")

    def __init__(self, array: np.ndarray, index: Any) -> None:
        """Point at one row of a record array."""
        object.__setattr__(self, "_array", array)
        object.__setattr__(self, "_index", index)

    def __getattr__(self, name: str) -> Any:
        """Return the field as a Python number."""
        return self._array[name][self._index].item()

    def __setattr__(self, name: str, value: Any) -> None:
        """Write the field."""
        self._array[name][self._index] = value


class Records:
    """A record array in plain Python."""

    __slots__ = ("array",)

    def __init__(self, array: np.ndarray) -> None:
        """Wrap a record array."""
        self.array = array

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return self.array.size

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape."""
        return self.array.shape

    def __getitem__(self, index: Any) -> Any:
        """Return one row; or some rows, where a slice or one index too few is given; raises IndexError for a row below 0."""
        refuse_negative(index)
        if isinstance(index, slice) or (self.array.ndim > 1 and not isinstance(index, tuple)):
            return Records(self.array[index])
        return Row(self.array, index)

    def __setitem__(self, index: Any, row: Row) -> None:
        """Copy a row of another table of this kind; raises IndexError for a row below 0."""
        refuse_negative(index)
        self.array[index] = row._array[row._index]


def refuse_negative(index: Any) -> None:
    """Raise IndexError for a row that counts from the end: compiled code counts from the start, whatever the number."""
    if isinstance(index, int | np.integer) and index < 0:
        raise IndexError(index)


def executable(thing: Any) -> Any:
    """Return arrays as the rules take them: as they are when compiled, wrapped in plain Python."""
    if JIT:
        return thing
    if isinstance(thing, World):
        return World(*(executable(array) for array in thing))
    if isinstance(thing, np.ndarray) and thing.dtype.names:
        return Records(thing)
    return thing


def executable_parameters(record: np.ndarray) -> Any:
    """Return the parameters as the rules take them: a nested record, or names in plain Python."""
    if JIT:
        return record.view(np.recarray)[0]
    return SimpleNamespace(**{rule: SimpleNamespace(**plain(record[rule][0])) for rule in record.dtype.names or ()})


def plain(record: Any) -> dict[str, float]:
    """Return the fields of one record as Python numbers."""
    return {name: record[name].item() for name in record.dtype.names}
