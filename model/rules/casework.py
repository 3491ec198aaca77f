"""Casework: what becomes of a report or signal.

A case lies at a desk of the safety or the social domain until somebody there has time.  In the wrong domain it is
handed over: by the chain, with weeks of waiting, refusals and privacy rules, or directly by people who know each
other; a frontline team that has found its way takes it up itself.  Every week of waiting it may simply vanish.  Whoever takes it up needs both to see what fits and to get it
through; the reporter hears that it is done, hears why not, or hears nothing, and draws conclusions.

    P(taken up) = hours for cases / hours asked;   weeks of a hand-over = chain (1 - tie) + network tie
    P(solved)   = (0.2 + 0.8 fit) (0.3 + 0.7 through),  fit by situational logic, through by institutional logic and mandate

A shared diagnosis makes what is done fit better; a covenant on information takes away part of the extra delay across
domains; somebody with a mandate from the board gets things through, and is refused less.

Sources: p24-p26, p29, p41-p44, p48; Sjoberg, Mellon and Peixoto 2017; Tyler; the Movisie and CCV reports (M13, M14, M45, M52-M54, M58, M63,
M68, M100, M27, M42); loops R1, R12, R21, B3, B10.
"""

from typing import Annotated, NamedTuple

from ..casebook import close_case, still_here
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..events import log
from ..persons import is_free
from ..quantity import Lever, Quantity
from ..registry import Outcome
from ..state import DONE, EXPLAINED, EXPOSED, FREE, NONE, SAFETY, SILENT, SOCIAL, STAGE_DOWN, WAITING, YOUTH_AT_RISK


class Parameters(NamedTuple):
    """Numbers of casework."""

    # fmt: off
    chain: Annotated[float, Quantity(8.6, 3.0, 21.0, "week", "p41: 60 (20-150) days", "a hand-over through the chain")]
    network: Annotated[float, Quantity(2.0, 0.5, 4.0, "week", "p41: 14 (3-30) days", "a hand-over between people who know each other")]
    privacy: Annotated[float, Quantity(0.5, 0.0, 1.5, "ratio", "p44: +50 (0-150) % across domains", "extra delay across domains")]
    refusal: Annotated[float, Quantity(0.35, 0.1, 0.6, "probability", "p43 (4 hand-offs a complex case), M58; assumed", "the other domain refuses and sends it back")]
    vanish: Annotated[float, Quantity(0.035, 0.01, 0.08, "1/week", "p42: half gets no action or no answer", "hazard that a waiting case vanishes")]
    effort: Annotated[float, Quantity(4.0, 2.0, 8.0, "hour", "assumed", "hours that a case asks in the week it is taken up", off=0.0)]
    handling: Annotated[float, Quantity(3.0, 1.0, 8.0, "week", "assumed", "weeks from taking up to an outcome")]
    answer: Annotated[float, Quantity(0.45, 0.2, 0.7, "probability", "p42, assumed", "the reporter hears how it went, without a programme")]
    success: Annotated[float, Quantity(0.5, 0.3, 0.7, "ratio", "p29: success raises the next report 1.57 times", "way to full expected usefulness after done and told", off=0.0)]
    told_no: Annotated[float, Quantity(0.02, 0.0, 0.08, "ratio", "p25, Tyler", "usefulness lost after an explained no")]
    silence: Annotated[float, Quantity(0.65, 0.4, 0.85, "ratio", "p24, V10", "usefulness lost after silence", off=0.0)]
    trust_done: Annotated[float, Quantity(0.04, 0.02, 0.07, "level", "p26", "trust in institutions gained by done and told", off=0.0)]
    trust_silence: Annotated[float, Quantity(0.03, 0.01, 0.06, "level", "p24", "trust in institutions lost by silence", off=0.0)]
    early_help: Annotated[float, Quantity(0.15, 0.05, 0.3, "level", "assumed (M54)", "prospects and bond gained by a youth who is helped early")]
    shared_view: Annotated[float, Quantity(0.35, 0.0, 0.6, "ratio", "assumed (M27, M42); 0: talk that changes nothing", "lack of fit that a full shared diagnosis takes away")]
    sharing: Annotated[float, Quantity(0.8, 0.3, 1.0, "ratio", "assumed (M100)", "extra delay across domains that a covenant in force takes away")]
    mandate: Annotated[float, Quantity(0.5, 0.1, 0.8, "ratio", "assumed (M63)", "what stands in the way of getting through, and refusals, that a full mandate takes away")]
    # fmt: on


