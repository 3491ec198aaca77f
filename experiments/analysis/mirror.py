"""Mirror: many areas simulated from their figures alone, with nothing done, held beside the crime that was recorded there.

The model is told what CBS tells of an area, and no crime.  Each area lives in a few worlds, the same luck for all; after a
burn-in the years follow in which the table has counts, year by year.  Five areas in thirteen are set apart by a hash of their
codes: they *judge*, and whoever fits a number to recorded crime may look at the others only (*fit*).

    level         incidents a year per 1,000 inhabitants, a mean over the years
    rank          Spearman's correlation over areas of model and record; interval by Bonett and Wright (2000)
    slope         incidents a year per 1,000 for ten points more of a figure, least squares; interval by HC3
    early, late   the first two and the last two years (with fewer than four years: the first and the last)
    all others    interval by drawing areas again (percentile bootstrap)
    CRPS          continuous ranked probability score of the last year, in incidents per 1,000; fair for few worlds (Ferro 2014)

Two naive forecasts stand beside the model, both log-normal and fitted on the areas that fit: the year before again, and a
regression on the figures of the area.  Neither model nor record has its noise taken away: an area simulated with fewer people
has more of it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.outcomes import is_total
from kantelpunt.model.population.areas import LARGEST, SMALLEST

from ..design.question import as_outcome
from ..exchange.police_tables import Recorded
from ..statistics import LEVEL, Interval
from ..study import Study
from .calibration.summaries import SLOPES
from .panel_statistics import (
    NOTHING,
    around,
    change_percentile,
    crps,
    dispersion,
    ends,
    rank,
    resampled,
    slope,
    thirds,
    top_tenth,
)

EVERY = 4  # weeks of a simulated "month"
FEWEST_AREAS = 13  # eight to fit and five to judge
JUDGING = 5 / 13  # share of the areas: 20 of 52
PERCENTS = (5, 50, 95)
SETS = ("fit", "judge", "all")
FIGURES = ("owned", "low_income", "participation", "high_education")
REGISTERED = "registered_violence_vandalism"
DRAWS = 199  # quantiles that stand for a forecast that is a distribution


class Panel(NamedTuple):
    """Model and record of the same areas and years; rates are incidents a year per 1,000 inhabitants."""

    codes: tuple[str, ...]
    years: tuple[int, ...]
    model: np.ndarray  # (areas, worlds, years) rates
    recorded: np.ndarray  # (areas, years) rates
    figures: pd.DataFrame  # a row an area, a column a figure
    per_count: np.ndarray  # (areas,) what one recorded incident is as a rate
    per_case: float  # what one simulated incident is as a rate
    model_months: np.ndarray  # (areas, worlds, years, months) counts
    months: np.ndarray  # (areas, years, months) counts; not a number where a month is unknown
    without: np.ndarray  # (areas,) nobody was recruited in any world


def split(codes: Iterable[str]) -> dict[str, str]:
    """Return code -> "judge" or "fit": the areas with the lowest hashes of their codes judge."""
    order = sorted(codes, key=lambda code: blake2b(code.encode(), digest_size=8).hexdigest())
    judging = set(order[: round(JUDGING * len(order))])
    return {code: "judge" if code in judging else "fit" for code in sorted(order)}


def as_count(name: str) -> str:
    """Return the name of an outcome that is counted; raises InputError for another."""
    if not is_total(as_outcome(name)):
        raise InputError(
            "outcome.no_count",
            place="outcome",
            value=name,
            allowed=Phrase("allowed.counts", names=("registered_violence_vandalism", "crimes", "incidents")),
        )
    return name


def study(
    recorded: Recorded,
    file: Path | None,
    worlds: int = 3,
    burn_in: int = 2,
    people: int = 2_000,
    seed: int = 1,
    name: str = "mirror",
    folder: Path | None = None,
) -> Study:
    """Return the study that simulates every area that is recorded: one scenario an area, nothing done.

    Raises InputError for fewer than 13 areas, or an area that cannot be simulated.
    """
    codes = [str(code) for code in recorded.years.index]
    if len(codes) < FEWEST_AREAS:
        raise InputError("area.too_few", value=len(codes), allowed=Phrase("allowed.at_least", least=FEWEST_AREAS))
    if not SMALLEST <= people <= LARGEST:
        raise InputError(
            "value.out_of_range",
            place="people",
            value=people,
            allowed=Phrase("allowed.people_between", low=SMALLEST, high=LARGEST),
        )
    known = [int(str(year)) for year in recorded.years.columns]
    years = burn_in + max(known) - min(known) + 1
    design = Study(name, folder=folder, area=codes[0], area_file=file, people=people, years=years, seed=seed, series=EVERY)
    return design.scenarios(**{code: {"area": code} for code in codes}).worlds(worlds).points(1)


def panel(study: Study, recorded: Recorded, burn_in: int = 2, outcome: str = REGISTERED) -> Panel:
    """Return what a finished study and the record say of the same areas and years."""
    codes, years = tuple(map(str, recorded.years.index)), tuple(int(str(year)) for year in recorded.years.columns)
    found = {code: study.plan.scenarios[code].resolved_area() for code in codes}
    size = np.array([area.people for area in found.values()], float)
    rows = [burn_in + year - years[0] for year in years]
    months = periods(study, as_count(outcome), codes)[:, :, rows]
    people = study.plan.scenarios[codes[0]].n_people
    return Panel(
        codes, years,
        model=1_000 * months.sum(axis=-1) / people,
        recorded=1_000 * recorded.years.to_numpy(float) / size[:, None],
        figures=pd.DataFrame({name: [area.figure(name) for area in found.values()] for name in FIGURES}, index=pd.Index(codes)),
        per_count=1_000 / size,
        per_case=1_000 / people,
        model_months=months,
        months=monthly(recorded, years),
        without=periods(study, "recruited", codes)[:, :, rows].sum(axis=(1, 2, 3)) == 0,
    )  # fmt: skip


def periods(study: Study, outcome: str, codes: Sequence[str]) -> np.ndarray:
    """Return counts of an outcome by area, world, year and four weeks."""
    course = study.course(outcome).pivot(index=["scenario", "run"], columns="week", values="value")
    counts = np.diff(course.sort_index().to_numpy(), axis=1)
    order = list(dict.fromkeys(course.sort_index().index.get_level_values("scenario")))
    by_area = counts.reshape(len(codes), -1, study.plan.years, WEEKS_A_YEAR // EVERY)
    return by_area[[order.index(code) for code in codes]]


def monthly(recorded: Recorded, years: Sequence[int]) -> np.ndarray:
    """Return recorded counts by area, year and month; not a number where nothing is known."""
    found = np.full((len(recorded.years), len(years), 12), np.nan)
    for column in recorded.months.columns:
        year, month = map(int, column)
        found[:, years.index(year), month - 1] = recorded.months[column]
    return found


def compared(panel: Panel) -> pd.DataFrame:
    """Return one row a figure and set of areas: what, set, n, model, low, high, recorded, recorded_low, recorded_high."""
    sets = split(panel.codes)
    rows = []
    for part in SETS:
        chosen = np.array([part in ("all", sets[code]) for code in panel.codes])
        for what, model, record in figures(panel, chosen, best_figure(panel)):
            rows.append((what, part, int(chosen.sum()), *model, *record))
    return pd.DataFrame(rows, columns=["what", "set", "n", "model", "low", "high", "recorded", "recorded_low", "recorded_high"])


def best_figure(panel: Panel) -> str:
    """Return the figure of an area that orders the areas that fit best by what was recorded."""
    sets = split(panel.codes)
    fit = np.array([sets[code] == "fit" for code in panel.codes])
    recorded = panel.recorded[fit].mean(axis=1)
    return max(FIGURES, key=lambda name: np.nan_to_num(abs(rank(panel.figures[name].to_numpy()[fit], recorded).mean)))


Row = tuple[str, Interval, Interval]


def figures(panel: Panel, chosen: np.ndarray, best: str) -> list[Row]:
    """Return what model and record say of the chosen areas: (what, model, recorded)."""
    model, record, n = panel.model[chosen], panel.recorded[chosen], int(chosen.sum())
    ours, theirs = model.mean(axis=(1, 2)), record.mean(axis=1)
    figure = {name: panel.figures[name].to_numpy(float)[chosen] for name in FIGURES}
    alone = rank(figure[best], theirs)
    rows: list[Row] = [("rank", rank(ours, theirs), NOTHING), (f"rank_{best}", absolute(alone), NOTHING)]
    for name, each in ACROSS.items():
        rows.append((name, resampled(partial(each, ours), n), resampled(partial(each, theirs), n)))
    for name in SLOPES:
        rows.append((f"slope_{name}", slope(figure[name], ours), slope(figure[name], theirs)))
    recruits = resampled(lambda some: float(panel.without[chosen][some].mean()), n)
    return [*rows, *over_time(panel, chosen), ("without_recruits", recruits, NOTHING)]


def absolute(interval: Interval) -> Interval:
    """Return the size of a correlation, whichever way it goes."""
    return interval if not interval.mean < 0 else Interval(-interval.mean, -interval.high, -interval.low)


def percentile(percent: float, rates: np.ndarray, some: np.ndarray) -> float:
    """Return a percentile of the rates of some areas."""
    return float(np.percentile(rates[some], percent))


ACROSS: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "level": lambda rates, some: float(rates[some].mean()),
    **{f"p{percent:02d}": partial(percentile, percent) for percent in PERCENTS},
    "top_tenth": lambda rates, some: top_tenth(rates[some]),
}
OVER_TIME: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "stays_worst": lambda early, late: thirds(early, late)[0],
    "worst_to_best": lambda early, late: thirds(early, late)[1],
    **{f"change_p{percent:02d}": partial(change_percentile, percent) for percent in PERCENTS},
}


def over_time(panel: Panel, chosen: np.ndarray) -> list[Row]:
    """Return persistence, change and monthly spread; the model's are means over worlds."""
    if len(panel.years) < 2:
        return []
    n, model = int(chosen.sum()), panel.model[chosen]
    half = 0.5 * panel.per_case, 0.5 * panel.per_count[chosen]  # of an incident: nothing is divided by 0
    ours = [tuple(part + half[0] for part in ends(model[:, world])) for world in range(model.shape[1])]
    theirs = [tuple(part + half[1] for part in ends(panel.recorded[chosen]))]
    same = [np.array([rank(*each).mean for each in worlds]) for worlds in (ours, theirs)]
    held = [NOTHING if np.isnan(r).all() else around(float(np.nanmean(r)), n) for r in same]
    rows: list[Row] = [("persistence", held[0], held[1])]
    for name, figure in OVER_TIME.items():
        rows.append((name, resampled(averaged(figure, ours), n), resampled(averaged(figure, theirs), n)))
    spreads = [resampled(partial(spread_of, months[chosen]), n) for months in (panel.model_months, panel.months)]
    return [*rows, ("dispersion", spreads[0], spreads[1])]


