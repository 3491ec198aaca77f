"""Claims about mechanisms that held when the reference was published still hold, and the reference is about these claims."""

import pandas as pd
import pytest

from kantelpunt.model.protocol.mechanisms import book

from .mechanisms import REFERENCE, measure

SHARE = 12  # one claim in so many is measured again, so that it stays a matter of a minute; the command measures all
AGAIN = "publish again: uv run python -m tests.science.mechanisms"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Return the table of the reference, one row a claim."""
    return pd.read_csv(REFERENCE)


def test_the_reference_is_about_these_claims(published):
    claims = [(name, claim) for name, mechanism in book().mechanisms.items() for claim in mechanism.shown]
    now = [(name, claim.base, claim.told(book().bases[claim.base]), claim.moves) for name, claim in claims]
    assert list(published[["id", "base", "change", "direction"]].itertuples(index=False, name=None)) == now, AGAIN
    assert published["seeds"].nunique() == 1


def test_the_reference_judges_what_it_measured(published):
    up, high = published["direction"] == "up", published["high"]
    assert (((up & (published["low"] > 0)) | (~up & (high < 0))) == (published["holds"] == "yes")).all()


@pytest.mark.science
@pytest.mark.slow
def test_a_claim_that_held_still_holds_and_one_that_did_not_is_still_said_not_to(published):
    now = measure(int(published["seeds"][0]), every=SHARE)  # the same worlds
    changed = [claim for claim, before in zip(now, published["holds"][::SHARE], strict=True) if claim.holds != before]
    assert not changed, AGAIN + "\n" + "\n".join(map(str, changed))
