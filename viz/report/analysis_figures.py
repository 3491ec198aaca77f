"""Figures of the analyses of dynamics: loops, tipping with and without them, and where a neighbourhood ends."""

import textwrap
from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from kantelpunt.experiments.analysis.loops import PRESENCE
from kantelpunt.experiments.analysis.loops import loops as known
from kantelpunt.experiments.analysis.tipping import BALANCE, TIPPED, TODAY
from kantelpunt.experiments.design.variants import spoken
from kantelpunt.model.outcomes import is_total, outcome_of

from .figures import DASHES, GREY, Picture, literal, save, styled

__all__ = ["basin", "loops", "plausible", "save", "styled", "tipping_maps", "ways"]
DERIVED = {
    TIPPED: ("Worlds that end resilient", "%", "higher"),
    BALANCE: ("Trust in institutions less crime's hold", "level", "higher"),
}


@styled()
def loops(table: pd.DataFrame) -> Picture:
    """Return what cutting each loop changes, a panel an outcome, with 95 % intervals; bases beside each other."""
    outcomes = list(table.index.unique("outcome"))
    order = [name for name in known() if name in table.index.unique("loop")]
    bases = list(table.index.unique("base"))
    kinds = dict(zip(bases, sns.color_palette("colorblind", len(bases)), strict=True))
    figure = Picture(figsize=(3.4 * len(outcomes) + 2.4, 1.4 + 0.28 * len(order)), layout="constrained")
    for axes, outcome in zip(figure.subplots(1, len(outcomes), sharey=True, squeeze=False)[0], outcomes, strict=True):
        axes.axvline(0.0, color=GREY, linewidth=0.8)
        for i, (base, colour) in enumerate(kinds.items()):
            rows = table.xs((base, outcome), level=("base", "outcome"))
            place = [order.index(str(name)) + 0.24 * ((base == PRESENCE) - (base == TODAY)) for name in rows.index]
            reach = [rows["difference"] - rows["low"], rows["high"] - rows["difference"]]
            axes.errorbar(
                rows["difference"],
                place,
                xerr=reach,
                fmt="os^vD"[i % 5],
                color=colour,
                markersize=4,
                linewidth=1.2,
                label=literal(spoken(base)),
            )
        axes.set_title(outcome, loc="left", fontsize=10)
        if outcome not in DERIVED and is_total(outcome):
            axes.set_xscale("symlog", linthresh=10.0)  # one loop may be worth hundreds, and another one
        axes.set_yticks(range(len(order)), [f"{name}  {known()[name].en}" for name in order])
        axes.grid(axis="y", color="0.93")
    axes.invert_yaxis()
    figure.suptitle("What cutting a loop changes (mean and 95 % interval over points)", x=0.01, ha="left", weight="bold")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncol=len(bases), frameon=False)
    sns.despine(fig=figure, left=True)
    return figure


def described(outcome: str) -> tuple[str, str, str]:
    """Return what an outcome is, its unit, and which way is better."""
    if outcome in DERIVED:
        return DERIVED[outcome]
    known = outcome_of(outcome)
    return known.definition, known.unit, known.better


def panels(names: Mapping[str, pd.DataFrame], outcome: str, width: float) -> tuple[Picture, list[Axes]]:
    """Return a figure with a panel for every variant, and its panels, which have one scale."""
    figure = Picture(figsize=(width * len(names), 4.6), layout="constrained")
    axes = list(figure.subplots(1, len(names), sharey=True, squeeze=False)[0])
    figure.suptitle(textwrap.fill(f"{described(outcome)[0]}, in the last year", int(12 * width)), x=0.01, ha="left", fontsize=10)
    if len(names) > 1:
        for each, name in zip(axes, names, strict=True):
            each.set_title(literal(name), loc="left", fontsize=10, weight="bold")
    return figure, axes


