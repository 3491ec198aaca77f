"""The patterns in one figure: each against its target."""

from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns

from .measure import PATTERNS

VERDICTS = {"yes": "holds", "no": "missed", "": "no target"}
PALETTE = dict(zip(VERDICTS, [*sns.color_palette("colorblind")[2:4], (0.5, 0.5, 0.5)], strict=True))


def panel(data: pd.DataFrame, **_: object) -> None:
    """Draw one pattern: the band of its target, its interval over worlds, its value."""
    axes, row = plt.gca(), data.iloc[0]
    bounds = PATTERNS[row["id"]]
    ends = [end for end in (row["low"], row["high"], row["value"], bounds.low, bounds.high) if abs(end) < float("inf")]
    margin = 0.15 * ((max(ends) - min(ends)) or abs(max(ends)) or 1.0)
    axes.set_xlim(min(ends) - margin, max(ends) + margin)
    if row["holds"]:
        left, right = axes.get_xlim()
        axes.axvspan(max(bounds.low, left), min(bounds.high, right), color="0.88", lw=0)
    colour = PALETTE[row["holds"]]
    axes.plot([row["low"], row["high"]], [0, 0], color=colour, lw=3, solid_capstyle="round")
    axes.plot(row["value"], 0, "o", color=colour, markersize=8)
    axes.set_ylim(-1, 1)
    axes.set_yticks([])


def draw(result: pd.DataFrame, path: Path) -> None:
    """Write the figure: one panel a pattern, its target in grey."""
    sns.set_theme(context="paper", style="ticks")
    grid = sns.FacetGrid(result, col="id", col_wrap=5, sharex=False, sharey=False, height=1.7, aspect=1.7)
    grid.map_dataframe(panel).set_titles("").set_axis_labels("", "").despine(left=True)
    for id, axes in grid.axes_dict.items():
        row = result.set_index("id").loc[id]
        axes.set_title(fill(f"{id}  {row['what']}", 42) + f"  [{row['unit']}]", fontsize=8, loc="left")
    handles = [plt.Line2D([], [], color=PALETTE[key], lw=3, marker="o", label=name) for key, name in VERDICTS.items()]
    handles.append(plt.Rectangle((0, 0), 1, 1, color="0.88", label="target"))
    title = f"Patterns that must emerge, over {result['seeds'].max()} worlds (mean and 95 % interval)"
    grid.figure.suptitle(title, x=0.01, ha="left", weight="bold")
    grid.figure.legend(handles=handles, loc="upper right", ncol=4, frameon=False)
    grid.figure.tight_layout(rect=(0, 0, 1, 0.97))
    grid.figure.savefig(path, dpi=130)
    plt.close(grid.figure)
