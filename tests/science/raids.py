"""The marks of a raid in twin worlds: calls by its manner (N12: none, harsh, just), and behind their own door (N20)."""

import numpy as np

from kantelpunt.model.simulation import Run, Simulation, simulate
from kantelpunt.model.state.codes import EXPOSED, FAVOURS, NOBODY

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import BEGUN, FOCUS, MANY, SEASON, YEAR, Numbers

AFTER = 4  # weeks
FEW: dict[str, int] = {"most": 16, "again": 3}  # worlds of four years, a raid on many: they take long
MANNERS = {"none": None, "harsh": 0.0, "just": 1.0}


def calls(seed: int) -> Numbers:
    """Return calls about disorder and about crime in the four weeks after a raid of either manner, and without one."""
    numbers: Numbers = {}
    for name, justice in MANNERS.items():
        raid = [] if justice is None else [{"kind": "raid", "from": BEGUN, "justice": justice}]
        weeks = simulate(scenario_of(seed, area=FOCUS, people=MANY, years=3, interventions=raid), seed).weeks
        after = weeks.iloc[BEGUN + 2 : BEGUN + 2 + AFTER]  # the raid is in week BEGUN + 1
        numbers |= {f"{name}_crime": after["reported_crimes"].sum(), f"{name}_incidents": after["incidents"].sum()}
        numbers[f"{name}_disorder"] = after["reports"].sum() - after["reported_crimes"].sum()
    return numbers


def change(shown: Shown, manner: str, what: str) -> float:
    """Return the change in % against no raid."""
    return 100 * float(np.sum(shown[f"{manner}_{what}"]) / max(np.sum(shown[f"none_{what}"]), 1) - 1)


@pattern(
    "N12a", "calls about disorder in the four weeks after a harsh raid", "%", calls, "-15 to -3 (Sherman and Rogan 1995)", -15, -3
)
def after_harsh(shown: Shown) -> float:
    return change(shown, "harsh", "disorder")


@pattern("N12b", "calls about disorder in the four weeks after a just raid, against a harsh one", "%", calls, "at least 0", 0)
def manner(shown: Shown) -> float:
    return change(shown, "just", "disorder") - change(shown, "harsh", "disorder")


@pattern("N12c", "tips about crime in the four weeks after a just raid, against a harsh one", "%", calls)
def tips(shown: Shown) -> float:
    return change(shown, "just", "crime") - change(shown, "harsh", "crime")


@pattern("N12d", "incidents in the four weeks after a harsh raid", "%", calls)
def incidents(shown: Shown) -> float:
    return change(shown, "harsh", "incidents")


# -- N20: behind their own door: who lives with somebody taken in a harsh raid, against the same people without one


def behind_the_door(seed: int) -> Numbers:
    """Return trust and fear of housemates, and what becomes of the children of who is detained, in both worlds."""
    plain = scenario_of(seed, area=FOCUS, people=MANY, years=4)
    raided = plain.changed(interventions=[{"kind": "raid", "from": BEGUN, "share": 0.6}])
    worlds = {name: Simulation(each, seed, events=True) for name, each in (("none", plain), ("harsh", raided))}
    for simulation in worlds.values():
        simulation.advance(BEGUN + 1)
    mates, children = concerned(worlds["harsh"])
    numbers: Numbers = {"mates": mates.size, "children": children.size}
    outside = dict.fromkeys(worlds, 0)
    for week in range(1, YEAR + 1):
        for name, simulation in worlds.items():
            simulation.advance()
            people = simulation.world.people
            if week <= SEASON:
                outside[name] += people["in_public"][np.isin(people["id"], children) & (people["present"] == 1)].sum()
        if week in (SEASON, YEAR):
            numbers |= gaps(worlds, mates, children, week)
    for name, simulation in worlds.items():
        simulation.advance(YEAR - 1)
        asked = Run(simulation.scenario, seed, simulation.world).events
        up = asked[(asked["kind"] == "stage up") & (asked["week"] > BEGUN)]
        numbers |= {f"{name}_{stage}": np.isin(children, up[up["value"] == stage]["who"]).sum() for stage in (EXPOSED, FAVOURS)}
        numbers[f"{name}_outside"] = outside[name]
    return numbers


