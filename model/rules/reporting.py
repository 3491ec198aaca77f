"""Reporting: residents notice, intend, and sometimes report; professionals pick up signals.

People where nuisance or crime happens may notice what can be seen of it, and somebody there is the victim of an
offence against people or their things.  Most then feel they should report it; whether they do depends on whether
reports have been of use, on fear, on the friend-enemy norm and on how easily somebody can be reached.  A closed family
keeps what it sees to itself.  The police register a report, one entry for one offence.  Offences that nobody sees are
not reported.  Professionals notice youths at risk by presence, skill, trust and awareness; a crew shields those whom it
exploits.  They also see risk where there is none: less so when they know what to look at, and when facts are told from
assumptions.  Neighbours and professionals worry about families where things go wrong, less so the more closed the
family is.  Every report and signal becomes a case.

    P(victim | out here) = offences against people or things here / others who are out here
    P(intend) = base + trust + usefulness parts;   P(report | intend) = (access + reach) * usefulness part * (1 - fear part) * (1 - norm part)
    hazard of a signal = (signal * hours * quality * (shy + trust) + school) * awareness * attention
    attention = 1 at risk, 1 - shield when exploited;   confusion (1 - discern awareness) (1 - discern diagnosis) for others
    hazard of a worry about a family = wrong (1 - closed) worry (awareness + trust around)

Sources: Verwey-Jonker 2018 (intention 63-79 %, action 30-42 %; p27, p28), Sjoberg, Mellon and Peixoto 2017 (p29), p06;
M33, M38, M42, M53, M55-M57, M71, M84, M102; loops R1, R3, B2-B4.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import exp, times
from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.acquaintances import READS as ACQUAINTANCE_READS
from ..shared.acquaintances import familiarity
from ..shared.cases import DESK, at_risk, may_be_signalled, open_case, raise_alarm
from ..shared.cases import WRITES as CASE_WRITES
from ..shared.decisions import READS as DECISION_READS
from ..shared.decisions import REPORTS, decides
from ..shared.offences import does_harm, is_crime, register
from ..shared.persons import ADULT_FROM, is_free, is_involved, is_under
from ..state.codes import CRIME, FAMILY, NOBODY, NUISANCE, SAFETY, SOCIAL
from .aftermath import LEAST
from .norms import SCARE

EVERY = 4  # weeks from one look at families to the next

INTENDS, CONFIDES, ACTS, NEEDS, THREAT, HARM, BEHIND_DOOR = range(1, 8)  # occasions of a witness
CONFIDE = 0.25  # somebody who trusts a worker tells it directly, at full trust and familiarity (TF to IQ link; assumed)
RETALIATION = 0.03  # a report about crime is answered by a threat, at full hold of crime (R3, assumed)
SHY = 0.5  # what a professional sees of a youth who trusts none of them; full trust adds 1 (assumed (M71))
SIGN = 0.3  # what is seen to go wrong in a family by one sign: an involved member, a door that stays closed (assumed (M33))


class Parameters(NamedTuple):
    """Numbers of reporting."""

    # fmt: off
    notice: Annotated[float, Quantity(0.0043, 0.002, 0.012, "probability", "assumed; calibrated on about 50 reports per 1,000 residents a year", "an adult notices one incident that can be seen in the place of the week, the usual square or shop")]
    intend: Annotated[float, Quantity(0.45, 0.3, 0.6, "probability", "Verwey-Jonker 2018: intention 63-79 %", "intention to report with no trust and no expected use")]
    intend_trust: Annotated[float, Quantity(0.25, 0.1, 0.3, "ratio", "Tyler 1990 as direction", "intention by trust in institutions, and as much by expected usefulness")]
    access: Annotated[float, Quantity(0.93, 0.65, 0.98, "probability", "M56, assumed", "somebody who wants to report gets through")]
    use_floor: Annotated[float, Quantity(0.25, 0.1, 0.45, "ratio", "assumed", "action with no expected use, against full")]
    fear: Annotated[float, Quantity(0.5, 0.3, 0.8, "ratio", "fear of revenge is the second reason not to report (evidence 2.3)", "action that full fear takes away", off=0.0)]
    norm: Annotated[float, Quantity(0.35, 0.15, 0.6, "ratio", "not wanting to be a traitor (evidence 2.3)", "action that the friend-enemy norm takes away")]
    signal: Annotated[float, Quantity(0.045, 0.008, 0.05, "1/hour", "p06: detection 3 % a month at ordinary presence; assumed form", "a professional notices a youth at risk, per hour of presence in the same place", off=0.0)]
    school_signal: Annotated[float, Quantity(0.01, 0.001, 0.02, "1/week", "B4, assumed", "school notices a pupil at risk", off=0.0)]
    exposed: Annotated[float, Quantity(0.2, 0.1, 0.4, "level", "assumed", "exposure from which a youth counts as at risk, could use a mentor, and has peers who are a problem")]
    confusion: Annotated[float, Quantity(0.05, 0.01, 0.15, "ratio", "assumed (M102); early risk screening often has more false than true alarms", "a youth who is not at risk draws a signal, against one who is, to the unaware")]
    discern: Annotated[float, Quantity(0.6, 0.3, 0.9, "ratio", "assumed (M102, M42)", "false alarms that full awareness takes away (what to look at), and a full shared diagnosis of the rest (facts from assumptions)")]
    astray: Annotated[float, Quantity(0.4, 0.1, 0.6, "probability", "assumed", "what asks for the social domain is not brought there: a signal about a youth or family; of nuisance, all of which is brought to safety, as much asks for it")]
    worry: Annotated[float, Quantity(0.011, 0.003, 0.05, "1/week", "assumed (M38, M55)", "professionals raise a worry about a family where all goes wrong, at full awareness and an open door, and neighbours as much, at full trust in institutions")]
    # fmt: on


BORROWS = ("encounters.shield",)
READS = (
    "actors", "tile_index.actors", "tile_index.youths", "person.present", "person.detained_until", "person.born", "person.id", "person.place", "person.home", "person.stage", "person.victim",
    "person.case", "person.in_public", "person.usefulness", "person.trust_institutions", "person.trust_frontline",
    *ACQUAINTANCE_READS, "person.fear", "person.wary", "person.norm_enemy", "person.exposure", "cell_week.visible", "cell_week.harmed", "cell_week.youths", "cell_week.adults",
    "offence.*", "tile_index.offences", "patch.registered",
    "place.presence", "place.contact_quality", "place.usual_square", "place.usual_shop", "place.crime_hold", "place.quarter",
    "place.trust", "patch.awareness", "person.household", "household.id", "household.size", "household.home", "household.involved", "household.closed",
    "household.trauma", "household.case", "tile_index.cases_free", *DECISION_READS,
)  # fmt: skip
WRITES = (
    "person.fear", "household.case", *CASE_WRITES, "cell_week.noticeable", "offence.registered", "patch.registered",
)  # fmt: skip
LEVERS = {
    "reachability": Lever(0.0, 0.0, 1.0, "level", "how easily residents reach somebody: walk-in hour, one number, evenings"),
    "awareness": Lever(0.0, 0.0, 1.0, "level", "extra awareness of undermining among professionals"),
}
COUNTS = {
    "noticed": Outcome(
        "persons/week", "neither", "Adults who noticed nuisance or crime, or were its victim, and could report it"
    ),
    "victims_of_crime": Outcome("persons/week", "lower", "Of these, victims of violence, threat or vandalism"),
    "intended": Outcome("persons/week", "higher", "Of these, adults who felt that they should report it"),
    "reports": Outcome("reports/week", "higher", "Reports made by residents"),
    "reported_crimes": Outcome("reports/week", "neither", "Of these, reports about crime"),
    "confided": Outcome("reports/week", "higher", "Of these, told to a worker whom the resident knows"),
    "signals": Outcome(
        "signals/week", "higher", "Signals about youths at risk picked up by professionals, false alarms included"
    ),
    "false_alarms": Outcome("signals/week", "lower", "Of these, signals about youths who are not at risk"),
    "family_signals": Outcome("signals/week", "higher", "Worries about families where things go wrong behind the front door"),
    "threats": Outcome("persons/week", "lower", "Residents threatened after a report"),
}
MECHANISMS = ("M8", "M19", "M33", "M38", "M42", "M51", "M53", "M55", "M56", "M57", "M71", "M82", "M84", "M102")


@njit
def p_intend(person, p):
    """Return how likely somebody who noticed something feels it should be reported."""
    return p.intend + p.intend_trust * (person.trust_institutions + person.usefulness)


@njit
def p_act(person, reachability, p):
    """Return how likely an intention becomes a report to an institution."""
    access = p.access + (1.0 - p.access) * reachability
    use = p.use_floor + (1.0 - p.use_floor) * person.usefulness
    return access * use * (1.0 - p.fear * person.fear) * (1.0 - p.norm * person.norm_enemy)


@njit
def p_confide(person, known):
    """Return how likely an intention is told to the worker whom the resident knows best, and knows so well."""
    return CONFIDE * known * person.trust_frontline


@njit
def reporting(world, p, levers, seed, week):
    """Residents report what they noticed; professionals signal youths at risk; families draw worries."""
    tile_index = world.tile_index[0]
    most = make_noticeable(world.cell_week, world.used, p)
    notice = key(seed, Draw.NOTICE, week)
    for row in world.actors[: tile_index.actors]:
        person = world.people[row]
        if is_victim(person, world.cell_week, notice):
            witness(world, row, int(person.place), 1, p, levers, notice, seed, week)
        elif notices(person, world.places, world.cell_week, most, uniform(notice, person.id)):
            cell = where_seen(person, world.places[person.home], world.cell_week)
            witness(world, row, cell, 0, p, levers, notice, seed, week)
    signal = key(seed, Draw.SIGNAL, week)
    for row in world.actors[: tile_index.youths]:
        person = world.people[row]
        if may_be_signalled(person, week) and could_be_noticed(person, uniform(signal, person.id), p):
            place = world.places[person.place]
            lever = levers[place.quarter]
            awareness = aware(world.patches[place.quarter], lever)
            seen = awareness * attention(person, awareness, lever.diagnosis, p)
            if be_noticed(person, place, seen, p, signal):
                raise_alarm(world, row, p, signal, seed, week)
    if week % EVERY == 0:
        look_at_families(world, p, levers, seed, week)


@njit
def aware(patch, lever):
    """Return how aware of undermining the professionals of a patch are, a programme included."""
    return patch.awareness + (1.0 - patch.awareness) * lever.awareness


@njit
def look_at_families(world, p, levers, seed, week):
    """Let professionals and neighbours worry about families where things go wrong, and make cases of it."""
    dice = key(seed, Draw.WORRY, week)
    for h in range(world.households.size):
        household = world.households[h]
        if household.size == 0 or household.case != NOBODY:
            continue
        wrong = goes_wrong(household)
        if wrong > 0.0:
            home = world.places[household.home]
            awareness = aware(world.patches[home.quarter], levers[home.quarter])
            if happens(EVERY * p_worry(household, home, awareness, wrong, p), dice, household.id):
                world.tally[0].family_signals += 1
                lies = SAFETY if happens(p.astray, dice, household.id, DESK) else SOCIAL
                open_case(world, FAMILY, SOCIAL, lies, int(household.home), h, NOBODY, seed, week)


@njit
def goes_wrong(household):
    """Return how much can be seen to go wrong in a family: shock after a raid, an involved member, a closed door."""
    well = 1.0 - household.trauma
    if household.involved > 0:
        well *= 1.0 - SIGN
    if household.closed > LEAST:
        well *= 1.0 - SIGN
    return 1.0 - well


@njit
def p_worry(household, home, awareness, wrong, p):
    """Return how likely somebody raises a worry about this family in a week; a closed family lets little out."""
    return wrong * (1.0 - household.closed) * p.worry * (awareness + home.trust)


@njit
def make_noticeable(heres, used, p):
    """Work out how likely somebody around notices what went wrong in each place; return the most of all."""
    most = 0.0
    for cell in used:
        here = heres[cell]
        if here.visible > 0:
            here.noticeable = 1.0 - times(1.0 - p.notice, here.visible)
            most = max(most, here.noticeable)
    return most


@njit
def notices(person, places, heres, most, u):
    """Return whether this person notices something, nowhere likelier than `most`: a closer look is rarely needed."""
    return u < most and u < noticeable(person, places[person.home], heres)


@njit
def noticeable(person, home, here):
    """Return how likely this person notices something, here or at the usual square or shop: where most went wrong."""
    near = max(here[home.usual_square].noticeable, here[home.usual_shop].noticeable)
    return max(here[person.place].noticeable, near)


@njit
def where_seen(person, home, here):
    """Return the cell where this person could see most go wrong this week."""
    cell = person.place
    if here[home.usual_square].visible > here[cell].visible:
        cell = home.usual_square
    if here[home.usual_shop].visible > here[cell].visible:
        cell = home.usual_shop
    return cell


@njit
def is_victim(person, heres, dice):
    """Return whether somebody is the victim of what is done to people and their things where they are out."""
    here = heres[person.place]
    if here.harmed == 0 or person.in_public == 0:
        return False
    return happens(here.harmed / max(here.youths + here.adults - 1.0, 1.0), dice, person.id, HARM)


@njit
def which(offences, cell, row, victim, dice, who):
    """Return which offence here somebody saw, or of which they are the victim, each equally likely; NOBODY where they did it themselves."""
    found, lowest = NOBODY, 1.0
    for k in range(offences.size):
        offence = offences[k]
        if offence.place == cell and offence.visible == 1 and offence.who != row:
            u = uniform(dice, who, offence.id)
            if u < lowest and (victim == 0 or does_harm(offence.kind)):
                found, lowest = k, u
    return found


@njit
def witness(world, row, cell, victim, p, levers, dice, seed, week):
    """Let an adult who noticed something, or was the victim of it, report it, or not."""
    person, tally = world.people[row], world.tally[0]
    if person.case != NOBODY or not is_free(person, week) or is_involved(person) or is_under(person, ADULT_FROM, week):
        return
    offence = which(world.offences[: world.tile_index[0].offences], cell, row, victim, dice, person.id)
    if offence == NOBODY:
        return
    tally.noticed += 1
    tally.victims_of_crime += victim
    if keeps_it_in(world.households[person.household], dice, person.id):
        return
    known = familiarity(world.acquaintances[row], world.professionals, week)
    told = tell(world, row, cell, known, levers[world.places[cell].quarter].reachability, p, dice)
    if told > 0:
        report(world, row, world.offences[offence], told, p, dice, seed, week)


@njit
def attention(person, awareness, diagnosis, p):
    """Return how likely this youth draws a signal, against a youth at risk whom nobody shields."""
    if not at_risk(person, p):
        return p.confusion * (1.0 - p.discern * awareness) * (1.0 - p.discern * diagnosis)
    return 1.0 - p.shield if person.victim > 0 else 1.0


@njit
def keeps_it_in(household, dice, who):
    """Return whether what somebody saw stays within the family: the more, the more closed it is."""
    return happens(household.closed, dice, who, BEHIND_DOOR)


@njit
def tell(world, row, cell, known, reachability, p, dice):
    """Return 0 where this witness keeps silent (as for a while after paying for talk), 1 for a report, 2 where a known worker is told."""
    person, tally = world.people[row], world.tally[0]
    if not happens(p_intend(person, p), dice, person.id, INTENDS):
        return 0
    tally.intended += 1
    if person.wary > 0:
        return 0
    if happens(p_confide(person, known), dice, person.id, CONFIDES):
        return 2
    return 1 if decides(world, REPORTS, row, cell, p_act(person, reachability, p), uniform(dice, person.id, ACTS)) else 0


@njit
def report(world, i, offence, told, p, dice, seed, week):
    """Make a case of a report and enter it in the books; whoever reports crime may be threatened for it."""
    person, tally, cell = world.people[i], world.tally[0], int(offence.place)
    kind = CRIME if is_crime(offence.kind) else NUISANCE
    tally.reports += 1
    tally.reported_crimes += 1 if kind == CRIME else 0
    tally.confided += told - 1
    needs = SOCIAL if kind == NUISANCE and happens(p.astray, dice, person.id, NEEDS) else SAFETY
    if open_case(world, kind, needs, needs if told == 2 else SAFETY, cell, NOBODY, i, seed, week) != NOBODY:
        register(offence, world.patches[world.places[cell].quarter], tally)
    if kind == CRIME and happens(RETALIATION * world.places[cell].crime_hold, dice, person.id, THREAT):
        person.fear += SCARE * (1.0 - person.fear)
        tally.threats += 1


@njit
def could_be_noticed(person, u, p):
    """Return whether this lot could bring a signal: somebody who is not outside is seen at school only, whatever there is to see."""
    return person.in_public == 1 or u < p.school_signal


@njit
def be_noticed(person, place, awareness, p, dice):
    """Return whether professionals, who pay so much attention, see reason for a signal about this youth."""
    hours = place.presence if person.in_public == 1 else 0.0
    seen = p.signal * hours * place.contact_quality * awareness * (SHY + person.trust_frontline)
    hazard, u = seen + p.school_signal * awareness, uniform(dice, person.id)
    return u < hazard and u < 1.0 - exp(-hazard)  # a probability is no larger than its hazard
