"""Views of a study as figures: an outcome over a parameter, distributions, sensitivity, a tipping map.  By seaborn."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report.figures import GREY, INK, Picture, literal, shortened, styled, write_numbers
from kantelpunt.viz.report.wording import outcome_name, parameter_name, plan_name
from kantelpunt.viz.text import Text

INCHES = (9.0, 4.6)
HALF = 50.0  # % of the worlds
SHOWN = 12  # parameters in a picture of sensitivity


def plain() -> tuple[Picture, Axes]:
    """Return an empty figure with its axes."""
    figure = Picture(figsize=INCHES, layout="constrained")
    return figure, figure.subplots()


def named(t: Text, runs: pd.DataFrame) -> pd.DataFrame:
    """Return runs with their scenarios under names for people."""
    names = runs["scenario"].map(lambda name: literal(plan_name(t, str(name))))
    return runs.drop(columns="scenario").assign(**{t("explore.scenario"): names})


@styled()
def over_parameter(t: Text, runs: pd.DataFrame, outcome: str, parameter: str) -> Picture:
    """Return an outcome over a parameter, a dot a run."""
    figure, axes = plain()
    runs = named(t, runs)
    hue = t("explore.scenario")
    sns.scatterplot(runs, x=parameter, y=outcome, hue=hue, style=hue, palette="colorblind", alpha=0.75, ax=axes)
    axes.set_xlabel(f"{parameter_name(t, parameter)} ({parameter})")
    axes.set_ylabel(outcome_name(t, outcome))
    write_numbers(axes, t, "x", "y")
    sns.despine(ax=axes)
    return figure


@styled()
def distributions(t: Text, runs: pd.DataFrame, outcome: str) -> Picture:
    """Return how an outcome is spread over all worlds, a line a scenario: the share of worlds at or below each value."""
    figure, axes = plain()
    runs = named(t, runs)
    sns.ecdfplot(runs, x=outcome, hue=t("explore.scenario"), palette="colorblind", linewidth=2, ax=axes)
    axes.set_xlabel(outcome_name(t, outcome))
    axes.set_ylabel(t("explore.share_of_worlds"))
    write_numbers(axes, t, "x", "y")
    sns.despine(ax=axes)
    return figure


@styled()
def bars(t: Text, found: pd.Series) -> Picture:
    """Return the strongest rank correlations as bars."""
    figure, axes = plain()
    top = found.head(SHOWN)
    labels = [shortened(parameter_name(t, str(name))) for name in top.index]
    sns.barplot(x=top.to_numpy(), y=labels, color=sns.color_palette("colorblind")[0], ax=axes)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.set_xlim(-1, 1)
    axes.set_xlabel(t("explore.correlation"))
    write_numbers(axes, t, "x")
    sns.despine(ax=axes, left=True)
    return figure


Side = tuple[bool, tuple[tuple[int, int], tuple[int, int]]]


def edges(over: np.ndarray, row: int, column: int) -> list[Side]:
    """Return of each side of a cell whether the line runs beyond it, and its ends as (x, x), (y, y)."""
    rows, columns = over.shape
    return [
        (row > 0 and bool(over[row - 1, column]), ((column, column + 1), (row, row))),
        (row + 1 < rows and bool(over[row + 1, column]), ((column, column + 1), (row + 1, row + 1))),
        (column > 0 and bool(over[row, column - 1]), ((column, column), (row, row + 1))),
        (column + 1 < columns and bool(over[row, column + 1]), ((column + 1, column + 1), (row, row + 1))),
    ]


@styled()
def heat(t: Text, table: pd.DataFrame, outcome: str, tipped: pd.DataFrame) -> Picture:
    """Return a tipping map: dose by duration, the difference with nothing; what is better is blue, whatever the outcome.

    A thick line goes around the cells in which at least half of the worlds end resilient; where none does, the title says so.
    """
    figure, axes = plain()
    shown = table.sort_index(ascending=False).rename(index=lambda dose: f"{round(100 * dose)} %")
    label = {"label": t("explore.difference", outcome=outcome_name(t, outcome))}
    colours = "vlag_r" if OUTCOMES[outcome].better == "higher" else "vlag"
    sns.heatmap(shown, annot=shown.map(t.number), fmt="", center=0.0, cmap=colours, cbar_kws=label, ax=axes)
    over = (tipped.sort_index(ascending=False) >= HALF).to_numpy()
    for (row, column), inside in np.ndenumerate(over):
        for beside, ends in edges(over, row, column) if inside else ():
            if not beside:
                axes.plot(*ends, color=INK, linewidth=3, solid_capstyle="round", clip_on=False)
    axes.set_title(t("explore.tips" if over.any() else "explore.tips_nowhere"), loc="left", fontsize=10)
    write_numbers(figure.axes[-1], t, "y")
    axes.tick_params(axis="y", rotation=0)
    axes.set_xlabel(t("explore.lasts"))
    axes.set_ylabel(t("explore.dose"))
    return figure
