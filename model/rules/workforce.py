"""Workforce: professionals grow, tire, meet and leave.

Street skill grows by training on the job and on the street, and is forgotten without.  Work beyond what is possible
drains energy; backing and energy hold people.  Somebody who leaves takes the familiarity of residents and colleagues
along, and a vacancy opens (`hiring`).  Two people who meet, at lunch or over work, know each other a little better; a
case that both domains had a hand in and solved brings more of them together; ties fade, and a newcomer has none.  A
team that works together finds its way slowly by itself and sooner with a coach; departures set it back, and so do home
organisations that look at the work in different ways.  The four logics show at the desk: the institutional gets things
through and takes weeks for rules, the situational finds what fits and gets through as far as its mandate goes, the
instrumental is quick and loses sight of the need.

    maturity += (alone + (coached - alone) * coaching) (1 - maturity) where there is a team;  -= share of it that left and
                home * frames apart * (1 - coaching);  where there is none, -= alone (maturity - that at the start)
    tie += meeting (1 - tie) for a pair that meets;  P(meets) = over work + at lunch;  + together * joint cases / pairs across domains
    fit of a desk = mean of situational * (0.5 + 0.5 skill) * (1 - fixation * instrumental);   through = mean of 1 - situational * (1 - mandate)
    quickness of a desk = mean over its people of haste * (instrumental - institutional), both from -1 to 1
    P(leave) = turnover * (1 + strain * (1 - energy)) * (1.5 - backing) * rel_turnover

Sources: p49, p50; Provan and Kenis 2008; the Movisie (M64), CCV (M44, M47) and Divosa reports (M74-M79, M85-M88); loops R12, R13, R18, R19, B10.
"""

from typing import Annotated, NamedTuple

from ..calendar import WEEKS_A_YEAR
from ..compiled import njit
from ..draws import Draw, happens, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.persons import AT_MOST
from ..shared.posts import READS as POST_READS
from ..shared.posts import WRITES as POST_WRITES
from ..shared.posts import at_desks, has_desk, leave
from ..state.codes import SAFETY
from ..state.fields import clip

MOST_WORK = 3.0  # workload beyond which more makes no difference
MONTHS = 12.0  # of a year: lunches are counted by the month
COACHED_PRACTICE = 6.0  # growth of skill that full training on the job adds, against practice without (assumed (M85))
FIXATION = 0.15  # fit lost to a purely instrumental logic, against balance (assumed (M79: goal displacement))
HASTE = 0.2  # how much sooner a purely instrumental logic brings a case to its end, against balance; the rules of a purely institutional one make it as much slower (assumed (M77, M79))
LUNCH_TURNOUT = 0.5  # a professional comes to a sirenelunch (assumed (M64))
SKILL_LOSS = 0.001  # forgetting of street skill (1/week; assumed (M47))
TIE_LOSS = 0.002  # fading of a tie (1/week; assumed: half-life six years)
PRACTICE = 0.001  # growth of street skill by practice without a coach (1/week; assumed (M85))


class Parameters(NamedTuple):
    """Numbers of the workforce."""

    # fmt: off
    turnover: Annotated[float, Quantity(0.0048, 0.002, 0.0086, "1/week", "p49: 25 (10-45) % a year", "hazard that a professional leaves, at full energy and half backing")]
    strain: Annotated[float, Quantity(1.0, 0.3, 2.0, "ratio", "R13, assumed", "rise of turnover by exhaustion", off=0.0)]
    remembering: Annotated[float, Quantity(0.1, 0.05, 0.2, "1/week", "assumed: some ten weeks", "pace at which workload follows the work of the week", "fixed")]
    rest: Annotated[float, Quantity(0.025, 0.01, 0.06, "1/week", "B10, assumed", "recovery of energy, and its loss by work twice what is possible")]
    meeting: Annotated[float, Quantity(0.06, 0.02, 0.12, "level", "assumed", "growth of a tie by one meeting")]
    chance_meeting: Annotated[float, Quantity(0.08, 0.02, 0.2, "1/week", "assumed", "two professionals meet over work")]
    across: Annotated[float, Quantity(0.4, 0.1, 0.8, "ratio", "assumed (M52)", "meeting over work across domains, against within one")]
    together: Annotated[float, Quantity(2.0, 0.5, 6.0, "count", "assumed (M44)", "pairs across domains that meet over one case solved by both", off=0.0)]
    alone: Annotated[float, Quantity(0.005, 0.0, 0.01, "1/week", "p50 (M74, M94: a team does not run by itself; M25: commitment decays)", "growth of maturity of a team without coaching, and pace at which it falls back where no team works together")]
    coached: Annotated[float, Quantity(0.03, 0.01, 0.05, "1/week", "p50 (M87, M93)", "growth of maturity of a team with full coaching")]
    home: Annotated[float, Quantity(0.02, 0.0, 0.06, "1/week", "assumed (M75, M90)", "loss of maturity of a team without coaching whose domains look at the work in opposite ways")]
    # fmt: on


