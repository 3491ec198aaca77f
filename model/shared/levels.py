"""Levels: the outcomes of a week that tell how things are, each a sum over another sum.

    level = times * total(top) / total(over)

`rules/observation.py` adds up the totals; a week in which nothing is there to divide by leaves a level as it was: so what is
asked once a year, or counted every fourth week, stands until the next time.  A level without a `top` is derived from others.
"""

from typing import NamedTuple

import numpy as np

from ..compiled import njit
from ..quantity import Better, Outcome
from ..state.codes import QUARTERS
from ..state.fields import TOTAL


class Level(NamedTuple):
    """A level of the week: unit, better direction, theme, definition, and the totals (`state.TOTAL`) that it is made of."""

    unit: str
    better: Better
    theme: str
    definition: str
    top: str = ""
    over: str = ""
    times: float = 1.0

    @property
    def outcome(self) -> Outcome:
        """Return what is told of it as an outcome."""
        return Outcome(self.unit, self.better, self.definition, self.theme)


def quarter(name: str) -> str:
    """Return the name of a quarter as part of a name."""
    return name.replace("-", "_")


# fmt: off
LEVELS: dict[str, Level] = {
    "people": Level("persons", "neither", "people", "Inhabitants", "people"),
    "youths": Level("persons", "neither", "people", "Inhabitants of 8-23", "youths"),
    "stage_1": Level("persons", "lower", "youths", "Youths of 8-23 at stage 1 (exposed)", "stage_1"),
    "stage_2": Level("persons", "lower", "youths", "Youths of 8-23 at stage 2 (small favours)", "stage_2"),
    "stage_3": Level("persons", "lower", "youths", "Youths of 8-23 at stage 3 (runner or dealer)", "stage_3"),
    "stage_4": Level("persons", "lower", "youths", "Youths of 8-23 at stage 4 (tied in)", "stage_4"),
    "involved_youths": Level("persons", "lower", "youths", "Youths of 8-23 at stage 2 or higher", "involved_youths"),
    "involved_adults": Level("persons", "lower", "crime", "Adults of 24 and over at stage 2 or higher", "involved_adults"),
    "trust_institutions": Level("level", "higher", "trust", "Mean trust of adults in municipality and police", "trust_institutions", "adults"),
    "trust_frontline": Level("level", "higher", "trust", "Mean trust of adults in the frontline workers they know", "trust_frontline", "adults"),
    "trust_neighbours": Level("level", "higher", "trust", "Mean trust of adults in neighbours", "trust_neighbours", "adults"),
    "usefulness": Level("level", "higher", "cases", "Mean expected usefulness of a report among adults", "usefulness", "adults"),
    "norm_enemy": Level("share", "lower", "trust", "Adults who hold the friend-enemy norm (above 0.5)", "norm_enemy", "adults"),
    "fear": Level("level", "lower", "trust", "Mean fear of reprisal of adults", "fear", "adults"),
    "unsafe": Level("%", "lower", "trust", "Adults who feel unsafe in their own neighbourhood, true value", "unsafe", "adults", 100.0),
    "unsafe_survey": Level("%", "lower", "trust", "The same in the latest yearly survey of a sample", "asked_unsafe", "asked", 100.0),
    "cohesion": Level("0-10", "higher", "trust", "Social cohesion on the scale of the Safety Monitor", "trust_neighbours", "adults", 10.0),
    "prospects": Level("level", "higher", "youths", "Mean legal prospects of youths of 8-23", "prospects", "youths"),
    "pull": Level("level", "lower", "youths", "Mean pull of criminal money on youths of 8-23", "pull", "youths"),
    "norm_street": Level("level", "lower", "youths", "Mean street tolerance of crime among youths of 8-23", "norm_street", "youths"),
    "crime_hold": Level("level", "lower", "places", "Mean hold of crime on the places where people live", "crime_hold", "homes"),
    "disorder": Level("level", "lower", "places", "Mean disorder over public places", "disorder", "others"),
    "criminal_opportunity": Level("level", "lower", "places", "Mean room for crime over public places", "criminal_opportunity", "others"),
    "legal_opportunity": Level("level", "higher", "places", "Mean legal opportunity over the places where people live", "legal_opportunity", "homes"),
    "informal_control": Level("level", "higher", "places", "Mean informal control over public places", "informal_control", "others"),
    "presence": Level("hours/week", "neither", "professionals", "Hours of professionals on the street, all places together", "presence"),
    "skill": Level("level", "higher", "professionals", "Mean street skill of professionals", "skill", "staff"),
    "energy": Level("level", "higher", "professionals", "Mean energy of professionals", "energy", "staff"),
    "workload": Level("ratio", "lower", "professionals", "Mean work asked over work possible", "workload", "staff"),
    "ties": Level("level", "higher", "professionals", "Mean tie between professionals of the two domains", "ties", "desks"),
    "maturity": Level("level", "higher", "professionals", "How well the frontline professionals work as one team", "maturity", "tiles"),
    "cohesion_survey": Level("0-10", "higher", "trust", "Social cohesion in the latest yearly survey of a sample, whose answers err", "asked_cohesion", "asked", 10.0),
    "trust_survey": Level("0-10", "higher", "trust", "Trust in municipality and police in the same survey; without error ten times trust_institutions", "asked_trust", "asked", 10.0),
    "trust_spread": Level("level", "lower", "trust", "Standard deviation over adults of trust in municipality and police"),
    **{
        f"trust_{quarter(name)}": Level("level", "higher", "trust", f"Mean trust of adults in municipality and police, {name}, every fourth week", f"trust_{quarter(name)}", f"adults_{quarter(name)}")
        for name in QUARTERS
    },
    "trust_lowest": Level("level", "higher", "trust", "The same in the quarter where it is lowest"),
    "trust_highest": Level("level", "higher", "trust", "The same in the quarter where it is highest"),
    "intention": Level("%", "higher", "cases", "Of adults who noticed something in the latest week with any: felt that they should report it"),
    "action": Level("%", "higher", "cases", "Of adults who noticed something in the latest week with any: reported it"),
    "youths_at_risk": Level("persons", "lower", "known", "Youths of 8-23 at stage 1 or higher, true number", "at_risk"),
    "known_at_risk": Level("persons", "neither", "known", "Of these, known to professionals: a case about them, help, or an arrest", "known_at_risk"),
    "known_share": Level("%", "higher", "known", "Youths at risk who are known to professionals", "known_at_risk", "at_risk", 100.0),
    "known_involved": Level("persons", "neither", "known", "People at stage 2 or higher, of any age, who have been arrested once or more", "known_involved"),
    "youths_family": Level("persons", "lower", "youths", "Youths of 8-23 below stage 2 who live with somebody at stage 2 or higher, every fourth week", "youths_family", "looks"),
    "involved_kin": Level("persons", "lower", "youths", "Youths of 8-23 at stage 2 or higher who live with somebody else at stage 2 or higher, every fourth week", "involved_kin", "looks"),
    "transmission": Level("%/year", "lower", "youths", "Youths below stage 2 who live with somebody involved and do their first favours, a year (smoothed over a year)"),
    "intake_others": Level("%/year", "lower", "youths", "The same of all other youths below stage 2"),
    "closed_families": Level("households", "lower", "crime", "Households that belong to a closed family, every fourth week", "closed_families", "looks"),
    "closedness": Level("level", "lower", "crime", "How closed these households are, their mean", "closedness", "closed_families"),
    "kin_here": Level("share", "neither", "people", "Households with kin in another household of this neighbourhood, every fourth week", "related", "lived_in"),
    "debt": Level("level", "lower", "people", "Mean pressure of debts on adults", "debt", "adults"),
    "norm_discord": Level("level", "lower", "youths", "Mean distance between the norms of home, school and street among youths of 8-23", "norm_discord", "youths"),
    "breeding_ground": Level("0-100", "lower", "crime", "Breeding ground of crime: mean of strain (debt), lack of prospects, distrust of institutions and discord of norms"),
    "guarded_squares": Level("share", "higher", "places", "Squares and playgrounds around which residents can keep crime out (efficacy above the threshold)", "guarded", "squares"),
    "situational": Level("level", "neither", "professionals", "Mean balance of professionals from institutional (0) to situational (1)", "situational", "staff"),
    "cultural": Level("level", "neither", "professionals", "Mean balance of professionals from instrumental (0) to cultural (1)", "cultural", "staff"),
    "attention": Level("level", "neither", "crime", "Attention of press, council and police, mean over the quarters", "attention", "patches"),
}
# fmt: on

