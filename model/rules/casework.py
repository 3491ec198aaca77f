"""Casework: what comes of a case that somebody has taken up, and what its reporter makes of it.

Whoever takes a case up needs both to see what fits and to get it through.  A plan for a youth or family waits for a "go"
from the board, and may be given up before it comes; what safety does once a case escalated comes late and fits less.  A visit
to a family opens its door a little or, where it brings nothing, closes it more.  A false alarm has cost its hours.  The reporter
hears that it is done, hears why not, or hears nothing, and draws conclusions.

    P(solved) = (fit_floor + (1 - fit_floor) fit) (through_floor + (1 - through_floor) through)
                fit by situational logic, times repressive once escalated;   through by institutional logic and mandate

A shared diagnosis makes what is done fit better: for a youth or family as far as person, family (an open door) and surroundings
(ties between care and safety) are looked at together; somebody with a mandate from the board gets things through.

Sources: p24-p26, p29, p42; Sjoberg, Mellon and Peixoto 2017; Tyler; the Movisie and CCV reports (M14, M27, M37, M42, M46, M49,
M53, M54, M63, M68, M102); loops R1, B3.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.cases import about_somebody, close_case, has_escalated, same_family, still_here
from ..shared.events import log
from ..shared.persons import is_free
from ..state.codes import (
    DONE,
    EXPLAINED,
    EXPOSED,
    FAMILY,
    FREE,
    NONE,
    NOTHING_BROUGHT,
    OF_USE,
    SILENT,
    STAGE_DOWN,
    TOLD_DONE,
    TOLD_SILENT,
    WAITING,
    YOUTH_AT_RISK,
)


class Parameters(NamedTuple):
    """Numbers of casework."""

    # fmt: off
    repressive: Annotated[float, Quantity(0.5, 0.2, 0.9, "ratio", "assumed (M54)", "how well it fits, and what it brings, once a case escalated, against in time")]
    given_up: Annotated[float, Quantity(0.02, 0.0, 0.06, "1/week", "assumed (M46)", "hazard that a plan is given up while it waits for a go")]
    fit_floor: Annotated[float, Quantity(0.2, 0.05, 0.4, "probability", "assumed", "what is done fits, by whoever sees nothing of what fits")]
    through_floor: Annotated[float, Quantity(0.3, 0.1, 0.5, "probability", "assumed", "it gets through, by whoever knows no way through the institutions")]
    team_through: Annotated[float, Quantity(0.4, 0.1, 0.7, "ratio", "assumed (M13)", "what stands in the way of getting through that a mature team takes away, at its share")]
    behind_door: Annotated[float, Quantity(0.8, 0.4, 1.0, "ratio", "assumed (M37)", "visits to a fully closed family that end at the front door")]
    answer: Annotated[float, Quantity(0.45, 0.2, 0.7, "probability", "p42, assumed", "the reporter hears how it went, without a programme")]
    success: Annotated[float, Quantity(0.5, 0.3, 0.7, "ratio", "p29: success raises the next report 1.57 times", "way to full expected usefulness after done and told", off=0.0)]
    told_no: Annotated[float, Quantity(0.02, 0.0, 0.08, "ratio", "p25, Tyler", "usefulness lost after an explained no")]
    silence: Annotated[float, Quantity(0.7, 0.4, 0.85, "ratio", "p24, V10", "usefulness lost after silence", off=0.0)]
    trust_done: Annotated[float, Quantity(0.04, 0.02, 0.07, "level", "p26", "trust in institutions gained by done and told", off=0.0)]
    trust_silence: Annotated[float, Quantity(0.03, 0.01, 0.06, "level", "p24", "trust in institutions lost by silence", off=0.0)]
    early_help: Annotated[float, Quantity(0.15, 0.05, 0.3, "level", "assumed (M54)", "prospects and bond gained by a youth who is helped early")]
    shared_view: Annotated[float, Quantity(0.35, 0.0, 0.6, "ratio", "assumed (M27, M42); 0: talk that changes nothing", "lack of fit that a full shared diagnosis takes away")]
    breakthrough: Annotated[float, Quantity(0.5, 0.1, 0.8, "ratio", "assumed (M63)", "what stands in the way of getting through that a full mandate takes away")]
    # fmt: on


READS = (
    "person.present", "person.detained_until", "person.id", "person.place", "person.stage", "person.household", "case.state", "case.kind",
    "case.needs", "case.domain", "case.handoffs", "case.owned", "case.place", "case.ready", "case.approved_week", "case.false_alarm",
    "case.about", "case.about_id", "case.reporter", "case.reporter_id", "case.id", "household.id", "household.size",
    "household.closed", "place.quarter", "desk.fit", "desk.through", "desk.tie", "tile_index.maturity",
)  # fmt: skip
WRITES = (
    "person.case", "person.story", "person.usefulness", "person.trust_institutions", "person.prospects", "person.school_bond",
    "person.next_stage", "person.stage", "person.stage_since", "household.case", "household.visit", "case.state",
    "cell_week.cleared", "patch.solved", "desk.joint", "tile_index.cases_free",
)  # fmt: skip
LEVERS = {
    "feedback": Lever(0.0, 0.0, 1.0, "share", "share of answers that would otherwise stay out which are now given"),
    "diagnosis": Lever(0.0, 0.0, 1.0, "level", "a diagnosis that all organisations share: facts, phenomena, one definition"),
}
COUNTS = {
    "cases_opened": Outcome("cases/week", "neither", "Cases opened"),
    "cases_closed": Outcome("cases/week", "neither", "Cases closed, in whatever way"),
    "cases_open": Outcome("cases", "lower", "Cases open in this week"),
    "turned_away": Outcome("cases/week", "lower", "Reports and signals turned away because the desk was full"),
    "solved": Outcome("cases/week", "higher", "Cases solved"),
    "abandoned": Outcome("cases/week", "lower", "Plans for youths and families that were given up while they waited for a go"),
    "done_told": Outcome("reports/week", "higher", "Reports whose reporter heard that it was done"),
    "explained": Outcome("reports/week", "neither", "Reports whose reporter heard why it could not be done"),
    "silent": Outcome("reports/week", "lower", "Reports whose reporter heard nothing"),
}
MECHANISMS = ("M14", "M27", "M37", "M42", "M46", "M49", "M53", "M54", "M63", "M68", "M102")


@njit
def p_solved(fit, through, p):
    """Return how likely a case that is taken up is solved."""
    return (p.fit_floor + (1.0 - p.fit_floor) * fit) * (p.through_floor + (1.0 - p.through_floor) * through)


@njit
def casework(world, p, levers, seed, week):
    """Every case that has an owner comes a step further; every case that came to its end is closed."""
    dice = key(seed, Draw.HANDLING, week)
    for row in range(world.cases.size):
        case = world.cases[row]
        if case.state == FREE:
            continue
        world.tally[0].cases_open += 1
        outcome = int(case.state)
        if case.owned == 1:
            outcome = carry_out(world, case, levers[world.places[case.place].quarter], p, dice, week)
        if outcome != WAITING:
            settle(world, row, outcome, p, week)


@njit
def carry_out(world, case, lever, p, dice, week):
    """A case with an owner waits for a go, in which time it may be given up, and then for its end."""
    if week < case.approved_week and happens(p.given_up, dice, case.id, 2):
        world.tally[0].abandoned += 1
        return SILENT
    if case.ready > week:
        return WAITING
    return finish(world, case, world.desks[case.domain], lever, p, dice, week)


@njit
def able(desk, lever, maturity, picture, p):
    """Return how well a desk sees what fits and gets it through, with a team, a mandate and a shared diagnosis of that picture."""
    through = desk.through + (1.0 - desk.through) * p.team_through * lever.team_share * maturity
    through += (1.0 - through) * p.breakthrough * lever.mandate
    return desk.fit + (1.0 - desk.fit) * p.shared_view * lever.diagnosis * picture, through


@njit
def closedness(world, case):
    """Return how closed the family is that a case about a youth or family is about; 0 where it is about a place."""
    if case.kind == FAMILY and same_family(world.households, case.about, case.about_id):
        return world.households[case.about].closed
    if case.kind == YOUTH_AT_RISK and still_here(world.people, case.about, case.about_id):
        return world.households[world.people[case.about].household].closed
    return 0.0


@njit
def picture_of(case, closed, tie):
    """Return how much of the whole picture is looked at: person, family behind its door, surroundings from care and safety."""
    return (1.0 + (1.0 - closed) + tie) / 3.0 if about_somebody(case) else 1.0


@njit
def finish(world, case, desk, lever, p, dice, week):
    """Bring a case that somebody owns to its end; returns what the reporter experiences."""
    if case.false_alarm == 1:
        return EXPLAINED
    closed = closedness(world, case)
    fit, through = able(desk, lever, world.tile_index[0].maturity, picture_of(case, closed, desk.tie), p)
    weight = p.repressive if has_escalated(case) else 1.0
    solved = happens(p_solved(fit * weight, through, p), dice, case.id)
    if solved:
        world.tally[0].solved += 1
        desk.joint += 1 if case.handoffs > 0 else 0
    if case.kind == FAMILY:
        if same_family(world.households, case.about, case.about_id) and not happens(p.behind_door * closed, dice, case.id, 3):
            world.households[case.about].visit = OF_USE if solved else NOTHING_BROUGHT
    elif solved and case.kind == YOUTH_AT_RISK:
        if still_here(world.people, case.about, case.about_id):
            help_youth(world.people[case.about], world.events, p.early_help * weight, week)
    elif solved:
        world.cell_week[case.place].cleared += 1
        world.patches[world.places[case.place].quarter].solved += 1
    if not happens(p.answer + (1.0 - p.answer) * lever.feedback, dice, case.id, 1):
        return SILENT
    return DONE if solved else EXPLAINED


@njit
def help_youth(person, events, gain, week):
    """Help a youth at risk: prospects and bond rise; who was only exposed is out of it."""
    person.prospects += gain * (1.0 - person.prospects)
    person.school_bond += gain * (1.0 - person.school_bond)
    if person.stage == EXPOSED and is_free(person, week):
        person.stage = NONE
        person.next_stage = NONE
        person.stage_since = week
        log(events, week, STAGE_DOWN, person.id, person.place, NONE)


@njit
def settle(world, row, outcome, p, week):
    """Tell the reporter, or not, and close the case."""
    case = world.cases[row]
    if still_here(world.people, case.reporter, case.reporter_id):
        draw_conclusions(world.people[case.reporter], outcome, p)
        tally = world.tally[0]
        tally.done_told += 1 if outcome == DONE else 0
        tally.explained += 1 if outcome == EXPLAINED else 0
        tally.silent += 1 if outcome == SILENT else 0
    close_case(world, row, outcome, week)


@njit
def draw_conclusions(person, outcome, p):
    """Let a reporter learn from what became of the report."""
    if outcome == DONE:
        person.story = max(int(person.story), TOLD_DONE)
        person.usefulness += p.success * (1.0 - person.usefulness)
        person.trust_institutions += p.trust_done * (1.0 - person.trust_institutions)
    elif outcome == EXPLAINED:
        person.usefulness -= p.told_no * person.usefulness
    else:
        person.story = max(int(person.story), TOLD_SILENT)
        person.usefulness -= p.silence * person.usefulness
        person.trust_institutions -= p.trust_silence * person.trust_institutions
