"""How numbers of crews, recruitment, opportunity and the start were set (DECISIONS, D157).

    uv run python -m tests.science.fitting POLICE --areas KWB --minutes 20 --out best.json

Each round tries settings around the best so far, fits a line and a parabola by parameter to each figure, moves to where these
say that the figures come nearest to what is wanted, and checks that in worlds of other seeds.  A figure is wanted to be so much,
give or take so much (`WANTED`); what lies farther than three times that counts in proportion, not by its square.  Figures are of
four areas that come with the model, over fourteen years without programmes, and of half of the wijken that fit; wijken that
judge are not read.  What it prints is a proposal: patterns and the record are measured afterwards, by their own commands.
"""

import csv
import json
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from scipy.optimize import minimize

from kantelpunt.experiments.exchange.police_tables import recorded
from kantelpunt.model import Scenario, simulate
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.outcomes import is_total
from kantelpunt.model.population.areas import area
from kantelpunt.model.registry import quantities

from .record import KINDS, WIJKEN
from .rest import STILL

AREAS = {"OV": "overvecht", "TN": "tilburg-noord", "ST": "small-town", "CO": "contrast"}
PEOPLE, YEARS, LAST = 2_000, 14, 5
BURN_IN, PANEL = 2, 5  # years of a wijk that are left out, and those that count
CHANNELS = ("friends", "kin", "place", "school")
SEARCHED = (
    "opportunity.growth", "opportunity.k", "opportunity.threshold", "opportunity.sight", "opportunity.decay",
    "opportunity.market_urban", "crews.work", "crews.outside", "crews.size", "recruitment.exposing", "recruitment.base",
    "recruitment.late", "recruitment.place", "recruitment.school", "recruitment.kin", "recruitment.network",
    "recruitment.deepening", "recruitment.tying", "recruitment.online", "demography.for_work", "trust.acquaintance",
    "trust.unease", "desistance.base", "desistance.drifting", "desistance.runner", "encounters.company",
    "initialisation.hold", "initialisation.hold_disadvantage", "initialisation.hold_instability", "initialisation.youths",
    "initialisation.adults", "initialisation.crews", "initialisation.core",
)  # fmt: skip
MOVES = {  # how far a figure may move from the first year to the last five: levels, or the logarithm of counts
    "crime_hold": 0.04, "trust_institutions": 0.03, "youths_at_risk": 0.25, "members": 0.2, "core_members": 0.35, "crews": 0.3,
    "crimes": 0.12, "registered_crimes": 0.12,
}  # fmt: skip
LEVELS = ("crime_hold", "trust_institutions")  # of these, those that move by a difference
WANTED = {
    **{f"{name} moves, {key}": (0.0, room) for key in AREAS for name, room in MOVES.items()},
    "crime_hold, OV": (0.45, 0.1), "crime_hold, TN": (0.42, 0.1), "crime_hold, ST": (0.13, 0.04), "crime_hold, CO": (0.05, 0.03),
    "trust_institutions, OV": (0.39, 0.03), "trust_institutions, TN": (0.39, 0.03), "trust_institutions, CO": (0.69, 0.04),
    "cohesion, OV": (5.3, 0.25), "cohesion, TN": (5.4, 0.25), "cohesion, CO": (6.45, 0.25),
    "unsafe, OV": (37.0, 3.5), "unsafe, CO": (14.5, 3.0),
    "recruited, OV": (3.3, 0.8), "recruited, TN": (3.3, 0.8), "recruited, ST": (0.7, 0.3), "recruited, CO": (0.6, 0.25),
    "youths_at_risk, OV": (30.0, 6.0), "youths_at_risk, TN": (32.0, 6.0), "youths_at_risk, ST": (10.0, 3.0),
    "youths_at_risk, CO": (6.0, 2.0), "involved_adults, OV": (20.0, 5.0), "involved_adults, TN": (18.0, 5.0),
    "involved_adults, ST": (5.0, 1.5), "involved_adults, CO": (4.0, 1.5), "core_members, OV": (3.2, 1.0),
    "core_members, TN": (3.2, 1.0), "core_members, ST": (0.9, 0.5), "core_members, CO": (0.8, 0.5), "crews, OV": (5.0, 1.0),
    "crews, TN": (5.0, 1.0), "came_for_work, ST": (0.4, 0.3), "came_for_work, CO": (0.4, 0.3), "crimes, OV": (220.0, 60.0),
    "registered_crimes, OV": (54.0, 14.0), "registered_crimes, ST": (24.0, 8.0), "registered_crimes, CO": (26.0, 8.0),
    "by friends": (0.6, 0.1), "by kin": (0.14, 0.05), "by place": (0.06, 0.05), "by school": (0.14, 0.06),
    "adults": (0.4, 0.08), "of 12-15": (0.45, 0.1), "of 8-11": (0.07, 0.05),
    "rank": (0.5, 0.12), "level": (0.0, 0.12), "slope by owned": (1.0, 0.3), "slope by low incomes": (1.0, 0.4),
    "without recruits": (0.1, 0.15), "high": (0.0, 0.2), "low": (4.0, 2.0),
}  # fmt: skip

