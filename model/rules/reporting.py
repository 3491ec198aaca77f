"""Reporting: residents notice, intend, and sometimes report; professionals pick up signals.

Who is where nuisance or crime happens may notice it.  Most then feel they should report it; whether they do depends on
whether a report has been of use, on fear, on the friend-enemy norm and on how easily somebody can be reached.
Professionals notice youths at risk by presence, skill, trust and awareness.  Every report and signal becomes a case.

    P(intend) = base + trust + usefulness parts;   P(report | intend) = (access + reach) * usefulness part * (1 - fear part) * (1 - norm part)

Sources: Verwey-Jonker 2018 (intention 63-79 %, action 30-42 %; p27, p28), Sjoberg, Mellon and Peixoto 2017 (p29), p06;
M53, M55-M57, M71, M102; loops R1, R3, B2-B4.
"""

import math
from typing import Annotated, NamedTuple

from ..casebook import open_case
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..persons import age_of, is_free, is_involved
from ..quantity import Lever, Quantity
from ..registry import Outcome
from ..state import CRIME, NOBODY, NONE, NUISANCE, SAFETY, SOCIAL, YOUTH_AT_RISK


class Parameters(NamedTuple):
    """Numbers of reporting."""

    # fmt: off
    notice: Annotated[float, Quantity(0.008, 0.003, 0.02, "probability", "assumed; with about 50 reports per 1,000 residents a year as check", "an adult notices one incident in the place of the week, the nearest square or shop")]
    intend: Annotated[float, Quantity(0.45, 0.3, 0.6, "probability", "Verwey-Jonker 2018: intention 63-79 %", "intention to report with no trust and no expected use")]
    intend_trust: Annotated[float, Quantity(0.35, 0.2, 0.5, "ratio", "Tyler 1990 as direction", "intention by trust in institutions")]
    intend_use: Annotated[float, Quantity(0.15, 0.05, 0.3, "ratio", "assumed", "intention by expected usefulness")]
    access: Annotated[float, Quantity(0.93, 0.65, 0.98, "probability", "M56, assumed", "somebody who wants to report gets through")]
    use_floor: Annotated[float, Quantity(0.25, 0.1, 0.45, "ratio", "assumed", "action with no expected use, against full")]
    fear: Annotated[float, Quantity(0.5, 0.3, 0.8, "ratio", "fear of revenge is the second reason not to report (evidence 2.3)", "action that full fear takes away")]
    norm: Annotated[float, Quantity(0.35, 0.15, 0.6, "ratio", "not wanting to be a traitor (evidence 2.3)", "action that the friend-enemy norm takes away")]
    confide: Annotated[float, Quantity(0.25, 0.1, 0.4, "probability", "TF to IQ link; assumed", "somebody who trusts a worker tells it directly, at full trust and familiarity")]
    signal: Annotated[float, Quantity(0.02, 0.008, 0.05, "1/hour", "p06: detection 3 % a month at ordinary presence; assumed form", "a professional notices a youth at risk, per hour of presence in the same place")]
    school_signal: Annotated[float, Quantity(0.004, 0.001, 0.01, "1/week", "B4, assumed", "school notices a pupil at risk")]
    retaliation: Annotated[float, Quantity(0.03, 0.005, 0.08, "probability", "R3, assumed", "a report about crime is answered by a threat, at full hold of crime")]
    # fmt: on


READS = (
    "actors", "register.actors", "register.youths", "person.present", "person.detained_until", "person.born", "person.id", "person.place", "person.home", "person.stage",
    "person.case", "person.outside", "person.usefulness", "person.trust_institutions", "person.trust_frontline",
    "person.familiarity", "person.fear", "person.norm_enemy", "person.exposure", "here.incidents", "here.crimes",
    "place.presence", "place.contact_quality", "place.near_square", "place.near_shop", "place.attachment", "place.quarter",
    "patch.awareness", "register.cases_free",
)  # fmt: skip
WRITES = (
    "person.case", "person.fear", "case.id", "case.state", "case.kind", "case.needs", "case.domain", "case.handoffs", "case.owned",
    "case.place", "case.opened", "case.acted", "case.ready", "case.about", "case.about_id", "case.reporter", "case.reporter_id",
    "register.cases_free", "here.noticeable",
)  # fmt: skip
LEVERS = {
    "reachability": Lever(0.0, 0.0, 1.0, "level", "how easily residents reach somebody: walk-in hour, one number, evenings"),
    "awareness": Lever(0.0, 0.0, 1.0, "level", "extra awareness of undermining among professionals"),
}
COUNTS = {
    "noticed": Outcome("persons/week", "neither", "Adults who noticed nuisance or crime and could report it"),
    "intended": Outcome("persons/week", "higher", "Of these, adults who felt that they should report it"),
    "reports": Outcome("reports/week", "higher", "Reports made by residents"),
    "confided": Outcome("reports/week", "higher", "Of these, told to a worker whom the resident knows"),
    "signals": Outcome("signals/week", "higher", "Signals about youths at risk picked up by professionals"),
    "threats": Outcome("persons/week", "lower", "Residents threatened after a report"),
}
MECHANISMS = ("M8", "M19", "M38", "M51", "M53", "M55", "M56", "M57", "M71", "M82", "M102")


