"""Who may move in: an age pyramid that holds for 30 years, in real and made-up areas."""

import numpy as np
import pytest

from kantelpunt.model.population.newcomer_templates import templates
from tests.rules.demography_harness import USUAL, bands, counted, live, small_world
from tests.rules.synthetic_households import PROFILES, made_up, people_of

PEOPLE, YEARS, SEEDS = 2000, 30, 10
FOCUS = ("Overvecht", "Stokhasselt", "Heikant")
EXTREME = ("Zamenhofdreef en omgeving", "Leidsche Rijn", "De Blaak", "students", "city centre", "old")


@pytest.fixture(scope="module")
def kept():
    """Return for a profile the people in each band, and in all, over those at the start: (seeds, decades, 6)."""
    found = {}

    def of(name):
        if name not in found:
            found[name] = np.array([history(people_of(name, seed), seed) for seed in range(SEEDS)])
        return found[name]

    return of


def history(synthesis, seed):
    world = small_world(synthesis, seed)
    start, rows = bands(world, 0), []
    for decade in range(1, YEARS // 10 + 1):
        now = bands(live(world, seed, 520 * decade - 519, 520 * decade), 520 * decade)
        rows.append([*(now / start), now.sum() / start.sum()])
    return rows


@pytest.mark.parametrize("name", FOCUS)
def test_age_pyramid_holds(kept, name):
    mean = kept(name).mean(axis=0)
    assert np.abs(mean[:, :5] - 1.0).max() < 0.10, mean
    assert np.abs(mean[:, 5] - 1.0).max() < 0.05, mean


@pytest.mark.parametrize("name", EXTREME)
def test_extreme_age_pyramids_keep_children_and_old_people(kept, name):
    mean = kept(name).mean(axis=0)
    assert np.abs(mean[:, [0, 4]] - 1.0).max() < 0.15, mean
    assert np.abs(mean[:, 5] - 1.0).max() < 0.10, mean


@pytest.mark.parametrize("turnover", [0.08, 0.22])
def test_age_pyramid_holds_at_any_turnover(turnover):
    p, ratio = USUAL._replace(turnover=turnover), []
    for seed in range(SEEDS // 2):
        world = small_world(people_of("Overvecht", seed), seed, p)
        start = bands(world, 0)
        ratio.append(bands(live(world, seed, 1, 52 * YEARS, p), 52 * YEARS) / start)
    assert np.abs(np.mean(ratio, axis=0) - 1.0).max() < 0.12, np.mean(ratio, axis=0)


@pytest.mark.parametrize("name", FOCUS + EXTREME)
def test_templates(name):
    synthesis = people_of(name, 1)
    movers = templates(synthesis, USUAL)
    owners = movers.table["owner"] == 1
    assert (np.diff(movers.weight) >= 0.0).all()
    assert movers.weight[~owners][-1] == pytest.approx(1.0)
    assert movers.weight[owners][-1] == pytest.approx(2.0)
    assert (movers.weight[owners] > 1.0 - 1e-9).all()
    assert movers.members.size == movers.table["size"].sum() == PEOPLE
    assert 0.0 < movers.fertility < 0.5
    assert -0.7 < movers.unsettled < 3.0
    assert np.abs(movers.kept[:, -1] - 1.0).max() < 0.08


def test_templates_of_many_people_are_a_sample():
    many = templates(people_of("Overvecht", 1, 20_000), USUAL)
    assert many.table.size == 2000
    assert np.abs(many.kept[:, -1] - 1.0).max() < 0.05


@pytest.mark.parametrize("tenure", [0, 1])
def test_templates_where_all_have_one_tenure(tenure):
    synthesis = made_up(*PROFILES["Overvecht"], 500, 1)
    synthesis.households["owner"] = tenure
    movers = templates(synthesis, USUAL)
    assert movers.weight[-1] == pytest.approx(1.0 + tenure)
    world = live(small_world(synthesis, 1), 1, 1, 104)
    assert set(world.households["owner"]) == {tenure}
    assert counted(world)["moved_in"] > 50
