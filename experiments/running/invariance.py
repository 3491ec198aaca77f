"""The audit of draws: other ways to live a run, under which its history must be the same to the last bit.

Every draw is a function of the seed, the decision, the week and who is concerned.  So it must not matter whether somebody looks
(`watched`), nor in which rows people and cases stand (`shuffled`).  `Study.verify` does a sample of a study's runs again in
one of these ways.
"""

import numpy as np

from kantelpunt.model.population.families import KIN
from kantelpunt.model.simulation import Simulation
from kantelpunt.model.state.codes import FAMILY, NOBODY
from kantelpunt.model.state.world import World

from .runner import Job

OFTEN = 13  # weeks between two shuffles


def watched(job: Job) -> np.ndarray:
    """Return the history, lived week by week with a log of all that happens: looking must change nothing."""
    simulation = Simulation(job.scenario, job.seed, events=True)
    for _ in range(job.scenario.weeks):
        simulation.advance()
        simulation.row(simulation.week)
    return simulation.world.history


def shuffled(job: Job) -> np.ndarray:
    """Return the history, with people and cases in other rows every quarter of a year: order must change nothing."""
    simulation = Simulation(job.scenario, job.seed)
    while simulation.week < job.scenario.weeks:
        shuffle(simulation.world, job.seed + simulation.week)
        simulation.advance(OFTEN)
    return simulation.world.history


def shuffle(world: World, seed: int) -> None:
    """Give all people and cases other rows, free rows included, and let everything that points at them follow."""
    chance = np.random.default_rng(seed)
    people, cases = chance.permutation(world.people.size), chance.permutation(world.cases.size)
    follow(world.friends["row"], people)
    about = np.where(world.cases["kind"] == FAMILY, NOBODY, world.cases["about"])  # households stay where they are
    follow(about, people)
    np.copyto(world.cases["about"], about, where=world.cases["kind"] != FAMILY)
    follow(world.cases["reporter"], people)
    for name in KIN:
        follow(world.kin[f"{name}_row"], people)
    follow(world.people["case"], cases)
    follow(world.households["case"], cases)
    n_people, n_cases = int(world.tile_index["people_free"][0]), int(world.tile_index["cases_free"][0])
    world.people_free[:n_people] = chance.permutation(people[world.people_free[:n_people]])
    world.cases_free[:n_cases] = chance.permutation(cases[world.cases_free[:n_cases]])
    for array in (world.people, world.friends, world.acquaintances, world.kin):
        array[people] = array.copy()
    world.cases[cases] = world.cases.copy()


def follow(pointers: np.ndarray, rows: np.ndarray) -> None:
    """Let pointers at rows point at where these rows go: row i to rows[i]."""
    pointers[pointers != NOBODY] = rows[pointers[pointers != NOBODY]]
