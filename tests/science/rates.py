"""Size and rates: a stuck world of 2,000 over ten years, beside published figures."""

import numpy as np

from .measure import Shown, pattern
from .worlds import YEAR, decade


def a_year(shown: Shown, name: str, per: str = "people") -> float:
    """Return how often something happens per person and year."""
    return float(np.mean(shown[name] / 10 / shown[per]))


@pattern("S1", "youths who reach stage 2 in ten years in a stuck world of 2,000", "persons", decade, "at least 20", low=20)
def size(shown: Shown) -> float:
    return shown["recruited"].mean()


@pattern("R1", "births", "per 1,000 a year", decade, "7-15 (CBS 2022: 9.5)", 7, 15)
def births(shown: Shown) -> float:
    return 1_000 * a_year(shown, "births")


@pattern("R2", "deaths", "per 1,000 a year", decade, "5-13 (CBS 2022: 9.6; younger here)", 5, 13)
def deaths(shown: Shown) -> float:
    return 1_000 * a_year(shown, "deaths")


@pattern("R3", "inhabitants who move out", "% a year", decade, "8-22 (p40)", 8, 22)
def moves(shown: Shown) -> float:
    return 100 * a_year(shown, "moved_out")


REPORTS = "10-100 (youth nuisance alone 5.6; victims 20 % a year, 36 % of it reported)"


@pattern("R4", "reports by residents", "per 1,000 a year", decade, REPORTS, 10, 100)
def reports(shown: Shown) -> float:
    return 1_000 * a_year(shown, "reports")


@pattern("R5", "arrests", "per 10,000 a year", decade, "20-160 (suspects 2023: 80; p05: up to twice in focus)", 20, 160)
def arrests(shown: Shown) -> float:
    return 10_000 * a_year(shown, "arrests")


@pattern("R6", "arrests of those involved", "% a month", decade, "0.5-8 (p06)", 0.5, 8)
def detection(shown: Shown) -> float:
    return 100 * shown["arrests"].sum() / max(shown["members"].sum() / YEAR * 12, 1)


@pattern("R7", "youths of 8-23 who reach stage 2", "per 1,000 a year", decade, "1-10 (p01: 2-14 % at risk, over 16 years)", 1, 10)
def intake(shown: Shown) -> float:
    return 1_000 * a_year(shown, "recruited", "youths")


@pattern("R8", "adults who meet a professional at least once a year", "%", decade, "15-45 (CBS 2021: police alone 24.8)", 15, 45)
def meeting(shown: Shown) -> float:
    return 100 * float(np.mean(1 - (1 - shown["meeting"]) ** YEAR))


@pattern("R9", "professionals who leave", "% a year", decade, "10-45 (p49)", 10, 45)
def turnover(shown: Shown) -> float:
    return 100 * float(np.mean(shown["staff_left"])) / 10 / 14
