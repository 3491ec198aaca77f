"""Opportunity of places: room for crime, room for a decent living.

Crime finds room where a place gives concealment, nobody watches and there is a market.  Somebody watches when
professionals are seen more than offenders had come to expect, or when adults step in; a hidden spot is also watched
when it is lit, maintained and let by somebody who manages it.  Crime takes hold of a place where crews are strong and
residents do not act together; it lets go slowly.  Acting together keeps crime out only above a threshold, and a place
that hides what happens asks more of it: so in any neighbourhood crime has some hold somewhere, and on more places the
less people act together.

    guardianship = 1 - (1 - watch)(1 - informal control),  watch = 1 - exp(-gaze * max(presence - adaptation * expected, 0))
    crime_hold  += growth * crew power * efficacy_gap * (1 - crime_hold) - decay * (1 + watch) * crime_hold
    efficacy_gap = 1 / (1 + exp(k * (efficacy - threshold - sight * (concealment - usual concealment))))

Sources: Sampson, Raudenbush and Earls 1997 and p38 (efficacy), Hipp 2016, Ratcliffe e.a. 2011 and p37 (fading patrol),
Cloward and Ohlin 1960 (local illegal opportunity); the Utrecht report (M4), loops R4, R5, B1.
"""

from typing import Annotated, NamedTuple

from ..arithmetic import by_index, exp
from ..compiled import njit
from ..quantity import Lever, Quantity
from ..shared.events import log
from ..shared.persons import logistic
from ..state.codes import HIDDEN, LEGAL_PLACES, NOBODY, PLACE_MANAGED
from ..state.fields import clip, unfixed
from .climate import EVERY

USUAL_CONCEALMENT = 0.3  # level, of a street


class Parameters(NamedTuple):
    """Numbers of opportunity."""

    # fmt: off
    gaze: Annotated[float, Quantity(0.06, 0.03, 0.12, "1/hour", "p37: patrol takes 8-30 % off nuisance; M12; assumed form", "watch by an hour of unexpected presence of a professional, and by one ready adult in the place")]
    adaptation: Annotated[float, Quantity(0.97, 0.8, 1.0, "ratio", "p37; Ratcliffe e.a. 2011; Kansas City: back to base while patrol continued", "share of habitual presence that offenders work around")]
    market: Annotated[float, Quantity(0.7, 0.4, 0.95, "level", "assumed; demand for drugs", "market for crime in a Dutch neighbourhood as urban as most")]
    market_urban: Annotated[float, Quantity(0.11, 0.0, 0.8, "log odds/sd", "drug use and visitors gather in cities, as direction; assumed size; calibrated on N2", "market for crime by how urban the area is")]
    growth: Annotated[float, Quantity(0.031, 0.015, 0.1, "1/week", "assumed, calibrated on stuck and resilient worlds", "growth of crime's hold with full crew power and no efficacy")]
    k: Annotated[float, Quantity(14.7, 7.5, 30.0, "1", "p38 (M4): 3 (1.5-6) for a standard deviation, about 0.2", "how sharply collective efficacy keeps crime out around the threshold", off=0.0)]
    threshold: Annotated[float, Quantity(0.707, 0.55, 0.85, "level", "Hipp 2016: works only in cohesive places; assumed", "collective efficacy at which it keeps half of crime out of a place that hides as much as most")]
    sight: Annotated[float, Quantity(1.0, 0.0, 1.2, "ratio", "places differ (Weisburd 2015) and light guards (Welsh and Farrington 2008), as direction; assumed size; calibrated on N2", "collective efficacy that a place asks more for as it hides what happens there")]
    decay: Annotated[float, Quantity(0.027, 0.01, 0.05, "1/week", "assumed: half-life eight months where nobody lives off it (M1: it lasts where crews are)", "crime's hold let go without cause, and as much again under full watch")]
    follow_up: Annotated[float, Quantity(0.04, 0.015, 0.12, "ratio", "R1, B2; assumed size", "crime's hold lost by one solved case about the place", off=0.0)]
    efficacy: Annotated[float, Quantity(1.6, 1.3, 2.0, "ratio", "assumed: cohesion 0.65 and fear 0.1 give nearly full efficacy", "collective efficacy by cohesion without fear", "fixed")]
    legal_base: Annotated[float, Quantity(0.55, 0.4, 0.7, "level", "assumed", "legal opportunity of an average Dutch neighbourhood")]
    legal_stigma: Annotated[float, Quantity(0.2, 0.05, 0.35, "ratio", "assumed: employers and schools shun the place", "legal opportunity lost to crime's hold, and to disorder")]
    legal_place: Annotated[float, Quantity(0.01, 0.004, 0.02, "level", "assumed", "legal opportunity by one extra place per 1,000 residents")]
    managed: Annotated[float, Quantity(0.2, 0.05, 0.5, "ratio", "Welsh and Farrington 2008 (light: -21 %), Eck (place managers) as direction; assumed size", "room for crime in a hidden spot that full management takes away")]
    # fmt: on


