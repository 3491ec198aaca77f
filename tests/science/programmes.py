"""Programmes that trials and evaluations know: who is helped against the same people unhelped, and what programmes move.

How each is read was fixed before it was measured.  A programme begins after two years and its twin world has none; people are
followed by identity, whether they stay or not, so that who is helped is the same in both.

    mentored    has a mentor half a year after mentors came; all offences in the year after that
    late        at stage 3 or 4 in the week in which the plan began; all offences in the two years after the half year of pick-up
    hand-over   weeks from leaving one desk until the other may take it up, in the second year of lunches
    staff       visible presence without small actions; professionals who leave four times as often as usual (once a year), or a
                fifth as often, in both twins; trust of all adults in the second year of presence
"""

from typing import Any

import numpy as np
import pandas as pd

from kantelpunt.model.simulation import Run, Simulation, simulate
from kantelpunt.model.state.codes import RUNNER, WAITING

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import BEGUN, FOCUS, HALF, MANY, YEAR, Numbers

NOISE = 0.2  # standard deviations: below this a difference counts as negligible (Cohen 1988)
FELT = 0.02  # of trust: a tenth of a standard deviation between persons (about 2 of 10 in surveys)


def helped(seed: int, programme: dict[str, Any], years: int) -> tuple[Simulation, Simulation]:
    """Return a world with a programme and the same world without it, both at their start, with a log."""
    plain = scenario_of(seed, area=FOCUS, people=MANY, years=years)
    return Simulation(plain.changed(interventions=[programme]), seed, events=True), Simulation(plain, seed, events=True)


def offences(simulation: Simulation, ids: np.ndarray, years: int) -> np.ndarray:
    """Return how many offences each of these people does in the years after the first half year of the programme."""
    simulation.advance(simulation.scenario.weeks)
    events = Run(simulation.scenario, simulation.seed, simulation.world).events
    first = BEGUN + HALF
    done = events[(events["kind"] == "offence") & events["week"].between(first + 1, first + years * YEAR)]
    return done["who"].value_counts().reindex(ids, fill_value=0).to_numpy()


def both(programme: Simulation, plain: Simulation, ids: np.ndarray, years: int) -> Numbers:
    """Return the offences of the same people in both worlds, and how many do more and how many do less than without."""
    one, other = offences(programme, ids, years), offences(plain, ids, years)
    return {"with": one.sum(), "without": other.sum(), "more": (one > other).sum(), "less": (one < other).sum(), "n": ids.size}


def mentored(seed: int) -> Numbers:
    """Return the offences of who has a mentor, with and without."""
    programme, plain = helped(seed, {"kind": "mentoring", "from": BEGUN, "ramp": 0}, 4)
    programme.advance(BEGUN + HALF)
    people = programme.world.people
    return both(programme, plain, people["id"][(people["present"] == 1) & (people["mentored"] == 1)], 1)


def late(seed: int) -> Numbers:
    """Return the offences of who gets a plan at stage 3 or 4, with and without."""
    programme, plain = helped(seed, {"kind": "person_centred", "from": BEGUN, "ramp": 0}, 5)
    programme.advance(BEGUN)
    known, heavy = set(), []
    for _ in range(HALF):
        programme.advance()
        people = programme.world.people
        people = people[(people["present"] == 1) & (people["plan_domains"] > 0)]
        heavy += [each["id"] for each in people if each["id"] not in known and each["stage"] >= RUNNER]
        known |= set(people["id"].tolist())
    return both(programme, plain, np.array(heavy, dtype=np.int64), 2)


def lunches(seed: int) -> Numbers:
    """Return hand-overs and their weeks in the second year, hand-overs per case, and incidents in the first, with and without."""
    plain = scenario_of(seed, area=FOCUS, people=2_000, years=2)
    numbers: Numbers = {}
    for name, lunch in (("plain", []), ("lunch", [{"kind": "sirenelunch"}])):
        simulation = Simulation(plain.changed(interventions=lunch), seed)
        simulation.advance(YEAR)
        times = pd.concat([handed_over(simulation) for _ in range(YEAR)])
        weeks = Run(simulation.scenario, seed, simulation.world).weeks
        opened = weeks["cases_opened"].iloc[YEAR + 1 :].sum()
        incidents = weeks["incidents"].iloc[1 : YEAR + 1].sum()
        numbers |= {
            f"{name}_weeks": times.sum(),
            f"{name}_handed": len(times),
            f"{name}_opened": opened,
            f"{name}_incidents": incidents,
        }
    return numbers


