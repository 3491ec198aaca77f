"""Crime that is ordinary: suspects, few who do most, ages, and the spread and season of what is registered.

How each is read was fixed before it was measured.  Suspects are people of 12-24 who are arrested; distinct within a year.
"""

import numpy as np
import pandas as pd

from kantelpunt.experiments.analysis.panel_statistics import dispersion
from kantelpunt.model.quantity import quantities_of
from kantelpunt.model.rules.routines import Parameters
from kantelpunt.model.simulation import simulate
from kantelpunt.model.state.codes import FAVOURS

from .measure import Shown, pattern
from .patterns import peak
from .scenarios import scenario_of
from .worlds import CONTRAST, FOCUS, LONG, MANY, SEASON, YEAR, Numbers, Watched, by_age, watched

TOWN = "small-town"
FROM, UNTIL = 12, 25  # years of age of young suspects
COHORT = 12, 18  # years of age over which a cohort is followed
EARLY = 2  # years that are left out
MONTH, MONTHS = 4, 13  # weeks, and how many of these a year has
MOST = 20  # arrests of one person from which they count alike
SUMMER = quantities_of(Parameters)["summer"].default


def aged(seen: Watched, kind: str, after: int = 0) -> pd.DataFrame:
    """Return the events of a kind after some years with birth, sex and age of whoever did it."""
    events = seen.events[(seen.events["kind"] == kind) & (seen.events["week"] > after * YEAR)]
    events = events.merge(seen.people.drop_duplicates("id")[["id", "born", "male"]], left_on="who", right_on="id")
    return events.assign(age=(events["week"] - events["born"]) / YEAR)