READS = (
    "place.presence", "place.expected_presence", "place.informal_control", "place.concealment", "place.cohesion", "place.fear",
    "place.crime_hold", "place.perceived_disorder", "place.quarter", "place.welfare", "cell_week.control", "cell_week.cleared",
    "patch.crew_power", "place.kind", "tile_index.urbanity",
)  # fmt: skip
WRITES = (
    "place.efficacy_gap", "place.informal_control", "place.criminal_opportunity", "place.legal_opportunity", "place.crime_hold", "cell_week.cleared",
)  # fmt: skip
LEVERS = {
    "legal_places": Lever(0.0, 0.0, 60.0, "places per 1,000 residents", "extra places at school, in training, in (summer) jobs"),
    "place_management": Lever(0.0, 0.0, 1.0, "level", "light, locks and management of hidden spots such as garage boxes"),
    "market_demand": Lever(1.0, 0.2, 3.0, "ratio", "demand for drugs and other goods and services of crews"),
}
COUNTS: dict = {}
MECHANISMS = ("M1", "M4", "M12", "M15", "M16", "M20", "M21", "M60")


@njit
def watch_of(place, p):
    """Return how watched a place is by professionals, beyond what offenders work around."""
    unexpected = place.presence - p.adaptation * place.expected_presence
    return 1.0 - exp(-p.gaze * unexpected) if unexpected > 0.0 else 0.0


@njit
def guardianship(place, watch):
    """Return the chance that somebody stands in the way of crime here."""
    return 1.0 - (1.0 - watch) * (1.0 - place.informal_control)


@njit
def collective_efficacy(place, p):
    """Return how well residents around can act together: cohesion without fear."""
    return clip(p.efficacy * place.cohesion * (1.0 - place.fear))


@njit
def efficacy_gap(place, p):
    """Return how much of crime residents do not keep out of this place."""
    asked = p.threshold + p.sight * (place.concealment - USUAL_CONCEALMENT)
    return logistic(p.k * (asked - collective_efficacy(place, p)))


@njit
def growth_of_hold(place, watch, crew_power, cleared, p):
    """Return the change of crime's hold on a place this week."""
    grown = p.growth * crew_power * place.efficacy_gap * (1.0 - place.crime_hold)
    lost = p.decay * (1.0 + watch) + min(p.follow_up * cleared, 0.5)
    return grown - lost * place.crime_hold


@njit
def legal(place, lever, p):
    """Return the legal opportunity within reach of a place."""
    level = p.legal_base + place.welfare + p.legal_place * lever.legal_places
    return clip(level - p.legal_stigma * (place.perceived_disorder + place.crime_hold))


@njit
def opportunity(world, p, levers, seed, week):
    """Every place: who watches, what room there is."""
    demand = by_index(p.market, p.market_urban, world.tile_index[0].urbanity)
    for cell in world.used:
        place = world.places[cell]
        here = world.cell_week[cell]
        lever = levers[place.quarter]
        if week % EVERY == 0:  # what changes with the climate, every fourth week
            place.efficacy_gap = efficacy_gap(place, p)
            place.legal_opportunity = legal(place, lever, p)
            if lever.legal_places > 0.0:
                log(world.events, week, LEGAL_PLACES, NOBODY, cell, 0)
        watch = watch_of(place, p)
        place.informal_control = 1.0 - exp(-p.gaze * unfixed(here.control)) if here.control > 0 else 0.0
        market = min(demand * lever.market_demand, 1.0)
        unmanaged = 1.0 - p.managed * lever.place_management if place.kind == HIDDEN else 1.0
        place.criminal_opportunity = place.concealment * (1.0 - guardianship(place, watch)) * unmanaged * market
        if unmanaged < 1.0 and place.criminal_opportunity > 0.0:
            log(world.events, week, PLACE_MANAGED, NOBODY, cell, 0)
        crew_power = world.patches[place.quarter].crew_power
        place.crime_hold = clip(place.crime_hold + growth_of_hold(place, watch, crew_power, here.cleared, p))
        here.cleared = 0