READS = (
    "person.present", "person.detained_until", "person.id", "person.stage", "case.state", "case.kind", "case.needs",
    "case.domain", "case.handoffs", "case.owned", "case.place", "case.opened", "case.ready", "case.about", "case.about_id",
    "case.reporter", "case.reporter_id", "case.id", "place.quarter", "desk.hours", "desk.asked", "desk.fit",
    "desk.through", "desk.tie", "desk.extra", "patch.quarter", "patch.residents", "register.maturity",
)  # fmt: skip
WRITES = (
    "person.case", "person.usefulness", "person.trust_institutions", "person.prospects", "person.school_bond",
    "person.next_stage", "person.stage", "person.stage_since", "case.state", "case.domain", "case.handoffs", "case.owned",
    "case.acted", "case.ready", "here.cleared", "patch.solved", "register.cases_free", "desk.asked", "desk.extra",
)  # fmt: skip
LEVERS = {
    "team_share": Lever(0.0, 0.0, 1.0, "share", "share of cases that a multidisciplinary frontline team takes up directly"),
    "feedback": Lever(0.0, 0.0, 1.0, "share", "share of answers that would otherwise stay out which are now given"),
    "diagnosis": Lever(0.0, 0.0, 1.0, "level", "a diagnosis that all organisations share: facts, phenomena, one definition"),
    "sharing": Lever(0.0, 0.0, 1.0, "level", "a covenant on sharing information is in force"),
    "mandate": Lever(0.0, 0.0, 1.0, "share", "share of cases with somebody who has a mandate from the board to break through"),
    "team_hours": Lever(0.0, 0.0, 200.0, "hour/week per 1,000 residents", "extra hours for cases by a frontline team"),
}
COUNTS = {
    "cases_opened": Outcome("cases/week", "neither", "Cases opened"),
    "cases_closed": Outcome("cases/week", "neither", "Cases closed, in whatever way"),
    "cases_open": Outcome("cases", "lower", "Cases open at the end of the week"),
    "turned_away": Outcome("cases/week", "lower", "Reports and signals turned away because the desk was full"),
    "solved": Outcome("cases/week", "higher", "Cases solved"),
    "done_told": Outcome("reports/week", "higher", "Reports whose reporter heard that it was done"),
    "explained": Outcome("reports/week", "neither", "Reports whose reporter heard why it could not be done"),
    "silent": Outcome("reports/week", "lower", "Reports whose reporter heard nothing"),
    "handoffs": Outcome("handovers/week", "lower", "Cases handed over to the other domain"),
    "waited": Outcome("weeks", "lower", "Weeks from signal to first action, summed over the cases taken up this week"),
    "taken_up": Outcome("cases/week", "higher", "Cases taken up by somebody"),
    "early": Outcome("cases/week", "higher", "Youths at risk taken up at stage 0 or 1"),
    "late": Outcome("cases/week", "lower", "Youths at risk taken up at stage 2 or higher"),
}
MECHANISMS = ("M13", "M14", "M27", "M42", "M45", "M52", "M53", "M54", "M58", "M63", "M68", "M100")


@njit
def p_solved(fit, through):
    """Return how likely a case that is taken up is solved."""
    return (0.2 + 0.8 * fit) * (0.3 + 0.7 * through)


@njit
def handover_weeks(tie, sharing, p):
    """Return the weeks that a hand-over across domains takes, given how well the desks know each other and may share."""
    return (p.chain * (1.0 - tie) + p.network * tie) * (1.0 + p.privacy * (1.0 - tie) * (1.0 - p.sharing * sharing))


