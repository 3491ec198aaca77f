"""Enforcement: arrests for crimes one by one, and raids.

Whoever commits a crime that can be seen, here or elsewhere, is arrested now and then, more often where reports have been solved; crimes that nobody
reported come into the books that way.  An arrest brings a record, a fine that becomes debt, and for the heavier roles detention; a minor without a record may be sent to Halt instead, which leaves none.  A raid takes a share of a crew at once: it deters for
days, shocks the households concerned and, in part, those of kin, and costs trust in the streets around.  Done justly it shocks less, and
who lives near sees more use in a report.  The roles it empties are soon offered to others.

    shock = (1 - spares * justice) * (1, or kin_shock);   trust around *= 1 - shock of the street * (1 - spares * justice)
    P(arrest | crime that can be seen) = detection * (1 + information * cases solved) * (1 + crackdown * attention);   deterrence *= 0.5^(7 days / 6 days) a week

Sources: p05, p06, p30-p34; Sherman and Rogan 1995 (raids: -8 %, gone after 12 days), the Kansas City replication, Desmond e.a. 2016
(trust); the CCV report (M35, M36, M48); loops B1, R8, R10, R20.
"""

from typing import Annotated, NamedTuple

from ..compiled import njit
from ..draws import Draw, happens, key, uniform
from ..quantity import Lever, Outcome, Quantity
from ..shared.events import log
from ..shared.grid import TILE
from ..shared.kin import is_kin
from ..shared.offences import is_crime, register
from ..shared.persons import ADULT_FROM, TEEN_FROM, age_of, is_free, is_involved
from ..state.codes import ARREST, DEALING, NOBODY, RAIDED, RELATIVES, RUNNER
from ..state.fields import clip

SUSPECT_UNTIL = 25.0  # years of age of those whom CBS counts as young suspects, from twelve


class Parameters(NamedTuple):
    """Numbers of enforcement."""

    # fmt: off
    detection: Annotated[float, Quantity(0.09, 0.03, 0.25, "probability", "a quarter of registered crime is cleared, about a third is reported (CBS 2016); p06 (3 % a month of runners) as check", "arrest of whoever commits a crime that can be seen")]
    halt: Annotated[float, Quantity(0.5, 0.3, 0.8, "probability", "CBS 2017: 6,700 minors to Halt for a crime in 2016, against about 13,000 first offenders; Petrosino e.a. 2010: a formal procedure makes it no better", "a minor without a record is sent to Halt for another crime than dealing")]
    information: Annotated[float, Quantity(0.5, 0.2, 1.0, "ratio", "IQ to RS link; assumed", "rise of that chance by one solved case about nuisance or crime in the quarter", off=0.0)]
    crackdown: Annotated[float, Quantity(0.3, 0.0, 1.0, "ratio", "B1, R11, M50; assumed size; 0 cuts it", "rise of that chance at full attention")]
    fine: Annotated[float, Quantity(0.25, 0.0, 0.4, "level", "Daisy (M99); assumed; 0 cuts R8a", "debt by a fine")]
    detention: Annotated[float, Quantity(16.0, 6.0, 40.0, "week", "assumed", "mean detention of a runner; stage 2 gets none")]
    deterrence: Annotated[float, Quantity(0.2, 0.08, 0.45, "level", "p37, Sherman and Rogan 1995 as scale; assumed", "deterrence in the quarter right after a raid")]
    arrest_deterrence: Annotated[float, Quantity(0.15, 0.05, 0.3, "level", "assumed", "deterrence in a place right after an arrest")]
    left: Annotated[float, Quantity(0.445, 0.3, 0.7, "ratio/week", "p31: half-life 6 (4-14) days", "deterrence left after a week")]
    raid_detention: Annotated[float, Quantity(40.0, 13.0, 104.0, "week", "assumed", "mean detention after a raid")]
    pressing: Annotated[float, Quantity(0.2, 0.1, 0.4, "level", "assumed", "pressure on a crew by each of its people who is detained")]
    shock: Annotated[float, Quantity(0.1, 0.03, 0.2, "level", "p32; Desmond e.a. 2016 (-17 % calls) as scale", "trust in institutions lost in the street of a harsh raid")]
    spares: Annotated[float, Quantity(0.6, 0.0, 0.9, "ratio", "Mazerolle e.a. 2013 (procedural justice) as direction; assumed size; 0: manner does not matter", "of the shock in households and of the trust lost around, what a fully just raid spares")]
    acted: Annotated[float, Quantity(0.05, 0.0, 0.15, "level", "N12 (tips may rise); assumed size", "expected usefulness of a report gained in the street of a fully just raid")]
    kin_shock: Annotated[float, Quantity(0.5, 0.0, 1.0, "ratio", "M36; assumed size; 0: only the household itself", "shock in a household of kin against the one that is raided")]
    radius: Annotated[float, Quantity(4.0, 2.0, 8.0, "cell", "assumed: 80 m", "reach of the shock", "fixed")]
    # fmt: on


