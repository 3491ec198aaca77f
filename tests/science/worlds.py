"""Worlds to measure in: what happens in one world (a seed), in numbers that the patterns are judged by.

Every function here takes a seed and returns name -> numbers of that world.  Worlds that are compared are twins: the same
people and the same luck, with one difference.  Nothing here knows what a pattern should look like.
"""

import copy
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kantelpunt.experiments.analysis.trial_arms import contacted
from kantelpunt.model.compiled import njit
from kantelpunt.model.rules.casework import draw_conclusions
from kantelpunt.model.rules.mentoring_and_plans import needs
from kantelpunt.model.shared.persons import MATCHING, age_of, is_youth
from kantelpunt.model.simulation import Run, Simulation, simulate
from kantelpunt.model.state.codes import DONE, EXPLAINED, FAVOURS, GREEN, HOME, NOBODY, SILENT, STREET
from kantelpunt.model.state.world import Row, World, executable

from .scenarios import scenario_of

FOCUS, CONTRAST = "tilburg-noord", "contrast"
YEAR, HALF, SEASON = 52, 26, 13
LONG, SETTLED = 20, 10  # years of the long runs; years after which little is left of how the start set stages by age
MANY = 10_000  # people, where a few weeks or a few events have to tell the difference
BEGUN = 2 * YEAR  # week in which twins part
OLDEST = 100

Numbers = dict[str, Any]


class Watched(NamedTuple):
    """A finished run and, from season to season, who lived there."""

    weeks: pd.DataFrame  # one row a week, one column an outcome
    events: pd.DataFrame
    people: pd.DataFrame  # week, id, born, male: everybody at the end of every season
    kinds: np.ndarray  # kind of every cell
    meeting: np.ndarray  # share of adults who met a professional, in every year
    profile: np.ndarray  # share of youths of 8-23 with problems in three life domains or more, at the end of every season


