"""Routing: how a case finds an owner, or none.

A case lies at a desk of the safety or the social domain until somebody there has time.  In the wrong domain it is
handed over: by the chain, with weeks of waiting, refusals and privacy rules, or directly by people who know each
other.  Its holder, one of the desk by lot, turns to the colleague across whom they know best; a persistent one asks
once more after a refusal; a frontline team that has found its way takes the case up itself.  Every week without an
owner, at a desk or between two, a case may simply vanish.  A youth or family whom the social domain leaves waiting
becomes a case for safety in the end, sooner where the youth slid deeper meanwhile.  The case of a youth or family needs
a plan, which waits for a "go" from the board.  Both steps take longer by the rules of the institutional logic and less
time by the haste of the instrumental.

    P(taken up) = (hours for cases - hours that cases in hand ask) / hours that waiting cases ask
    weeks of a hand-over = (chain (1 - tie) + network tie) (1 + privacy (1 - tie) (1 - covenant)),   tie to whom the giver knows best
    weeks from taking up to an outcome = (approval of a plan + handling) / (1 + quickness)
    hazard of escalation = escalating, after patience weeks without an owner; times worse where the youth slid deeper

A covenant on information takes away the extra delay across domains; somebody with a mandate from the board is
refused less often and waits less for a "go".

Sources: p41-p44, p48; the Movisie and CCV reports (M13, M14, M45, M46, M52-M54, M58, M63, M77, M79, M81, M100); loops R12, R21, B10.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.cases import about_somebody, has_escalated, still_here
from ..shared.posts import has_desk
from ..state.codes import EXPOSED, NONE, PERMANENT, SAFETY, SILENT, SOCIAL, WAITING, YOUTH_AT_RISK
from .casework import BREAKTHROUGH

TAKEN, DIRECTLY, WEEKS, REFUSED, ESCALATES, ASKS_AGAIN, REFUSED_AGAIN, GO, HANDLED, GIVER = range(1, 11)  # occasions of a case
WORSE = 3.0  # escalation where a youth slid a stage deeper since the signal (M54, size assumed; felt in one world of four)
NETWORK = 2.0  # a hand-over between people who know each other (week; p41: 14 (3-30) days)


class Parameters(NamedTuple):
    """Numbers of routing."""

    # fmt: off
    chain: Annotated[float, Quantity(8.6, 3.0, 21.0, "week", "p41: 60 (20-150) days", "a hand-over through the chain")]
    privacy: Annotated[float, Quantity(0.5, 0.0, 1.5, "ratio", "p44: +50 (0-150) % across domains", "extra delay across domains")]
    refusal: Annotated[float, Quantity(0.35, 0.1, 0.6, "probability", "p43 (4 hand-offs a complex case), M58; assumed", "the other domain refuses and sends it back")]
    persistence: Annotated[float, Quantity(0.3, 0.05, 0.7, "probability", "assumed (M81)", "somebody with full energy asks once more after a refusal")]
    ordinary: Annotated[float, Quantity(0.4, 0.2, 0.55, "share", "assumed: as full as the desk of the safety domain is by reports", "contract hours in the social domain, of vacant posts too, that other work asks: care, debts, repairs, lessons")]
    vanish: Annotated[float, Quantity(0.035, 0.01, 0.08, "1/week", "p42: half gets no action or no answer", "hazard that a case vanishes that nobody owns, at a desk or between two, and a plan that waits for a go (M45, M46, M58)")]
    effort: Annotated[float, Quantity(4.0, 2.0, 8.0, "hour", "assumed", "hours that a case asks in the week it is taken up and in each week in which it is carried out", off=0.0)]
    coordination: Annotated[float, Quantity(1.0, 0.25, 3.0, "hour/week", "assumed (M14)", "hours that a hand-over asks while it lasts: meetings, forms, calls", off=0.0)]
    patience: Annotated[float, Quantity(8.0, 4.0, 26.0, "week", "assumed (M54); the chain takes p41: 60 (20-150) days", "weeks without an owner after which the case of a youth or family may escalate")]
    escalating: Annotated[float, Quantity(0.05, 0.01, 0.15, "1/week", "assumed (M54)", "hazard that it does: safety takes it as its own")]
    handling: Annotated[float, Quantity(3.0, 1.0, 8.0, "week", "assumed", "weeks from taking up to an outcome")]
    approval: Annotated[float, Quantity(4.0, 1.0, 12.0, "week", "assumed (M46); boards meet about once a month", "a plan for a youth or family waits for a go")]
    # fmt: on


READS = (
    "person.present", "person.id", "person.stage", "person.stage_since", "case.id", "case.state", "case.kind", "case.needs",
    "case.domain", "case.handoffs", "case.owned", "case.place", "case.opened", "case.ready", "case.about", "case.about_id",
    "case.false_alarm", "case.approved_week", "place.quarter", "desk.hours", "desk.asked", "desk.busy", "desk.extra", "desk.energy", "desk.quickness",
    "patch.quarter", "patch.residents", "tile_index.maturity", "professional.kind", "professional.domain", "professional.hours",
    "professional.present", "tie",
)  # fmt: skip
WRITES = (
    "case.state", "case.needs", "case.domain", "case.handoffs", "case.owned", "case.approved_week", "case.ready", "desk.asked",
    "desk.busy", "desk.extra", "desk.joint",
)  # fmt: skip
LEVERS = {
    "team_share": Lever(0.0, 0.0, 1.0, "share", "share of cases that a multidisciplinary frontline team takes up directly"),
    "sharing": Lever(0.0, 0.0, 1.0, "level", "a covenant on sharing information is in force"),
    "mandate": Lever(0.0, 0.0, 1.0, "share", "share of cases with somebody who has a mandate from the board to break through"),
    "team_hours": Lever(0.0, 0.0, 200.0, "hour/week per 1,000 residents", "extra hours for cases by a frontline team"),
}
COUNTS = {
    "ownerless": Outcome("cases", "lower", "Cases that nobody has taken up: at a desk or between two"),
    "handoffs": Outcome("handovers/week", "lower", "Cases handed over to the other domain"),
    "escalated": Outcome(
        "cases/week", "lower", "Cases about youths and families that became cases for safety, since nobody acted in time"
    ),
    "waited": Outcome("weeks", "lower", "Weeks from signal to first action, summed over the cases taken up this week"),
    "taken_up": Outcome("cases/week", "higher", "Cases taken up by somebody"),
    "early": Outcome("cases/week", "higher", "Youths at risk at stage 0 or 1, and families, taken up before it escalated"),
    "late": Outcome(
        "cases/week", "lower", "Youths at risk taken up at stage 2 or higher, and all cases taken up after they escalated"
    ),
}
MECHANISMS = ("M13", "M14", "M45", "M46", "M52", "M53", "M54", "M58", "M63", "M77", "M79", "M81", "M100")


@njit
def handover_weeks(tie, sharing, p):
    """Return the weeks that a hand-over across domains takes, given how well giver and taker know each other and may share."""
    return (p.chain * (1.0 - tie) + NETWORK * tie) * (1.0 + p.privacy * (1.0 - tie) * (1.0 - sharing))


@njit
def routing(world, p, levers, seed, week):
    """Every case without an owner vanishes, escalates, waits, is taken up or handed over."""
    dice = key(seed, Draw.PICKUP, week)
    ask(world.cases, world.patches, world.desks, p, levers, week)
    ask_ordinary(world.professionals, world.desks, p)
    for row in range(world.cases.size):
        case = world.cases[row]
        if case.state == WAITING and case.owned == 0:
            world.tally[0].ownerless += 1
            if happens(p.vanish, dice, case.id):
                case.state = SILENT  # casework closes it
            elif week - case.opened > p.patience and happens(p_escalate(world.people, case, p), dice, case.id, ESCALATES):
                escalate(case, world.tally[0], week)
            elif case.ready <= week:
                find_owner(world, case, levers[world.places[case.place].quarter], p, dice, week)


@njit
def ask(cases, patches, desks, p, levers, week):
    """Add up the hours asked at every desk by cases that wait there, and by those in hand; a frontline team adds hours to both."""
    for j in range(desks.size):
        desks[j].asked = 0.0
        desks[j].busy = 0.0
        desks[j].extra = 0.0
        desks[j].joint = 0
    for j in range(patches.size):
        patch = patches[j]
        extra = levers[patch.quarter].team_hours * patch.residents / 1000.0
        desks[SAFETY].extra += 0.5 * extra
        desks[SOCIAL].extra += 0.5 * extra
    for row in range(cases.size):
        case = cases[row]
        if case.state != WAITING:
            continue
        if case.owned == 1:
            desks[case.domain].busy += p.effort if week >= case.approved_week else 0.0
        elif case.ready > week:
            desks[case.domain].busy += p.coordination
        else:
            desks[case.domain].asked += p.effort


@njit
def ask_ordinary(team, desks, p):
    """Add the hours of other work to what keeps the desk of the social domain busy; the ordinary work of safety is reports."""
    for i in range(team.size):
        if team[i].kind == PERMANENT and team[i].domain == SOCIAL:
            desks[SOCIAL].busy += p.ordinary * team[i].hours


@njit
def p_escalate(people, case, p):
    """Return how likely a case that has waited too long becomes one for safety this week."""
    if not about_somebody(case) or has_escalated(case) or case.false_alarm == 1:
        return 0.0
    if case.kind == YOUTH_AT_RISK and still_here(people, case.about, case.about_id):
        youth = people[case.about]
        if youth.stage > NONE and youth.stage_since > case.opened:
            return p.escalating * WORSE
    return p.escalating


@njit
def escalate(case, tally, week):
    """Make a case one for safety, wherever it lay."""
    case.needs = SAFETY
    case.domain = SAFETY
    case.ready = week + 1
    tally.escalated += 1


@njit
def find_owner(world, case, lever, p, dice, week):
    """Let a desk that has time take a case up, or hand it over where it lies in the wrong domain."""
    desk, tally = world.desks[case.domain], world.tally[0]
    if happens((desk.hours + desk.extra - desk.busy) / max(desk.asked, 1.0), dice, case.id, TAKEN):
        direct = lever.team_share * world.tile_index[0].maturity
        if case.domain == case.needs or happens(direct, dice, case.id, DIRECTLY):
            take_up(world.people, case, desk.quickness, lever, tally, p, dice, week)
        else:
            tie = knows_best(world.professionals, world.ties, case.domain, uniform(dice, case.id, GIVER))
            hand_over(case, tie, desk.energy, lever, p, dice, week)
            tally.handoffs += 1


@njit
def whole(weeks, dice, who, occasion):
    """Return a whole number of weeks; the rest is left to chance."""
    return int(weeks + uniform(dice, who, occasion))


@njit
def take_up(people, case, quickness, lever, tally, p, dice, week):
    """Give a case an owner, who is so quick; a plan for a youth or family waits for a go of the board."""
    case.owned = 1
    case.approved_week = week
    if about_somebody(case) and case.false_alarm == 0:
        case.approved_week += whole(p.approval * (1.0 - BREAKTHROUGH * lever.mandate) / (1.0 + quickness), dice, case.id, GO)
        late = has_escalated(case)
        if case.kind == YOUTH_AT_RISK and still_here(people, case.about, case.about_id):
            late = late or people[case.about].stage > EXPOSED
        tally.late += 1 if late else 0
        tally.early += 0 if late else 1
    case.ready = case.approved_week + whole(p.handling / (1.0 + quickness), dice, case.id, HANDLED)
    tally.taken_up += 1
    tally.waited += week - case.opened


@njit
def knows_best(team, ties, domain, u):
    """Return how well one of the people of a desk, by lot, knows whom they know best at the desk of the other domain; 0 where nobody is."""
    n = 0
    for i in range(team.size):
        n += 1 if has_desk(team[i]) and team[i].domain == domain else 0
    turn, best = int(u * n), 0.0
    for i in range(team.size):
        if has_desk(team[i]) and team[i].domain == domain:
            if turn == 0:
                for j in range(team.size):
                    if has_desk(team[j]) and team[j].domain != domain:
                        best = max(best, ties[i, j])
            turn -= 1
    return best


@njit
def hand_over(case, tie, energy, lever, p, dice, week):
    """Send a case to the other domain, to whom its giver knows so well; it may be sent back, and a persistent giver asks once more."""
    case.handoffs += 1
    case.ready = week + 1 + whole(handover_weeks(tie, lever.sharing, p) - 0.5, dice, case.id, WEEKS)
    refusal = p.refusal * (1.0 - tie) * (1.0 - BREAKTHROUGH * lever.mandate)
    refused = happens(refusal, dice, case.id, REFUSED)
    if refused and happens(p.persistence * energy, dice, case.id, ASKS_AGAIN):
        refused = happens(refusal, dice, case.id, REFUSED_AGAIN)
    if not refused:
        case.domain = case.needs
