"""How an area stands among Dutch neighbourhoods: three indices, in standard deviations from what is usual.

    disadvantage   poverty, work and education: low incomes, people without paid work, people without a degree
    instability    tenure and the ages of moving: rented dwellings, inhabitants of 15-44
    urbanity       logarithm of the addresses around an address

An index is the mean of its standardised figures, divided by the standard deviation of that mean: 0 where an inhabitant of the
Netherlands lives on average, 1 at one standard deviation above.  No figure is cut off.  The indices are those of the literature
on neighbourhoods and crime: disadvantage and residential stability (Sampson, Raudenbush and Earls 1997), status, mobility and
urbanisation (Sampson and Groves 1989), with equal weights; origin has no part in them.  Debts, tenure, age, households, work
and education of people themselves act through the people; an index is for what surrounds them.

Bron: CBS, Kerncijfers wijken en buurten 2022, CC BY 4.0, bewerkt
"""

from collections.abc import Callable
from typing import NamedTuple

from ..shared.logarithm import natural_logarithm
from .areas import Area

FIGURES: dict[str, Callable[[Area], float]] = {
    "low_income": lambda area: area.figure("low_income"),
    "participation": lambda area: area.figure("participation"),
    "high_education": lambda area: area.figure("high_education"),
    "owned": lambda area: area.figure("owned"),
    "age_15_44": lambda area: 100 * (area.age_15_24 + area.age_25_44) / max(area.people, 1),
    "log_address_density": lambda area: natural_logarithm(max(area.figure("address_density"), 1.0)),
}
USUAL = {  # mean and standard deviation over inhabitants of wijken with 1,000 or more (`tests/science/standards.py`)
    "low_income": (40.0, 5.6),
    "participation": (64.8, 4.9),
    "high_education": (31.9, 12.0),
    "owned": (58.2, 17.0),
    "age_15_44": (37.4, 8.1),
    "log_address_density": (7.24, 0.79),
}
PARTS = {
    "disadvantage": {"low_income": 1, "participation": -1, "high_education": -1},
    "instability": {"owned": -1, "age_15_44": 1},
    "urbanity": {"log_address_density": 1},
}
SPREAD = {"disadvantage": 0.81, "instability": 0.915, "urbanity": 1.0}  # of the mean of an index's standardised figures


class Standing(NamedTuple):
    """The indices of an area, in standard deviations over inhabitants of the Netherlands."""

    disadvantage: float
    instability: float
    urbanity: float


def standing(area: Area) -> Standing:
    """Return how an area stands among Dutch neighbourhoods."""
    return Standing(*(index(area, name) for name in Standing._fields))


def index(area: Area, name: str) -> float:
    """Return one index of an area."""
    parts = PARTS[name]
    scores = (sign * (FIGURES[each](area) - USUAL[each][0]) / USUAL[each][1] for each, sign in parts.items())
    return sum(scores) / len(parts) / SPREAD[name]


def people_a_km2(area: Area) -> float:
    """Return how densely people live where they live: addresses around an address times people in a dwelling."""
    return area.figure("address_density") * area.people / max(area.figure("dwellings"), 1.0)
