"""The analyses that help to decide, drawn: what finding out is worth, a waterfall of parts, gain by cost, routes by year."""

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.experiments.results import StudyResults
from kantelpunt.model.calendar import WEEKS_A_YEAR

from ..text import Text, capital
from .decisions import SHOWN, informed, part_name
from .figures import GREY, INK, Picture, literal, shortened, styled, write_numbers
from .section import Section, unit
from .wording import plan_name


def has_picture(section: Section) -> bool:
    """Return whether there is anything to draw: not where nothing is worth finding out or no plan
    changes, in which words are enough."""
    if section.kind == "pathways":
        return bool(section.told["dates"])
    if section.kind == "rivals":
        return False
    return section.kind != "worth" or any(row["value"] > 0.0 for row in section.told["rows"])


def drawn(section: Section, study: StudyResults, t: Text) -> Picture:
    """Return the picture that belongs to what an analysis found."""
    return FIGURES[section.kind](section.told, study, t)


@styled()
def worth_figure(told: dict[str, Any], study: StudyResults, t: Text) -> Picture:
    """Return a bar for each of what is worth most, with its interval, and what noise alone reaches in grey."""
    shown = told["rows"][:SHOWN]
    figure = Picture(figsize=(9.0, 1.2 + 0.42 * len(shown)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(0.0, max((each["zero"] for each in shown if each["kind"] != "survey"), default=0.0), color="0.92", zorder=0)
    for i, each in enumerate(shown):
        axes.barh(i, each["value"], 0.6, color=sns.color_palette("colorblind")[0 if each["counts"] else 7])
        if each["low"] is not None:
            axes.hlines(i, each["low"], each["high"], color=INK, linewidth=1.5)
    axes.set_yticks(range(len(shown)), [literal(shortened(capital(informed(t, each)))) for each in shown])
    axes.invert_yaxis()
    axes.set_xlabel(f"{t('worth.axis', unit=t('worth.euro') if told['euros'] else unit(study, t))}\n{t('worth.grey')}")
    axes.set_title(t("worth.title"), loc="left", fontsize=10)
    write_numbers(axes, t, "x")
    sns.despine(ax=axes)
    return figure


@styled()
def parts_figure(told: dict[str, Any], study: StudyResults, t: Text) -> Picture:
    """Return a waterfall: what each measure adds, the largest first, up to what the package does."""
    measures = sorted((each for each in told["rows"] if each["kind"] == "measure"), key=lambda each: -each["gain"])
    whole = next(each for each in told["rows"] if each["kind"] == "package")
    shown = [*measures, whole]
    figure = Picture(figsize=(9.0, 1.4 + 0.5 * len(shown)), layout="constrained")
    axes, begin, colours = figure.subplots(), 0.0, sns.color_palette("colorblind")
    for i, each in enumerate(shown):
        start = 0.0 if each is whole else begin
        colour = INK if each is whole else colours[0] if each["gain"] >= 0 else colours[3]
        axes.barh(i, each["gain"], 0.6, left=start, color=colour, alpha=0.8)
        if each["low"] is not None:
            axes.hlines(i, start + each["low"], start + each["high"], color=GREY, linewidth=1.5)
        begin += each["gain"]
        if each is not whole:
            axes.vlines(begin, i, i + 1, color=GREY, linewidth=0.8, linestyle=":")
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.set_yticks(range(len(shown)), [literal(capital(part_name(t, each))) for each in shown])
    axes.invert_yaxis()
    axes.set_xlabel(t("parts.axis", unit=unit(study, t)))
    title = "parts.loops_title" if set(told["measures"]) <= set(loops()) else "parts.title"
    axes.set_title(t(title), loc="left", fontsize=10)
    write_numbers(axes, t, "x")
    sns.despine(ax=axes)
    return figure


@styled()
def best_figure(told: dict[str, Any], study: StudyResults, t: Text) -> Picture:
    """Return a row a package: its price, and its gain on fresh worlds with interval; the largest gain first, the front apart."""
    shown = sorted(told["front"], key=lambda each: -each["gain"])
    figure = Picture(figsize=(8.0, 1.4 + 0.42 * len(shown)), layout="constrained")
    axes, colours = figure.subplots(), sns.color_palette("colorblind")
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    for on, key, colour in ((True, "front", colours[0]), (False, "behind", colours[7])):
        some = pd.DataFrame([{**each, "row": i} for i, each in enumerate(shown) if each["on_front"] == on])
        if len(some):
            reach = [some["gain"] - some["low"].fillna(some["gain"]), some["high"].fillna(some["gain"]) - some["gain"]]
            axes.errorbar(some["gain"], some["row"], xerr=reach, fmt="o", color=colour, capsize=4, label=t(f"best.{key}"))
    axes.set_yticks(range(len(shown)), [literal(candidate_name(told, each, t)) for each in shown])
    axes.invert_yaxis()
    axes.set_xlabel(t("best.axis", unit=unit(study, t)))
    axes.set_title(t("best.title"), loc="left", fontsize=10)
    figure.legend(frameon=False, loc="outside lower center", ncols=2)
    write_numbers(axes, t, "x")
    sns.despine(ax=axes)
    return figure


def candidate_name(told: dict[str, Any], row: dict[str, Any], t: Text) -> str:
    """Return what a package is called beside its price; the winner of a race stands out."""
    name = shortened(capital(plan_name(t, row["name"])))
    plan = t("best.winner_row", plan=name) if row["name"] == told["winner"] else name
    return t("best.row", plan=plan, cost=t.euros(row["cost"]))


@styled()
def pathways_figure(told: dict[str, Any], study: StudyResults, t: Text) -> Picture:
    """Return the plans as lines by year, with a transfer where the sign gives its signal; and the gain by date of the change."""
    turning = next(each for each in told["policies"] if each["then"])
    figure = Picture(figsize=(9.0, 6.0), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1.0, 2.2))
    begin, colours = study.plan.start.year, sns.color_palette("colorblind")
    end = begin + study.plan.years
    names = [turning["first"], turning["then"]]
    for i, (name, colour) in enumerate(zip(names, colours, strict=False)):
        upper.hlines(i, begin, end, color=colour, linewidth=5)
        upper.annotate(literal(shortened(plan_name(t, name))), (begin, i), xytext=(0, 8), textcoords="offset points", fontsize=9)
    if turning["middle"] is not None:
        early, middle, late = (begin + turning[key] / WEEKS_A_YEAR for key in ("early", "middle", "late"))
        upper.fill_betweenx([0.0, 1.0], early, late, color="0.88", zorder=0)
        upper.plot([middle, middle], [0.0, 1.0], color=INK, marker="o", markerfacecolor="white", markersize=10)
        share = f"{100 * turning['changes']:.0f} %"
        upper.annotate(t("pathways.share", share=share), (middle, 0.5), xytext=(8, 0), textcoords="offset points", fontsize=9)
    upper.set_ylim(-0.5, 1.6)
    upper.set_axis_off()
    upper.set_title(t("pathways.title"), loc="left", fontsize=10)
    dates = pd.DataFrame(told["dates"]).astype(float)
    years = begin + dates["week"] / WEEKS_A_YEAR
    lower.fill_between(years, dates["low"], dates["high"], color=colours[7], alpha=0.25, linewidth=0)
    lower.plot(years, dates["gain"], color=colours[7], marker="o", markersize=3, label=t("pathways.at_date"))
    if turning["sign"]:
        lower.axhline(turning["gain"], color=colours[0], label=t("pathways.by_sign"))
    lower.axhline(0.0, color=GREY, linewidth=0.8)
    lower.set_xlabel(t("pathways.axis_year"))
    lower.set_ylabel(t("pathways.axis", first=plan_name(t, study.plan.first), unit=unit(study, t)))
    lower.xaxis.set_major_locator(MaxNLocator(integer=True))
    lower.legend(frameon=False)
    write_numbers(lower, t, "y")
    sns.despine(ax=lower)
    return figure


FIGURES = {"worth": worth_figure, "parts": parts_figure, "best": best_figure, "pathways": pathways_figure}