Figures = dict[str, float]
Setting = dict[str, float]


def lived(name: str, setting: Setting, years: int, seed: int, file: Path | None = None) -> pd.DataFrame:
    """Return the weeks of an area in which nothing is done, without the first."""
    scenario = Scenario(area=name, area_file=file, people=PEOPLE, years=years, parameters={**STILL, **setting})
    return simulate(scenario, seed).weeks.iloc[1:]


def yearly(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year: sums of what is counted, means of levels."""
    return weeks.groupby((weeks.index - 1) // WEEKS_A_YEAR).agg(
        {str(name): "sum" if is_total(str(name)) else "mean" for name in weeks}
    )


def of_areas(setting: Setting, seeds: Iterable[int]) -> Figures:
    """Return figures of the areas that come with the model: how far they move, where they end, who is recruited and how."""
    found: Figures = {}
    counts = pd.Series(dtype=float)
    for key, name in AREAS.items():
        worlds = [yearly(lived(name, setting, YEARS, seed)) for seed in seeds]
        years = sum(worlds[1:], worlds[0]) / len(worlds)
        first, last = years.iloc[0], years.iloc[-LAST:].mean()
        for each in MOVES:
            apart = last[each] - first[each] if each in LEVELS else np.log((last[each] + 3.0) / (first[each] + 3.0))
            found[f"{each} moves, {key}"] = float(apart)
        for wanted in WANTED:
            each, _, whose = wanted.partition(", ")
            if whose == key and " " not in each:
                counted = each in ("recruited", "came_for_work")
                found[wanted] = float(years[each].iloc[1:].mean() if counted else last[each])
        counts = counts.add(years.iloc[1:].sum(), fill_value=0.0)
    accepted = max(sum(counts[f"recruited_by_{how}"] for how in CHANNELS) + counts["recruited_online"], 1.0)
    found |= {f"by {how}": counts[f"recruited_by_{how}"] / accepted for how in CHANNELS}
    first_favours = max(counts[["recruited_8_11", "recruited_12_15", "recruited_16_23"]].sum(), 1.0)
    found |= {"of 8-11": counts["recruited_8_11"] / first_favours, "of 12-15": counts["recruited_12_15"] / first_favours}
    everybody = max(counts["adults_recruited"] + counts["recruited"], 1.0)
    return found | {"adults": counts["adults_recruited"] / everybody}


@cache
def wijken(police: Path, figures: Path) -> pd.DataFrame:
    """Return recorded crime a year per 1,000, owned dwellings and low incomes of every other wijk that fits, by crime."""
    with WIJKEN.open(encoding="utf-8") as file:
        codes = [line["code"] for line in csv.DictReader(file) if line["set"] == "fit"]
    years = recorded(police, codes, KINDS, skip=True).years.mean(axis=1)
    found = {str(code): area(str(code), figures) for code in years.index}
    rows = {
        code: (1_000 * years[code] / each.people, each.figure("owned"), each.figure("low_income")) for code, each in found.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["crime", "owned", "low_income"])
    return table.sort_values("crime").iloc[1::2]


def of_wijken(setting: Setting, table: pd.DataFrame, file: Path) -> Figures:
    """Return how crime in wijken compares with the record: order, level, slopes, both ends; and where nobody is recruited."""
    crime, recruits = [], []
    for i, code in enumerate(table.index):
        weeks = lived(str(code), setting, BURN_IN + PANEL, 11 + i % 3, file).iloc[BURN_IN * WEEKS_A_YEAR :]
        crime.append(1_000 * weeks["registered_violence_vandalism"].sum() / PANEL / PEOPLE)
        recruits.append(weeks["recruited"].sum())
    ours, theirs = np.array(crime), table["crime"].to_numpy()

    def slopes(name: str) -> float:
        figure = table[name].to_numpy()
        return float(np.polyfit(figure, ours, 1)[0] / np.polyfit(figure, theirs, 1)[0])

    return {
        "rank": float(pd.Series(ours).corr(pd.Series(theirs), method="spearman")),
        "level": float(np.log(ours.mean() / theirs.mean())),
        "slope by owned": slopes("owned"),
        "slope by low incomes": slopes("low_income"),
        "without recruits": float(np.mean(np.array(recruits) == 0.0)),
        "high": float(np.log(np.quantile(ours, 0.95) / np.quantile(theirs, 0.95))),
        "low": float(np.quantile(ours, 0.05)),
    }


def figures(place: np.ndarray, seed: int, police: Path, file: Path) -> np.ndarray:
    """Return how far each figure is from what is wanted, in its own room, for a place in the unit cube of settings."""
    setting = setting_of(place)
    found = of_areas(setting, (seed, seed + 1)) | of_wijken(setting, wijken(police, file), file)
    return np.array([(found[name] - wanted) / room for name, (wanted, room) in WANTED.items()])


def ranges() -> np.ndarray:
    """Return the logarithms of the ranges of what is searched, shape (2, parameters)."""
    known = quantities()
    return np.log([[max(known[name].low, 1e-4) for name in SEARCHED], [known[name].high for name in SEARCHED]])


def setting_of(place: np.ndarray) -> Setting:
    """Return the setting at a place in the unit cube, four digits each."""
    low, high = ranges()
    known = quantities()
    return {
        name: float(np.clip(float(f"{value:.4g}"), known[name].low, known[name].high))
        for name, value in zip(SEARCHED, np.exp(low + place * (high - low)), strict=True)
    }


def loss(apart: np.ndarray) -> np.ndarray:
    """Return what figures so far from what is wanted cost together: squares, and in proportion beyond three."""
    return np.where(np.abs(apart) < 3.0, apart * apart, 6.0 * np.abs(apart) - 9.0).sum(axis=-1)


def proposed(places: np.ndarray, apart: np.ndarray, best: np.ndarray, width: float) -> np.ndarray:
    """Return where a line and a parabola by parameter, fitted near the best so far, say that the loss is least."""
    near = np.exp(-0.5 * (np.linalg.norm(places - best, axis=1) / (2.0 * width * np.sqrt(best.size / 3.0))) ** 2)[:, None]

    def terms(of: np.ndarray) -> np.ndarray:
        return np.hstack([np.ones((len(of), 1)), of - best, (of - best) ** 2])

    known = terms(places)
    ridge = np.diag(np.r_[1e-6, np.full(best.size, 0.03), np.full(best.size, 0.3)] * len(known) / 10.0)
    fitted = np.linalg.solve(known.T @ (known * near) + ridge, known.T @ (np.clip(apart, -8.0, 8.0) * near))

    def cost(place: np.ndarray) -> float:
        return float(loss(terms(place[None]) @ fitted)[0] + 4.0 * ((place - best) ** 2).mean() / width**2)

    bounds = [(max(0.0, each - 1.3 * width), min(1.0, each + 1.3 * width)) for each in best]
    return np.asarray(minimize(cost, best, bounds=bounds, method="L-BFGS-B").x)


def main(
    police: Annotated[Path, typer.Argument(help="recorded threat, assault and vandalism by month and buurt")],
    areas_file: Annotated[Path, typer.Option("--areas", help="figures of wijken (KWB)")],
    minutes: Annotated[float, typer.Option(min=1, help="how long to search")] = 20.0,
    settings: Annotated[int, typer.Option(min=20, help="settings of a round")] = 60,
    width: Annotated[float, typer.Option(min=0.02, max=0.5, help="how far around the best the first round looks")] = 0.15,
    out: Annotated[Path, typer.Option(help="file to write the best setting in")] = Path("best.json"),
) -> None:
    """Search for a setting at which areas rest where they begin, at levels that sources give."""
    low, high = ranges()
    known = quantities()
    best = np.clip((np.log([max(known[name].default, 1e-4) for name in SEARCHED]) - low) / (high - low), 0.0, 1.0)
    rng, end, places, apart = np.random.default_rng(1), time.monotonic() + 60.0 * minutes, [], []
    measured = partial(figures, police=police, file=areas_file)
    with ProcessPoolExecutor() as workers:
        for round_ in range(1_000):
            tried = [best, *np.clip(best + width * rng.uniform(-1.0, 1.0, (settings, best.size)), 0.0, 1.0)]
            apart += list(workers.map(measured, tried, [10 * round_ + 1] * len(tried)))
            places += tried
            there = proposed(np.array(places), np.array(apart), best, width)
            candidates = [best, there, best + 0.6 * (there - best)]
            checked = [np.mean(list(workers.map(measured, [each] * 4, (501, 503, 505, 507))), axis=0) for each in candidates]
            losses = [float(loss(each)) for each in checked]
            best, width = candidates[int(np.argmin(losses))], max(0.75 * width, 0.08)
            out.write_text(json.dumps(setting_of(best), indent=1), encoding="utf-8")
            typer.echo(f"round {round_ + 1}: loss of the best so far, of the proposal and of what lies between: {losses}")
            worst = sorted(zip(WANTED, checked[int(np.argmin(losses))], strict=True), key=lambda each: -abs(each[1]))
            typer.echo("  farthest: " + "; ".join(f"{name} {far:+.1f}" for name, far in worst[:10]))
            if time.monotonic() > end:
                return


if __name__ == "__main__":
    typer.run(main)
