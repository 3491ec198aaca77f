"""The best package within a budget: known fronts, equals, going on where it stopped."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import best as best_of
from kantelpunt.experiments.analysis.rivals import usual
from kantelpunt.experiments.analysis.ways import Ways, changed
from kantelpunt.experiments.design.plan import LONGEST_TITLE
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import build
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.cli.decisions import show
from kantelpunt.viz.report import decisions
from kantelpunt.viz.report.advice import advice
from kantelpunt.viz.report.html import html
from kantelpunt.viz.text import Text
from tests.experiments.toys import COLUMN, plan_of

TRUST = list(OUTCOMES).index("trust_institutions")


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


def test_a_race_is_explained_beside_its_last_judgement(tmp_path, capsys):
    """The winner is taken apart in few runs, and its report tells what carries it after what is best."""
    found = best_of.race(money(), 250_000.0, tmp_path / "r", n=12, fresh=30, work=bought)
    study = Study.open(found.folder / "fresh", bought)
    told = {
        "best": decisions.best_told(found, 250_000.0),
        **dict(decisions.explained(study, found, lambda some: some.run(quiet=True))),
    }
    for kind, one in told.items():
        decisions.keep(study, kind, one)
    extra = sum(Study.open(found.folder / each, bought).size for each in ("rivals", "parts"))
    assert extra <= decisions.runs_explained(len(found.measures))
    more = {kind: one for kind, one in told.items() if kind != "best"}
    show(study, "best", told["best"], found.front, False, Text("en"), more)
    said = " ".join(capsys.readouterr().out.split())
    assert all(Text("en")(key) in said for key in ("best.title", "parts.title", "worth.title", "report.rivals"))
    show(study, "best", told["best"], found.front, True, Text("en"), more)
    assert {"best", *more} < set(json.loads(capsys.readouterr().out))
    assert [each.kind for each in decisions.sections(study, Text("en"))] == ["best", "parts", "worth", "rivals"]
    rivals = json.loads((study.folder / "rivals.json").read_text())
    assert [row["rival"] for row in rivals["rows"]] == ["", *usual()] and {row["verdict"] for row in rivals["rows"]} == {"better"}
    (line,) = next(each.lines for each in decisions.sections(study, Text("en")) if each.kind == "rivals")
    assert line in advice(study, Text("en"), decisions.kept(study)).lines and "without the loop" in line
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
    even = {**told, "beats": [{**row, "verdict": "not known yet"} for row in told["beats"]]}
    even["front"] = [{**row, "cost": 100_000.0} if row["name"] == "equal parts" else row for row in told["front"]]
    cheaper = t("advice.cheaper", plan=t("best.equal_parts"), cost=t.euros(100_000.0))
    assert any(cheaper in line for line in advice(study, t, {"best": even}).reservations)
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


def timely(job):
    """Return a history in which presence helps only where it begins in the first year, the more the longer it lasts."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    won = 0.0
    for each in job.scenario.interventions:
        begin, end = each.days(job.scenario.horizon)
        won += 40.0 * each.intensity * (begin < 364) * min(1.0, (end - begin) / 728) * (each.kind == "visible_presence")
        won += 100.0 * (len([one for one in job.scenario.interventions if one.kind == each.kind]) > 1)  # two at once never race
    luck = np.random.default_rng(job.seed).standard_normal()
    history[1, COLUMN] = 300.0 + luck - won
    history[:, TRUST] = 0.4 + 0.1 * sum(each.intensity for each in job.scenario.interventions if each.kind == "youth_activities")
    return history


def late():
    measures = [
        {"kind": "visible_presence", "cost_per_year": 100_000.0, "from": 104},
        {"kind": "youth_activities", "cost_per_year": 100_000.0},
    ]
    return plan_of(years=4, points=6, vary=["norms.sanction"], scenario={"today": {}, "all": {"interventions": measures}})


