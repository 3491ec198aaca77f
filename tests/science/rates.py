"""Size and rates beside published figures: a stuck world of 2,000 over ten years, and families over thirty.

Families are measured in two ways.  Of closed families with somebody involved: children under ten at the start who do not leave
within eight years.  Of all youths below stage 2, looked at every season: those who do their first favours for a crew before the
next look, by whether a housemate is involved.  Favours of people who return to a crew do not count, since p10 is about beginners
(D144).
"""

from functools import partial

import numpy as np
import pandas as pd

from kantelpunt.model.shared.persons import YOUTH_FROM, YOUTH_UNTIL
from kantelpunt.model.simulation import Run, Simulation
from kantelpunt.model.state.codes import FAVOURS, RUNNER

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import FOCUS, SEASON, YEAR, Numbers, decade

PEOPLE = 20_000  # so that there are daughters of closed families
EARLY, LATE = (0, 10), (20, 30)  # years over which intake by family is counted
FEW: dict[str, int] = {"most": 16, "again": 3}  # worlds: one is thirty years of a large area


def a_year(shown: Shown, name: str, per: str = "people") -> float:
    """Return how often something happens per person and year."""
    return float(np.mean(shown[name] / 10 / shown[per]))


@pattern("S1", "youths who reach stage 2 in ten years in a stuck world of 2,000", "persons", decade, "at least 20", low=20)
def size(shown: Shown) -> float:
    return shown["recruited"].mean()


def rate(
    id: str, text: str, unit: str, target: str, low: float, high: float, name: str, scale: float, per: str = "people"
) -> None:
    """Register how often something happens in a year, of so many."""

    @pattern(id, text, unit, decade, target, low, high)
    def yearly(shown: Shown) -> float:
        return scale * a_year(shown, name, per)


REPORTS = "10-100 (youth nuisance alone 5.6; victims 20 % a year, 36 % of it reported)"
SUSPECTS = "20-160 (suspects 2023: 80; p05: up to twice in focus)"
AT_RISK = "1-10 (p01: 2-14 % at risk, over 16 years)"

rate("R1", "births", "per 1,000 a year", "7-15 (CBS 2022: 9.5)", 7, 15, "births", 1_000)
rate("R2", "deaths", "per 1,000 a year", "5-13 (CBS 2022: 9.6; younger here)", 5, 13, "deaths", 1_000)
rate("R3", "inhabitants who move out", "% a year", "8-22 (p40)", 8, 22, "moved_out", 100)
rate("R4", "reports by residents", "per 1,000 a year", REPORTS, 10, 100, "reports", 1_000)
rate("R5", "arrests", "per 10,000 a year", SUSPECTS, 20, 160, "arrests", 10_000)


@pattern("R6", "arrests of those involved", "% a month", decade, "0.5-8 (p06)", 0.5, 8)
def detection(shown: Shown) -> float:
    return 100 * shown["arrests_involved"].sum() / max(shown["members"].sum() / YEAR * 12, 1)


rate("R7", "youths of 8-23 who reach stage 2", "per 1,000 a year", AT_RISK, 1, 10, "recruited", 1_000, "youths")


@pattern("R8", "adults who meet a professional at least once a year", "%", decade, "15-45 (CBS 2021: police alone 24.8)", 15, 45)
def meeting(shown: Shown) -> float:
    return 100 * float(np.mean(shown["meeting"]))


@pattern("R9", "professionals who leave", "% a year", decade, "10-45 (p49)", 10, 45)
def turnover(shown: Shown) -> float:
    return 100 * float(np.mean(shown["staff_left"])) / 10 / 14


# -- families over thirty years


def housemates(simulation: Simulation) -> np.ndarray:
    """Return for everybody how many people at stage 2 or higher live in their home, themselves included."""
    tile_index, people = simulation.world.tile_index, simulation.world.people
    home = people["household"] + np.repeat(tile_index["first_household"], tile_index["persons"])
    return simulation.world.households["involved"][home]


def seen(simulation: Simulation) -> pd.DataFrame:
    """Return all youths and all members of crews: identity, week, whether they work for a crew, whether a housemate does."""
    people, week = simulation.world.people, simulation.week
    age = (week - people["born"]) / YEAR
    involved = people["stage"] >= FAVOURS
    here = (people["present"] == 1) & (involved | ((age >= YOUTH_FROM) & (age < YOUTH_UNTIL)))
    table = {"who": people["id"], "involved": involved, "family": housemates(simulation) > 0}
    return pd.DataFrame({name: values[here] for name, values in table.items()}).assign(week=week)