@njit
def casework(world, p, levers, seed, week):
    """Every open case moves one step, or waits, or vanishes."""
    pickup = key(seed, Draw.PICKUP, week)
    handling = key(seed, Draw.HANDLING, week)
    ask(world.cases, world.patches, world.desks, p, levers)
    for row in range(world.cases.size):
        case = world.cases[row]
        if case.state == FREE:
            continue
        world.tally[0].cases_open += 1
        if case.ready > week:
            continue
        place = world.places[case.place]
        desk = world.desks[case.domain]
        outcome = WAITING
        if case.owned == 1:
            outcome = finish(world, case, desk, levers[place.quarter], p, handling, week)
        elif happens(p.vanish, pickup, case.id):
            outcome = SILENT
        elif happens((desk.hours + desk.extra) / max(desk.asked, 1.0), pickup, case.id, 1):
            lever = levers[place.quarter]
            direct = lever.team_share * world.register[0].maturity
            if case.domain == case.needs or happens(direct, pickup, case.id, 2):
                take_up(world.people, case, world.tally[0], p, week)
            else:
                hand_over(case, desk, lever, p, pickup, week)
                world.tally[0].handoffs += 1
        if outcome != WAITING:
            settle(world, row, outcome, p, week)


@njit
def ask(cases, patches, desks, p, levers):
    """Add up the hours asked at every desk; a frontline team adds hours to both."""
    for j in range(desks.size):
        desks[j].asked = 0.0
        desks[j].extra = 0.0
    for j in range(patches.size):
        patch = patches[j]
        extra = levers[patch.quarter].team_hours * patch.residents / 1000.0
        desks[SAFETY].extra += 0.5 * extra
        desks[SOCIAL].extra += 0.5 * extra
    for row in range(cases.size):
        case = cases[row]
        if case.state != FREE and case.owned == 0:
            desks[case.domain].asked += p.effort


@njit
def take_up(people, case, tally, p, week):
    """Give a case an owner."""
    case.owned = 1
    case.acted = week
    case.ready = week + int(p.handling)
    tally.taken_up += 1
    tally.waited += week - case.opened
    if case.kind == YOUTH_AT_RISK and still_here(people, case.about, case.about_id):
        if people[case.about].stage <= EXPOSED:
            tally.early += 1
        else:
            tally.late += 1


@njit
def hand_over(case, desk, lever, p, dice, week):
    """Send a case to the other domain, which may send it back."""
    case.handoffs += 1
    case.ready = week + 1 + int(handover_weeks(desk.tie, lever.sharing, p) + uniform(dice, case.id, 3) - 0.5)
    if not happens(p.refusal * (1.0 - desk.tie) * (1.0 - p.mandate * lever.mandate), dice, case.id, 4):
        case.domain = case.needs


@njit
def able(desk, lever, maturity, p):
    """Return how well a desk sees what fits and gets it through, with a team, a mandate and a shared diagnosis."""
    through = desk.through + (1.0 - desk.through) * 0.4 * lever.team_share * maturity
    through += (1.0 - through) * p.mandate * lever.mandate
    return desk.fit + (1.0 - desk.fit) * p.shared_view * lever.diagnosis, through


@njit
def finish(world, case, desk, lever, p, dice, week):
    """Bring a case that somebody owns to its end; returns what the reporter experiences."""
    fit, through = able(desk, lever, world.register[0].maturity, p)
    answer = p.answer + (1.0 - p.answer) * lever.feedback
    solved = happens(p_solved(fit, through), dice, case.id)
    if solved:
        world.tally[0].solved += 1
        if case.kind != YOUTH_AT_RISK:
            world.here[case.place].cleared += 1
            world.patches[world.places[case.place].quarter].solved += 1
        elif still_here(world.people, case.about, case.about_id):
            help_early(world.people[case.about], world.events, p, week)
    if not happens(answer, dice, case.id, 1):
        return SILENT
    return DONE if solved else EXPLAINED


@njit
def help_early(person, events, p, week):
    """Help a youth at risk: prospects and bond rise; who was only exposed is out of it."""
    person.prospects += p.early_help * (1.0 - person.prospects)
    person.school_bond += p.early_help * (1.0 - person.school_bond)
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
        person.usefulness += p.success * (1.0 - person.usefulness)
        person.trust_institutions += p.trust_done * (1.0 - person.trust_institutions)
    elif outcome == EXPLAINED:
        person.usefulness -= p.told_no * person.usefulness
    else:
        person.usefulness -= p.silence * person.usefulness
        person.trust_institutions -= p.trust_silence * person.trust_institutions
