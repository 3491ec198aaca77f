"""What a person who is new here, born or moved in, brings along."""

from .compiled import njit
from .state import NEVER, NOBODY, NONE

WRITES = (
    "person.stage", "person.next_stage", "person.crew", "person.case", "person.detained_until", "person.plan_until",
    "person.stage_since", "person.trust_institutions", "person.trust_frontline", "person.trust_neighbours",
)  # fmt: skip


@njit
def settle(world, row, seed, week):
    """Give a new person, whose identity, household and week of birth are known, everything else."""
    person = world.people[row]
    person.stage = NONE
    person.next_stage = NONE
    person.crew = NOBODY
    person.case = NOBODY
    person.detained_until = NEVER
    person.plan_until = NEVER
    person.stage_since = week
    person.trust_institutions = 0.5
    person.trust_frontline = 0.5
    person.trust_neighbours = 0.5
