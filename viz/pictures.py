"""Pictures of an answer at once, in the reader's language: what packages do in every world, and how it goes over the years."""

import io
import textwrap
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.statistics import Effect
from model.interventions import WEEKS_A_YEAR

from .figures import DASHES, GOLDEN, GREY, INK, STYLE, WIDTH
from .text import Text

INCHES = (8.6, 3.4)


def colours(names: Sequence[str]) -> dict[str, tuple]:
    """Return a colour for every package, the same in every picture; the base is grey."""
    return {"": GREY, **dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))}


def picture(
    t: Text, effects: Sequence[Effect], differences: Mapping[str, np.ndarray], courses: Mapping[str, np.ndarray], matters: float
) -> str:
    """Return an SVG: left every package's difference in every world, right the outcome over the years.

    Parameters
    ----------
    effects : one a package, in their order.
    differences : name -> the difference in every world.
    courses : name -> mean over worlds of every week, the base under "".
    matters : the smallest difference that matters.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=INCHES, layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
        known = colours([each.scenario for each in effects])
        draw_differences(t, left, effects, differences, matters, known)
        draw_courses(t, right, courses, known)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    svg = file.getvalue()
    return svg[svg.index("<svg") :]


def draw_differences(
    t: Text, axes: Axes, effects: Sequence[Effect], differences: Mapping[str, np.ndarray], matters: float, known: dict
) -> None:
    """Draw a dot for every world, and the mean with its interval."""
    axes.axvspan(-matters, matters, color="0.92", zorder=0)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    for line, each in enumerate(effects):
        worlds, (mean, low, high) = differences[each.scenario], each.difference
        aside = (np.arange(worlds.size) * GOLDEN % 1.0 - 0.5) * WIDTH
        sns.scatterplot(x=worlds, y=line + aside, color=known[each.scenario], s=28, alpha=0.7, linewidth=0, ax=axes, zorder=2)
        reach = np.nan_to_num([[mean - low], [high - mean]])
        axes.errorbar(mean, line, xerr=reach, fmt="o", color=INK, markersize=6, capsize=4, elinewidth=2, zorder=3)
    axes.set_yticks(range(len(effects)), [textwrap.fill(each.scenario, 16) for each in effects])
    axes.set_ylim(len(effects) - 0.5, -0.5)
    axes.set_xlabel(t("picture.difference"))
    axes.set_ylabel("")
    axes.tick_params(left=False)
    sns.despine(ax=axes, left=True)


def draw_courses(t: Text, axes: Axes, courses: Mapping[str, np.ndarray], known: dict) -> None:
    """Draw the mean over the years, with and without the packages."""
    for i, (name, values) in enumerate(courses.items()):
        years = np.arange(values.size) / WEEKS_A_YEAR
        label = name or t("compare.today")
        axes.plot(years, values, color=known[name], linewidth=2, linestyle=DASHES[i % len(DASHES)], label=label)
    axes.set_xlabel(t("picture.years"))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="best")
    sns.despine(ax=axes)
