"""Figures of a comparison: what each plan does, world by world, and how it goes over the years."""

import io
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.running.store import write
from kantelpunt.experiments.statistics import Effect
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import is_total, outcome_of

from ..consoles import messages
from ..text import Text, capital
from .wording import outcome_name, parameter_name, plan_name, verdict

ENGLISH = Text("en")
INCHES = (12.0, 5.0)
BAND = (0.25, 0.75)  # the middle half of the worlds
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), "-.", (0, (5, 1, 1, 1, 1, 1)))  # lines differ without colours too
INK, GREY = "0.15", "0.45"
BASE = "#737373"  # of what plans are compared with
GOLDEN, WIDTH = 0.618, 0.5  # dots stand aside in an even order, the same in every figure
STYLE: Any = {
    "font.size": 10, "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK, "ytick.color": INK,
    "svg.hashsalt": "kantelpunt", "svg.fonttype": "none", "text.parse_math": False,
}  # fmt: skip
INVISIBLE = "\N{ZERO WIDTH SPACE}"


DRAWING = threading.RLock()


@contextmanager
def styled(**more: Any) -> Iterator[None]:
    """Have figures drawn in the house style, whatever somebody set for figures of their own, such as LaTeX; also a decorator.

    One thread at a time, since Matplotlib has one style for all.  No text is taken for a formula.
    """
    with DRAWING, mpl.rc_context():
        mpl.rcdefaults()
        style: Any = {**STYLE, **more}
        mpl.rcParams.update(style)
        yield


class Picture(Figure):
    """A figure that is drawn in the house style, and shows itself in a notebook, also where nobody loaded pyplot."""

    def savefig(self, fname: Any, *, style: Mapping[str, Any] = MappingProxyType({}), **options: Any) -> None:
        """Write it to a file; ``style`` goes above the house style."""
        with styled(**style):
            super().savefig(fname, **options)

    def _repr_png_(self) -> bytes:
        """Return the picture for a notebook."""
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=110)
        return file.getvalue()


def literal(text: str) -> str:
    """Return a name as figures show it: also one that begins with _, which Matplotlib leaves out; without control characters."""
    text = "".join(each for each in text if each.isprintable() or each == "\n")
    return f"{INVISIBLE}{text}" if text.startswith("_") else text


def svg(figure: Picture) -> str:
    """Return a figure as SVG, its texts as text."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    return file.getvalue()[file.getvalue().index("<svg") :]


def draw(study: StudyResults, folder: Path, t: Text) -> None:
    """Write figure.png and figure.svg of a comparison into a folder."""
    save(lambda: compared(study, t), folder, "figure", t)


def save(make: Callable[[], Picture], folder: Path, name: str, t: Text = ENGLISH) -> None:
    """Write a figure as PNG and SVG, each whole or not at all; one that cannot be drawn is told of, and costs nothing else."""
    try:
        figure = make()
        for kind, options in (("png", {"dpi": 150}), ("svg", {"metadata": {"Date": None}})):
            write(folder / f"{name}.{kind}", partial(figure.savefig, format=kind, **options))
    except (InputError, OSError):  # of the disk
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        messages.print(t("picture.lost", name=name, reason=reason), style="yellow", markup=False, highlight=False)


@styled()
def plot(study: StudyResults, outcome: str = "", **question: Any) -> Picture:
    """Return a figure of what a study compares: worlds as dots, means with intervals, and the outcome over the years.

    Parameters
    ----------
    study : a `Study` that has run.
    outcome : a name or formula, compared as `Study.compare` does; left out, what the plan of the study asks.
    question : against, matters and better, as `Study.compare` takes them.

    Returns
    -------
    Figure : a `matplotlib.figure.Figure`, which a notebook shows and `savefig` writes.

    Raises
    ------
    InputError : nothing is asked, or a key cannot be used.

    Examples
    --------
    >>> from kantelpunt import Study, plot
    >>> study = Study("drawn", people=200, years=1).scenarios(today={}, raid={"raid": 1.0}).points(6).run(quiet=True)
    >>> plot(study, "unsafe", against="today", matters=2).savefig("drawn.png")
    """
    return compared(study.asking(outcome, **question) if outcome else study)


@styled()
def compared(study: StudyResults, t: Text = ENGLISH) -> Picture:
    """Return a figure: left every plan's difference in every world with its interval, right the outcome over the years."""
    blocks = list(study.plan.blocks)
    width, height = INCHES
    figure = Picture(figsize=(width, height * len(blocks)), layout="constrained")
    for base, (left, right) in zip(blocks, figure.subplots(len(blocks), 2, squeeze=False), strict=True):
        draw_effects(study, left, t, base)
        draw_course(study, right, t, base)
    figure.suptitle(literal(heading(t, study.plan)), x=0.01, ha="left", weight="bold")
    return figure


