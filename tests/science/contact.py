"""Contact beside what is known of it: a visit (N10), reports where trust is low and high (N13), hours and actions apart (N14).

How each is read was fixed before it was measured.

    visit       one good contact of one adult in ten; the gap in trust in institutions to the same people in the twin world, by
                straight lines between the weeks
    reports     offences and reports by public place and four weeks, over ten years of a focus area (low trust) and a contrast
                area (high); places are compared with places of about as many offences, and each with its own mean
    apart       visible presence as hours only, actions only, and both: as much as both cost apart; of actions also what they do
                that nobody sees (tidying alone), and what is seen but tidies nothing
"""

from typing import Any

import numpy as np

from kantelpunt.model.simulation import simulate
from kantelpunt.model.state.codes import GREEN, HOME, STREET

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import CONTRAST, FOCUS, LONG, YEAR, Numbers, contacts, watched

MONTH, YEARS = 4, 10
CLASSES = np.array([0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4])  # offences in a place in four weeks, from class to class
HOURS, ACTIONS = 40.0, 2.0  # a week per 1,000 residents
LATE = 4 * YEAR  # week from which presence is judged

# -- N10: one good contact of ten minutes


def after(shown: Shown, day: float) -> float:
    """Return the gain in trust in institutions so many days after one good contact, in points of 100."""
    gap = shown["once_institutions"].mean(axis=0)
    return 100 * float(np.interp(day / 7, np.arange(gap.size), gap))


@pattern("N10a", "trust in institutions three days after one good contact", "of 100", contacts, "5-9 (Peyton e.a. 2019)", 5, 9)
def at_once(shown: Shown) -> float:
    return after(shown, 3)


@pattern("N10b", "of that, what is left after three weeks", "%", contacts, "50-80 (Peyton e.a. 2019)", 50, 80)
def left(shown: Shown) -> float:
    return 100 * after(shown, 21) / after(shown, 3)


# -- N13: reports follow offences less where trust is low


def reported(seed: int) -> Numbers:
    """Return by class of places the sums that a correlation of offences and reports takes, of a focus and of a contrast area."""
    return {"low": sums(FOCUS, LONG, seed), "high": sums(CONTRAST, YEARS, seed)}


def sums(area: str, years: int, seed: int) -> np.ndarray:
    """Return for each class of places how many months there are, and the sums of squares and products, shape (classes - 1, 4)."""
    seen = watched(area, years, seed)
    places = np.flatnonzero(~np.isin(seen.kinds, (HOME, STREET, GREEN)))
    done, told = (by_month(seen.events, kind, seen.kinds.size)[places] for kind in ("offence", "report"))
    classes = np.digitize(done.mean(axis=1), CLASSES)
    x, y = (counts - counts.mean(axis=1, keepdims=True) for counts in (done, told))
    found = []
    for nth in range(1, CLASSES.size):
        here = classes == nth
        found.append([x[here].size, (x[here] ** 2).sum(), (y[here] ** 2).sum(), (x[here] * y[here]).sum()])
    return np.array(found, float)


def by_month(events: Any, kind: str, cells: int) -> np.ndarray:
    """Return how often something happened in each cell in each four weeks of the first years, shape (cells, months)."""
    some = events[(events["kind"] == kind) & (events["week"] <= YEARS * YEAR) & (events["place"] >= 0)]
    months = YEARS * YEAR // MONTH
    return np.bincount(some["place"] * months + (some["week"] - 1) // MONTH, minlength=cells * months).reshape(cells, months)


def follows(shown: Shown) -> tuple[float, float]:
    """Return the correlation of reports and offences where trust is low and where it is high, over the same classes of places."""
    low, high = (shown[trust].sum(axis=0) for trust in ("low", "high"))
    weight = np.minimum(low[:, 0], high[:, 0])
    both = [np.divide(each[:, 3], np.sqrt(each[:, 1] * each[:, 2]), out=np.zeros(len(each)), where=each[:, 1] * each[:, 2] > 0)
            for each in (low, high)]  # fmt: skip
    return tuple(float(np.average(each, weights=weight)) for each in both)  # type: ignore[return-value]


@pattern("N13a", "correlation of monthly reports with offences in the same place where trust is low", "correlation", reported)
def follows_little(shown: Shown) -> float:
    return follows(shown)[0]


@pattern(
    "N13b", "that, less the same where trust is high, in places of as many offences", "correlation", reported, "below 0", high=0
)
def follows_less(shown: Shown) -> float:
    low, high = follows(shown)
    return low - high


# -- N14: hours and actions, apart and together

ARMS: dict[str, tuple[float, float, dict[str, float]]] = {  # hours, actions, parameters
    "nothing": (0.0, 0.0, {}),
    "hours": (HOURS, 0.0, {}),
    "actions": (0.0, ACTIONS, {}),
    "both": (HOURS, ACTIONS, {}),
    "tidied": (0.0, ACTIONS, {"promises.notice": 0.0}),
    "seen": (0.0, ACTIONS, {"promises.tidied": 0.0}),
}


def apart(seed: int) -> Numbers:
    """Return trust in institutions and crime's hold in the fifth year of presence, by what it is made of."""
    numbers: Numbers = {}
    for name, (hours, actions, parameters) in ARMS.items():
        measure = {"kind": "visible_presence", "hours": hours, "actions": actions}
        scenario = scenario_of(seed, area=FOCUS, people=2_000, years=5, interventions=[measure], parameters=parameters)
        weeks = simulate(scenario, seed).weeks.iloc[LATE + 1 :]
        numbers |= {f"{name}_{what}": weeks[what].mean() for what in ("trust_institutions", "crime_hold")}
    return numbers


def gained(shown: Shown, arm: str, what: str) -> float:
    """Return what an arm adds to an outcome."""
    return float((shown[f"{arm}_{what}"] - shown[f"nothing_{what}"]).mean())


def beyond(shown: Shown, what: str) -> float:
    """Return what hours and actions together add beyond the sum of both apart."""
    return gained(shown, "both", what) - gained(shown, "hours", what) - gained(shown, "actions", what)


@pattern("N14a", "trust in institutions gained by hours only", "level", apart)
def by_hours(shown: Shown) -> float:
    return gained(shown, "hours", "trust_institutions")


@pattern("N14b", "trust in institutions gained by small actions only", "level", apart)
def by_actions(shown: Shown) -> float:
    return gained(shown, "actions", "trust_institutions")


@pattern("N14c", "trust in institutions gained by both, beyond the sum of both apart", "level", apart)
def together(shown: Shown) -> float:
    return beyond(shown, "trust_institutions")


@pattern("N14d", "crime's hold, changed by hours only", "level", apart)
def hold_by_hours(shown: Shown) -> float:
    return gained(shown, "hours", "crime_hold")


@pattern("N14e", "crime's hold, changed by small actions only", "level", apart)
def hold_by_actions(shown: Shown) -> float:
    return gained(shown, "actions", "crime_hold")


@pattern("N14f", "crime's hold, changed by actions that nobody sees: tidying alone", "level", apart)
def hold_by_tidying(shown: Shown) -> float:
    return gained(shown, "tidied", "crime_hold")


@pattern("N14g", "crime's hold, changed by actions that are seen and tidy nothing", "level", apart)
def hold_by_sight(shown: Shown) -> float:
    return gained(shown, "seen", "crime_hold")


@pattern("N14h", "crime's hold, changed by both, beyond the sum of both apart", "level", apart)
def hold_together(shown: Shown) -> float:
    return beyond(shown, "crime_hold")
