"""Loops of daily life act, and a number cuts them: the same worlds with and without."""

import numpy as np
import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.outcomes import OUTCOMES

STREET = Scenario(area="tilburg-noord", people=600, years=3)
SEEDS = range(1, 5)
CUTS = [  # what is cut, with which numbers, what it then does to which outcome
    ("R14: worry", {"routines.worry": 0.0}, "children_outside", 1),
    ("R14: worry, and trust in neighbours", {"routines.worry": 0.0}, "trust_neighbours", 1),
    ("R7: wealth on display", {"prospects.show": 0.0}, "pull", -1),
    ("R16: what crime makes normal", {"norms.street_hold": 0.0}, "norm_street", -1),
    ("R6: company", {"norms.street_company": 0.0}, "norm_street", -1),
    ("M12: adults who correct", {"offending.correcting": 0.0}, "corrections", -1),
    ("R11, B11: attention", {"offending.stir": 0.0}, "attention", -1),
    ("B11: hours that attention brings", {"presence.budget": 0.0}, "presence_rounds", -1),
    ("B9: roles that are filled", {"crews.saturation": 0.0}, "recruited", 1),
    ("R5, R20: vacancies that are filled", {"recruitment.base": 0.0}, "recruited", -1),
]


def mean(outcome: str, **changes) -> float:
    """Return the mean of an outcome over weeks and worlds."""
    runs = [simulate(STREET.changed(**changes), seed=seed) for seed in SEEDS]
    return float(np.mean([run.world.history[1:, list(OUTCOMES).index(outcome)] for run in runs]))


@pytest.mark.parametrize(("what", "numbers", "outcome", "way"), CUTS, ids=[cut[0] for cut in CUTS])
def test_a_number_cuts_it(what, numbers, outcome, way):
    usual, cut = mean(outcome), mean(outcome, parameters=numbers)
    assert way * (cut - usual) > 0.0, f"{what}: {outcome} {usual:g}, and {cut:g} without"
    if outcome in ("corrections", "attention"):
        assert cut == 0.0


def test_more_dialogue_more_corrections():
    talk = [{"kind": "norms_dialogue", "ramp": 0}]
    assert mean("corrections", interventions=talk) > mean("corrections")


def test_awareness_and_presence_find_victims():
    plan = [{"kind": "visible_presence", "ramp": 0}, {"kind": "awareness", "ramp": 0}]
    many = {"people": 3_000, "years": 5}
    assert mean("victims", interventions=plan, **many) > mean("victims", **many)


def test_normalisation_shows_luxury_and_makes_crime_normal():
    outside = [{"kind": "normalisation", "ramp": 0}]
    for outcome in ("pull", "norm_street"):
        assert mean(outcome, interventions=outside) > mean(outcome)