READS = (
    *POST_READS, "professional.hours", "professional.domain", "professional.case_hours", "professional.skill",
    "professional.workload", "professional.energy", "professional.backing", "professional.situational", "professional.mandate",
    "professional.cultural", "professional.awareness", "desk.hours", "desk.extra", "desk.asked", "desk.busy", "desk.joint", "tie",
    "tile_index.unteamed", "patch.attention",
)  # fmt: skip
WRITES = (
    *POST_WRITES, "professional.skill", "professional.workload",
    "professional.energy", "desk.hours", "desk.fit", "desk.through", "desk.quickness", "desk.tie", "desk.energy", "patch.awareness", "tile_index.maturity",
)  # fmt: skip
LEVERS = {
    "sirenelunch": Lever(0.0, 0.0, 4.0, "lunches/month", "meals, or workshops, at which professionals of all organisations meet"),
    "training": Lever(0.0, 0.0, 1.0, "level", "training on the job: a coach works along"),
    "backing": Lever(0.0, 0.0, 1.0, "level", "extra backing by managers and administrators"),
    "rel_turnover": Lever(1.0, 0.2, 4.0, "ratio", "turnover of professionals, against what is usual"),
    "selection": Lever(0.0, 0.0, 1.0, "level", "newcomers are chosen for being hands-on, not afraid, easy in contact"),
    "coaching": Lever(0.0, 0.0, 1.0, "level", "a process facilitator with mandate coaches the team and keeps connections open"),
}
COUNTS = {"staff_left": Outcome("persons/week", "lower", "Professionals who left this neighbourhood")}
MECHANISMS = (
    "M10", "M39", "M43", "M44", "M47", "M48", "M64", "M73", "M74", "M75", "M77", "M78", "M79",
    "M85", "M86", "M87", "M88", "M90", "M93", "M94",
)  # fmt: skip


class Facilities(NamedTuple):
    """Measures for the professionals of a tile and demands on them, as a mean over its residents; `teamed` is the share with a frontline team."""

    sirenelunch: float
    training: float
    backing: float
    rel_turnover: float
    staffing: float
    coaching: float
    teamed: float
    selection: float
    attention: float


@njit
def p_leave(professional, done, p):
    """Return how likely a professional leaves this week."""
    backing = professional.backing + (1.0 - professional.backing) * done.backing
    return p.turnover * (1.0 + p.strain * (1.0 - professional.energy)) * (AT_MOST - backing) * done.rel_turnover


@njit
def learn(professional, training, asked, p):
    """Skill, workload and energy of one professional after this week."""
    practice = PRACTICE * (1.0 + COACHED_PRACTICE * training)
    professional.skill += practice * (1.0 - professional.skill) - SKILL_LOSS * professional.skill
    professional.workload += p.remembering * (min(asked, MOST_WORK) - professional.workload)
    over = min(max(professional.workload - 1.0, 0.0), 2.0)
    professional.energy = clip(professional.energy + p.rest * (1.0 - professional.energy - over))


@njit
def workforce(world, p, levers, seed, week):
    """Professionals learn, meet, tire and leave; the desks know what their people can."""
    dice = key(seed, Draw.STAFF_LIFE, week)
    meetings = key(seed, Draw.MEETING, week)
    team, ties = world.professionals, world.ties
    done = facilities(world.patches, levers)
    meet(team, ties, done.sirenelunch, brought_together(world.desks, team, p), p, meetings)
    left = 0
    for i in range(team.size):
        professional = team[i]
        desk = world.desks[professional.domain]
        if professional.present == 0:
            continue
        asked = (desk.asked + desk.busy) / max(desk.hours + desk.extra, 1.0) if has_desk(professional) else 1.0
        learn(professional, done.training, asked, p)
        if happens(p_leave(professional, done, p), dice, professional.id):
            left += 1 if has_desk(professional) else 0
            leave(world, i, week)
    tile_index = world.tile_index[0]
    share = left / max(left + at_desks(team), 1)
    tile_index.maturity = clip(tile_index.maturity + growth(tile_index, done, share, apart(team), p))
    for domain in range(world.desks.size):
        brief(world.desks[domain], domain, team)
        world.desks[domain].tie = cross_tie(team, ties)
    awareness = mean_awareness(team)
    for j in range(world.patches.size):
        world.patches[j].awareness = awareness


