"""Pictures of an answer at once, in the reader's language: what packages do in every world, and how it goes over the years."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import seaborn as sns
from cachetools import LRUCache, cached
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.statistics import Effect
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.viz.report.figures import (
    DASHES,
    DRAWING,
    Picture,
    draw_differences,
    literal,
    shades_of,
    styled,
    svg,
    write_numbers,
)
from kantelpunt.viz.report.hover import hovering
from kantelpunt.viz.report.wording import change
from kantelpunt.viz.text import Text

from .quick_answer import Quick

INCHES = (3.8, 3.2)  # of each half: side by side, and below each other on a phone
WORLDS, YEARS = "worlds", "years"  # how the ids of marks begin
DRAWN = 128  # pictures that are remembered, of some 50 kB each


def of_quick(t: Text, quick: Quick, wanted: Callable[[], bool] = lambda: True) -> str:
    """Return the picture of an answer at once as SVG, "" where nobody wants it; sessions that ask the same share it."""
    with DRAWING:  # one at a time anyway: whoever waited finds it drawn, or has moved on
        return _of_quick(t, quick) if wanted() else ""


@cached(LRUCache(DRAWN), key=lambda t, quick: (t.language, quick.question, quick.worlds))
def _of_quick(t: Text, quick: Quick) -> str:
    return picture(t, quick.effects, quick.differences, quick.courses, quick.matters)


@styled()
def picture(
    t: Text, effects: Sequence[Effect], differences: Mapping[str, np.ndarray], courses: Mapping[str, np.ndarray], matters: float
) -> str:
    """Return two SVGs: every package's difference in every world, and the outcome over the years.

    Parameters
    ----------
    effects : one a package, in their order.
    differences : name -> the difference in every world.
    courses : name -> mean over worlds of every week, the base under "".
    matters : the smallest difference that matters.
    """
    figures = [Picture(figsize=INCHES, layout="constrained") for _ in range(2)]
    left, right = (figure.subplots() for figure in figures)
    known = shades_of(["", *(each.scenario for each in effects)], "")
    labels = [textwrap.fill(literal(each.scenario), 16) for each in effects]
    draw_differences(left, effects, differences, matters, known, labels)
    for i, dots in enumerate(each for each in left.collections if isinstance(each, PathCollection)):
        dots.set_gid(f"{WORLDS}{i}")
    left.set_xlabel(textwrap.fill(t("picture.difference"), 32))
    write_numbers(left, t, "x")
    write_numbers(right, t, "x", "y")
    draw_courses(t, right, courses, known)
    first, second = map(svg, figures)
    first = hovering(
        first, {f"{WORLDS}{i}": said_of_worlds(t, each, differences[each.scenario]) for i, each in enumerate(effects)}
    )
    second = hovering(second, {f"{YEARS}{i}": said_of_years(t, name, values) for i, (name, values) in enumerate(courses.items())})
    return f'<div class="pair">{first}{second}</div>'


def said_of_worlds(t: Text, found: Effect, worlds: np.ndarray) -> list[str]:
    """Return what the dot of each world says."""
    digits = digits_of(found.difference, found.outcome)
    return [
        t("picture.in_world", name=found.scenario, world=i, change=change(t, float(value), found.outcome, digits))
        for i, value in enumerate(worlds, 1)
    ]


def said_of_years(t: Text, name: str, values: np.ndarray) -> list[str]:
    """Return what a line says at the end of each year."""
    plan = name or t("scenario.today")
    return [
        t("picture.in_year", name=plan, year=i, n=float(value)) for i, value in enumerate(values[WEEKS_A_YEAR::WEEKS_A_YEAR], 1)
    ]


def draw_courses(t: Text, axes: Axes, courses: Mapping[str, np.ndarray], known: dict) -> None:
    """Draw the mean over the years, with and without the packages."""
    for i, (name, values) in enumerate(courses.items()):
        years = np.arange(values.size) / WEEKS_A_YEAR
        label = literal(name or t("scenario.today"))
        axes.plot(years, values, color=known[name], linewidth=2, linestyle=DASHES[i % len(DASHES)], label=label)
        at = slice(WEEKS_A_YEAR, None, WEEKS_A_YEAR)  # the ends of years, which say their value to who points at them
        axes.plot(years[at], values[at], linestyle="", marker="o", markersize=14, alpha=0.0, gid=f"{YEARS}{i}")
    axes.set_xlabel(t("picture.years"))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="best")
    sns.despine(ax=axes)
