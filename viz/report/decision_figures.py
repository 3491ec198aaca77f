"""The analyses that help to decide, drawn: what finding out is worth, a waterfall of parts, gain by cost."""

from typing import Any

import pandas as pd
import seaborn as sns

from kantelpunt.experiments.results import StudyResults

from ..text import Text, capital
from .decisions import SHOWN, Section, candidate_name, informed, part_name, unit
from .figures import GREY, INK, Picture, literal, shortened, styled, write_numbers


def has_picture(section: Section) -> bool:
    """Return whether there is anything to draw: not where nothing is worth finding out, in which words are enough."""
    return section.kind != "worth" or any(row["value"] > 0.0 for row in section.told["rows"])


def drawn(section: Section, study: StudyResults, t: Text) -> Picture:
    """Return the picture that belongs to what an analysis found."""
    return {"worth": worth_figure, "parts": parts_figure, "best": best_figure}[section.kind](section.told, study, t)


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
    axes.set_title(t("parts.title"), loc="left", fontsize=10)
    write_numbers(axes, t, "x")
    sns.despine(ax=axes)
    return figure


@styled()
def best_figure(told: dict[str, Any], study: StudyResults, t: Text) -> Picture:
    """Return gain on fresh worlds by yearly cost, with intervals; those on the front apart."""
    figure = Picture(figsize=(8.0, 4.8), layout="constrained")
    axes, colours = figure.subplots(), sns.color_palette("colorblind")
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    for on, key, colour in ((True, "front", colours[0]), (False, "behind", colours[7])):
        some = pd.DataFrame([each for each in told["front"] if each["on_front"] == on])
        if len(some):
            reach = [some["gain"] - some["low"].fillna(some["gain"]), some["high"].fillna(some["gain"]) - some["gain"]]
            axes.errorbar(some["cost"], some["gain"], yerr=reach, fmt="o", color=colour, capsize=4, label=t(f"best.{key}"))
    for each in told["front"]:
        place, name = (each["cost"], each["gain"]), literal(candidate_name(t, each["name"]))
        axes.annotate(name, place, xytext=(5, 5), textcoords="offset points", fontsize=8)
    axes.set_xlabel(t("best.axis_x"))
    axes.set_ylabel(t("best.axis_y", unit=unit(study, t)))
    axes.set_title(t("best.title"), loc="left", fontsize=10)
    axes.legend(frameon=False)
    write_numbers(axes, t, "x", "y")
    sns.despine(ax=axes)
    return figure
