"""Casework: what comes of a case that somebody has taken up, and what its reporter makes of it.

A desk that takes a case up has to see what fits and to get it through.  A plan for a youth or family waits for a "go"
from the board, and may be given up before it comes; after a case has escalated, the answer of the safety domain comes
late and fits less.  A visit to a family opens its door a little or, if it brings nothing, closes it more.  A false alarm
has cost its hours.  The reporter hears that it is done, or hears nothing, and draws conclusions; hearing why not costs
nothing.

    P(solved) = (floor + (1 - floor) fit) (floor + (1 - floor) through)
                fit by situational logic, times repressive once escalated;   through by institutional logic and mandate

Help in time moves a youth's prospects, school, debts and free time, which a worker fills with an organised activity
for a while, and friends: one who is involved may be let go, whose place stays empty until the youth looks for a friend
again.

A shared diagnosis (a QuickScan) is a chain of steps, each of which may fail.  Facts are told from assumptions, the
better the more workers are around and the more residents trust them; phenomena are studied as far as the person, the
family (an open door) and the surroundings (ties between care and safety) can be seen; the desks share one definition,
or each goes home with their own, less often so the better care and safety know each other; the measures are those that
fit; a plan may be given up before its go.  If a picture is shared and right, the measures fit better; if it is shared
and wrong, all do the wrong thing together; if none is shared, the scan was mere talk.  There is a picture for each kind
of case and quarter of the neighbourhood, renewed every year.  Somebody with a mandate from the board gets things
through.

    P(facts are right)  = unaided + (1 - unaided) trust around * hours / (hours + at_home)
    P(picture is shared) = unaided + (1 - unaided) tie
    fit += (1 - fit) shared_view * diagnosis * picture looked at, where right;   fit -= fit shared_view * diagnosis, where wrong

Sources: p24-p26, p29, p42; Janis 1972 as direction (a shared picture can be wrong); Sjoberg, Mellon and Peixoto 2017; Tyler; the Movisie and CCV reports (M14, M27, M37, M42, M46, M49,
M53, M54, M63, M68, M102); loops R1, B3.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.cases import about_somebody, close_case, has_escalated, same_family, still_here
from ..shared.events import log
from ..shared.kin import is_there
from ..shared.persons import is_free, is_involved, part_with
from ..state.codes import (
    DONE,
    EXPLAINED,
    EXPOSED,
    FAMILY,
    FREE,
    FRIENDS,
    NONE,
    NOTHING_BROUGHT,
    OF_USE,
    QUARTERS,
    SILENT,
    STAGE_DOWN,
    TOLD_DONE,
    TOLD_SILENT,
    WAITING,
    YOUTH_AT_RISK,
)
from .desistance import GIVES_UP

COURSE = 26  # weeks for which somebody sees to an organised activity of a youth who is helped (assumed)
ANSWERED, GIVEN_UP, AT_DOOR, LETS_GO = range(1, 5)  # occasions of a case
SHARED = 1  # of a picture: whether it is shared, beside whether its facts are right
SIDES = 3.0  # of a whole picture: the person, the family behind its door, the surroundings
AT_HOME = 4.0  # hours of presence at which workers hear half of what residents who trust could tell (hour/week; assumed)
BREAKTHROUGH = 0.5  # what stands in the way (of getting through, refusals, weeks until a go) that a full mandate takes away, and of getting through a mature team, at its share (assumed (M13, M63))
EARLY_HELP = 0.15  # prospects and bond gained by a youth who is helped early, and debt lost (assumed (M54))
REPRESSIVE = 0.5  # how well it fits, and what it brings, once a case escalated, against in time (assumed (M54))
UNAIDED = 0.45  # a step of a shared diagnosis comes right by itself: facts where no worker comes or nobody trusts, one definition of partners who do not know each other (assumed (M27, M42))


class Parameters(NamedTuple):
    """Numbers of casework."""

    # fmt: off
    floor: Annotated[float, Quantity(0.1, 0.05, 0.4, "probability", "assumed", "that help fits where the worker sees nothing of the need, and that it gets through where the worker knows no way through the institutions")]
    answer: Annotated[float, Quantity(0.45, 0.2, 0.7, "probability", "p42, assumed", "the reporter hears how it went, without a programme")]
    success: Annotated[float, Quantity(0.5, 0.3, 0.7, "ratio", "p29: success raises the next report 1.57 times", "way to full expected usefulness after done and told", off=0.0)]
    silence: Annotated[float, Quantity(0.7, 0.4, 0.85, "ratio", "p24, V10", "usefulness lost after silence", off=0.0)]
    trust_done: Annotated[float, Quantity(0.04, 0.02, 0.07, "level", "p26", "trust in institutions gained by done and told", off=0.0)]
    trust_silence: Annotated[float, Quantity(0.03, 0.01, 0.06, "level", "p24", "trust in institutions lost by silence", off=0.0)]
    shared_view: Annotated[float, Quantity(0.35, 0.0, 0.6, "ratio", "assumed (M27, M42); 0: talk that changes nothing", "lack of fit that a full shared diagnosis takes away where it is right, and fit where it is wrong")]
    # fmt: on


BORROWS = ("routing.vanish",)
READS = (
    "person.present", "person.detained_until", "person.id", "person.place", "person.stage", "person.household", "case.state", "case.kind",
    "case.needs", "case.domain", "case.handoffs", "case.owned", "case.place", "case.ready", "case.approved_week", "case.false_alarm",
    "case.about", "case.about_id", "case.reporter", "case.reporter_id", "case.id", "household.id", "household.size",
    "household.closed", "place.quarter", "place.presence", "place.trust", "person.debt", "person.active", "friend.row", "friend.id", "desk.fit", "desk.through", "desk.tie", "tile_index.maturity",
)  # fmt: skip
WRITES = (
    "person.case", "person.story", "person.usefulness", "person.trust_institutions", "person.prospects", "person.school_bond",
    "person.debt", "person.active", "person.next_stage", "person.stage", "person.stage_since", "friend.row", "friend.id", "household.case", "household.visit", "case.state",
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
    "misread": Outcome("cases/week", "lower", "Cases brought to their end on a shared picture that is wrong"),
    "done_told": Outcome("reports/week", "higher", "Reports whose reporter heard that it was done"),
    "explained": Outcome("reports/week", "neither", "Reports whose reporter heard why it could not be done"),
    "silent": Outcome("reports/week", "lower", "Reports whose reporter heard nothing"),
}
MECHANISMS = ("M14", "M27", "M37", "M42", "M46", "M49", "M53", "M54", "M63", "M68", "M102")


@njit
def p_solved(fit, through, p):
    """Return how likely a case that is taken up is solved."""
    return (p.floor + (1.0 - p.floor) * fit) * (p.floor + (1.0 - p.floor) * through)


@njit
def casework(world, p, levers, seed, week):
    """Take every case that has an owner a step further, and close those that are finished."""
    dice, pictures = key(seed, Draw.HANDLING, week), key(seed, Draw.PICTURE, week // WEEKS_A_YEAR)
    for row in range(world.cases.size):
        case = world.cases[row]
        if case.state == FREE:
            continue
        world.tally[0].cases_open += 1
        outcome = int(case.state)
        if case.owned == 1:
            outcome = carry_out(world, case, levers[world.places[case.place].quarter], p, dice, pictures, week)
        if outcome != WAITING:
            settle(world, row, outcome, p, week)


@njit
def carry_out(world, case, lever, p, dice, pictures, week):
    """A case with an owner waits for a go, in which time it may be given up, and then for its end."""
    if week < case.approved_week and happens(p.vanish, dice, case.id, GIVEN_UP):
        world.tally[0].abandoned += 1
        return SILENT
    if case.ready > week:
        return WAITING
    return finish(world, case, world.desks[case.domain], lever, p, dice, pictures, week)


@njit
def able(desk, lever, maturity, read, p):
    """Return how well a desk sees what fits and gets it through, with a team, a mandate and a shared picture.

    `read` is how much of the whole a right picture looks at, 0 where none is shared, below 0 where it is wrong.
    """
    through = desk.through + (1.0 - desk.through) * BREAKTHROUGH * lever.team_share * maturity
    through += (1.0 - through) * BREAKTHROUGH * lever.mandate
    right, wrong = max(read, 0.0) * p.shared_view * lever.diagnosis, max(-read, 0.0) * p.shared_view * lever.diagnosis
    return desk.fit + (1.0 - desk.fit) * right - desk.fit * wrong, through


@njit
def p_facts(place):
    """Return how likely what is taken for fact is right here: workers hear it where they come and residents trust."""
    return UNAIDED + (1.0 - UNAIDED) * place.trust * place.presence / (place.presence + AT_HOME)


@njit
def reading(place, kind, tie, picture, pictures):
    """Return how a case of this kind here is read by all together: as much as is looked at, 0 where nothing is shared, -1 where it is wrong."""
    subject = kind * len(QUARTERS) + place.quarter
    if not happens(UNAIDED + (1.0 - UNAIDED) * tie, pictures, subject, SHARED):
        return 0.0
    return picture if happens(p_facts(place), pictures, subject) else -1.0


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
    return (1.0 + (1.0 - closed) + tie) / SIDES if about_somebody(case) else 1.0


@njit
def finish(world, case, desk, lever, p, dice, pictures, week):
    """Bring a case that somebody owns to its end; returns what the reporter experiences."""
    if case.false_alarm == 1:
        return EXPLAINED
    closed = closedness(world, case)
    read = 0.0
    if lever.diagnosis > 0.0:
        read = reading(world.places[case.place], case.kind, desk.tie, picture_of(case, closed, desk.tie), pictures)
        world.tally[0].misread += 1 if read < 0.0 else 0
    fit, through = able(desk, lever, world.tile_index[0].maturity, read, p)
    weight = REPRESSIVE if has_escalated(case) else 1.0
    solved = happens(p_solved(fit * weight, through, p), dice, case.id)
    if solved:
        world.tally[0].solved += 1
        desk.joint += 1 if case.handoffs > 0 else 0
    if case.kind == FAMILY:
        if same_family(world.households, case.about, case.about_id) and not happens(closed, dice, case.id, AT_DOOR):
            world.households[case.about].visit = OF_USE if solved else NOTHING_BROUGHT
    elif solved and case.kind == YOUTH_AT_RISK:
        if still_here(world.people, case.about, case.about_id):
            help_youth(world.people[case.about], world.events, weight, week)
            if happens(GIVES_UP * weight, dice, case.id, LETS_GO):
                let_go(world.people, world.friends[case.about])
    elif solved:
        world.cell_week[case.place].cleared += 1
        world.patches[world.places[case.place].quarter].solved += 1
    if not happens(p.answer + (1.0 - p.answer) * lever.feedback, dice, case.id, ANSWERED):
        return SILENT
    return DONE if solved else EXPLAINED


@njit
def help_youth(person, events, weight, week):
    """Help a youth at risk: prospects and bond rise, debts fall, an activity fills free time; who was only exposed is out of it."""
    gain = EARLY_HELP * weight
    person.debt -= gain * person.debt
    person.active = max(int(person.active), int(COURSE * weight))
    person.prospects += gain * (1.0 - person.prospects)
    person.school_bond += gain * (1.0 - person.school_bond)
    if person.stage == EXPOSED and is_free(person, week):
        person.stage = NONE
        person.next_stage = NONE
        person.stage_since = week
        log(events, week, STAGE_DOWN, person.id, person.place, NONE)


@njit
def let_go(people, friends):
    """Let a youth lose sight of the first involved friend, if there is one."""
    for k in range(FRIENDS):
        if is_there(people, friends[k].row, friends[k].id) and is_involved(people[friends[k].row]):
            part_with(friends[k])
            return


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
    elif outcome != EXPLAINED:
        person.story = max(int(person.story), TOLD_SILENT)
        person.usefulness -= p.silence * person.usefulness
        person.trust_institutions -= p.trust_silence * person.trust_institutions