def suspects(area: str, years: int, seed: int) -> tuple[float, float]:
    """Return distinct people of 12-24 arrested in a year, and people of that age, summed over the years that count."""
    seen = watched(area, years, seed)
    arrests = aged(seen, "arrest", EARLY)
    young = arrests[(arrests["age"] >= FROM) & (arrests["age"] < UNTIL)]
    distinct = len(pd.DataFrame({"who": young["who"], "year": (young["week"] - 1) // YEAR}).drop_duplicates())
    people = seen.people[seen.people["week"] > EARLY * YEAR]
    age = (people["week"] - people["born"]) / YEAR
    return float(distinct), float(((age >= FROM) & (age < UNTIL)).sum()) / 4  # a look a season


def young_suspects(seed: int) -> Numbers:
    """Return suspects and young people of one world of three kinds of area."""
    years = {FOCUS: LONG, CONTRAST: 10, TOWN: 10}
    return {area: np.array(suspects(area, some, seed)) for area, some in years.items()}


def per_hundred(shown: Shown, area: str) -> float:
    """Return distinct young suspects per 100 a year."""
    return 100 * float(shown[area][:, 0].sum() / shown[area][:, 1].sum())


@pattern("N1a", "distinct youth suspects per 100 of 12-24 a year in a focus area", "%", young_suspects)
def suspects_in_focus(shown: Shown) -> float:
    return per_hundred(shown, FOCUS)


@pattern(
    "N1b", "distinct youth suspects per 100 of 12-24 a year in a small town", "%", young_suspects, "about 2 (CBS 2022: 2.0)", 1, 3
)
def suspects_in_town(shown: Shown) -> float:
    return per_hundred(shown, TOWN)


@pattern(
    "N1c",
    "distinct youth suspects per 100 of 12-24 a year in a contrast area",
    "%",
    young_suspects,
    "above 0.3: nowhere zero",
    0.3,
)
def suspects_in_contrast(shown: Shown) -> float:
    return per_hundred(shown, CONTRAST)


@pattern("N1d", "youth suspects in a focus area, against a contrast area", "ratio", young_suspects, "1.5-4", 1.5, 4)
def suspects_ratio(shown: Shown) -> float:
    return per_hundred(shown, FOCUS) / max(per_hundred(shown, CONTRAST), 1e-9)


def cohort(seed: int) -> Numbers:
    """Return how many who lived here from 12 until 18 were arrested 0, 1, 2 ... times at those ages, in two kinds of area."""
    numbers: Numbers = {}
    for area in (FOCUS, CONTRAST):
        seen = watched(area, LONG, seed)
        age = (seen.people["week"] - seen.people["born"]) / YEAR
        looks = seen.people[(age >= COHORT[0]) & (age < COHORT[1])]["id"].value_counts()
        stayed = looks.index[looks >= (COHORT[1] - COHORT[0]) * YEAR // SEASON]
        arrests = aged(seen, "arrest")
        arrests = arrests[(arrests["age"] >= COHORT[0]) & (arrests["age"] < COHORT[1])]["who"].value_counts()
        times = arrests.reindex(stayed, fill_value=0).to_numpy()
        numbers[area] = np.bincount(np.minimum(times, MOST), minlength=MOST + 1)
    return numbers


def share_with_half(shown: Shown, area: str) -> float:
    """Return the % of a cohort that holds half of its arrests, those with most first."""
    of = shown[area].sum(axis=0)[::-1]  # most arrests first
    times = np.arange(MOST, -1, -1)
    held, half = np.cumsum(of * times), 0.5 * float((of * times).sum())
    k = int(np.argmax(held >= half))
    before = held[k] - of[k] * times[k]
    people = of[:k].sum() + (half - before) / max(times[k], 1)
    return 100 * float(people / max(of.sum(), 1))


@pattern("N9a", "youths who hold half of the arrests of a cohort over 12-17 in a focus area", "%", cohort, "3-10", 3, 10)
def half_in_focus(shown: Shown) -> float:
    return share_with_half(shown, FOCUS)


@pattern("N9b", "youths who hold half of the arrests of a cohort over 12-17 in a contrast area", "%", cohort, "3-10", 3, 10)
def half_in_contrast(shown: Shown) -> float:
    return share_with_half(shown, CONTRAST)


def doers(seed: int) -> Numbers:
    """Return arrests and what is done outside crews by sex and age, with person-years, in years 3-20 of a focus area."""
    seen = watched(FOCUS, LONG, seed)
    people = seen.people[seen.people["week"] > EARLY * YEAR]
    years = by_age(people["male"], (people["week"] - people["born"]) / YEAR) * SEASON / YEAR
    arrests, done = (aged(seen, kind, EARLY) for kind in ("arrest", "offence"))
    young = done[done["value"] < FAVOURS]
    return {
        "years": years, "arrests": by_age(arrests["male"], arrests["age"]), "young": by_age(young["male"], young["age"]),
    }  # fmt: skip


@pattern("V1e", "age of most suspects per person-year", "year", doers, "17-20 (CBS: 18-19)", 17, 20)
def peak_of_suspects(shown: Shown) -> float:
    return peak(shown, "arrests")


@pattern("V1f", "age of most offences here outside crews, mischief included, per person-year", "year", doers, "14-16", 14, 16)
def peak_of_mischief(shown: Shown) -> float:
    return peak(shown, "young")


def months(seed: int) -> Numbers:
    """Return what is registered, by four weeks, and all that is done here, by week of the year, of two areas of 10,000 people."""
    numbers: Numbers = {}
    for area in (FOCUS, CONTRAST):
        weeks = simulate(scenario_of(seed, area=area, people=MANY, years=EARLY + 6), seed).weeks.iloc[EARLY * YEAR + 1 :]
        counts = weeks["registered_violence_vandalism"].to_numpy().reshape(-1, MONTHS, MONTH).sum(axis=2)
        numbers |= {f"{area} months": counts, f"{area} weeks": weeks["incidents"].to_numpy().reshape(-1, YEAR).sum(axis=0)}
    return numbers


def wave(weeks: np.ndarray) -> float:
    """Return the height in % of a yearly wave that is highest in summer, in counts by week of the year (noise gives 0)."""
    turn = np.cos(2 * np.pi * (np.arange(1, YEAR + 1) - SUMMER) / YEAR)
    return 100 * float(2 * (weeks * turn).sum() / weeks.sum())


SPREAD = "variance over mean of registered violence, threat and vandalism by four weeks, within a year, in a focus area"


@pattern("N5a", SPREAD, "ratio", months, "1.2-1.8", 1.2, 1.8)
def spread_in_focus(shown: Shown) -> float:
    return dispersion(shown[f"{FOCUS} months"])


@pattern("N5b", "the same in a contrast area", "ratio", months, "1.2-1.8", 1.2, 1.8)
def spread_in_contrast(shown: Shown) -> float:
    return dispersion(shown[f"{CONTRAST} months"])


@pattern("N5c", "wave over the year in nuisance and crime here in a focus area", "%", months, "3-12", 3, 12)
def wave_in_focus(shown: Shown) -> float:
    return wave(shown[f"{FOCUS} weeks"].sum(axis=0))


@pattern("N5d", "the same in a contrast area", "%", months, "3-12", 3, 12)
def wave_in_contrast(shown: Shown) -> float:
    return wave(shown[f"{CONTRAST} weeks"].sum(axis=0))
