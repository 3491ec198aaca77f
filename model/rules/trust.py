"""Trust: slow to come, quick to go.

A good contact raises trust in the frontline, and for a while that in institutions; a bad one costs several times as
much.  The gain fades within weeks towards what people around think, unless it is repeated: somebody who knows a worker
well keeps it, until that worker leaves, which costs trust in the successor.  Trust in institutions follows slowly: it
depends on what one thinks of the workers, on whether reports are of use, on crime and disorder that go unhandled, on
what neighbours think, on the news about the country, and on the person: some trust more than others all their lives,
the educated more so.  Fear follows crime's hold on the street, worry about a housemate who works for a crew, and a
raid; the shock of a raid costs the household trust in institutions as long as it lasts.  Trust in neighbours grows with
the years that one and they have lived here and by being outside together, and shrinks with disorder and fear.  People
who take part in decisions about the neighbourhood, mostly those who already trust, learn whether promises are kept and
get to know neighbours; an incident that everybody speaks of spreads fear.

    frontline   += gain (1 - frontline)                        after a good contact;  -= gain * weight * frontline  after a bad one
    frontline   -= missed known frontline                      when a worker leaves who was known so well;  institutions by spill of it
    institutions += direct (1 - institutions)                  after a good contact: goodwill, kept apart
    frontline   -= fade (1 - familiarity) (frontline - (lasting + around) / 2 (1 - doubt norm))
    goodwill    -= fade (1 - familiarity) goodwill             and institutions with it
    outlook      = floor + character + spill frontline + use usefulness - hold (crime's hold + disorder) - worry shock of their household
    lasting      = institutions - goodwill;  += pace (outlook - lasting) + conformity (around - lasting)
    neighbours  += pace (floor + acquaintance (known - usual_known) + together - disorder - fear - neighbours)
    known        = how rooted their household is * how rooted those of the quarter are

Sources: p20-p23, p33; Peyton e.a. 2019; Skogan 2006; Hipp 2016 (disorder updates efficacy); Sampson 1988 (stability makes local
ties, of those who stay too); loops R1, R3, R4, R15, R21.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, key
from ..quantity import Lever, Outcome, Quantity
from ..shared.acquaintances import READS as ACQUAINTANCE_READS
from ..shared.acquaintances import knows_anybody, miss
from ..shared.events import log
from ..shared.newcomers import leaning
from ..shared.persons import is_free, is_involved
from ..state.codes import BAD, DECIDED_ALONG, GOOD, GOOD_INDOORS
from ..state.fields import clip, unfixed
from .climate import EVERY

USUALLY_OUT, USUAL_FEAR = 0.3, 0.15  # time outside and fear (of a contrast area) at which the floor of trust in neighbours holds
CHARACTER = 0.7  # of the difference in trust in institutions with which somebody came, what stays part of them (persons differ for good: 40 % (primary education) to 89 % (university) trust others (evidence 2.3); assumed size)
MISSED = 0.8  # trust in the frontline lost by somebody who knew a worker fully, when that worker leaves (M73 (they come and go as it suits them); Blair e.a. 2021 as direction (V30); assumed size)
WORD = 0.045  # pace at which expected usefulness drifts to the trust around (1/week; assumed: half-life 15 weeks)
VOICE = 0.01  # pace at which residents learn what promises are worth in full co-creation, at full trust in neighbours and no fear (1/week; M67, M103, Tyler as direction; assumed size)


class Parameters(NamedTuple):
    """Numbers of trust."""

    # fmt: off
    gain: Annotated[float, Quantity(0.05, 0.02, 0.08, "level", "p21, Peyton e.a. 2019", "gain in trust by one good contact")]
    direct: Annotated[float, Quantity(0.12, 0.1, 0.18, "level", "Peyton e.a. 2019: +5 to +9 of 100 three days after one good contact of ten minutes", "gain in trust in institutions by one good contact; it fades like that in the frontline")]
    bad_weight: Annotated[float, Quantity(3.0, 1.5, 8.0, "ratio", "p23, Skogan 2006", "weight of a bad contact against a good one")]
    fade: Annotated[float, Quantity(0.2, 0.078, 0.215, "1/week", "p22: half-life 30 (20-60) days; two thirds of a visit left after three weeks (Peyton e.a. 2019)", "fading of a single gain", "uncertain")]
    doubt: Annotated[float, Quantity(0.3, 0.1, 0.5, "ratio", "M28; assumed size", "what a worker is trusted less where the friend-enemy norm is fully held, once no contact holds trust up")]
    spill: Annotated[float, Quantity(0.3, 0.2, 0.4, "ratio", "design: 0.2-0.4 of personal trust spills over", "weight of trust in the frontline in trust in institutions")]
    use: Annotated[float, Quantity(0.28, 0.14, 0.5, "ratio", "R1, R21; assumed size", "weight of the expected usefulness of reports")]
    hold: Annotated[float, Quantity(0.2, 0.1, 0.4, "ratio", "assumed", "weight of crime's visible hold, and of disorder, against trust in institutions")]
    floor: Annotated[float, Quantity(0.28, 0.2, 0.4, "level", "assumed", "trust in institutions with nothing for or against")]
    pace: Annotated[float, Quantity(0.03, 0.015, 0.06, "1/week", "personal to institutional trust takes months (evidence 5.4)", "pace at which trust in institutions, fear and trust in neighbours follow experience")]
    conformity: Annotated[float, Quantity(0.01, 0.003, 0.03, "1/week", "assumed", "pace towards what neighbours think")]
    fear_floor: Annotated[float, Quantity(0.2, 0.1, 0.3, "level", "assumed", "fear without crime around")]
    unease: Annotated[float, Quantity(0.29, 0.1, 0.4, "ratio", "R3; Hipp 2016 as direction; assumed size", "fear by crime's hold on one's own street, and by disorder in it, which costs as much trust in neighbours")]
    worry: Annotated[float, Quantity(0.15, 0.0, 0.3, "level", "M7, M36; Lee, Porter and Comfort 2014 (families of people who are locked up find the state less legitimate) as direction; p33: longer than a year; assumed size; 0 cuts it", "fear of people who live with somebody involved, and as much again in a household in full shock after a raid, which trusts institutions as much less")]
    ease: Annotated[float, Quantity(0.3, 0.1, 0.5, "ratio", "assumed", "fear that trust in the frontline takes away")]
    cohesion_floor: Annotated[float, Quantity(0.665, 0.58, 0.7, "level", "Safety Monitor 2023: NL 6.4, very urban 5.8 of 10", "trust in neighbours with nothing for or against")]
    acquaintance: Annotated[float, Quantity(0.27, 0.0, 0.6, "ratio", "M59; Sampson 1988, Sampson and Groves 1989 as direction; assumed size; calibrated on N2; 0 cuts it", "trust in neighbours by knowing them")]
    usual_known: Annotated[float, Quantity(0.57, 0.4, 0.7, "level", "what turnover at p40 gives", "acquaintance with neighbours at which that makes no difference", "fixed")]
    together: Annotated[float, Quantity(0.25, 0.1, 0.4, "ratio", "R14, R17; assumed size", "trust in neighbours by being outside together")]
    cohesion_fear: Annotated[float, Quantity(0.55, 0.3, 0.7, "ratio", "assumed", "trust in neighbours lost to fear")]
    schooled: Annotated[float, Quantity(0.05, 0.0, 0.1, "level", "trust in others from 40 % (primary education) to 89 % (university) (evidence 2.3); less in institutions; assumed size", "trust in institutions by a level of education more")]
    kept: Annotated[float, Quantity(0.65, 0.2, 0.9, "share", "assumed (M66: promises kept and broken)", "share of what residents and municipality agree on that is done")]
    joint: Annotated[float, Quantity(0.0015, 0.0, 0.005, "1/week", "R17, M103; assumed size", "growth of trust in neighbours by taking part, as much")]
    alarm: Annotated[float, Quantity(0.3, 0.1, 0.6, "level", "M50, M70; assumed size", "fear added by an incident that everybody talks about")]
    # fmt: on


READS = (
    "actors", "tile_index.actors", "person.present", "person.id", "person.detained_until", "person.born", "person.contact", "person.in_public", "person.trust_frontline",
    "person.trust_institutions", *ACQUAINTANCE_READS, "person.goodwill", "person.trust_neighbours", "person.usefulness", "person.fear", "person.home",
    "person.norm_enemy", "person.household", "person.education", "household.rooted", "household.involved", "household.trauma", "person.stage", "place.trust", "place.crime_hold", "place.perceived_disorder", "place.quarter",
    "patch.adults", "patch.rooted",
)  # fmt: skip
WRITES = (
    "person.trust_frontline", "person.trust_institutions", "person.goodwill", "person.trust_neighbours", "person.usefulness",
    "person.fear", "acquaintance.level",
)  # fmt: skip
LEVERS = {
    "co_creation": Lever(
        0.0, 0.0, 1.0, "level", "residents share in decisions about the neighbourhood and do part of the work themselves"
    ),
    "national_trust": Lever(0.0, -0.2, 0.2, "level", "trust in institutions that news about the whole country adds, or takes"),
    "alarm": Lever(0.0, 0.0, 1.0, "level", "everybody talks about a grave incident"),
}
COUNTS = {"workers_missed": Outcome("persons/week", "lower", "Residents who lost a professional whom they knew")}
MECHANISMS = ("M7", "M30", "M32", "M36", "M57", "M59", "M62", "M66", "M67", "M70", "M72", "M73", "M103")


@njit
def after_contact(person, p):
    """Trust right after this week's contact; after none, or one that is neither good nor bad, as before."""
    if person.contact in (GOOD, GOOD_INDOORS):
        person.trust_frontline += p.gain * (1.0 - person.trust_frontline)
        gained = p.direct * (1.0 - person.trust_institutions)
        person.trust_institutions += gained
        person.goodwill += gained
    elif person.contact == BAD:
        person.trust_frontline -= min(p.gain * p.bad_weight, 1.0) * person.trust_frontline
        person.trust_institutions -= min(p.spill * p.gain * p.bad_weight, 1.0) * person.trust_institutions


