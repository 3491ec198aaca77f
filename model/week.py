"""One week, in order.  Every step reads the state that the step before left."""

from .compiled import njit
from .rules.aftermath import aftermath
from .rules.casework import casework
from .rules.climate import climate
from .rules.crews import crews
from .rules.demography import demography
from .rules.desistance import desistance
from .rules.encounters import encounters
from .rules.enforcement import enforcement
from .rules.evictions import evictions
from .rules.exploration import exploration
from .rules.hiring import hiring
from .rules.initialisation import initialisation
from .rules.initiatives import initiatives
from .rules.lessons import lessons
from .rules.mentoring_and_plans import mentoring_and_plans
from .rules.norms import norms
from .rules.observation import close, observation
from .rules.offending import offending
from .rules.opportunity import opportunity
from .rules.peer_ties import peer_ties
from .rules.presence import presence
from .rules.promises import promises
from .rules.prospects import prospects
from .rules.recruitment import recruitment
from .rules.reporting import reporting
from .rules.routines import routines
from .rules.routing import routing
from .rules.stories import stories
from .rules.trust import trust
from .rules.workforce import workforce
from .shared.exchange import exchange
from .state.world import BLOCK, part, quarter_end


@njit
def begin(whole, p, schedule, seed):
    """Begin every tile: levels, ties, climate, crews and what room they find, noted as week 0.

    Nobody has gone out yet.
    """
    levers, week = schedule[0], 0
    for tile in range(whole.tile_index.size):
        world = part(whole, tile, 0)
        hiring(world, p.hiring, levers, seed, week)
        initialisation(world, p.initialisation, levers, seed, week)
        peer_ties(world, p.peer_ties, levers, seed, week)
        climate(world, p.climate, levers, seed, week)
        encounters(world, p.encounters, levers, seed, week)
        crews(world, p.crews, levers, seed, week)
        opportunity(world, p.opportunity, levers, seed, week)
        observation(world, p.observation, levers, seed, week)
    close(whole, week, week)


@njit
def run(whole, p, schedule, seed, first, last, tile, end):
    """Let the weeks first .. last pass in the tiles tile .. end - 1; `schedule[week]` has what interventions do, by quarter.

    A tile knows only itself, and lives a quarter before the next one does: what a neighbourhood needs stays at hand, however
    many there are.  A call for some of the tiles leaves it to its caller to finish a quarter when all have lived it.
    """
    every = end - tile == whole.tile_index.size
    begun = first
    while begun <= last:
        done = min(quarter_end(begun), last)
        for own in range(tile, end):
            for week in range(begun, done + 1):
                world, levers = part(whole, own, week - begun), schedule[week]
                evictions(world, p.evictions, levers, seed, week)  # who is put out
                demography(world, p.demography, levers, seed, week)  # who is born, dies, leaves, comes
                peer_ties(world, p.peer_ties, levers, seed, week)  # ties change (once a season)
                hiring(world, p.hiring, levers, seed, week)  # posts open and close, vacancies are filled
                routines(world, p.routines, levers, seed, week)  # people choose where to spend free time
                presence(world, p.presence, levers, seed, week)  # professionals make their rounds
                encounters(world, p.encounters, levers, seed, week)  # who meets whom, and how it goes
                promises(world, p.promises, levers, seed, week)  # what becomes of small actions, and who sees it
                exploration(world, p.exploration, levers, seed, week)  # professionals go and ask
                initiatives(world, p.initiatives, levers, seed, week)  # residents take the lead
                lessons(world, p.lessons, levers, seed, week)  # pupils hear about crime
                trust(world, p.trust, levers, seed, week)  # trust, usefulness and fear follow
                norms(world, p.norms, levers, seed, week)  # what talking costs, and what is normal
                climate(world, p.climate, levers, seed, week)  # what people around think (every fourth week)
                opportunity(world, p.opportunity, levers, seed, week)  # what room places give
                prospects(world, p.prospects, levers, seed, week)  # what people see ahead
                recruitment(world, p.recruitment, levers, seed, week)  # who slides further
                mentoring_and_plans(world, p.mentoring_and_plans, levers, seed, week)  # who gets help
                desistance(world, p.desistance, levers, seed, week)  # who gets out; all changes of stage apply
                offending(world, p.offending, levers, seed, week)  # nuisance and crime
                reporting(world, p.reporting, levers, seed, week)  # who notices, who reports
                routing(world, p.routing, levers, seed, week)  # who takes reports and signals up
                casework(world, p.casework, levers, seed, week)  # what becomes of them
                enforcement(world, p.enforcement, levers, seed, week)  # arrests and raids
                stories(world, p.stories, levers, seed, week)  # what is passed on, and to whom
                crews(world, p.crews, levers, seed, week)  # crews adapt
                aftermath(world, p.aftermath, levers, seed, week)  # what it leaves behind
                workforce(world, p.workforce, levers, seed, week)  # professionals learn, meet, tire, leave
                observation(world, p.observation, levers, seed, week)  # outcomes of the week
        if every:
            finish(whole, p, seed, begun, done)
        begun = done + 1


@njit
def finish(whole, p, seed, first, last):
    """Close weeks of a quarter that all tiles have lived; at its end they exchange what they wrote."""
    close(whole, first, last)
    if last % BLOCK == 0:
        exchange(whole, seed)
