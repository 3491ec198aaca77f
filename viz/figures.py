"""Figures of a comparison: what each plan does, world by world, and how it goes over the years."""

import textwrap
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plan import spoken
from experiments.runner import is_total
from experiments.study import Study
from model.interventions import WEEKS_A_YEAR
from model.outcomes import OUTCOMES

INCHES = (12.0, 5.0)
BAND = (0.25, 0.75)  # the middle half of the worlds
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), "-.", (0, (5, 1, 1, 1, 1, 1)))  # lines differ without colours too
INK, GREY = "0.15", "0.45"
GOLDEN, WIDTH = 0.618, 0.5  # dots stand aside in an even order, the same in every figure
STYLE: Any = {
    "font.size": 10, "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "svg.hashsalt": "kantelpunt", "svg.fonttype": "none",
}  # fmt: skip


def styled() -> AbstractContextManager[None]:
    """Have figures drawn in the house style."""
    return mpl.rc_context(STYLE)


def draw(study: Study, folder: Path) -> None:
    """Write figure.png and figure.svg of a comparison into a folder."""
    with styled():
        figure = compared(study)
        figure.savefig(folder / "figure.png", dpi=150)
        figure.savefig(folder / "figure.svg", metadata={"Date": None})


def compared(study: Study) -> Figure:
    """Return a figure: left every plan's difference in every world with its interval, right the outcome over the years."""
    figure = Figure(figsize=INCHES, layout="constrained")
    left, right = figure.subplots(1, 2)
    plans = list(study.plan.scenarios)
    colours = dict(zip(plans, sns.color_palette("colorblind", len(plans)), strict=True))
    draw_effects(study, left, colours)
    draw_course(study, right, colours)
    figure.suptitle(study.plan.heading, x=0.01, ha="left", weight="bold")
    return figure


def draw_effects(study: Study, axes: Axes, colours: dict) -> None:
    """Draw a dot for every world and the mean with its 95 % interval, a row for every plan."""
    question, effects = study.question, study.effects()
    differences = study.differences()
    axes.axvspan(-question.matters, question.matters, color="0.92", zorder=0)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for line, each in enumerate(effects):
        worlds = differences[each.scenario].dropna().to_numpy()
        aside = (np.arange(worlds.size) * GOLDEN % 1.0 - 0.5) * WIDTH
        sns.scatterplot(x=worlds, y=line + aside, color=colours[each.scenario], s=22, alpha=0.6, linewidth=0, ax=axes, zorder=2)
        mean, low, high = each.difference
        reach = np.nan_to_num([[mean - low], [high - mean]])
        axes.errorbar(mean, line, xerr=reach, fmt="o", color=INK, markersize=7, capsize=5, elinewidth=2, capthick=2, zorder=3)
    labels = [f"{textwrap.fill(spoken(each.scenario), 22)}\n{each.verdict.upper()}" for each in effects]
    axes.set_yticks(range(len(effects)), labels)
    axes.set_ylim(len(effects) - 0.5, -0.5)
    way = "left" if question.better == "lower" else "right"
    axes.set_xlabel(f"difference with {spoken(question.against)} ({way} is better; grey: too small to matter)")
    axes.set_title("What each plan does: worlds (dots), mean and 95 % interval", loc="left", fontsize=10)
    axes.tick_params(left=False)
    sns.despine(ax=axes, left=True)


def draw_course(study: Study, axes: Axes, colours: dict) -> None:
    """Draw the outcome over the years: the mean of all worlds, and where the middle half of them lies."""
    outcome = study.question.outcome
    for i, (name, table) in enumerate(study.course().groupby("scenario", sort=False)):
        over = table.groupby("week")["value"]
        years, mean = over.mean().index / WEEKS_A_YEAR, over.mean()
        axes.fill_between(years, over.quantile(BAND[0]), over.quantile(BAND[1]), color=colours[name], alpha=0.10, linewidth=0)
        axes.plot(years, mean, color=colours[name], linewidth=2, linestyle=DASHES[i % len(DASHES)], label=spoken(str(name)))
    unit = OUTCOMES[outcome].unit.removesuffix("/week")
    axes.set_xlim(0, study.plan.years)
    axes.set_xlabel("years since the start")
    axes.set_ylabel(f"{unit}, added up since the start" if is_total(outcome) else unit)
    definition = textwrap.fill(OUTCOMES[outcome].definition.removesuffix(" this week"), 70)
    axes.set_title(f"{definition}\nmean (line) and the middle half of the worlds (band)", loc="left", fontsize=10)
    axes.legend(frameon=False, loc="best")
    sns.despine(ax=axes)