READS = (
    "offence.*", "tile_index.offences", "patch.registered", "at_stake", "tile_index.at_stake", "person.present", "person.detained_until", "person.id", "person.stage", "person.home", "person.convictions",
    "person.debt", "person.household", "person.crew", "person.trust_institutions", "person.born",
    "place.quarter", "place.deterrence", "place.dwellings", "patch.solved", "patch.attention", "cell_week.shaken", "tile_index.corner", "household.raided",
    "tile_index.width", "household.id", "household.size", "household.trauma", "relative.*", "person.usefulness",
)  # fmt: skip
WRITES = (
    "offence.registered", "patch.registered", "cell_week.shaken", "person.convictions", "person.debt", "person.detained_until", "person.trust_institutions", "person.usefulness", "place.deterrence", "household.raided",
    "household.trauma", "household.aftercare", "crew.pressure",
)  # fmt: skip
LEVERS = {
    "raid_share": Lever(0.0, 0.0, 1.0, "share", "share of crew members who are taken in a raid this week"),
    "raid_justice": Lever(
        0.0, 0.0, 1.0, "level", "how just raids are done: with respect, explained to kin and street; 0 is harsh"
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
    """Return whether Halt is open to this person: a minor without a record who did not deal."""
    return age_of(person, week) < ADULT_FROM and person.convictions == 0 and offence.kind != DEALING


@njit
def enforcement(world, p, levers, seed, week):
    """Raids where the levers ask for one, and arrests for what was done this week; deterrence fades everywhere."""
    for cell in world.used:
        world.places[cell].deterrence *= p.left
    raid = key(seed, Draw.RAID, week)
    n_raided = 0
    for row in world.at_stake[: world.tile_index[0].at_stake]:
        person = world.people[row]
        if person.detained_until > week:
            world.tally[0].detained += 1
        elif is_involved(person):
            lever = levers[world.places[person.home].quarter]
            if happens(lever.raid_share, raid, person.id):
                detain(person, world.crews, p.raid_detention * 2.0 * uniform(raid, person.id, 1), p, week)
                shock_family(world, person.household, 1.0 - p.spares * lever.raid_justice, p, week)
                log(world.events, week, RAIDED, world.households[person.household].id, person.home, person.stage)
                mark_street(world, person.home, int(p.radius))
                n_raided += 1
    arrests(world, p, key(seed, Draw.ARREST, week), week)
    world.tally[0].arrests += n_raided
    world.tally[0].raided += n_raided
    if n_raided > 0:
        deter(world.places, world.used, p, levers)
        shake(world.people, world.places, world.cell_week, levers, p)


@njit
def arrests(world, p, dice, week):
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
            answer_for(offence, person, world.crews, world.tally[0], p, dice, week)
            if here:
                come_upon(offence, world.places, world.patches, world.tally[0], p)


@njit
def answer_for(offence, person, crews, tally, p, dice, week):
    """Let somebody who is arrested go to Halt, or get a record, a fine and, as a runner, detention."""
    tally.arrests += 1
    tally.youth_arrests += 1 if age_of(person, week) < SUSPECT_UNTIL else 0
    if may_be_diverted(offence, person, week) and happens(p.halt, dice, offence.id, 2):
        tally.diverted += 1
        return
    weeks = p.detention * 2.0 * uniform(dice, offence.id, 1) if person.stage >= RUNNER else 0.0
    detain(person, crews, weeks, p, week)


@njit
def come_upon(offence, places, patches, tally, p):
    """Let an arrest in a place deter there, and enter what nobody had reported in the books."""
    place = places[offence.place]
    place.deterrence = max(place.deterrence, p.arrest_deterrence)
    tally.found += 1 if offence.registered == 0 else 0
    register(offence, patches[place.quarter], tally)


@njit
def shock_family(world, h, level, p, week):
    """Leave a raided household in shock, and households of its kin in part."""
    shock(world.households[h], level, week)
    ties = world.relatives[h]
    for k in range(RELATIVES):
        if is_kin(world.households, ties[k]):
            shock(world.households[ties[k].household], p.kin_shock * level, week)


@njit
def shock(household, level, week):
    """Leave a household in shock; whatever help it got belongs to the raid before."""
    household.raided = week
    household.trauma = max(household.trauma, level)
    household.aftercare = 0.0


@njit
def detain(person, crews, weeks, p, week):
    """Arrest one person: record, fine, detention for some weeks, pressure on the crew."""
    person.convictions += 1
    person.debt = clip(person.debt + p.fine)
    if weeks >= 1.0:
        person.detained_until = week + int(weeks)
        if person.crew != NOBODY:
            crew = crews[person.crew]
            crew.pressure = clip(crew.pressure + p.pressing)


@njit
def deter(places, used, p, levers):
    """Deter in all places of the quarters where there is a raid this week, once anybody was taken."""
    for cell in used:
        place = places[cell]
        if levers[place.quarter].raid_share > 0.0:
            place.deterrence = max(place.deterrence, p.deterrence)


@njit
def mark_street(world, home, radius):
    """Mark the cells around a raided home where people live, as far as the tile goes."""
    corner, width = world.tile_index[0].corner, world.tile_index[0].width
    top, left = corner // width, corner % width
    row, column = home // width, home % width
    for r in range(max(row - radius, top), min(row + radius + 1, top + TILE)):
        for c in range(max(column - radius, left), min(column + radius + 1, left + TILE)):
            if world.places[r * width + c].dwellings > 0:
                world.cell_week[r * width + c].shaken = 1


@njit
def shake(people, places, here, levers, p):
    """Residents near a raided home lose trust in institutions, once; the juster the raid, the less, and the more use they see in a report."""
    for i in range(people.size):
        person = people[i]
        if person.present == 1 and here[person.home].shaken == 1:
            justice = levers[places[person.home].quarter].raid_justice
            person.trust_institutions -= p.shock * (1.0 - p.spares * justice) * person.trust_institutions
            person.usefulness += p.acted * justice * (1.0 - person.usefulness)