def handed_over(simulation: Simulation) -> pd.Series:
    """Let a week pass and return, by case, the weeks that each hand-over of this week takes."""
    before = waiting(simulation)["handoffs"]
    simulation.advance()
    now = waiting(simulation)
    return (now["ready"] - simulation.week)[now["handoffs"] > before.reindex(now.index, fill_value=0)]


def waiting(simulation: Simulation) -> pd.DataFrame:
    """Return hand-overs so far and the week until which it is on its way, of every open case, by identity."""
    cases = simulation.world.cases
    cases = cases[cases["state"] == WAITING]
    return pd.DataFrame({name: cases[name] for name in ("handoffs", "ready")}, index=cases["id"])


def staff(seed: int) -> Numbers:
    """Return trust in institutions in the second year of presence, with and without, by whether staff rotates or stays."""
    walking = {"kind": "visible_presence", "from": YEAR, "actions": 0}
    numbers = {}
    for name, times in (("rotating", 4.0), ("staying", 0.2)):
        circumstance = {"kind": "staff_turnover", "from": YEAR, "times": times}
        plain = scenario_of(seed, area=FOCUS, people=2_000, years=3, interventions=[circumstance])
        for what, scenario in (("with", plain.changed(interventions=[circumstance, walking])), ("without", plain)):
            numbers[f"{name}_{what}"] = simulate(scenario, seed).weeks["trust_institutions"].iloc[2 * YEAR + 1 :].mean()
    return numbers


# -- V19, V21: who is helped, against the same people in the twin world


def fewer(shown: Shown) -> float:
    """Return the change in % of the offences of who is helped, against the same people unhelped."""
    return 100 * float(shown["with"].sum() / max(shown["without"].sum(), 1) - 1)


@pattern("V19a", "offences of who has a mentor, against the same people without", "%", mentored, "-25 to -5", -25, -5)
def mentors(shown: Shown) -> float:
    return fewer(shown)


@pattern("V19b", "of those whose offences differ, who do more with a mentor than without (heterogeneous)", "%", mentored)
def mixed(shown: Shown) -> float:
    return 100 * shown["more"].sum() / max((shown["more"] + shown["less"]).sum(), 1)


@pattern("V21", "offences of late, heavy cases with a plan, against the same people without", "%", late, "-10 to 10", -10, 10)
def late_plans(shown: Shown) -> float:
    return fewer(shown)


# -- V27: lunches


@pattern("V27a", "weeks that a hand-over takes, in the second year of lunches", "%", lunches, "-50 to -20", -50, -20)
def quicker(shown: Shown) -> float:
    plain, lunch = (shown[f"{name}_weeks"].sum() / max(shown[f"{name}_handed"].sum(), 1) for name in ("plain", "lunch"))
    return 100 * float(lunch / plain - 1)


@pattern("V27b", "hand-overs per case, in the second year of lunches", "%", lunches)
def passed_on(shown: Shown) -> float:
    plain, lunch = (shown[f"{name}_handed"].sum() / max(shown[f"{name}_opened"].sum(), 1) for name in ("plain", "lunch"))
    return 100 * float(lunch / plain - 1)


@pattern(
    "V27c", "incidents in the first year of lunches: mean difference over the spread of worlds", "sd", lunches,
    "within noise: -0.2 to 0.2", -NOISE, NOISE,
)  # fmt: skip
def nuisance(shown: Shown) -> float:
    return float((shown["lunch_incidents"] - shown["plain_incidents"]).mean() / max(shown["plain_incidents"].std(), 1e-9))


# -- V30: staff that rotates, staff that stays


def gained(shown: Shown, staff: str) -> float:
    """Return what presence adds to trust in institutions with such staff."""
    return float((shown[f"{staff}_with"] - shown[f"{staff}_without"]).mean())


@pattern("V30a", "trust gained by presence with staff that rotates", "level", staff, "none: -0.02 to 0.02", -FELT, FELT)
def rotating(shown: Shown) -> float:
    return gained(shown, "rotating")


@pattern("V30b", "trust gained by presence with staff that stays", "level", staff, "at least 0.02", FELT)
def staying(shown: Shown) -> float:
    return gained(shown, "staying")
