"""Figures of the instruments: simulated areas beside recorded crime, trials in the model beside real ones."""

import numpy as np
import pandas as pd
import seaborn as sns

from kantelpunt.experiments.analysis import mirror
from kantelpunt.experiments.analysis.panel_statistics import rank
from kantelpunt.experiments.analysis.trial import Trial

from ..text import Text
from .figures import GREY, Picture

LEAST = 0.1  # incidents a year per 1,000 below which the scale is even


def scatter(panel: mirror.Panel, t: Text) -> Picture:
    """Return every area as a dot, recorded against simulated, those that judge apart from those that fit."""
    figure = Picture(figsize=(7.0, 6.4), layout="constrained")
    axes, table = figure.subplots(), mirror.by_area(panel)
    judging = table[table["set"] == "judge"]
    found = rank(judging["model"].to_numpy(), judging["recorded"].to_numpy()).mean
    for i, part in enumerate(("fit", "judge")):
        rows, colour = table[table["set"] == part], sns.color_palette("colorblind")[i]
        axes.vlines(rows["recorded"], rows["model_low"], rows["model_high"], color=colour, linewidth=0.8, alpha=0.5)
        axes.plot(rows["recorded"], rows["model"], "os"[i], color=colour, markersize=5, label=t(f"mirror.set.{part}"))
    most = 1.3 * max(table["recorded"].max(), table["model_high"].max(), LEAST)
    axes.plot([0, most], [0, most], color=GREY, linewidth=0.8, linestyle="--", label=t("mirror.equal"))
    for scale, limit in ((axes.set_xscale, axes.set_xlim), (axes.set_yscale, axes.set_ylim)):
        scale("symlog", linthresh=LEAST)
        limit(0, most)
    axes.set_xlabel(t("mirror.figure_x"))
    axes.set_ylabel(t("mirror.figure_y"))
    axes.set_title(t("mirror.figure_title", n=len(table), rank=found), loc="left", fontsize=10)
    axes.legend(frameon=False)
    sns.despine(fig=figure)
    return figure


def published(t: Text, asked: Trial, part: str) -> str:
    """Return the outcome or the unit of a published trial, or how the model differs from it, in this language."""
    return t.named(f"published.{asked.id}", part, getattr(asked, part))


def forest(table: pd.DataFrame, title: str, unit: str, t: Text) -> Picture:
    """Return what a trial finds in the model and what was published, a pair of intervals a follow-up."""
    figure = Picture(figsize=(7.0, 1.8 + 0.8 * len(table)), layout="constrained")
    axes, rows = figure.subplots(), np.arange(len(table))
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    ends = {"model": ("low", "high"), "published": ("published_low", "published_high")}
    for i, (name, (low, high)) in enumerate(ends.items()):
        reach = [table[name] - table[low], table[high] - table[name]]
        colour = sns.color_palette("colorblind")[i]
        axes.errorbar(
            table[name], rows + 0.2 * (i - 0.5), xerr=reach, fmt="os"[i], color=colour, label=t(f"trial.heading_{name}")
        )
    axes.set_yticks(rows, [t("trial.after", n=int(week)) for week in table["week"]])
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.invert_yaxis()
    axes.set_xlabel(t("trial.axis", unit=unit))
    axes.set_title(title, loc="left", fontsize=10, weight="bold")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncol=2, frameon=False)
    sns.despine(fig=figure, left=True)
    return figure