@lru_cache(maxsize=128)
def watched(area: str, years: int, seed: int) -> Watched:
    """Run an area without any programme and look in every season."""
    simulation = Simulation(scenario_of(seed, area=area, people=2_000, years=years), seed, events=True)
    seen, profile = [], []
    for _ in range(years * YEAR // SEASON):
        simulation.advance(SEASON)
        people = simulation.world.people[simulation.world.people["present"] == 1]
        seen.append(pd.DataFrame({name: people[name] for name in ("id", "born", "male")}).assign(week=simulation.week))
        profile.append(in_profile(executable(simulation.world), simulation._parameters.mentoring_and_plans, simulation.week))
    run = Run(simulation.scenario, seed, simulation.world)
    residents = pd.concat(seen)
    meeting, kinds = met(run.events, residents, years), simulation.world.places["kind"].copy()
    return Watched(run.weeks, run.events, residents, kinds, meeting, np.array(profile))


@njit
def in_profile(world, p, week):
    """Return the share of youths of 8-23 who have problems in three life domains or more, involved or not."""
    youths = 0
    found = 0
    for i in range(world.people.size):
        person = world.people[i]
        age = age_of(person, week)
        if person.present == 1 and is_youth(age):
            youths += 1
            found += 1 if needs(person, world.households[person.household], age, p) >= MATCHING else 0
    return found / max(youths, 1)


def met(events: pd.DataFrame, residents: pd.DataFrame, years: int) -> np.ndarray:
    """Return the share of the adults at the end of each year who had any contact with a professional in it."""
    contacts = events[events["kind"].isin(("contact", "good contact", "bad contact"))]
    year, shares = (contacts["week"] - 1) // YEAR, []
    for nth in range(years):
        here = residents[residents["week"] == (nth + 1) * YEAR]
        adults = here["id"][here["born"] <= nth * YEAR - 18 * YEAR]
        shares.append(adults.isin(contacts["who"][year == nth]).mean())
    return np.array(shares)


def ages(seed: int) -> Numbers:
    """Return offences of involved people (stage 2 and up) and of all, and person-years, by sex (women first) and year of age."""
    seen = watched(FOCUS, LONG, seed)
    settled = SETTLED * YEAR
    people = seen.people[seen.people["week"] > settled]
    years = by_age(people["male"], (people["week"] - people["born"]) / YEAR) * SEASON / YEAR
    done = seen.events[(seen.events["kind"] == "offence") & (seen.events["week"] > settled)]
    done = done.merge(seen.people.drop_duplicates("id")[["id", "born", "male"]], left_on="who", right_on="id")
    done = done.assign(age=(done["week"] - done["born"]) / YEAR)
    involved = done[done["value"] >= FAVOURS]
    return {"years": years, "involved": by_age(involved["male"], involved["age"]), "all": by_age(done["male"], done["age"])}


def by_age(male: pd.Series, age: pd.Series) -> np.ndarray:
    """Return how many there are by sex (women first) and year of age, shape (2, OLDEST)."""
    return np.histogram2d(male, np.clip(age, 0, OLDEST - 1), bins=[[-0.5, 0.5, 1.5], np.arange(OLDEST + 1)])[0]


def places(seed: int) -> Numbers:
    """Return incidents by place over ten years, most first: of homes and public places, of public places only, of all cells."""
    seen = watched(FOCUS, LONG, seed)
    done = seen.events[(seen.events["kind"] == "offence") & (seen.events["week"] <= 10 * YEAR)]
    by_cell = np.bincount(done["place"], minlength=seen.kinds.size)
    public = ~np.isin(seen.kinds, (HOME, STREET, GREEN))
    chosen = {"outside": public | (seen.kinds == HOME), "public": public, "all": seen.kinds >= 0}
    return {name: np.sort(by_cell[cells])[::-1] for name, cells in chosen.items()}


def decade(seed: int) -> Numbers:
    """Return sums of what was counted and means of levels over the first ten years of a focus area without a programme."""
    return sums(watched(FOCUS, LONG, seed))


def contrast_decade(seed: int) -> Numbers:
    """Return the same of a contrast area."""
    return sums(watched(CONTRAST, 10, seed))


def sums(seen: Watched) -> Numbers:
    """Return counts summed over ten years, and levels averaged over the last nine of them."""
    first = seen.weeks.iloc[1 : 10 * YEAR + 1]
    counted = ("births", "deaths", "moved_out", "noticed", "intended", "reports", "arrests", "recruited")
    counted += ("staff_left", "members")
    levels = ("people", "youths", "youths_at_risk", "cohesion", "unsafe")
    seasons = slice(YEAR // SEASON, 10 * YEAR // SEASON)
    return {
        **{name: first[name].sum() for name in counted},
        **{name: first[name].iloc[YEAR:].mean() for name in levels},
        "arrests_involved": involved_arrests(seen, 10),
        "meeting": seen.meeting[:10].mean(),
        "profile": seen.profile[seasons].mean(),
    }


def involved_arrests(seen: Watched, years: int) -> int:
    """Return how often somebody at stage 2 or higher was arrested in the first years, raids not included."""
    arrests = seen.events[(seen.events["kind"] == "arrest") & (seen.events["week"] <= years * YEAR)]
    return int((arrests["value"] >= FAVOURS).sum())


@lru_cache(maxsize=4)
def begun(seed: int, people: int = 2_000) -> Simulation:
    """Return a focus area after two years, for twins to part from."""
    simulation = Simulation(scenario_of(seed, area=FOCUS, people=people, years=4), seed, events=True)
    simulation.advance(BEGUN)
    return simulation


def twin(simulation: Simulation) -> Simulation:
    """Return a copy of a world that goes its own way from here."""
    other = copy.copy(simulation)
    arrays = {name: array.copy() for name, array in simulation.world._asdict().items()}
    arrays["flat_tally"], arrays["flat_levels"] = arrays["tally"].view(np.int64), arrays["levels"].view(np.float64)
    arrays["flat_totals"] = arrays["totals"].view(np.int64)
    other.world = World(**arrays)
    return other


def adults(simulation: Simulation) -> np.ndarray:
    """Return the rows of all adults at large without an open case."""
    people = simulation.world.people
    free = (people["present"] == 1) & (people["detained_until"] <= simulation.week) & (people["case"] == NOBODY)
    return np.flatnonzero(free & (people["born"] <= simulation.week - 18 * YEAR))


def gap(one: Simulation, other: Simulation, ids: np.ndarray, whom: str = "frontline") -> float:
    """Return how much more trust in `whom` these people have in one world than in the other (who lives in both)."""
    trust = []
    for people in (one.world.people, other.world.people):
        here = people[(people["present"] == 1) & np.isin(people["id"], ids)]
        trust.append(pd.Series(here[f"trust_{whom}"], index=here["id"]))
    return float((trust[0] - trust[1]).mean())  # by identity; who left one of the two does not count


def contacts(seed: int) -> Numbers:
    """Give one adult in ten one good contact, or one every second week for a year: the gap to the twin, week by week after it."""
    start, n = begun(seed), HALF
    ids = start.world.people["id"][adults(start)]
    ids = ids[ids % 10 == 0]
    once, plain = twin(start), twin(start)
    contacted(once, ids)
    after_one, institutions = [gap(once, plain, ids)], [gap(once, plain, ids, "institutions")]
    for _ in range(n):
        once.advance()
        plain.advance()
        after_one.append(gap(once, plain, ids))
        institutions.append(gap(once, plain, ids, "institutions"))
    often, plain = twin(start), twin(start)
    for _ in range(n):
        contacted(often, ids)
        often.advance(2)
        plain.advance(2)
    contacted(often, ids)
    after_many = [gap(often, plain, ids)]
    for _ in range(n):
        often.advance()
        plain.advance()
        after_many.append(gap(often, plain, ids))
    return {"once": np.array(after_one), "once_institutions": np.array(institutions), "often": np.array(after_many)}


def feedback(seed: int) -> Numbers:
    """Return the reports in half a year by those who reported before, after silence, an explained no, or done and told."""
    start = begun(seed, MANY)
    reporters = reported(start)
    rows = adults(start)
    rows = rows[np.isin(start.world.people["id"][rows], reporters["who"])]
    ids = start.world.people["id"][rows]
    effect, numbers = getattr(draw_conclusions, "py_func", draw_conclusions), {"people": rows.size}
    for name, outcome in (("silence", SILENT), ("explained", EXPLAINED), ("done", DONE)):
        other = twin(start)
        for row in rows:
            effect(Row(other.world.people, row), outcome, start._parameters.casework)
        other.advance(HALF)
        after = reported(other)
        numbers[name] = np.isin(after["who"][after["week"] > BEGUN], ids).sum()
    return numbers


def reported(simulation: Simulation) -> pd.DataFrame:
    """Return the reports so far."""
    events = Run(simulation.scenario, simulation.seed, simulation.world).events
    return events[events["kind"] == "report"]


def raid(seed: int) -> Numbers:
    """Return weekly incidents in the year before and after a raid on three in ten crew members, without and with it."""
    plain = scenario_of(seed, area=FOCUS, people=MANY, years=2)
    raided = plain.changed(interventions=[{"kind": "raid", "date": YEAR}])
    return {name: simulate(each, seed).weeks["incidents"].to_numpy() for name, each in (("plain", plain), ("raided", raided))}


def patrol(seed: int) -> Numbers:
    """Return weekly incidents at the hot spots, and elsewhere, in the year of a patrol at constant dose, without and with it.

    Hot spots are the tenth of the public places with most incidents in the half year before: the same in both worlds.
    """
    plain = scenario_of(seed, area=FOCUS, people=MANY, years=2)
    patrolled = plain.changed(interventions=[{"kind": "hot_spot_enforcement", "from": YEAR}])
    runs = {"plain": simulate(plain, seed, events=True), "patrolled": simulate(patrolled, seed, events=True)}
    kinds = runs["plain"].world.places["kind"]
    public = np.flatnonzero(~np.isin(kinds, (HOME, STREET, GREEN)))
    numbers: Numbers = {}
    hot = None
    for name, run in runs.items():
        done = run.events[run.events["kind"] == "offence"]
        if hot is None:
            before = done[done["week"].between(YEAR - HALF + 1, YEAR)]
            by_place = np.bincount(before["place"], minlength=kinds.size)[public]
            hot = public[np.argsort(-by_place, kind="stable")[: round(public.size / 10)]]
        after = done[done["week"] > YEAR]
        for part, there in (("", np.isin(after["place"], hot)), ("_elsewhere", ~np.isin(after["place"], hot))):
            numbers[name + part] = np.bincount(after["week"][there] - YEAR - 1, minlength=YEAR)
        numbers[name + "_displaced"] = run.weeks["displaced"].to_numpy()[YEAR + 1 :]
    return numbers


def presence(years: int, hours: float, actions: float) -> list[dict]:
    """Return visible presence from the second year on, for so many years, at this dose."""
    return [{"kind": "visible_presence", "from": YEAR, "until": YEAR + years * YEAR, "hours": hours, "actions": actions}]


SHORT = presence(1, 100.0, 5.0)
STRONG = presence(8, 200.0, 10.0)


def course(seed: int) -> Numbers:
    """Return trust in institutions and crime's hold over twenty years: without presence, with a year, with a strong dose."""
    plain = scenario_of(seed, area=FOCUS, people=2_000, years=LONG)
    numbers = {"plain": levels(watched(FOCUS, LONG, seed).weeks)}
    for name, programme in (("short", SHORT), ("strong", STRONG)):
        numbers[name] = levels(simulate(plain.changed(interventions=programme), seed).weeks)
    return numbers


def levels(weeks: pd.DataFrame) -> np.ndarray:
    """Return trust in institutions and crime's hold, by week: shape (2, weeks + 1)."""
    return weeks[["trust_institutions", "crime_hold"]].to_numpy().T