SUM = {field.name: i for i, field in enumerate(TOTAL)}
UNIT = {field.name: 2.0**-30 if field.unit == "2**-30" else 1.0 for field in TOTAL}
TOP = np.array([SUM[level.top] if level.top else -1 for level in LEVELS.values()])
OVER = np.array([SUM[level.over] if level.over else -1 for level in LEVELS.values()])
TIMES = np.array([level.times * UNIT.get(level.top, 1.0) / UNIT.get(level.over, 1.0) for level in LEVELS.values()])
DTYPE = np.dtype([(name, "f8") for name in LEVELS])

ADULTS_OF, TRUST_OF = (
    SUM[f"adults_{quarter(QUARTERS[0])}"],
    SUM[f"trust_{quarter(QUARTERS[0])}"],
)  # one after the other from there
TRUST_IN = list(LEVELS).index(f"trust_{quarter(QUARTERS[0])}")


@njit
def measure(sums, values):
    """Turn the totals of the grid into the levels of the week."""
    for j in range(values.size):
        if TOP[j] < 0:
            continue
        if OVER[j] < 0:
            values[j] = TIMES[j] * sums[TOP[j]]
        elif sums[OVER[j]] > 0:
            values[j] = TIMES[j] * sums[TOP[j]] / sums[OVER[j]]