@njit
def be_left(person, lost, p):
    """Trust right after workers left who were known so well: it goes as after a bad contact."""
    person.trust_frontline -= MISSED * lost * person.trust_frontline
    person.trust_institutions -= p.spill * MISSED * lost * person.trust_institutions


@njit
def fade(person, around, known, p):
    """Trust in the frontline fades towards what people around think, goodwill to nothing; knowing a worker so well holds both up."""
    pace = p.fade * (1.0 - known)
    lasting = person.trust_institutions - person.goodwill
    reference = 0.5 * (lasting + around) * (1.0 - p.doubt * person.norm_enemy)
    person.trust_frontline -= pace * (person.trust_frontline - reference)
    goodwill = min(person.goodwill, person.trust_institutions)  # what was lost since cannot fade
    person.trust_institutions -= pace * goodwill
    person.goodwill = goodwill - pace * goodwill


@njit
def outlook(person, household, home, lean, p):
    """Trust in institutions that experience asks for, of somebody who trusts so much more or less than others."""
    good = (
        p.floor
        + CHARACTER * lean
        + p.schooled * (person.education - 1.0)
        + p.spill * person.trust_frontline
        + p.use * person.usefulness
    )
    return clip(good - p.hold * (home.crime_hold + home.perceived_disorder) - p.worry * household.trauma)