@styled()
def effects(study: StudyResults, t: Text = ENGLISH) -> Picture:
    """Return a figure of every plan's difference in every world, with its interval; a panel a block."""
    rows = {base: len(names) for base, names in study.plan.blocks.items()}
    figure = Picture(figsize=(9.0, sum(1.2 + 0.85 * n for n in rows.values())), layout="constrained")
    panels = figure.subplots(len(rows), 1, squeeze=False, height_ratios=[1.2 + 0.85 * n for n in rows.values()])
    for axes, base in zip(panels[:, 0], rows, strict=True):
        draw_effects(study, axes, t, base)
    return figure


@styled()
def course(study: StudyResults, t: Text = ENGLISH) -> Picture:
    """Return a figure of the outcome over the years; a panel a block."""
    blocks = list(study.plan.blocks)
    figure = Picture(figsize=(9.0, 4.2 * len(blocks)), layout="constrained")
    for axes, base in zip(figure.subplots(len(blocks), 1, squeeze=False)[:, 0], blocks, strict=True):
        draw_course(study, axes, t, base)
    return figure


def colours_of(study: StudyResults) -> dict[str, Any]:
    """Return a colour for every plan, the same in every figure, in the report and on screen; each block begins anew."""
    plan = study.plan
    colours: dict[str, str] = {}
    for base, names in plan.blocks.items():
        colours |= shades_of([name for name in plan.scenarios if name == base or name in names], base)
    return colours


def shades_of(plans: Sequence[str], against: str) -> dict[str, str]:
    """Return a colour for every plan, in their order; what they are compared with is grey."""
    others = [name for name in plans if name != against]
    shades = sns.color_palette("colorblind", len(others)).as_hex()
    return {against: BASE, **dict(zip(others, shades, strict=True))}


def heading(t: Text, plan: Plan) -> str:
    """Return a question in a line: one that comes with the project in this language, any other as its maker wrote it."""
    words, bracket, there = plan.heading.partition(" (")
    return t.named("question", words, words) + bracket + there


def write_numbers(axes: Axes, t: Text, *which: str) -> None:
    """Have the numbers along these axes ("x", "y") written as the language writes them."""
    for name in which:
        getattr(axes, f"{name}axis").set_major_formatter(lambda number, _: t.written(f"{number:,.10g}".replace("-", "−")))


def draw_effects(study: StudyResults, axes: Axes, t: Text, base: str) -> None:
    """Draw a dot for every world and the mean with its 95 % interval, a row for every plan of a block; of the first outcome."""
    question, colours = study.question, colours_of(study)
    there = study.plan.blocks[base]
    found = [each for each in study.effects() if each.outcome == question.outcome and each.scenario in there]
    differences = study.differences()
    labels = [f"{textwrap.fill(literal(capital(plan_name(t, each.scenario))), 22)}\n{verdict(t, each)}" for each in found]
    by_plan = {each.scenario: differences[each.scenario].dropna().to_numpy() for each in found}
    draw_differences(axes, found, by_plan, question.matters, colours, labels)
    side = "left" if question.better == "lower" else "right"
    axes.set_xlabel(t(f"figure.axis_{side}", against=literal(plan_name(t, base))))
    axes.set_title(t("figure.effects"), loc="left", fontsize=10)
    write_numbers(axes, t, "x")