def spread_of(months: np.ndarray, some: np.ndarray) -> float:
    """Return the dispersion of the monthly counts of some areas."""
    return dispersion(months[some])


def averaged(figure: Callable[..., float], worlds: Sequence[tuple]) -> Callable[[np.ndarray], float]:
    """Return a function that gives the mean over worlds of a figure of early and late rates of some areas."""

    def mean(some: np.ndarray) -> float:
        found = np.array([figure(early[some], late[some]) for early, late in worlds])
        return float(np.nanmean(found)) if not np.isnan(found).all() else math.nan

    return mean


def scores(panel: Panel) -> pd.DataFrame:
    """Return one row a forecast: its mean CRPS over the judging areas in the last year, with interval, and how many they are.

    ``model_scaled`` is the model with its level multiplied by what brings the areas that fit to what was recorded there.
    """
    sets = split(panel.codes)
    fit = np.array([sets[code] == "fit" for code in panel.codes])
    truth, ours = panel.recorded[:, -1], panel.model[:, :, -1]
    factor = panel.recorded[fit].mean() / (panel.model[fit].mean() or math.nan)
    forecasts = {"model": ours, "model_scaled": ours * factor, "regression": regression(panel, fit)}
    if len(panel.years) > 1:
        forecasts["last_year"] = last_year(panel, fit)
    rows = []
    for name, samples in forecasts.items():
        each = np.array([crps(sample, value) for sample, value in zip(samples[~fit], truth[~fit], strict=True)])
        low, high = stats.ttest_1samp(each, 0.0).confidence_interval(LEVEL)
        rows.append((name, each.size, float(each.mean()), float(low), float(high)))
    return pd.DataFrame(rows, columns=["forecast", "n", "crps", "low", "high"])


