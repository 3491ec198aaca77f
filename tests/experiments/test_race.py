"""The best package within a budget: known fronts, equals, going on where it stopped."""

import json

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import best as best_of
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report import decisions
from kantelpunt.viz.report.advice import advice
from kantelpunt.viz.report.html import html
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of


def money():
    """Return a plan of three measures that cost 100, 200 and 400 thousand euros a year in full."""
    costs = {"youth_activities": 100_000.0, "visible_presence": 200_000.0, "mentoring": 400_000.0}
    measures = [{"kind": kind, "cost_per_year": cost} for kind, cost in costs.items()]
    return plan_of(points=6, vary=["norms.sanction"], scenario={"today": {}, "all": {"interventions": measures}})


WORTH = {"youth_activities": 10.0, "visible_presence": 40.0}


def bought(job):
    """Return a history in which each euro of presence wins twice as much as one of youth work, and a third measure nothing."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    won = sum(WORTH.get(each.kind, 0.0) * each.intensity for each in job.scenario.interventions)
    luck = np.random.default_rng(job.seed).standard_normal(2)
    history[1, COLUMN] = 200.0 + 3.0 * luck[0] - won * (1.0 + 0.2 * luck[1])
    return history


@pytest.fixture(scope="module")
def race(tmp_path_factory):
    return best_of.race(money(), 250_000.0, tmp_path_factory.mktemp("race") / "r", n=24, fresh=12, work=bought)


def test_the_best_package_of_a_known_front_wins(race):
    best = race.front.loc[race.winner]
    assert dict(best[["visible_presence", "youth_activities"]]) == {"visible_presence": 1.0, "youth_activities": 0.5}
    assert best["cost"] == pytest.approx(250_000.0) and best["on_front"]
    assert best["gain"] == pytest.approx(45.0, abs=6.0) and best["low"] <= best["gain"] <= best["high"]
    assert race.beats.loc["equal parts", "verdict"] == "better" and race.beats.loc["today", "verdict"] == "better"
    assert (race.front["cost"] <= 250_000.0 + 1e-6).all()


def test_a_race_is_explained_beside_its_last_judgement(tmp_path):
    """The winner is taken apart in few runs, and its report tells what carries it after what is best."""
    found = best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=30, work=bought)
    study = Study.open(found.folder / "fresh", bought)
    told = {
        "best": decisions.best_told(found, 250_000.0),
        **dict(decisions.explained(study, found, lambda some: some.run(quiet=True))),
    }
    for kind, one in told.items():
        decisions.keep(study, kind, one)
    assert [each.kind for each in decisions.sections(study, Text("en"))] == ["best", "parts", "worth"]
    told = json.loads((study.folder / "parts.json").read_text())
    share = {row["part"]: row["gain"] for row in told["rows"]}
    assert share["visible_presence"] == pytest.approx(40.0, abs=6.0) and share["youth_activities"] == pytest.approx(5.0, abs=2.0)
    report = html(study, "nl").casefold()
    assert Text("nl")("best.equal_parts").casefold() in report and "equal parts" not in report and "only visible" not in report
    assert report.index(Text("nl")("advice.title").casefold()) < report.index(Text("nl")("report.question").casefold())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_report_of_a_race_opens_with_what_to_do_and_its_price(race, language):
    """It tells what to buy and what each part costs; that nothing is seen to help; and the rival, where a rival won."""
    study, t = Study.open(race.folder / "fresh", bought), Text(language)
    told = decisions.best_told(race, 250_000.0)
    found = advice(study, t, {"best": told})
    assert found.headline == t("advice.do", cost=t.euros(250_000.0))
    assert len(found.steps) == 2 and t("advice.full") in found.steps[1] and t.euros(200_000.0) in found.steps[1]
    assert any(t.euros(250_000.0 * study.plan.years) in line for line in found.lines) and len(found.reservations) <= 3
    nothing = {**told, "front": [{**row, "low": -1.0} for row in told["front"]]}
    assert advice(study, t, {"best": nothing}).headline.startswith(t("advice.nothing_sure", cost="", budget="").split()[0])
    rival = next(row["name"] for row in told["front"] if row["name"] != told["winner"])
    lost = {**told, "beats": [{**row, "verdict": "worse"} if row["plan"] == rival else row for row in told["beats"]]}
    cost = next(row["cost"] for row in told["front"] if row["name"] == rival)
    assert t.euros(cost) in advice(study, t, {"best": lost}).headline


def test_the_worlds_that_judge_are_none_of_those_that_chose(race):
    seeds = {each.name: set(Study.open(each, bought).asked["seed"]) for each in race.folder.iterdir()}
    fresh = seeds.pop("fresh")
    assert len(seeds) == len(best_of.rounds(race.candidates)) and not any(fresh & some for some in seeds.values())


def test_the_winner_of_a_race_of_equals_is_not_believed():
    """Where no candidate does anything, the chosen mean lies above nothing, and fresh worlds say so."""
    rng, curses, said = np.random.default_rng(4), [], 0
    for _ in range(24):
        first, fresh = rng.standard_normal((2, 16, 12))
        winner = first.mean(axis=1).argmax()
        here = pd.DataFrame(fresh.T, columns=[f"c{i}" for i in range(16)])[[f"c{(winner + i) % 16}" for i in range(3)]]
        here.index = pd.MultiIndex.from_product([range(12), [0]], names=["point", "world"])
        table = best_of.beaten(here.assign(today=0.0), f"c{winner}")
        curses.append(first[winner].mean() - fresh[winner].mean())
        said += table.loc["today", "verdict"] == "better"
    assert np.mean(curses) > 0.3
    assert said <= 3


def test_a_race_goes_on_where_it_stopped(tmp_path):
    lived = []

    def counted(job):
        lived.append(job.run)
        return bought(job)

    stopped = []

    def once(study):
        if len(stopped) == 1:
            raise KeyboardInterrupt
        stopped.append(study.folder.name)
        study.run(quiet=True)

    with pytest.raises(KeyboardInterrupt):
        best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=6, work=counted, run=once)
    first = len(lived)
    again = best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=6, work=counted)
    assert first > 0 and len(lived) == len(set(lived)) and again.candidates == 12


def test_a_front_holds_what_nothing_else_exceeds():
    scores = np.array([[1.0, 1.0], [2.0, 0.0], [0.5, 0.5], [2.0, 0.0], [0.0, 3.0]])
    assert best_of.undominated(scores).tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("plan", "budget", "told"),
    [(money, 0.0, "--budget: out of range"), (money, 1_000.0, "nothing fits this budget"),
     (lambda: plan_of(scenario={"today": {}, "idle": {}}), 1e5, "cannot race")],
)  # fmt: skip
def test_a_race_that_cannot_be_is_refused(tmp_path, plan, budget, told):
    with pytest.raises(InputError, match=told):
        best_of.race(plan(), budget, tmp_path / "r", work=bought)
