"""Patterns that must emerge, each judged by one figure; ids and targets are those of the evidence (section 2.8).

How each is read was fixed before it was measured.  No rule knows a target, and a pattern that is missed is reported as
missed: see `results/reference/patterns.csv`.
"""

import numpy as np

from kantelpunt.model.regime import MIDDLE_HOLD, MIDDLE_TRUST

from .measure import Shown, pattern
from .worlds import SEASON, STRONG, YEAR, ages, contacts, contrast_decade, course, decade, feedback, patrol, places, raid

SLIGHT = 0.25  # of an effect: what is left when it is called gone
AFTER = 3 * YEAR  # how long after a programme an improvement is asked for again
MIDDLE = (MIDDLE_TRUST, MIDDLE_HOLD)  # trust and crime's hold halfway between the starts of a focus and of a contrast area


# -- V1: age and crime: involved people (stage 2 and up), years 11-20, when little is left of the ages at the start


def rate(shown: Shown, first: int, last: int, sex: slice = slice(None), who: str = "involved") -> float:
    """Return offences per person-year at the ages first .. last."""
    years = shown["years"][:, sex, first : last + 1].sum()
    return shown[who][:, sex, first : last + 1].sum() / max(years, 1.0)


def peak(shown: Shown, who: str) -> float:
    """Return the age with most offences per person-year, in a moving mean over three years of age."""
    return float(max(range(9, 65), key=lambda age: rate(shown, age - 1, age + 1, who=who)))


@pattern("V1a", "age of most offences by involved people", "year", ages, "17-20", 17, 20)
def peak_age(shown: Shown) -> float:
    return peak(shown, "involved")


@pattern("V1b", "offences by involved people at 30-39, against 17-20", "ratio", ages, "a decline: at most 0.75", high=0.75)
def decline(shown: Shown) -> float:
    return rate(shown, 30, 39) / max(rate(shown, 17, 20), 1e-9)


@pattern("V1c", "offences by involved men, against women", "ratio", ages, "at least 3", low=3)
def men_to_women(shown: Shown) -> float:
    return rate(shown, 8, 64, slice(1, 2)) / max(rate(shown, 8, 64, slice(0, 1)), 1e-9)


@pattern("V1d", "age of most offences, mischief of all youths included", "year", ages)
def peak_age_of_all(shown: Shown) -> float:
    return peak(shown, "all")


# -- V3: concentration of incidents


def top_tenth(counts: np.ndarray) -> float:
    """Return the % of incidents in the tenth of the places (sorted, most first) with most of them; a mean over worlds."""
    top = counts[:, : round(counts.shape[1] / 10)].sum(axis=1)
    return float(np.mean(100 * top / np.maximum(counts.sum(axis=1), 1)))


@pattern("V3a", "incidents in the top tenth of public places", "%", places, "at least 50", low=50)
def concentration(shown: Shown) -> float:
    return top_tenth(shown["public"])


@pattern("V3b", "incidents in the top tenth of all places, homes too (high by construction)", "%", places)
def concentration_overall(shown: Shown) -> float:
    return top_tenth(shown["outside"])


# -- V5: the risk profile: problems in three life domains or more (those of a plan), involved or not; stages stand beside it


@pattern("V5a", "youths of 8-23 with a risk profile in a focus area", "%", decade, "7-14", 7, 14)
def profile(shown: Shown) -> float:
    return 100 * shown["profile"].mean()


@pattern("V5b", "youths of 8-23 with a risk profile in a contrast area", "%", contrast_decade, "2-5", 2, 5)
def profile_elsewhere(shown: Shown) -> float:
    return 100 * shown["profile"].mean()


@pattern("V5c", "youths of 8-23 at stage 1 or higher in a focus area", "%", decade)
def at_risk(shown: Shown) -> float:
    return 100 * float(np.mean(shown["youths_at_risk"] / shown["youths"]))


@pattern("V5d", "youths of 8-23 at stage 1 or higher in a contrast area", "%", contrast_decade)
def at_risk_elsewhere(shown: Shown) -> float:
    return 100 * float(np.mean(shown["youths_at_risk"] / shown["youths"]))


# -- V6: intention and action


@pattern("V6a", "of those who noticed something, felt it should be reported", "%", decade, "60-80", 60, 80)
def intention(shown: Shown) -> float:
    return 100 * shown["intended"].sum() / shown["noticed"].sum()


@pattern("V6b", "of those who noticed something, reported it", "%", decade, "15-45", 15, 45)
def action(shown: Shown) -> float:
    return 100 * shown["reports"].sum() / shown["noticed"].sum()


# -- V9: contact


@pattern("V9a", "half-life of the trust gained by one contact", "week", contacts, "3-6", 3, 6)
def half_life(shown: Shown) -> float:
    gap = shown["once"].mean(axis=0)
    left = gap / gap[0]
    k = int(np.argmax(left < 0.5)) or left.size - 1
    return k - 1 + (left[k - 1] - 0.5) / max(left[k - 1] - left[k], 1e-9)


@pattern("V9b", "trust gained by a year of fortnightly contacts, left a season later", "%", contacts, "at least 50", low=50)
def lasting(shown: Shown) -> float:
    gap = shown["often"].mean(axis=0)
    return 100 * gap[SEASON] / gap[0]


# -- V10, V11: what becomes of a report


@pattern("V10", "reports in the half year after silence, against an explained no", "%", feedback, "at most -20", high=-20)
def silence(shown: Shown) -> float:
    return 100 * (shown["silence"].sum() / max(shown["explained"].sum(), 1) - 1)


@pattern("V11", "reports in the half year after success, against an explained no", "ratio", feedback, "1.3-1.8", 1.3, 1.8)
def success(shown: Shown) -> float:
    return shown["done"].sum() / max(shown["explained"].sum(), 1)