def draw_differences(
    axes: Axes,
    effects: Sequence[Effect],
    differences: Mapping[str, np.ndarray],
    matters: float,
    colours: Mapping[str, Any],
    labels: Sequence[str],
) -> None:
    """Draw a row for every effect: a dot for every world, the mean with its 95 % interval; grey: too small to matter."""
    axes.axvspan(-matters, matters, color="0.92", zorder=0)
    axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=1)
    for line, each in enumerate(effects):
        worlds, (mean, low, high) = differences[each.scenario], each.difference
        aside = (np.arange(worlds.size) * GOLDEN % 1.0 - 0.5) * WIDTH
        sns.scatterplot(x=worlds, y=line + aside, color=colours[each.scenario], s=24, alpha=0.6, linewidth=0, ax=axes, zorder=2)
        reach = np.nan_to_num([[mean - low], [high - mean]])
        axes.errorbar(mean, line, xerr=reach, fmt="o", color=INK, markersize=7, capsize=5, elinewidth=2, capthick=2, zorder=3)
    axes.set_yticks(range(len(effects)), labels)
    axes.set_ylim(len(effects) - 0.5, -0.5)
    axes.set_ylabel("")
    axes.tick_params(left=False)
    sns.despine(ax=axes, left=True)


def draw_course(study: StudyResults, axes: Axes, t: Text, base: str) -> None:
    """Draw the outcome over the years for the plans of a block: the mean of all worlds, and the middle half of them."""
    outcome, colours = study.question.outcome, colours_of(study)
    course = study.course()
    course = course[course["scenario"].isin([base, *study.plan.blocks[base]])]
    for i, (name, table) in enumerate(course.groupby("scenario", sort=False)):
        over = table.groupby("week")["value"]
        years, mean = over.mean().index / WEEKS_A_YEAR, over.mean()
        axes.fill_between(
            years, over.quantile(BAND[0]), over.quantile(BAND[1]), color=colours[str(name)], alpha=0.10, linewidth=0
        )
        label, dashes = literal(capital(plan_name(t, str(name)))), DASHES[i % len(DASHES)]
        axes.plot(years, mean, color=colours[str(name)], linewidth=2, linestyle=dashes, label=label)
    unit = outcome_of(outcome).unit.removesuffix("/week")
    unit = t.named("units", unit, unit)
    axes.set_xlim(0, study.plan.years)
    axes.set_xlabel(t("figure.years"))
    axes.set_ylabel(t("figure.added", unit=unit) if is_total(outcome) else unit)
    called = outcome_name(t, outcome)
    text = t("figure.course", outcome=capital(called))
    axes.set_title(textwrap.fill(text, 66), loc="left", fontsize=10)
    axes.legend(frameon=False, loc="best")
    write_numbers(axes, t, "x", "y")
    sns.despine(ax=axes)


@styled()
def sensitivity(table: pd.DataFrame, outcome: str, t: Text = ENGLISH, most: int = 15) -> Picture:
    """Return bars of the parameters that matter most, with 95 % intervals: of Morris (mu_star) or Sobol (first and total)."""
    figure = Picture(figsize=(9.0, 0.8 + 0.34 * min(most, len(table))), layout="constrained")
    axes, shown = figure.subplots(), table.head(most)
    columns = [name for name in ("mu_star", "total", "first") if name in table]
    colours = sns.color_palette("colorblind", len(columns))
    for i, name in enumerate(columns):
        place = np.arange(len(shown)) + (i - (len(columns) - 1) / 2) * 0.38
        height, label = 0.36 if len(columns) > 1 else 0.6, t(f"figure.{name}")
        axes.barh(place, shown[name], height, xerr=shown[f"{name}_conf"], color=colours[i], label=label, error_kw={"ecolor": INK})
    axes.set_yticks(range(len(shown)), [f"{shortened(parameter_name(t, str(name)))} ({name})" for name in shown.index])
    axes.invert_yaxis()
    unit = outcome_of(outcome).unit.removesuffix("/week")
    moved = t("figure.moved", unit=t.named("units", unit, unit)) if "mu_star" in table else t("figure.variance")
    figure.supxlabel(moved, fontsize=10)
    called = outcome_name(t, outcome)
    axes.set_title(textwrap.fill(capital(called), 80), loc="left", fontsize=10)
    write_numbers(axes, t, "x")
    if len(columns) > 1:
        figure.legend(loc="outside upper right", ncols=len(columns), frameon=False)
    sns.despine(ax=axes)
    return figure


def shortened(text: str, width: int = 46) -> str:
    """Return a text that fits beside an axis."""
    return textwrap.shorten(text, width, placeholder=" …")
