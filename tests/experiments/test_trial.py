"""Trials in the model: planted effects are found as often as the interval promises, and nothing is found in nothing."""

import json

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import trial
from kantelpunt.experiments.analysis.trial import Trial, analysed, trials
from kantelpunt.experiments.analysis.trial_arms import ACTS, Act, adults, nothing, rows_of
from kantelpunt.model import Scenario
from kantelpunt.model.errors import InputError
from kantelpunt.model.simulation import Simulation


def units(rng: np.random.Generator, worlds: int, clusters: int, size: int, effect: float, whole: bool) -> pd.DataFrame:
    """Return units in clusters that are alike, of which half is treated by lot: whole clusters, or one by one."""
    n = worlds * clusters * size
    world, cluster = np.repeat(np.arange(worlds), clusters * size), np.tile(np.repeat(np.arange(clusters), size), worlds)
    groups = world * clusters + cluster
    by_group = np.concatenate([rng.permutation(clusters) < clusters // 2 for _ in range(worlds)])
    treated = by_group[groups] if whole else rng.random(n) < 0.5
    before = rng.standard_normal(n)
    y = effect * treated + 0.5 * before + rng.standard_normal(worlds * clusters)[groups] + rng.standard_normal(n)
    y += 2 * rng.standard_normal(worlds)[world] + 10
    return pd.DataFrame({"y": y, "before": before, "treated": treated.astype(int), "world": world, "cluster": cluster})


@pytest.mark.parametrize("whole", [False, True], ids=["one by one", "whole clusters"])
def test_the_interval_covers_a_planted_effect_as_often_as_it_says(whole):
    rng = np.random.default_rng(1)
    found = [analysed(units(rng, 10, 8, 4, 0.7, whole)) for _ in range(300)]
    assert 0.91 <= np.mean([each.low <= 0.7 <= each.high for each in found]) <= 0.98
    assert np.mean([each.mean for each in found]) == pytest.approx(0.7, abs=0.05)


def test_an_effect_may_be_a_share_of_the_control_arm():
    table = units(np.random.default_rng(2), 20, 10, 4, 1.0, False)
    plain, share = analysed(table), analysed(table, share=True)
    assert share.mean == pytest.approx(100 * plain.mean / table.loc[table["treated"] == 0, "y"].mean())
    none = analysed(table.assign(y=0.0), share=True)
    assert np.isnan(none.mean), "a share of nothing"


def visit(**changes) -> Trial:
    return trials()["peyton_2019"].model_copy(update={"per_arm": 40, **changes})


def plant(monkeypatch, size: float) -> None:
    """Let a visit raise the trust of whoever has it, and of nobody else."""

    def raised(simulation: Simulation, ids: np.ndarray) -> None:
        people = simulation.world.people
        people["trust_institutions"][rows_of(simulation, ids)] += size

    monkeypatch.setitem(ACTS, "good_contact", Act(adults, raised, nothing))


def test_a_trial_finds_what_was_planted_in_the_model(monkeypatch):
    plant(monkeypatch, 0.07)
    found = trial.done(visit(), worlds=6, people=400).set_index("week").loc[1]
    assert found["low"] < 7.0 < found["high"] + 0.5 and found["model"] == pytest.approx(7.0, abs=0.8)
    assert found["low"] > 5.0, "it is precise enough to tell"


def test_a_trial_in_which_nothing_is_done_seldom_finds_anything(monkeypatch):
    plant(monkeypatch, 0.0)
    found = [trial.done(visit(), worlds=4, people=300, seed=100 * i).set_index("week").loc[3] for i in range(20)]
    assert sum(each["low"] <= 0.0 <= each["high"] for each in found) >= 16


def test_the_lot_divides_evenly_and_the_same_seed_the_same_way():
    for n, k in ((7, 3), (4, 2), (100, 50)):
        assert trial.lot(5, n, k).sum() == k and np.array_equal(trial.lot(5, n, k), trial.lot(5, n, k))
    assert len({trial.lot(seed, 4, 2).tobytes() for seed in range(50)}) == 6, "every pair of quarters has its turn"


def test_persons_of_both_arms_are_those_whom_it_is_for_and_live_in_one_world():
    base = Scenario(people=400, years=2)
    found = trial.to_persons(visit(), base, seed=3)
    people = found.simulation.world.people
    chosen = people[rows_of(found.simulation, found.units)]
    assert found.treated.sum() == 40 == (~found.treated).sum()
    assert (found.simulation.week - chosen["born"] >= 18 * 52).all()


@pytest.mark.parametrize("name", [each.id for each in trial.able()])
def test_every_trial_that_the_model_can_do_is_done(name):
    asked = trials()[name]
    found = trial.done(asked, worlds=3, area="overvecht", people=1_500)
    again = trial.done(asked, worlds=3, area="overvecht", people=1_500, threads=2)
    pd.testing.assert_frame_equal(found, again)
    assert list(found["week"]) == [each.week for each in asked.estimates] and (found["units"] > 3).all()
    assert (found["published_low"] < found["published"]).all() and (found["published"] < found["published_high"]).all()
    known = found.dropna()
    assert (known["low"] <= known["model"]).all() and (known["model"] <= known["high"]).all()


def test_the_table_of_trials_says_where_every_number_comes_from():
    for each in trials().values():
        assert each.source and all(estimate.basis for estimate in each.estimates)
        assert bool(each.cannot) != bool(each.act or each.interventions), each.id
        assert each.act in ("", *ACTS)


def test_a_trial_that_is_unknown_or_cannot_be_done_is_refused():
    with pytest.raises(InputError, match=r"unknown trial.*did you mean 'peyton_2019'"):
        trial.named("peyton_2018")
    with pytest.raises(InputError, match="cannot replicate this trial: its places") as caught:
        trial.named("heller_2014")
    assert "heller" not in caught.value.allowed and "peyton_2019" in caught.value.allowed


def test_the_command_shows_a_trial_beside_what_was_published(call, tmp_path):
    asked = ("trial", "sherman_1995", "--people", 400, "--worlds", 2, "--out", tmp_path / "kept")
    code, out, _ = call(*asked, "--json")
    told = json.loads(out)
    assert code == 0 and told["found"][0]["published"] == -8.0 and told["trial"]["id"] == "sherman_1995"
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {f"sherman_1995.{kind}" for kind in ("csv", "png", "svg")}
    for language, words in (("nl", "Invallen in drugspanden"), ("en", "Raids on drug houses")):
        assert words in call(*asked, "--lang", language)[1]
        listed = call("trial", "--lang", language)[1]
        assert "heller_2014" in listed and words.split()[0] in listed


def test_the_command_refuses_what_it_cannot_do(call, tmp_path):
    (tmp_path / "file").write_text("")
    for given, complaint in (
        (("trial", "nothing"), "unknown trial"),
        (("trial", "heller_2014"), "cannot replicate this trial"),
        (("trial", "sherman_1995", "--out", tmp_path / "file"), "cannot be written"),
        (("trial", "sherman_1995", "--area", "nowhere"), "unknown area"),
    ):
        code, out, error = call(*given, "--lang", "en")
        assert (code, out) == (2, "") and complaint in error
