"""Every compound measure says what its parts are, and each part moves levers of its own: nothing hides in a package."""

import pytest

from kantelpunt.model import registry
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Intervention, Residents, build, catalogue

PEOPLE = Residents(2_000, 160, 300)
MADE_OF_WHOLE_MEASURES = {"systemic_working"}  # what is on its menu is measured by itself


def moved(intervention: Intervention) -> set[str]:
    """Return the levers that a measure moves, other than those that say what kind of help it is."""
    known = registry.levers()
    levers = intervention.levers(PEOPLE)
    return {name for name, value in levers.items() if value != known[name].neutral and name not in intervention.QUALITIES}


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_the_parts_of_a_measure_move_all_that_it_moves_and_share_nothing(kind):
    whole = build({"kind": kind})
    if kind in MADE_OF_WHOLE_MEASURES or len(moved(whole)) == 1:
        assert not whole.PARTS
        return
    alone = [moved(whole.part(name)) for name in whole.PARTS]
    assert len(alone) > 1, f"{kind} moves {sorted(moved(whole))}: say which fields are its PARTS"
    assert all(alone), "a part that moves nothing"
    assert sum(map(len, alone)) == len(set().union(*alone)), "two parts move one lever"
    assert set().union(*alone) == moved(whole)


@pytest.mark.parametrize("kind", sorted(kind for kind, model in catalogue().items() if model.PARTS))
def test_a_part_costs_no_more_than_the_whole(kind):
    whole = build({"kind": kind})
    for name in whole.PARTS:
        assert whole.part(name).euros_per_year(PEOPLE) <= whole.euros_per_year(PEOPLE)
        assert getattr(whole.part(name), name) == getattr(whole, name) > 0.0


def test_a_part_that_is_not_there_is_refused_by_name():
    with pytest.raises(InputError, match=r"no such part.*did you mean 'hours'") as caught:
        build({"kind": "visible_presence"}).part("hour")
    assert caught.value.allowed == ("hours", "actions")
    with pytest.raises(InputError, match="no such part"):
        build({"kind": "mentoring"}).part("hours")
