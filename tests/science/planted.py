"""N15 in the model: a world in which one lever is strong, and whether a team finds it.

Where hardly anybody hears what became of a report, a desk that answers is the lever; the indicator for it is who is answered.
`laws/test_planted_worlds.py` asks the same of a policy alone.
"""

import numpy as np

from kantelpunt.model import Scenario
from kantelpunt.model.interventions.systemic_working import MENU
from kantelpunt.model.registry import quantities
from kantelpunt.model.simulation import Simulation

from .measure import Shown, pattern
from .worlds import FOCUS, YEAR, Numbers

KINDS = tuple(each.kind for each in MENU)
STRONG = "reachable_municipality"
UNANSWERED = {"casework.answer": quantities()["casework.answer"].low}
ASKED = 2 * YEAR  # weeks: eight quarters of a year
TEAMS = 4  # worlds of one number


def first_choice(seed: int, parameters: dict[str, float]) -> str:
    """Return on which measure a team spends most in its second year."""
    programme = {"kind": "systemic_working", "from": YEAR}
    scenario = Scenario(area=FOCUS, people=6_000, years=5, parameters=parameters, interventions=[programme])
    simulation = Simulation(scenario, seed)
    simulation.advance(YEAR + ASKED)
    (ledger,) = simulation.ledgers.values()
    return KINDS[int(np.sum(ledger.spent[-4:], axis=(0, 1)).argmax())]


def choices(seed: int) -> Numbers:
    """Return in how many worlds the team's first choice is to answer, where nobody does and as things usually are."""
    seeds = range(TEAMS * seed, TEAMS * (seed + 1))
    return {
        name: np.mean([first_choice(each, parameters) == STRONG for each in seeds])
        for name, parameters in (("unanswered", UNANSWERED), ("usual", {}))
    }


@pattern(
    "N15a", "worlds in which hardly anybody hears what became of a report: where a team spends most on answering in two years",
    "%", choices, "at least 70", 70, most=8, again=2,
)  # fmt: skip
def found(shown: Shown) -> float:
    return 100 * float(shown["unanswered"].mean())


@pattern("N15b", "the same as things usually are", "%", choices, most=8, again=2)
def found_anyhow(shown: Shown) -> float:
    return 100 * float(shown["usual"].mean())