@styled()
def tipping_maps(maps: Mapping[str, pd.DataFrame], outcome: str) -> Picture:
    """Return maps of dose (rows) by years (columns) beside each other, one a variant: the difference with its today."""
    figure, axes = panels(maps, outcome, 6.0)
    colours = "vlag" if described(outcome)[2] == "lower" else "vlag_r"  # what is better is blue
    most = max(table.abs().to_numpy().max() for table in maps.values()) or 1.0
    for each, table in zip(axes, maps.values(), strict=True):
        label = {"label": "difference with today"}
        shown = table.sort_index(ascending=False)
        sns.heatmap(shown, vmin=-most, vmax=most, cmap=colours, annot=True, fmt=".2g", ax=each, cbar_kws=label)
        each.set_xlabel("years that it lasts, from the start")
        each.set_ylabel("dose (share of the full intervention)" if each is axes[0] else "")
    return figure


@styled()
def ways(tables: Mapping[str, pd.DataFrame], outcome: str) -> Picture:
    """Return both ways of a tipping study, a panel a variant: each dose from the start, and each after full dose for half."""
    figure, axes = panels(tables, outcome, 6.0)
    texts = {"up": "this dose from the start", "down": "full dose for half of the time, then this dose"}
    for each, table in zip(axes, tables.values(), strict=True):
        for i, (way, text) in enumerate(texts.items()):
            rows, colour = table.xs(way), sns.color_palette("colorblind")[i]
            each.fill_between(rows.index, rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0)
            each.plot(rows.index, rows["mean"], color=colour, linestyle=DASHES[i], marker="os"[i], label=text)
        each.set_xlabel("dose (share of the full intervention)")
    axes[0].set_ylabel(f"{described(outcome)[1]} (mean and 95 % interval)")
    axes[0].legend(frameon=False)
    sns.despine(fig=figure)
    return figure


@styled()
def basin(tables: Mapping[str, pd.DataFrame]) -> Picture:
    """Return where worlds stood in trust and in crime's hold when an intervention stopped, and which of them ended resilient."""
    figure = Picture(figsize=(5.6 * len(tables), 4.8), layout="constrained")
    panes = figure.subplots(1, len(tables), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (name, table) in zip(panes, tables.items(), strict=True):
        for i, (text, rows) in enumerate({"ended resilient": table[TIPPED] > 0, "did not": table[TIPPED] == 0}.items()):
            x, y, colour = (
                table.loc[rows, "trust_institutions"],
                table.loc[rows, "crime_hold"],
                sns.color_palette("colorblind")[i],
            )
            axes.scatter(x, y, color=colour, marker="os"[i], s=14, alpha=0.6, linewidth=0, label=text)
        axes.set_title(literal(name), loc="left", fontsize=10, weight="bold")
        axes.set_xlabel("trust in institutions in the week in which it stopped")
        axes.set_ylabel("crime's hold in that week")
    axes.legend(frameon=False)
    sns.despine(fig=figure)
    return figure


@styled()
def plausible(table: pd.DataFrame, share: float, most: int = 30) -> Picture:
    """Return where plausible values lie within the range of the parameters that the targets tell most about (`narrowed`)."""
    shown = table.head(most)
    figure = Picture(figsize=(8.0, 1.4 + 0.26 * len(shown)), layout="constrained")
    axes, rows = figure.subplots(), range(len(shown))
    axes.hlines(rows, shown["first"], shown["third"], color="0.85", linewidth=9, label="all that were tried (middle half)")
    axes.hlines(rows, shown["low"], shown["high"], color=sns.color_palette("colorblind")[0], linewidth=3, label="not ruled out")
    axes.plot(shown["middle"], rows, "o", color=sns.color_palette("colorblind")[0], markersize=5)
    axes.set_yticks(rows, [f"{name}{' *' if p < 0.05 / len(table) else ''}" for name, p in shown["p"].items()])
    axes.invert_yaxis()
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("from the low to the high end of the range (* more than luck, by Bonferroni)")
    axes.set_title(f"Where plausible values lie: {share:.0%} of the settings are not ruled out", loc="left", fontsize=10)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncol=2, frameon=False)
    sns.despine(ax=axes, left=True)
    return figure
