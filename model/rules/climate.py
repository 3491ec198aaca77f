"""Climate: what people around think, seen from every place.

Every fourth week the adults of each cell are counted; a place then knows the mean trust, cohesion and fear, and the
share that holds the friend-enemy norm, over the 5 x 5 cells around it.  A place with nobody around keeps its levels.
The patches count their residents, the groups that doses are meant for, the trust of their adults and how rooted they
are: a household gets to know its neighbours over the years.

    around(place) = sum over 25 cells / adults in 25 cells;   rooted = 1 - 0.5^(years lived here / acquainting)

Sources: assumed reach of talk (stairwell and street, about 50 m); Kasarda and Janowitz 1974, Sampson 1988 as direction (length of
residence and stability make local ties, M59).
"""

from typing import Annotated, NamedTuple

from ..arithmetic import halved
from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..quantity import Quantity
from ..shared.grid import clear_tile, sum_around
from ..shared.persons import ADULT_FROM, CHILD_UNTIL, TEEN_FROM, YOUTH_FROM, YOUTH_UNTIL, is_under
from ..state.fields import fixed, unfixed

EVERY = 4  # weeks


class Parameters(NamedTuple):
    """Numbers of climate."""

    # fmt: off
    acquainting: Annotated[float, Quantity(2.0, 1.0, 5.0, "year", "Kasarda and Janowitz 1974 as direction; assumed size", "years lived here in which half of the neighbours become known")]
    # fmt: on


READS = (
    "person.present", "person.born", "person.home", "person.trust_institutions", "person.trust_neighbours", "person.fear",
    "person.norm_enemy", "person.household", "household.since", "household.rooted",
    "place.quarter", "cell_residents.residents",
    "cell_residents.trust", "cell_residents.cohesion", "cell_residents.fear", "cell_residents.norm", "tile_index.corner", "tile_index.width",
)  # fmt: skip
WRITES = (
    "cell_residents.residents", "cell_residents.trust", "cell_residents.cohesion", "cell_residents.fear", "cell_residents.norm", "place.trust",
    "place.cohesion", "place.fear", "place.norm", "patch.residents", "patch.children", "patch.youths",
    "patch.adults", "patch.trust", "patch.rooted", "household.rooted",
)  # fmt: skip
LEVERS: dict = {}
COUNTS: dict = {}
MECHANISMS = ("M28", "M59")


@njit
def rooted(household, p, week):
    """Return how many of the neighbours a household has had the time to get to know."""
    return 1.0 - halved((week - household.since) / (p.acquainting * WEEKS_A_YEAR))


@njit
def climate(world, p, levers, seed, week):
    """Count who lives where and what they think."""
    if week % EVERY == 0:
        corner, width = world.tile_index[0].corner, world.tile_index[0].width
        clear_tile(world.cell_residents, corner, width)
        empty(world.patches)
        for h in range(world.households.size):
            world.households[h].rooted = rooted(world.households[h], p, week)
        count(world.people, world.households, world.places, world.cell_residents, world.patches, week)
        sum_around(world.cell_residents, world.window_scratch, corner, width)
        for cell in world.used:
            settle(world.places[cell], world.cell_residents[cell])


@njit
def empty(patches):
    """Forget the last count."""
    for j in range(patches.size):
        patch = patches[j]
        patch.residents = 0
        patch.children = 0
        patch.youths = 0
        patch.adults = 0
        patch.trust = 0
        patch.rooted = 0


@njit
def count(people, households, places, arounds, patches, week):
    """Count every resident in cell and patch."""
    for i in range(people.size):
        person = people[i]
        if person.present == 0:
            continue
        patch = patches[places[person.home].quarter]
        patch.residents += 1
        if is_under(person, YOUTH_UNTIL, week):
            patch.children += 1 if is_under(person, CHILD_UNTIL, week) and not is_under(person, YOUTH_FROM, week) else 0
            patch.youths += 0 if is_under(person, TEEN_FROM, week) else 1
        if not is_under(person, ADULT_FROM, week):
            around = arounds[person.home]
            trust = fixed(person.trust_institutions)
            patch.adults += 1
            patch.trust += trust
            patch.rooted += fixed(households[person.household].rooted)
            around.residents += 1
            around.trust += trust
            around.cohesion += fixed(person.trust_neighbours)
            around.fear += fixed(person.fear)
            if person.norm_enemy > 0.5:
                around.norm += 1


@njit
def settle(place, around):
    """Turn the sums around a place into its climate."""
    if around.residents > 0:
        place.trust = unfixed(around.trust) / around.residents
        place.cohesion = unfixed(around.cohesion) / around.residents
        place.fear = unfixed(around.fear) / around.residents
        place.norm = around.norm / around.residents
