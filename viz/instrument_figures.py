"""Figures of the instruments: simulated areas beside recorded crime."""

import seaborn as sns

from experiments import mirror
from experiments.panels import rank

from .figures import GREY, Picture
from .text import Text

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