@njit
def p_intend(person, p):
    """Return how likely somebody who noticed something feels it should be reported."""
    return p.intend + p.intend_trust * person.trust_institutions + p.intend_use * person.usefulness


@njit
def p_act(person, reachability, p):
    """Return how likely an intention becomes a report to an institution."""
    access = p.access + (1.0 - p.access) * reachability
    use = p.use_floor + (1.0 - p.use_floor) * person.usefulness
    return access * use * (1.0 - p.fear * person.fear) * (1.0 - p.norm * person.norm_enemy)


@njit
def p_confide(person, p):
    """Return how likely an intention is told to a worker whom the resident knows."""
    return p.confide * person.familiarity * person.trust_frontline


@njit
def reporting(world, p, levers, seed, week):
    """Residents report what they noticed; professionals signal youths at risk."""
    register = world.register[0]
    make_noticeable(world.here, world.used, p)
    notice = key(seed, Draw.NOTICE, week)
    for row in world.actors[: register.actors]:
        person = world.people[row]
        if uniform(notice, person.id) < noticeable(person, world.places[person.home], world.here):
            witness(world, row, p, levers, notice, seed, week)
    signal = key(seed, Draw.SIGNAL, week)
    for row in world.actors[: register.youths]:
        person = world.people[row]
        if may_be_signalled(person, week):
            place = world.places[person.place]
            awareness = world.patches[place.quarter].awareness
            if be_noticed(person, place, awareness + (1.0 - awareness) * levers[place.quarter].awareness, p, signal):
                world.tally[0].signals += 1
                lies = SOCIAL if happens(0.7, signal, person.id, 1) else SAFETY
                open_case(world, YOUTH_AT_RISK, SOCIAL, lies, int(person.place), row, NOBODY, seed, week)


@njit
def make_noticeable(heres, used, p):
    """Work out how likely somebody around notices what went wrong in each place."""
    for cell in used:
        here = heres[cell]
        if here.incidents > 0:
            here.noticeable = 1.0 - (1.0 - p.notice) ** here.incidents


@njit
def noticeable(person, home, here):
    """Return how likely this person notices something, here or at the nearest square or shop: where most went wrong."""
    near = max(here[home.near_square].noticeable, here[home.near_shop].noticeable)
    return max(here[person.place].noticeable, near)


@njit
def where_seen(person, home, here):
    """Return the cell where this person could see most go wrong this week."""
    cell = person.place
    if here[home.near_square].incidents > here[cell].incidents:
        cell = home.near_square
    if here[home.near_shop].incidents > here[cell].incidents:
        cell = home.near_shop
    return cell


@njit
def witness(world, row, p, levers, dice, seed, week):
    """Let an adult who noticed something report it, or not."""
    person, tally = world.people[row], world.tally[0]
    if person.case != NOBODY or not is_free(person, week) or is_involved(person) or age_of(person, week) < 18.0:
        return
    cell = where_seen(person, world.places[person.home], world.here)
    tally.noticed += 1
    told = tell(person, tally, levers[world.places[cell].quarter].reachability, p, dice)
    if told > 0:
        report(world, row, cell, told, p, dice, seed, week)


@njit
def may_be_signalled(person, week):
    """Return whether this youth under eighteen gives reason for a signal and is not a case already."""
    at_risk = (person.stage > NONE) | (person.exposure > 0.2)
    return at_risk and person.case == NOBODY and is_free(person, week) and age_of(person, week) < 18.0


@njit
def tell(person, tally, reachability, p, dice):
    """Return 0 when this witness keeps silent, 1 for a report to an institution, 2 when a known worker is told."""
    if not happens(p_intend(person, p), dice, person.id, 1):
        return 0
    tally.intended += 1
    if happens(p_confide(person, p), dice, person.id, 2):
        return 2
    return 1 if happens(p_act(person, reachability, p), dice, person.id, 3) else 0


@njit
def report(world, i, cell, told, p, dice, seed, week):
    """Make a case of a report; whoever reports crime may be threatened for it."""
    person, tally = world.people[i], world.tally[0]
    tally.reports += 1
    tally.confided += told - 1
    kind = CRIME if world.here[cell].crimes > 0 else NUISANCE
    needs = SAFETY if kind == CRIME or happens(0.5, dice, person.id, 4) else SOCIAL
    open_case(world, kind, needs, needs if told == 2 else SAFETY, cell, NOBODY, i, seed, week)
    if kind == CRIME and happens(p.retaliation * world.places[cell].attachment, dice, person.id, 5):
        person.fear = min(person.fear + 0.3, 1.0)
        tally.threats += 1


@njit
def be_noticed(person, place, awareness, p, dice):
    """Return whether professionals notice this youth at risk."""
    hours = place.presence if person.outside == 1 else 0.0
    seen = p.signal * hours * place.contact_quality * awareness * (0.5 + person.trust_frontline)
    return happens(1.0 - math.exp(-seen - p.school_signal * awareness), dice, person.id)
