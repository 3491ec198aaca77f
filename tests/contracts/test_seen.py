"""A policy sees only what a team can see: whatever else is true may be otherwise, and it sees the same."""

import numpy as np
import pytest

from kantelpunt.model import Scenario
from kantelpunt.model.policies.seen import FILED, READS, Seen, gathered
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import ARREST, CASE_CLOSED, CASE_OPENED, EVENT_KINDS, GOOD_CONTACT, REPORT
from kantelpunt.model.state.fields import TABLES

WEEK = 52
TABLE_OF = {"person": "people", "household": "households", "place": "places", "event": "events"}
KNOWN = {kind for kind, _ in FILED.values()}


@pytest.fixture(scope="module")
def simulation():
    """Return a neighbourhood after a year in which somebody looked."""
    found = Simulation(Scenario(area="tilburg-noord", people=1_000, years=2, interventions={"systemic_working": 1.0}), seed=3)
    found.advance(WEEK)
    return found


def seen_in(simulation, world=None):
    """Return the signs of the last quarter of a year."""
    return gathered(world or simulation.world, simulation._parameters.observation, simulation.seed, WEEK)


def otherwise(values):
    """Return other values of the same kind."""
    return (values + 1).astype(values.dtype)


def tables(simulation):
    """Yield the name of every record array of a world, and a field of it."""
    for name, table in simulation.world._asdict().items():
        for field in table.dtype.names or [None]:
            yield name, field


def test_what_is_declared_is_there_and_looked_at(simulation):
    for declared in READS:
        table, field = declared.split(".")
        assert field in {each.name for each in TABLES[table]}
    assert (seen_in(simulation) != 0.0).any(axis=0).sum() > 10


def test_nothing_but_what_is_declared_is_looked_at(simulation):
    told, allowed = seen_in(simulation), {(TABLE_OF[each.split(".")[0]], each.split(".")[1]) for each in READS}
    looked_at = []
    for name, field in tables(simulation):
        table = getattr(simulation.world, name)
        other = table.copy()
        if field is None:
            other[...] = otherwise(other)
        else:
            other[field] = otherwise(other[field])
        if (name, field) in allowed:
            continue
        if not np.array_equal(seen_in(simulation, simulation.world._replace(**{name: other})), told):
            looked_at.append((name, field))
    assert not looked_at


def test_events_that_are_in_no_file_are_not_seen(simulation):
    events = simulation.world.events.copy()
    secret = ~np.isin(events["kind"], list(KNOWN)) & (np.arange(events.size) > 0)
    assert secret.any()
    events["place"][secret], events["who"][secret], events["value"][secret] = 0, 0, 0
    assert np.array_equal(seen_in(simulation, simulation.world._replace(events=events)), seen_in(simulation))
    assert {REPORT, CASE_OPENED, CASE_CLOSED, ARREST, GOOD_CONTACT} <= KNOWN
    assert not {EVENT_KINDS[kind] for kind in KNOWN} & {"offence", "stage up", "stage down", "offer", "recruited", "sanction"}


def test_no_field_of_what_is_seen_leads_to_the_world(simulation):
    (ledger,) = simulation.ledgers.values()
    seen = ledger.seen(0.25, simulation.seed, WEEK)
    for name, value in zip(Seen._fields, seen, strict=True):
        assert isinstance(value, np.ndarray | tuple | float | int), name
        if isinstance(value, np.ndarray):
            assert value.dtype == float and not value.flags.writeable
            assert not any(np.may_share_memory(value, table) for table in simulation.world if isinstance(table, np.ndarray))
    assert seen.luck != simulation.seed
    assert len(seen.signs) == len(ledger.signs) - 1 > 0  # a quarter of a year late
