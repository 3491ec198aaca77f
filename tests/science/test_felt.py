"""The published table of what feels which number covers every number, and its verdicts follow from its figures."""

import numpy as np
import pandas as pd

from kantelpunt.experiments.design.sampling import uncertain
from kantelpunt.model import OUTCOMES
from kantelpunt.model.renaming import CONSTANT, GONE

from .felt import REFERENCE, bases, judged

SINCE = {"initialisation.closed_disadvantage", "initialisation.hold_instability"}  # numbers that came after it was measured


def test_every_uncertain_number_is_on_record_where_nothing_and_where_everything_is_done():
    table = pd.read_csv(REFERENCE)
    for where in bases():
        asked = set(table.loc[table["where"] == where, "parameter"])
        left = {
            f"{rule}.{name}" for gone in (CONSTANT, GONE) for rule, names in gone.items() for name in names
        }  # since they were asked about
        assert set(uncertain()) - SINCE <= asked <= set(uncertain()) | left
    assert ((table["outcomes"] > 0) == (table["felt"] == "yes")).all()
    assert set(table["outcome"]) <= set(OUTCOMES)


def test_noise_is_hardly_ever_called_felt_and_what_stands_out_is():
    rng, names = np.random.default_rng(1), list(uncertain())
    gains = rng.standard_normal((len(names), 5, len(OUTCOMES)))
    gains[7, :, 3] += 5.0
    found = judged("nothing", np.ones(len(OUTCOMES)), gains)
    assert (found[7].felt, found[7].outcome) == ("yes", list(OUTCOMES)[3])
    assert sum(each.felt == "yes" for each in found) - 1 < 0.05 * len(names)