@njit
def worried(person, household):
    """Return how much somebody has to worry about at home: a housemate who works for a crew, and what a raid left behind."""
    others = household.involved - (1 if is_involved(person) else 0)
    return (1.0 if others > 0 else 0.0) + household.trauma


@njit
def dread(person, household, home, p):
    """Fear of reprisal that this person's street and home ask for."""
    level = p.fear_floor + p.unease * (home.crime_hold + home.perceived_disorder)
    level += p.worry * worried(person, household)
    return clip(level * (1.0 - p.ease * person.trust_frontline))


@njit
def known(household, patch):
    """Return how well this household and its neighbours can know each other: both must have lived here for a while."""
    return household.rooted * unfixed(patch.rooted) / max(patch.adults, 1)


@njit
def neighbourliness(person, home, acquainted, p):
    """Trust in neighbours that this person's street asks for, of somebody so well acquainted with them."""
    level = p.cohesion_floor + p.acquaintance * (acquainted - p.usual_known) + p.together * (person.in_public - USUALLY_OUT)
    return clip(level - p.unease * home.perceived_disorder - p.cohesion_fear * (person.fear - USUAL_FEAR))


@njit
def take_stock(person, household, home, lean, acquainted, p):
    """Let the slow levels follow what this person experienced, once in four weeks."""
    lasting = person.trust_institutions - person.goodwill
    lasting += EVERY * p.pace * (outlook(person, household, home, lean, p) - lasting)
    lasting += EVERY * p.conformity * (home.trust - lasting)
    person.trust_institutions = min(lasting + person.goodwill, 1.0)
    person.usefulness += EVERY * WORD * (home.trust - person.usefulness)
    person.fear += EVERY * p.pace * (dread(person, household, home, p) - person.fear)
    person.trust_neighbours += EVERY * p.pace * (neighbourliness(person, home, acquainted, p) - person.trust_neighbours)


@njit
def decide_along(person, co_creation, p):
    """Let somebody take part, or not, in what residents and municipality do together, once in four weeks; return whether they do."""
    part = EVERY * co_creation * person.trust_neighbours * (1.0 - person.fear)
    person.usefulness += VOICE * part * (p.kept - person.usefulness)
    person.trust_neighbours += p.joint * part * (1.0 - person.trust_neighbours)
    return part > 0.0


@njit
def be_alarmed(person, alarm, p):
    """Let somebody fear more for what happened, once in four weeks."""
    person.fear += EVERY * p.pace * p.alarm * alarm * (1.0 - person.fear)


@njit
def hear_news(person, national, p):
    """Let trust in institutions follow what is said about the whole country, once in four weeks."""
    person.trust_institutions = clip(person.trust_institutions + EVERY * p.pace * national)


@njit
def trust(world, p, levers, seed, week):
    """Everybody of eight and over updates trust, usefulness and fear."""
    people, places, levels = world.people, world.places, key(seed, Draw.LEVELS, 0)
    for row in world.actors[: world.tile_index[0].actors]:
        person = people[row]
        if not is_free(person, week):
            continue
        home = places[person.home]
        after_contact(person, p)
        best = 0.0
        if knows_anybody(world.acquaintances[row]):
            best, lost = miss(world.acquaintances[row], world.professionals, week)
            if lost > 0.0:
                world.tally[0].workers_missed += 1
                be_left(person, lost, p)
        fade(person, home.trust, best, p)
        if week % EVERY == 0:
            lever = levers[home.quarter]
            household = world.households[person.household]
            acquainted = known(household, world.patches[home.quarter])
            take_stock(person, household, home, leaning(levels, person.id), acquainted, p)
            if decide_along(person, lever.co_creation, p):
                log(world.events, week, DECIDED_ALONG, person.id, person.home, 0)
            be_alarmed(person, lever.alarm, p)
            hear_news(person, lever.national_trust, p)