def test_a_race_chooses_when_a_measure_begins_and_how_long_it_lasts(tmp_path):
    ways = Ways(begins=(date(2026, 1, 5), date(2027, 1, 4)), years=(1, 2))
    found = best_of.race(late(), 100_000.0, tmp_path / "r", n=24, fresh=12, ways=ways, work=timely)
    best = found.front.loc[found.winner]
    kinds = [kind for kind in found.measures if kind.startswith("visible_presence") and best[kind] > 0.0]
    assert [found.ways[kind] for kind in kinds] == [{"from": date(2026, 1, 5), "until": date(2028, 1, 3)}] and best[
        kinds[0]
    ] == 1.0
    assert best["gain"] == pytest.approx(40.0, abs=2.0)
    study, told = Study.open(found.folder / "fresh", timely), decisions.best_told(found, 100_000.0)
    for language, words in (("nl", "(vanaf 2026-01-05, tot 2028-01-03)"), ("en", "(from 2026-01-05, until 2028-01-03)")):
        assert any(words in line for line in advice(study, Text(language), {"best": told}).steps)
        assert words in decisions.section("best", told, study, Text(language))[0].lines[0]


def test_a_mix_that_only_trust_gains_by_is_on_the_front(tmp_path):
    found = best_of.race(late(), 100_000.0, tmp_path / "r", n=12, fresh=12, work=timely)
    table = found.front
    most = table["trust"].idxmax()
    without = best_of.undominated(table[["gain", "worst"]].assign(saved=-table["cost"]).to_numpy())
    assert table.loc[most, "on_front"] and not without[table.index.get_loc(most)]
    assert table.loc[most, "trust"] == pytest.approx(0.1 * table.loc[most, "youth_activities"])
    section = decisions.section("best", decisions.best_told(found, 1e5), Study.open(found.folder / "fresh", timely), Text("en"))[
        0
    ]
    assert Text("en")("best.trust") in section.rows[0] and any("+0.0" in cell for row in section.rows[1:] for cell in row)


def test_versions_of_a_measure_are_its_own_and_those_that_were_asked_for_each_once():
    horizon = plan_of(years=4).scenarios["today"].horizon
    own = build({"kind": "visible_presence", "from": 52})
    found = Ways(begins=(date(2026, 1, 5),), years=(2, 9), places=("everywhere", ("north-west",))).of(own, horizon)
    assert found[0] == own and len(found) == 5 and len({each.model_dump_json() for each in found}) == 5
    assert {each.where for each in found} == {"everywhere", ("north-west",)}
    assert {each.days(horizon) for each in found[1:]} == {(0, 728), (0, 1456)}, "nine years last to the end"
    raid = build({"kind": "raid", "date": 60})
    assert Ways(begins=(104,), years=(1,)).of(raid, horizon) == [raid], "a raid keeps its day"
    with pytest.raises(InputError, match="outside the years"):
        Ways(begins=(date(2040, 1, 1),)).of(own, horizon)


def test_too_many_mixes_are_refused(tmp_path):
    with pytest.raises(InputError, match="too many mixes"):
        best_of.race(late(), 1e5, tmp_path / "r", ways=Ways(begins=tuple(range(0, 200, 2)), years=(1, 2, 3)), work=timely)


def test_a_question_without_a_title_can_race_and_be_taken_apart_however_many_plans_it_gets(tmp_path):
    plan = money().model_copy(update={"title": ""})
    assert best_of.race(plan, 250_000.0, tmp_path / "r", n=40, fresh=6, work=bought).candidates == 40
    many = plan_of(title="", scenario={f"plan with a long name {i}": {"raid": 0.1 * i} for i in range(9)}, compare=None)
    assert len(many.heading) == LONGEST_TITLE and many.heading.endswith("…?")
    assert len(many.moved("overvecht").title) == LONGEST_TITLE and many.moved("overvecht").title.endswith("(Overvecht)")


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


@pytest.mark.parametrize(("begin", "years"), [(date(2026, 6, 1), 10**6), (date(9999, 12, 31), 1), (26, 10**12)])
def test_a_measure_that_lasts_beyond_any_calendar_lasts_to_the_end(begin, years):
    there = late().base.horizon
    assert dict(changed(late().scenarios["all"].interventions[0], there, begin, years))["until"] == there.weeks
