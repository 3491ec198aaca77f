"""Values assumed where a source has no figure: of the larger area, else by a relation with what is known.

The relations were fitted by least squares on the rows for Utrecht 2023 (10 wijken and 32 buurten with more than 250
inhabitants) that have both figures, labour, income and education of 2022.  They are rough, and named as such.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .cbs_workbook import Figures, Row


class Assumed(NamedTuple):
    """A figure that the source lacks: what is taken in its place, and why."""

    value: float
    reason: str


SHARED = ("participation", "low_income", "high_education")  # shares that a larger area may lend to its parts
BY_WELFARE = {"low_income": 1.6, "participation": -1.4}  # points for one more on welfare per 100 of 15-64, as fitted below
FITTED = "assumed: fitted on wijken and buurten of Utrecht 2023"


def fill(row: Figures, missing: Sequence[str], larger: Sequence[Row]) -> dict[str, Assumed]:
    """Return name -> what is assumed, for every missing figure but urbanity (on which only address density rests).

    ``row`` holds the known figures by name, ``larger`` the rows of the wijk and gemeente in which the area lies,
    nearest first.
    """
    known = {name: value for name, value in row.items() if value is not None}
    found: dict[str, Assumed] = {}
    for name, relation in RELATIONS.items():  # in an order in which each may rest on those before it
        if name in missing:
            found[name] = _lent(name, known, larger) or relation(known)
            known[name] = found[name].value
    return found


def _lent(name: str, known: Mapping[str, float], larger: Sequence[Row]) -> Assumed | None:
    """Return the share in the smallest larger area that knows it, moved by the people on welfare here against there."""
    for each in larger:
        share = each.figures[name]
        if name in SHARED and share is not None:
            there = {figure: value for figure, value in each.figures.items() if value is not None}
            reason = f"assumed: the share in {each.texts['code']} {each.texts['name']}, in which it lies"
            if name not in BY_WELFARE or "welfare" not in known or "welfare" not in there:
                return Assumed(share, reason)
            more = BY_WELFARE[name] * (_per_working_age(known, "welfare") - _per_working_age(there, "welfare"))
            moved = round(min(max(share + more, 0.5 * share), min(1.5 * share, 95.0)), 1)
            step = f"{BY_WELFARE[name]:+g} for each person on welfare per 100 of 15-64 more than there"
            return Assumed(moved, f"{reason}; {step}")
    return None


def _per_working_age(known: Mapping[str, float], name: str) -> float:
    """Return the people on a benefit per 100 inhabitants of 15-64."""
    return 100 * known[name] / max(known["age_15_24"] + known["age_25_44"] + known["age_45_64"], 1)


def _working_age(known: Mapping[str, float], per_100: float) -> float:
    return round(max(per_100, 0.3) * (known["age_15_24"] + known["age_25_44"] + known["age_45_64"]) / 100)


def _owned(known: Mapping[str, float]) -> Assumed:
    return Assumed(57, "assumed: the national share of owned dwellings (CBS 2022)")


def _low_income(known: Mapping[str, float]) -> Assumed:
    if "welfare" in known:
        share = min(30 + BY_WELFARE["low_income"] * _per_working_age(known, "welfare"), 70)
        return Assumed(round(share, 1), f"{FITTED}: 30 + 1.6 x people on welfare per 100 of 15-64 (10 wijken, sd 4)")
    return Assumed(40, "assumed: the national share, 40 % by definition")


def _participation(known: Mapping[str, float]) -> Assumed:
    if "welfare" in known:
        share = max(73.6 + BY_WELFARE["participation"] * _per_working_age(known, "welfare"), 40)
        return Assumed(round(share, 1), f"{FITTED}: 73.6 - 1.4 x people on welfare per 100 of 15-64 (10 wijken, sd 3)")
    return Assumed(66, "assumed: the median of all wijken in the Netherlands (CBS 2022)")


def _high_education(known: Mapping[str, float]) -> Assumed:
    return Assumed(28, "assumed: the median of all wijken in the Netherlands (CBS 2022)")


def _welfare(known: Mapping[str, float]) -> Assumed:
    per_100 = 0.30 * (100 - known["owned"]) * known["low_income"] / 100 - 2.4
    reason = f"{FITTED}: per 100 of 15-64, 0.30 x (100 - owned %) x low income % / 100 - 2.4, at least 0.3 (10 wijken, sd 1.7)"
    return Assumed(_working_age(known, per_100), reason)


def _disability(known: Mapping[str, float]) -> Assumed:
    reason = f"{FITTED}: per 100 of 15-64, 14.5 - 0.17 x high education %, at least 0.3 (10 wijken, sd 0.9)"
    return Assumed(_working_age(known, 14.5 - 0.17 * known["high_education"]), reason)


def _households(known: Mapping[str, float]) -> Assumed:
    people = max(known["people"], 1)
    if known.get("dwellings"):
        alone = max(known["age_15_24"] - 0.5 * known["age_0_14"], 0) / people  # people of 15-24 beyond those at home: rooms
        count = known["dwellings"] * (1 + 1.77 * alone)
        reason = f"{FITTED}: dwellings x (1 + 1.77 x (people of 15-24 - half of 0-14) / people) (40 rows, sd 7 %)"
    else:
        count = people / (1.11 + 5.6 * known["age_0_14"] / people)
        reason = f"{FITTED}: household size 1.11 + 5.6 x share of 0-14 (42 rows, sd 0.18)"
    return Assumed(round(min(max(count, people / 3.6), people / 1.2)), reason)


def _households_children(known: Mapping[str, float]) -> Assumed:
    count = 0.551 * known["age_0_14"] + 0.293 * known["age_45_64"] - 0.018 * known["people"]
    count = min(max(count, known["age_0_14"] / 4), 0.9 * known["households"])
    return Assumed(round(count), f"{FITTED}: 0.551 x people of 0-14 + 0.293 x of 45-64 - 0.018 x all people (42 rows, r2 0.97)")


def _households_single(known: Mapping[str, float]) -> Assumed:
    count = 1.327 * known["households"] + 0.261 * known["age_0_14"] - 0.46 * known["people"]
    rest = known["households"] - known["households_children"]
    count = min(max(count, 0.3 * rest), 0.95 * rest)
    return Assumed(round(count), f"{FITTED}: 1.327 x households + 0.261 x people of 0-14 - 0.46 x people (42 rows, r2 0.98)")


def _households_couple(known: Mapping[str, float]) -> Assumed:
    rest = known["households"] - known["households_children"] - known["households_single"]
    return Assumed(max(rest, 0), "assumed: the households that are left")


def _dwellings(known: Mapping[str, float]) -> Assumed:
    return Assumed(known["households"], "assumed: one for each household")


def _corporation(known: Mapping[str, float]) -> Assumed:
    return Assumed(round(0.6 * (100 - known["owned"]), 1), f"{FITTED}: 60 % of the dwellings that are not owned")


def _flats(known: Mapping[str, float]) -> Assumed:
    per_dwelling = known["people"] / known["dwellings"] if known["dwellings"] else 2.0
    share = min(max(163 - 0.56 * known["owned"] - 35.5 * per_dwelling, 2), 98)
    if known.get("urbanity", 1) > 1:
        share *= 2 / 3
    reason = f"{FITTED}: 163 - 0.56 x owned % - 35.5 x people per dwelling (42 rows, sd 8); outside cities two thirds of it"
    return Assumed(round(share, 1), reason)


ADDRESSES = {1: 3500, 2: 2000, 3: 1250, 4: 750, 5: 300}  # a km2: in the middle of CBS' classes of urbanity


def _address_density(known: Mapping[str, float]) -> Assumed:
    if "urbanity" in known:
        return Assumed(ADDRESSES[round(known["urbanity"])], "assumed: the middle of its class of urbanity")
    return Assumed(2000, "assumed: about the national mean (CBS 2022)")


RELATIONS = {
    "owned": _owned,
    "low_income": _low_income,
    "participation": _participation,
    "high_education": _high_education,
    "welfare": _welfare,
    "disability": _disability,
    "households": _households,
    "households_children": _households_children,
    "households_single": _households_single,
    "households_couple": _households_couple,
    "dwellings": _dwellings,
    "corporation": _corporation,
    "flats": _flats,
    "address_density": _address_density,
}