@njit
def facilities(patches, levers):
    """Return what is done for professionals: the mean over the residents of the quarters where it is done."""
    people = lunches = training = backing = turnover = staffing = coaching = teamed = selection = attention = 0.0
    for j in range(patches.size):
        lever, weight = levers[patches[j].quarter], float(patches[j].residents)
        team = weight if lever.team_share > 0.0 else 0.0
        people += weight
        lunches += weight * lever.sirenelunch
        training += weight * lever.training
        backing += weight * lever.backing
        turnover += weight * lever.rel_turnover
        staffing += weight * lever.staffing
        selection += weight * lever.selection
        attention += weight * patches[j].attention
        coaching += team * lever.coaching
        teamed += team
    coached = coaching / teamed if teamed > 0.0 else 0.0
    people = max(people, 1.0)
    return Facilities(
        lunches / people, training / people, backing / people, turnover / people, staffing / people, coached, teamed / people,
        selection / people, attention / people,
    )  # fmt: skip


@njit
def growth(tile_index, done, left, apart, p):
    """Return the change of the maturity of the team this week, a share of which left, whose domains look at the work so far apart."""
    maturity = tile_index.maturity
    pace = p.alone + (p.coached - p.alone) * done.coaching
    lost = left + p.home * apart * (1.0 - done.coaching)
    return done.teamed * (pace * (1.0 - maturity) - lost * maturity) - (1.0 - done.teamed) * p.alone * (
        maturity - tile_index.unteamed
    )


@njit
def apart(team):
    """Return how differently the two domains look at the work: the mean distance of their two balances of logics."""
    safety = social = situational = cultural = 0.0
    for i in range(team.size):
        if has_desk(team[i]):
            safety += 1.0 if team[i].domain == SAFETY else 0.0
            social += 0.0 if team[i].domain == SAFETY else 1.0
    for i in range(team.size):
        if not has_desk(team[i]):
            continue
        share = 1.0 / max(safety, 1.0) if team[i].domain == SAFETY else -1.0 / max(social, 1.0)
        situational += share * team[i].situational
        cultural += share * team[i].cultural
    return 0.5 * (abs(situational) + abs(cultural))


@njit
def brought_together(desks, team, p):
    """Return how likely a pair across domains meets this week over a case that both domains solved."""
    cases = safety = 0
    for domain in range(desks.size):
        cases += desks[domain].joint
    for i in range(team.size):
        safety += 1 if has_desk(team[i]) and team[i].domain == SAFETY else 0
    return p.together * cases / max(safety * (at_desks(team) - safety), 1)


@njit
def meet(team, ties, lunches, joint, p, dice):
    """Let pairs of professionals meet: over work, at lunch, over cases that both domains solved."""
    for i in range(team.size):
        for j in range(i + 1, team.size if team[i].present == 1 else 0):
            a, b = team[i], team[j]
            if b.present == 0:
                continue
            chance = p.chance_meeting if a.domain == b.domain else p.chance_meeting * p.across + joint
            chance += lunches * MONTHS / WEEKS_A_YEAR * LUNCH_TURNOUT * LUNCH_TURNOUT
            tie = ties[i, j] * (1.0 - TIE_LOSS)
            if happens(chance, dice, min(a.id, b.id), max(a.id, b.id)):
                tie += p.meeting * (1.0 - tie)
            ties[i, j] = tie
            ties[j, i] = tie


@njit
def brief(desk, domain, team):
    """Sum up what the people of one desk can; their logics say what fits, what gets through and how quickly."""
    n = 0
    desk.hours = 0.0
    desk.fit = 0.0
    desk.through = 0.0
    desk.energy = 0.0
    desk.quickness = 0.0
    for i in range(team.size):
        professional = team[i]
        if has_desk(professional) and professional.domain == domain:
            n += 1
            instrumental, institutional = 1.0 - 2.0 * professional.cultural, 1.0 - 2.0 * professional.situational
            desk.hours += professional.case_hours
            desk.quickness += HASTE * (instrumental - institutional)
            desk.energy += professional.energy
            desk.fit += professional.situational * (0.5 + 0.5 * professional.skill) * (1.0 - FIXATION * instrumental)
            desk.through += 1.0 - professional.situational * (1.0 - professional.mandate)
    desk.fit /= max(n, 1)
    desk.through /= max(n, 1)
    desk.energy /= max(n, 1)
    desk.quickness /= max(n, 1)


@njit
def mean_awareness(team):
    """Return the mean awareness of undermining."""
    total, n = 0.0, 0
    for i in range(team.size):
        total += team[i].awareness * team[i].present
        n += team[i].present
    return total / max(n, 1)


@njit
def cross_tie(team, ties):
    """Return the mean tie between professionals of the safety and of the social domain."""
    total = 0.0
    n = 0
    for i in range(team.size):
        for j in range(team.size):
            if has_desk(team[i]) and has_desk(team[j]) and team[i].domain == SAFETY and team[j].domain != SAFETY:
                total += ties[i, j]
                n += 1
    return total / max(n, 1)
