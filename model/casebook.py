"""The casebook: how a case is opened and closed, so that none is lost.

A row is taken from the stack of free rows and given back when the case is closed.  Opened = closed + open, always.
"""

from .compiled import njit
from .draws import Draw, identity, key
from .events import log
from .state import CASE_CLOSED, CASE_OPENED, CRIME, FREE, NOBODY, REPORT, WAITING


@njit
def open_case(world, kind, needs, domain, place, about, reporter, seed, week):
    """Open a case about a place (and a person) reported by a resident or, with reporter NOBODY, by a professional.

    When every row is taken the desk turns the case away: it is counted as such and nothing else happens.
    """
    register = world.register[0]
    tally = world.tally[0]
    if register.cases_free == 0:
        tally.turned_away += 1
        return
    register.cases_free -= 1
    row = world.cases_free[register.cases_free]
    subject = world.people[about if reporter == NOBODY else reporter]
    case = world.cases[row]
    case.id = identity(key(seed, Draw.CASE_IDENTITY, week), subject.id, kind)
    case.state = WAITING
    case.kind = kind
    case.needs = needs
    case.domain = domain
    case.handoffs = 0
    case.owned = 0
    case.place = place
    case.opened = week
    case.acted = week
    case.ready = week + 1
    case.about = about
    case.reporter = reporter
    case.about_id = subject.id if reporter == NOBODY else 0
    case.reporter_id = 0 if reporter == NOBODY else subject.id
    subject.case = row
    tally.cases_opened += 1
    log(world.events, week, CASE_OPENED, case.id, place, kind)
    if reporter != NOBODY:
        tally.registered += 1
        tally.registered_crimes += 1 if kind == CRIME else 0
        log(world.events, week, REPORT, subject.id, place, kind)


@njit
def still_here(people, row, identity_then):
    """Return whether the person of that time still lives here, in that row."""
    return row != NOBODY and people[row].id == identity_then and people[row].present == 1


@njit
def close_case(world, row, outcome, week):
    """Close a case with an outcome (done and told, explained no, silence) and free its row."""
    case = world.cases[row]
    tally = world.tally[0]
    if still_here(world.people, case.reporter, case.reporter_id):
        world.people[case.reporter].case = NOBODY
    if still_here(world.people, case.about, case.about_id):
        world.people[case.about].case = NOBODY
    tally.cases_closed += 1
    log(world.events, week, CASE_CLOSED, case.id, case.place, outcome)
    case.state = FREE
    register = world.register[0]
    world.cases_free[register.cases_free] = row
    register.cases_free += 1