def last_year(panel: Panel, fit: np.ndarray) -> np.ndarray:
    """Return last year's rate again, as samples a row an area; its spread is that of the areas that fit."""
    logs = np.log(panel.recorded + 0.5 * panel.per_count[:, None])
    steps = (logs[:, -1] - logs[:, -2])[fit]
    return np.exp(logs[:, -2:-1] + steps.std(ddof=1) * normal(steps.size - 1))


def regression(panel: Panel, fit: np.ndarray) -> np.ndarray:
    """Return rates that the figures of areas predict, as samples a row an area; fitted on the areas that fit."""
    logs = np.log(panel.recorded[:, -1] + 0.5 * panel.per_count)
    figures = panel.figures.to_numpy(float)
    x = sm.add_constant(figures[:, np.ptp(figures[fit], axis=0) > 0], has_constant="add")
    fitted = sm.OLS(logs[fit], x[fit]).fit()
    ahead = fitted.get_prediction(x)
    return np.exp(ahead.predicted_mean[:, None] + np.asarray(ahead.se_obs)[:, None] * normal(int(fitted.df_resid)))


def normal(degrees: int) -> np.ndarray:
    """Return even quantiles of the t distribution with so many degrees of freedom: a sample without luck."""
    return stats.t.ppf((np.arange(DRAWS) + 0.5) / DRAWS, degrees)


def by_area(panel: Panel) -> pd.DataFrame:
    """Return one row an area: its set, its mean rates in model (with the lowest and highest world) and record."""
    sets, worlds = split(panel.codes), panel.model.mean(axis=2)
    return pd.DataFrame(
        {
            "set": [sets[code] for code in panel.codes],
            "model": worlds.mean(axis=1),
            "model_low": worlds.min(axis=1),
            "model_high": worlds.max(axis=1),
            "recorded": panel.recorded.mean(axis=1),
            **panel.figures.to_dict("list"),
        },
        index=pd.Index(panel.codes, name="code"),
    )