# -- V12: a raid


def change(shown: Shown, other: str, first: int, last: int) -> float:
    """Return the relative change of incidents in the weeks first .. last - 1 against the world without."""
    plain = shown["plain"][:, first:last].sum()
    return shown[other][:, first:last].sum() / max(plain, 1) - 1


@pattern("V12a", "incidents in the four weeks after a raid", "%", raid, "-15 to -5", -15, -5)
def drop(shown: Shown) -> float:
    return 100 * change(shown, "raided", YEAR + 2, YEAR + 6)


@pattern("V12b", "weeks until a quarter of that drop is left (mean of four weeks)", "week", raid, "2-6", 2, 6)
def rebound(shown: Shown) -> float:
    first = YEAR + 2
    gone = SLIGHT * change(shown, "raided", first, first + 4)
    return next((float(w) for w in range(YEAR - 6) if change(shown, "raided", first + w, first + w + 4) >= gone), YEAR - 6.0)


# -- V15: a patrol at constant dose


@pattern("V15a", "incidents at hot spots in the first six weeks of a hot-spot patrol", "%", patrol, "-30 to -8", -30, -8)
def patrolled(shown: Shown) -> float:
    return 100 * change(shown, "patrolled", 0, 6)


@pattern("V15b", "weeks until less than half of that effect is left (mean of six weeks)", "week", patrol, "6-22", 6, 22)
def wearing_off(shown: Shown) -> float:
    half = 0.5 * change(shown, "patrolled", 0, 6)
    return next((w + 3.0 for w in range(1, YEAR - 6) if change(shown, "patrolled", w, w + 6) > half), float(YEAR))


@pattern(
    "V16a", "incidents elsewhere for each prevented at hot spots, in the first season of the patrol", "%", patrol,
    "-20 to 50 (p36; below 0 is diffusion)", -20, 50,
)  # fmt: skip
def displacement(shown: Shown) -> float:
    prevented = (shown["plain"] - shown["patrolled"])[:, :SEASON].sum()
    moved = (shown["patrolled_elsewhere"] - shown["plain_elsewhere"])[:, :SEASON].sum()
    return 100 * float(moved / max(prevented, 1))


@pattern("V16b", "of all offences that the patrol stopped, those that were done elsewhere (first season)", "%", patrol)
def moved(shown: Shown) -> float:
    more = {
        part: (shown[f"patrolled{part}"] - shown[f"plain{part}"])[:, :SEASON].sum() for part in ("", "_elsewhere", "_displaced")
    }
    return 100 * float(more["_displaced"] / max(more["_displaced"] - more[""] - more["_elsewhere"], 1))


# -- V22, V23: scales of the Safety Monitor


@pattern("V22a", "social cohesion in a focus area", "0-10", decade, "4.8-5.8", 4.8, 5.8)
def cohesion(shown: Shown) -> float:
    return shown["cohesion"].mean()


@pattern("V22b", "social cohesion in a contrast area", "0-10", contrast_decade, "about 6.4 (5.8-7.1)", 5.8, 7.1)
def cohesion_elsewhere(shown: Shown) -> float:
    return shown["cohesion"].mean()


@pattern("V23a", "feel unsafe in a focus area", "%", decade, "30-45", 30, 45)
def unsafe(shown: Shown) -> float:
    return shown["unsafe"].mean()


@pattern("V23b", "feel unsafe in a contrast area", "%", contrast_decade, "about 15 (8-22)", 8, 22)
def unsafe_elsewhere(shown: Shown) -> float:
    return shown["unsafe"].mean()


# -- V25 and tipping: trust in institutions and crime's hold, the two stocks that oppose each other


def balance(course: np.ndarray) -> np.ndarray:
    """Return trust minus crime's hold, by world and week."""
    return course[:, 0] - course[:, 1]


def kept(shown: Shown, programme: str, stop: int) -> np.ndarray:
    """Return by world how much of the largest gain (mean of a season) is left some years after a programme stopped."""
    gain = balance(shown[programme]) - balance(shown["plain"])
    sums = np.cumsum(gain[:, : stop + AFTER + 1], axis=1)
    seasons = (sums[:, SEASON:] - sums[:, :-SEASON]) / SEASON
    return seasons[:, -1] / np.maximum(seasons.max(axis=1), 1e-9)


def resilient(shown: Shown, programme: str) -> np.ndarray:
    """Return by world whether it ends nearer to a contrast than to a focus area, in trust and in crime's hold (last year)."""
    last = shown[programme][:, :, -YEAR:].mean(axis=2)
    return (last[:, 0] > MIDDLE[0]) & (last[:, 1] < MIDDLE[1])


@pattern("V25a", "runs that lose half of the gain of a year of presence in three years", "%", course, "at least 50", low=50)
def relapse(shown: Shown) -> float:
    return 100 * float(np.mean(kept(shown, "short", 2 * YEAR) < 0.5))


@pattern("V25b", "runs that keep half of the gain of a long, strong dose for three years", "%", course, "at least 50", low=50)
def stays(shown: Shown) -> float:
    years = (STRONG[0]["until"] - STRONG[0]["from"]) // YEAR
    return 100 * float(np.mean(kept(shown, "strong", (years + 1) * YEAR) > 0.5))


@pattern("T1", "stuck worlds that are still stuck after twenty years", "%", course, "at least 90", low=90)
def stuck(shown: Shown) -> float:
    return 100 * float(1 - np.mean(resilient(shown, "plain")))


@pattern("T2", "worlds that are resilient eleven years after a long, strong dose of presence", "%", course, "at least 50", low=50)
def tipped(shown: Shown) -> float:
    return 100 * float(np.mean(resilient(shown, "strong")))
