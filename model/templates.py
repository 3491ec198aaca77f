"""Who may move in: households of the starting population, in the shares that keep the age pyramid.

A neighbourhood keeps its age pyramid although everybody in it grows older, because it attracts other people than it
loses.  Here that attraction is worked out once, before a run.  Each household of the starting population (or of an even
sample of them) is followed in expectation through its stay: its members age, die, leave home, bear children; the
household moves out some day.  With

    stay[g, c, t]   people of age class c, per household of group g that came t years ago
    inflow[g]       households of group g that come each year (unknown, not negative)

the people of class c after T years are those left of the starting population plus the sum over g of inflow[g] times
the integral of stay[g, c, t] over t from 0 to T.  Nonnegative least squares chooses the inflow for which that equals the start at all T
up to 40 years, and for which the dwellings of owners and of tenants stay as full as they were; a small weight keeps
the inflow as varied as the outflow is (otherwise a few groups would do).
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import nnls

from .compiled import njit
from .rules.demography import GENERATION, MOTHER_FROM, MOTHER_UNTIL, birth, death, leaving, moving
from .state import Field, dtype

TEMPLATE = (
    Field("first", "i4", "row", "first of its members"),
    Field("size", "i2", "count", "members"),
    Field("owner", "i1", "0/1", "owns the dwelling"),
    Field("poverty", "f4", "level", "pressure of poverty and debt"),
)
MEMBER = (
    Field("age", "f4", "year", "age on arrival"),
    Field("male", "i1", "0/1", "sex as registered"),
    Field("education", "i1", "0-2", "low, middle, high; of a youth: the level at school"),
    Field("working", "i1", "0/1", "has paid work"),
    Field("welfare", "i1", "0/1", "receives social assistance"),
    Field("disabled", "i1", "0/1", "receives a disability benefit"),
)

MOST = 2000  # households that serve as template
YEARS = 40  # over which the pyramid is held
OLDEST = 110  # years of age up to which hazards are tabled
CLASS = 5.0  # years of age in a class
CLASSES = 18  # the last one open: 85 and over
BAND = np.repeat(np.arange(5), [3, 2, 4, 4, 5])  # of each class: 0-14, 15-24, 25-44, 45-64, 65+
HORIZONS = np.arange(5, YEARS + 1, 5)  # years after which the pyramid should be what it was
WEIGHT_CLASS, WEIGHT_BAND, WEIGHT_FULL, WEIGHT_VARIED = 1.0, 5.0, 20.0, 0.3


class Templates(NamedTuple):
    """Who may move in, and how many children are born."""

    table: np.ndarray  # (n,) template, tenants first
    members: np.ndarray  # (m,) member, of all templates one after the other
    weight: np.ndarray  # (n,) cumulative: 0 to 1 over tenants, 1 to 2 over owners
    fertility: float  # births a year to a woman at the age of most births


class Tables(NamedTuple):
    """Hazards by age, summed from birth: what a person or household has gone through at ages 0 .. OLDEST."""

    death: tuple[np.ndarray, np.ndarray]  # women, men
    moving: tuple[np.ndarray, np.ndarray]  # tenants, owners
    leaving: np.ndarray
    birth: np.ndarray  # (OLDEST,) not summed: at mid-year


@njit
def yearly(p, out):
    """Fill a row a year of age with the hazards at mid-year: death (women, men), moving (tenants, owners), leaving, birth."""
    for age in range(out.shape[0]):
        middle = age + 0.5
        out[age, 0] = death(middle, 0, p)
        out[age, 1] = death(middle, 1, p)
        out[age, 2] = moving(middle, 0, p)
        out[age, 3] = moving(middle, 1, p)
        out[age, 4] = leaving(middle, p)
        out[age, 5] = birth(middle, p)


def tables(p: Any) -> Tables:
    """Return the hazards by age under these parameters (the rule's own, as rules take them)."""
    hazards = np.zeros((OLDEST, 6))
    yearly(p, hazards)
    summed = np.vstack([np.zeros(6), np.cumsum(hazards, axis=0)])
    return Tables((summed[:, 0], summed[:, 1]), (summed[:, 2], summed[:, 3]), summed[:, 4], hazards[:, 5])
