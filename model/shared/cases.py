"""The casebook: how a case is opened and closed, so that none is lost.

A row is taken from the stack of free rows and given back when the case is closed.  Opened = closed + open, always.
A case is about a person, about a household (a family case), or about a place, and then a resident reported it.
"""

from ..compiled import njit
from ..draws import Draw, happens, identity, key
from ..state.codes import CASE_CLOSED, CASE_OPENED, FAMILY, FREE, NOBODY, NONE, REPORT, SAFETY, SOCIAL, WAITING, YOUTH_AT_RISK
from .events import log_between
from .persons import ADULT_FROM, is_free, is_under

WRITES = (  # what is written where a case is opened
    "case.id", "case.state", "case.kind", "case.needs", "case.domain", "case.handoffs", "case.owned", "case.place",
    "case.opened", "case.approved_week", "case.ready", "case.false_alarm", "case.about", "case.about_id", "case.reporter",
    "case.reporter_id", "tile_index.cases_free", "person.case",
)  # fmt: skip

DESK = 1  # occasion of a draw: where a signal is brought


@njit
def open_case(world, kind, needs, domain, place, about, reporter, seed, week):
    """Open a case about a place, reported by a resident or, with reporter NOBODY, about somebody: the row of a person or family.

    When every row is taken the desk turns the case away: it is counted as such and nothing else happens.  Returns the row, or
    NOBODY where it was turned away.
    """
    tile_index = world.tile_index[0]
    tally = world.tally[0]
    if tile_index.cases_free == 0:
        tally.turned_away += 1
        return NOBODY
    tile_index.cases_free -= 1
    row = world.cases_free[tile_index.cases_free]
    subject = subject_of(world, kind, about if reporter == NOBODY else reporter, row)
    case = world.cases[row]
    case.id = identity(key(seed, Draw.CASE_IDENTITY, week), subject, kind)
    case.state = WAITING
    case.kind = kind
    case.needs = needs
    case.domain = domain
    case.handoffs = 0
    case.owned = 0
    case.place = place
    case.opened = week
    case.approved_week = week
    case.ready = week + 1
    case.false_alarm = 0
    case.about = about
    case.reporter = reporter
    case.about_id = subject if reporter == NOBODY else 0
    case.reporter_id = 0 if reporter == NOBODY else subject
    tally.cases_opened += 1
    log_between(world.events, week, CASE_OPENED, subject, case.id, place, kind)
    if reporter != NOBODY:
        log_between(world.events, week, REPORT, subject, case.id, place, kind)
    return row


@njit
def subject_of(world, kind, who, row):
    """Let the household or person of a new case know the row where it stands; return their identity."""
    if kind == FAMILY:
        world.households[who].case = row
        return world.households[who].id
    world.people[who].case = row
    return world.people[who].id


@njit
def still_here(people, row, identity_then):
    """Return whether the person of that time still lives here, in that row."""
    return row != NOBODY and people[row].id == identity_then and people[row].present == 1


@njit
def same_family(households, row, identity_then):
    """Return whether the household of that time still lives there."""
    return row != NOBODY and households[row].id == identity_then and households[row].size > 0


@njit
def about_somebody(case):
    """Return whether a case is about a youth or a family, so that help asks for a plan."""
    return case.kind == YOUTH_AT_RISK or case.kind == FAMILY


@njit
def has_escalated(case):
    """Return whether the case of a youth or family, which needs the social domain, has become one for safety."""
    return about_somebody(case) and case.needs == SAFETY


@njit
def close_case(world, row, outcome, week):
    """Close a case with an outcome (done and told, explained no, silence) and free its row."""
    case = world.cases[row]
    tally = world.tally[0]
    if still_here(world.people, case.reporter, case.reporter_id):
        world.people[case.reporter].case = NOBODY
    if case.kind == FAMILY:
        if world.households[case.about].id == case.about_id:
            world.households[case.about].case = NOBODY
    elif still_here(world.people, case.about, case.about_id):
        world.people[case.about].case = NOBODY
    tally.cases_closed += 1
    concerned = case.about_id if case.reporter == NOBODY else case.reporter_id
    log_between(world.events, week, CASE_CLOSED, concerned, case.id, case.place, outcome)
    case.state = FREE
    tile_index = world.tile_index[0]
    world.cases_free[tile_index.cases_free] = row
    tile_index.cases_free += 1


@njit
def may_be_signalled(person, week):
    """Return whether this is a youth under eighteen, at large, who is not a case already."""
    return person.case == NOBODY and is_free(person, week) and is_under(person, ADULT_FROM, week)


@njit
def at_risk(person, p):
    """Return whether this youth gives reason for a signal."""
    return person.stage > NONE or person.exposure > p.exposed


@njit
def raise_alarm(world, row, p, dice, seed, week):
    """Make a case of a signal about a youth; who is not at risk costs the same hours."""
    person, tally = world.people[row], world.tally[0]
    real = at_risk(person, p)
    tally.signals += 1
    tally.false_alarms += 0 if real else 1
    lies = SAFETY if happens(p.astray, dice, person.id, DESK) else SOCIAL
    case = open_case(world, YOUTH_AT_RISK, SOCIAL, lies, int(person.place), row, NOBODY, seed, week)
    if case != NOBODY and not real:
        world.cases[case].false_alarm = 1