def intake(looks: pd.DataFrame, events: pd.DataFrame, years: tuple[int, int]) -> Numbers:
    """Return seasons lived below stage 2, and first favours before the next look, by whether a housemate is involved."""
    begun = events[(events["kind"] == "stage up") & (events["value"] == FAVOURS)].drop_duplicates("who")
    working = looks[looks["involved"]].drop_duplicates("who").set_index("who")["week"]
    begun = begun[~(begun["who"].map(working) < begun["week"])]  # without those who worked for a crew before
    begun = begun.assign(week=(begun["week"] - 1) // SEASON * SEASON)[["who", "week"]]
    youths = looks[~looks["involved"] & (looks["week"] >= years[0] * YEAR) & (looks["week"] < years[1] * YEAR)]
    first = youths.merge(begun, on=["who", "week"])
    numbers = {name: (table["family"].sum(), (~table["family"]).sum()) for name, table in (("of", youths), ("in", first))}
    return {f"{name}_{years[0]}": np.array(counts) for name, counts in numbers.items()}


def generations(seed: int) -> Numbers:
    """Return sons and daughters of closed families and who of them reached stage 3, and intake by family."""
    simulation = Simulation(scenario_of(seed, area=FOCUS, people=PEOPLE, years=30), seed, events=True)
    people, households = simulation.world.people, simulation.world.households
    tile_index = simulation.world.tile_index
    home = people["household"] + np.repeat(tile_index["first_household"], tile_index["persons"])
    closed = (households["closed"] > 0)[home] & (housemates(simulation) > 0)
    young = (people["present"] == 1) & (people["born"] > -10 * YEAR) & closed
    children = {name: people["id"][young & (people["male"] == male)].copy() for name, male in (("daughters", 0), ("sons", 1))}
    looks = []
    while simulation.week < 30 * YEAR:
        looks.append(seen(simulation))
        simulation.advance(SEASON)
    events = Run(simulation.scenario, seed, simulation.world).events
    early = events[events["week"] <= 16 * YEAR]
    left = early[(early["kind"] == "left") & (early["week"] <= 8 * YEAR)]["who"]
    deep = early[(early["kind"] == "stage up") & (early["value"] >= RUNNER)]["who"]
    numbers: Numbers = {}
    for name, ids in children.items():
        stayed = ids[~np.isin(ids, left)]
        numbers |= {name: stayed.size, f"{name}_reached": np.isin(stayed, deep).sum()}
    return numbers | intake(pd.concat(looks), events, EARLY) | intake(pd.concat(looks), events, LATE)


def transmission(shown: Shown, years: tuple[int, int]) -> float:
    """Return how much more often youths with an involved housemate do their first favours in these years than others."""
    family, others = shown[f"in_{years[0]}"].sum(axis=0) / np.maximum(shown[f"of_{years[0]}"].sum(axis=0), 1)
    return float(family / max(others, 1e-9))


def reached(shown: Shown, who: str) -> float:
    """Return the % of these children who reach stage 3 in the first sixteen years."""
    return 100 * float(shown[f"{who}_reached"].sum() / max(shown[who].sum(), 1))


@pattern("F1", "sons of closed families with somebody involved who reach stage 3", "%", generations, "30-90 (p17)", 30, 90, **FEW)
def sons(shown: Shown) -> float:
    return reached(shown, "sons")


@pattern(
    "F2",
    "daughters of closed families with somebody involved who reach stage 3",
    "%",
    generations,
    "5-50 (p18)",
    5,
    50,
    **FEW | {"again": 8},  # they are few
)
def daughters(shown: Shown) -> float:
    return reached(shown, "daughters")


def transmitted(id: str, text: str, years: tuple[int, int], target: str) -> None:
    """Register the ratio of first favours in these years."""
    few = FEW | {"again": 8}  # near its band, so that three worlds may say otherwise
    pattern(id, text, "ratio", generations, target, 1.8, 4.5, **few)(partial(transmission, years=years))


INTAKE = "intake of youths with an involved housemate"
transmitted("V17", f"{INTAKE}, against other youths", EARLY, "1.8-4.5")
transmitted("F3", f"{INTAKE} in years 21-30, against other youths", LATE, "1.8-4.5 (V17)")
