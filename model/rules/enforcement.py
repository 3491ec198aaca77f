"""Enforcement: arrests for crimes one by one, and raids.

Somebody who commits a crime that can be seen, here or elsewhere, is arrested now and then, more often where reports
have been solved; the police then register a crime that nobody reported.  An arrest brings a record, a fine that becomes
debt and, for the heavier roles, detention: longer the deeper somebody is in and shorter for minors, after a raid as in
the street.  A minor without a record may be sent to Halt instead for an ordinary offence, which leaves none.  Of a minor
whom they let go the police tell professionals, or nobody thinks of it.  A raid
takes a share of a crew at once: it deters for days, shocks the households concerned and, in part, those of kin, and
costs trust there and in the streets around; behind that door, and by kin, it is felt several times as much, and
feared.  At each door it is done justly or harshly; a just raid shocks less, and people nearby see more use in a report.
The roles it empties are soon offered to others.

    weeks detained = 0 at stage 2, detention of a runner, heavier * that for those tied in;  times minors below 18
    felt  = (1, or 1 - spares where it was just) * (1 at that door and in its street, or relatives);   shock of a household = felt
    trust *= 1 - shock * felt  in the street, 1 - behind_door * shock * felt  in the household and by kin, where fear += as much * (1 - fear)
    pressure on a crew += members detained / members
    P(signal to professionals | minor arrested and let go who is no case already) = passed_on
    P(arrest | crime that can be seen) = detection * (1 + information * cases solved) * (1 + crackdown * attention);   deterrence *= 0.5^(7 days / 6 days) a week

Sources: p05, p06, p30-p34; Sherman and Rogan 1995 (raids: -8 %, gone after 12 days), the Kansas City replication, Desmond e.a. 2016
(trust); Lee, Porter and Comfort 2014 (families); the CCV report (M35, M36, M48); loops B1, R8, R10, R20.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.cases import WRITES as CASE_WRITES
from ..shared.cases import may_be_signalled, raise_alarm
from ..shared.events import log, log_between
from ..shared.grid import TILE
from ..shared.kin import is_kin
from ..shared.offences import is_crime, register
from ..shared.persons import ADULT_FROM, TEEN_FROM, age_of, is_free, is_involved
from ..shared.sight import EARSHOT
from ..state.codes import (
    ARREST,
    CALM,
    DETAINED,
    ELSEWHERE,
    HARSH,
    JUST,
    NOBODY,
    RAIDED,
    RELATIVES,
    RELEASED,
    RUNNER,
    SENT_TO_HALT,
    TIED_IN,
    VIOLENCE,
)
from ..state.fields import clip
from .encounters import OF_RELATIVES

TERM, MANNER = 1, 2  # occasions of draws about a raid
DIVERTED = 2  # of a draw about an arrest, beside its term
PASSED_ON = 2  # of a draw about somebody who was arrested (who else has such a draw: `reporting.raise_alarm`)
SUSPECT_UNTIL = 25.0  # years of age of those whom CBS counts as young suspects, from twelve
ACTED = 0.05  # expected usefulness of a report gained in the street of a just raid (N12 (tips may rise); assumed size)
BEHIND_DOOR = 3.0  # what a raid costs in trust, and brings in fear, behind that door, against the trust lost in its street (M36; Lee, Porter and Comfort 2014 (families of people who are locked up) as direction; assumed size; 1: as in the street)
HEAVIER = 2.5  # detention of somebody tied in, against that of a runner (assumed)
LEFT = 0.445  # deterrence left after a week (ratio/week; p31: half-life 6 (4-14) days)
SHARE_PASSED_ON = 0.4  # an arrest of a minor who is let go becomes a signal to professionals (assumed: police send a care report about a minor, where somebody thinks of it (M54))
SHOCK = 0.1  # trust in institutions lost in the street of a harsh raid (p32; Desmond e.a. 2016 (-17 % calls) as scale)
SPARES = 0.6  # of the shock in households and of the trust lost around, what a just raid spares (Mazerolle e.a. 2013 (procedural justice) as direction; assumed size)


class Parameters(NamedTuple):
    """Numbers of enforcement."""

    # fmt: off
    detection: Annotated[float, Quantity(0.09, 0.03, 0.25, "probability", "a quarter of registered crime is cleared, about a third is reported (CBS 2016); p06 (3 % a month of runners) as check", "arrest of whoever commits a crime that can be seen")]
    halt: Annotated[float, Quantity(0.5, 0.3, 0.8, "probability", "CBS 2017: 6,700 minors to Halt for a crime in 2016, against about 13,000 first offenders; Petrosino e.a. 2010: a formal procedure makes it no better; light offences only (Besluit aanwijzing Halt-feiten)", "a minor without a record is sent to Halt for an ordinary offence: one elsewhere, or violence or vandalism by somebody who does not work for a crew")]
    information: Annotated[float, Quantity(0.5, 0.2, 1.0, "ratio", "IQ to RS link; assumed", "rise of that chance by one solved case about nuisance or crime in the quarter", off=0.0)]
    crackdown: Annotated[float, Quantity(0.3, 0.0, 1.0, "ratio", "B1, R11, M50; assumed size; 0 cuts it", "rise of that chance at full attention")]
    fine: Annotated[float, Quantity(0.25, 0.0, 0.4, "level", "Daisy (M99); assumed; 0 cuts R8a", "debt by a fine")]
    detention: Annotated[float, Quantity(16.0, 6.0, 40.0, "week", "assumed", "mean detention of an adult runner; stage 2 gets none")]
    minors: Annotated[float, Quantity(0.5, 0.2, 1.0, "ratio", "law for minors (shorter terms) as direction; assumed size", "detention of a minor, against that of an adult in the same role")]
    deterrence: Annotated[float, Quantity(0.15, 0.08, 0.45, "level", "p37, Sherman and Rogan 1995 as scale; calibrated on V12a", "deterrence right after a raid in the quarter, and after an arrest in its place")]
    # fmt: on


BORROWS = ("reporting.astray", "reporting.exposed")
READS = (
    "offence.*", "tile_index.offences", "patch.registered", "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.id", "person.stage", "person.home", "person.convictions",
    "person.debt", "person.household", "person.crew", "crew.members", "person.trust_institutions", "person.born",
    "place.quarter", "place.deterrence", "place.dwellings", "patch.solved", "patch.attention", "cell_week.shaken", "tile_index.corner", "household.raided",
    "tile_index.width", "household.id", "household.size", "household.trauma", "household.felt", "relative.*", "person.usefulness", "person.fear", "person.case", "person.place", "person.exposure", "tile_index.cases_free",
)  # fmt: skip
WRITES = (
    "offence.registered", "patch.registered", "cell_week.shaken", "person.convictions", "person.debt", "person.detained_until", "person.trust_institutions", "person.usefulness", "person.fear", "place.deterrence", "household.raided",
    "household.trauma", "household.felt", "household.aftercare", "crew.pressure", *CASE_WRITES,
)  # fmt: skip
LEVERS = {
    "raid_share": Lever(0.0, 0.0, 1.0, "share", "share of crew members who are taken in a raid this week"),
    "raid_justice": Lever(
        0.0, 0.0, 1.0, "share", "share of doors where a raid is done justly: with respect, explained to kin and street"
    ),
}
COUNTS = {
    "arrests": Outcome("persons/week", "neither", "People arrested, raids included"),
    "youth_arrests": Outcome("persons/week", "neither", "Of these, of 12-24 years, raids not included"),
    "diverted": Outcome("persons/week", "neither", "Of these, minors sent to Halt: no record"),
    "found": Outcome("incidents/week", "neither", "Crimes here that nobody had reported and police came upon by an arrest"),
    "raided": Outcome("persons/week", "neither", "People taken in a raid"),
    "detained": Outcome("persons", "neither", "People in detention"),
}
MECHANISMS = ("M35", "M36", "M99")


@njit
def p_arrest(patch, p):
    """Return how likely a crime that can be seen leads to an arrest, by the cases solved in the quarter and the attention for it."""
    return p.detection * (1.0 + p.information * patch.solved) * (1.0 + p.crackdown * patch.attention)


@njit
def may_be_caught(offence, person, week):
    """Return whether an offence is one for which this person can be arrested: a crime that can be seen, by somebody of twelve or over at large."""
    return offence.visible == 1 and is_crime(offence.kind) and is_free(person, week) and age_of(person, week) >= TEEN_FROM


@njit
def may_be_diverted(offence, person, week):
    """Return whether Halt is open to this person: a minor without a record, and the offence an ordinary one, not work for a crew."""
    ordinary = offence.kind == ELSEWHERE or (offence.kind == VIOLENCE and not is_involved(person))
    return ordinary and age_of(person, week) < ADULT_FROM and person.convictions == 0


@njit
def enforcement(world, p, levers, seed, week):
    """Raids where the levers ask for one, and arrests for what was done this week; deterrence fades everywhere."""
    for cell in world.used:
        world.places[cell].deterrence *= LEFT
    raid = key(seed, Draw.RAID, week)
    n_raided = 0
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        if person.detained_until > week:
            world.tally[0].detained += 1
            continue
        if person.detained_until == week:
            log(world.events, week, RELEASED, person.id, person.home, person.stage)
        if is_involved(person):
            lever = levers[world.places[person.home].quarter]
            if happens(lever.raid_share, raid, person.id):
                take(world, person, lever.raid_justice, p, raid, week)
                n_raided += 1
    arrests(world, p, key(seed, Draw.ARREST, week), seed, week)
    world.tally[0].arrests += n_raided
    world.tally[0].raided += n_raided
    if n_raided > 0:
        deter(world.places, world.used, p, levers)
        shake(world.people, world.households, world.cell_week, week)


@njit
def take(world, person, justice, p, dice, week):
    """Take somebody in a raid, which at this door is done justly or harshly, whoever is taken there."""
    household = world.households[person.household]
    manner = JUST if happens(justice, dice, household.id, MANNER) else HARSH
    log_between(world.events, week, RAIDED, person.id, household.id, person.home, manner)
    detain(world, person, uniform(dice, person.id, TERM), p, week)
    shock_family(world, person.household, felt(manner), week)
    mark_street(world, person.home, EARSHOT, manner)


@njit
def felt(manner):
    """Return how much of a raid is felt where it is done in this manner."""
    return 1.0 - SPARES if manner == JUST else 1.0


@njit
def term(person, p, week):
    """Return for how many weeks somebody is detained on average, by role and age."""
    if person.stage < RUNNER:
        return 0.0
    role = HEAVIER if person.stage == TIED_IN else 1.0
    return p.detention * role * (p.minors if age_of(person, week) < ADULT_FROM else 1.0)


@njit
def arrests(world, p, dice, seed, week):
    """Arrest some of those who committed a crime this week, nobody twice."""
    last = NOBODY  # the offences of one person follow each other
    for k in range(world.tile_index[0].offences):
        offence = world.offences[k]
        person = world.people[offence.who]
        if offence.who == last or not may_be_caught(offence, person, week):
            continue
        here = offence.place != NOBODY
        chance = p_arrest(world.patches[world.places[offence.place].quarter], p) if here else p.detection
        if happens(chance, dice, offence.id):
            last = offence.who
            log(world.events, week, ARREST, person.id, offence.place if here else person.home, person.stage)
            answer_for(world, offence, person, p, dice, week)
            if may_be_signalled(person, week) and happens(SHARE_PASSED_ON, dice, person.id, PASSED_ON):
                raise_alarm(world, int(offence.who), p, dice, seed, week)
            if here:
                come_upon(offence, world.places, world.patches, world.tally[0], p)


@njit
def answer_for(world, offence, person, p, dice, week):
    """Let somebody who is arrested go to Halt, or get a record, a fine and, by role and age, detention."""
    tally = world.tally[0]
    tally.arrests += 1
    tally.youth_arrests += 1 if age_of(person, week) < SUSPECT_UNTIL else 0
    if may_be_diverted(offence, person, week) and happens(p.halt, dice, offence.id, DIVERTED):
        tally.diverted += 1
        log(world.events, week, SENT_TO_HALT, person.id, person.home, offence.kind)
        return
    detain(world, person, uniform(dice, offence.id, TERM), p, week)


@njit
def come_upon(offence, places, patches, tally, p):
    """Let an arrest in a place deter there, and enter what nobody had reported in the books."""
    place = places[offence.place]
    place.deterrence = max(place.deterrence, p.deterrence)
    tally.found += 1 if offence.registered == 0 else 0
    register(offence, patches[place.quarter], tally)


@njit
def shock_family(world, h, level, week):
    """Leave a raided household in shock, and households of its kin in part."""
    shock(world.households[h], level, week)
    ties = world.relatives[h]
    for k in range(RELATIVES):
        if is_kin(world.households, ties[k]):
            shock(world.households[ties[k].household], OF_RELATIVES * level, week)


@njit
def shock(household, level, week):
    """Leave a household in shock; whatever help it got belongs to the raid before.  Of several doors in a week the one felt most counts."""
    household.felt = max(household.felt, level) if household.raided == week else level
    household.raided = week
    household.trauma = max(household.trauma, level)
    household.aftercare = 0.0


@njit
def detain(world, person, luck, p, week):
    """Arrest one person: record, fine and, by role, age and luck, detention, which presses the crew."""
    person.convictions += 1
    person.debt = clip(person.debt + p.fine)
    weeks = int(2.0 * luck * term(person, p, week))
    if weeks < 1:
        return
    person.detained_until = week + weeks
    log(world.events, week, DETAINED, person.id, person.home, weeks)
    if person.crew != NOBODY:
        crew = world.crews[person.crew]
        crew.pressure = clip(crew.pressure + 1.0 / max(crew.members, 1))


@njit
def deter(places, used, p, levers):
    """Deter in all places of the quarters where there is a raid this week, once anybody was taken."""
    for cell in used:
        place = places[cell]
        if levers[place.quarter].raid_share > 0.0:
            place.deterrence = max(place.deterrence, p.deterrence)


@njit
def mark_street(world, home, radius, manner):
    """Mark the cells around a raided home where people live, as far as the tile goes; where it was harsh at one door, that counts."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    row, column = home // width, home % width
    for r in range(max(row - radius, top), min(row + radius + 1, top + TILE)):
        for c in range(max(column - radius, left), min(column + radius + 1, left + TILE)):
            if world.places[r * width + c].dwellings > 0:
                here = world.cell_week[r * width + c]
                here.shaken = max(int(here.shaken), manner)


@njit
def shake(people, households, here, week):
    """Let a raid cost trust in institutions nearby, more behind that door and by kin, who fear too; near a just one people see more use in a report."""
    for i in range(people.size):
        person = people[i]
        if person.present == 0:
            continue
        household, near = households[person.household], int(here[person.home].shaken)
        level = felt(near) if near != CALM else 0.0
        if household.raided == week:
            level = max(level, BEHIND_DOOR * household.felt)
            person.fear += SHOCK * level * (1.0 - person.fear)
        person.trust_institutions -= SHOCK * level * person.trust_institutions
        if near == JUST:
            person.usefulness += ACTED * (1.0 - person.usefulness)