def concerned(simulation: Simulation) -> tuple[np.ndarray, np.ndarray]:
    """Return the identities of housemates of those taken this week, and of children under 16 of who is detained."""
    world, week = simulation.world, simulation.week
    log = Run(simulation.scenario, simulation.seed, world).events
    people, now = world.people, log[log["week"] == week]
    tile = world.tile_index
    dwelling = people["household"] + np.repeat(tile["first_household"], tile["persons"])
    here, taken = people["present"] == 1, np.isin(people["id"], now[now["kind"] == "raided"]["who"])
    mates = here & ~taken & np.isin(dwelling, dwelling[here & taken])
    parents = people["id"][taken & (people["detained_until"] > week) & here]
    lacking = np.zeros(people.size, bool)
    for name in ("mother", "father"):
        lacking |= (world.kin[f"{name}_row"] != NOBODY) & np.isin(world.kin[name], parents)
    young = (people["born"] > week - 16 * YEAR) & (people["born"] <= week - 8 * YEAR)
    return people["id"][mates & (people["born"] <= week - 8 * YEAR)], people["id"][mates & lacking & young]


def gaps(worlds: dict[str, Simulation], mates: np.ndarray, children: np.ndarray, week: int) -> Numbers:
    """Return how much more there is in the raided world of trust, fear and bond with school, summed over who lives in both."""
    numbers: Numbers = {}
    there = [simulation.world.people[simulation.world.people["present"] == 1] for simulation in worlds.values()]
    for who, ids, fields in (
        ("mates", mates, ("trust_institutions", "fear")),
        ("children", children, ("school_bond",)),
    ):
        both = np.intersect1d(np.intersect1d(ids, there[0]["id"]), there[1]["id"])
        rows = [np.searchsorted(each["id"], both, sorter=np.argsort(each["id"])) for each in there]
        ordered = [each[np.argsort(each["id"])][row] for each, row in zip(there, rows, strict=True)]
        numbers |= {f"{name}_{week}": (ordered[1][name] - ordered[0][name]).sum() for name in fields}
        numbers[f"{who}_{week}"] = both.size
    return numbers


def mean_gap(shown: Shown, name: str, who: str, week: int) -> float:
    """Return a difference per person, in hundredths."""
    return 100 * float(shown[f"{name}_{week}"].sum() / max(shown[f"{who}_{week}"].sum(), 1))


@pattern(
    "N20a",
    "trust of housemates in institutions a season after a harsh raid",
    "of 100",
    behind_the_door,
    "below -5",
    high=-5,
    **FEW,
)
def housemates(shown: Shown) -> float:
    return mean_gap(shown, "trust_institutions", "mates", SEASON)


@pattern("N20b", "the same, a year after", "of 100", behind_the_door, "below 0 (p33: longer than a year)", high=0, **FEW)
def a_year_on(shown: Shown) -> float:
    return mean_gap(shown, "trust_institutions", "mates", YEAR)


@pattern("N20c", "their fear a season after the raid", "of 100", behind_the_door, "above 5", 5, **FEW)
def feared(shown: Shown) -> float:
    return mean_gap(shown, "fear", "mates", SEASON)


@pattern(
    "N20d", "weeks outside, in a season, of children of 8-15 with a parent who is detained then", "%", behind_the_door, **FEW
)
def outside(shown: Shown) -> float:
    return 100 * float(shown["harsh_outside"].sum() / max(shown["none_outside"].sum(), 1) - 1)


@pattern("N20e", "their bond with school a season after", "of 100", behind_the_door, **FEW)
def school(shown: Shown) -> float:
    return mean_gap(shown, "school_bond", "children", SEASON)


@pattern("N20f", "of them, who comes into the company of a crew in two years, against no raid", "per 100", behind_the_door, **FEW)
def in_company(shown: Shown) -> float:
    return more(shown, EXPOSED)


@pattern("N20g", "of them, who begins to do favours for a crew in two years, against no raid", "per 100", behind_the_door, **FEW)
def at_work(shown: Shown) -> float:
    return more(shown, FAVOURS)


def more(shown: Shown, stage: int) -> float:
    """Return how many more children come to a stage after a raid than without one, per 100."""
    return 100 * float((shown[f"harsh_{stage}"].sum() - shown[f"none_{stage}"].sum()) / max(shown["children"].sum(), 1))
