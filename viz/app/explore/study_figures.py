"""Views of a study as figures: an outcome over a parameter, distributions, sensitivity, a tipping map.  By seaborn."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from kantelpunt.viz.report.figures import GREY, Picture, literal, shortened, styled, write_numbers
from kantelpunt.viz.report.wording import outcome_name, parameter_name, plan_name
from kantelpunt.viz.text import Text

INCHES = (9.0, 4.6)
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


@styled()
def heat(t: Text, table: pd.DataFrame, outcome: str) -> Picture:
    """Return a tipping map: dose by duration, the difference with nothing."""
    figure, axes = plain()
    shown = table.sort_index(ascending=False).rename(index=lambda dose: f"{round(100 * dose)} %")
    label = {"label": t("explore.difference", outcome=outcome_name(t, outcome))}
    sns.heatmap(shown, annot=shown.map(t.number), fmt="", center=0.0, cmap="vlag", cbar_kws=label, ax=axes)
    write_numbers(figure.axes[-1], t, "y")
    axes.tick_params(axis="y", rotation=0)
    axes.set_xlabel(t("explore.lasts"))
    axes.set_ylabel(t("explore.dose"))
    return figure
