"""Plans that change course: a planted turn is found, noise is not believed, and what is enumerated is what happens."""

import json
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import pathways as ways
from kantelpunt.experiments.analysis import routes as routes_of
from kantelpunt.experiments.analysis import signs
from kantelpunt.experiments.analysis.signs import known
from kantelpunt.experiments.running.jobs import Job, run_job
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.policies.seen import QUARTER, SIGNS, gathered
from kantelpunt.model.simulation import Simulation
from tests.experiments.toys import COLUMN, plan_of, study_of

HARM, AS_IT_IS, SOON = 20.0, 100.0, 30  # youths; weeks after a turn within which a programme still prevents it
ARRESTS = SIGNS.index("arrests")
LOOKS = tuple(range(13, 144, 13))


def turn_of(seed):
    """Return the week in which a neighbourhood turns: one look in eleven each for half of the worlds, never for the others."""
    return int(np.random.default_rng(seed).choice([*LOOKS[:6], *[10_000] * 6]))


@dataclass(frozen=True)
class Turning:
    """A world that may turn: that costs 20 youths unless a programme begins soon after it; one begun before is worn out."""

    def __call__(self, job):
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        turn = turn_of(job.seed)
        begun = [each.window(job.scenario.horizon)[0] - 1 for each in job.scenario.interventions]
        saved = any(0 <= week - turn <= SOON for week in begun)
        history[1, COLUMN] = AS_IT_IS + HARM * (turn < job.scenario.weeks and not saved)
        history[1, COLUMN] += np.random.default_rng(job.seed + 1).standard_normal()
        return history


def watched(job, telling=True):
    """Return what is seen of it: arrests rise from 1 to 9 with the turn; not where nothing tells of it."""
    quarters = np.arange(1, job.scenario.weeks // QUARTER + 1)
    seen = np.random.default_rng(job.seed + 2).random((len(quarters), len(SIGNS)))
    seen[:, ARRESTS] = 1.0 + 8.0 * (QUARTER * quarters > turn_of(job.seed)) if telling else seen[:, ARRESTS]
    return digest_of(Turning()(job)), seen


def digest_of(history):
    import hashlib

    return hashlib.blake2b(np.ascontiguousarray(history).tobytes(), digest_size=16).hexdigest()


def blind(job):
    return watched(job, telling=False)


def question(**changes):
    two = {"today": {}, "youth": {"interventions": [{"kind": "youth_activities", "cost_per_year": 100_000}]}}
    return plan_of(years=3, scenario=two, vary=["norms.sanction"], **changes)


def found(folder, by=watched, **how):
    return ways.pathways(question(), folder, points=40, fresh=40, every=13, work=Turning(), by=by, **how)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return found(tmp_path_factory.mktemp("pathways") / "p")


def test_a_planted_turn_is_watched_for(planted):
    best = planted.table.loc[planted.winner]
    assert (best["first"], best["then"], best["sign"], best["above"]) == ("today", "youth", "arrests", True)
    assert 1.0 <= best["level"] < 9.0
    assert best["gain"] == pytest.approx(HARM * best["changes"], abs=1e-9)  # all that turn are saved, and no other changes
    assert planted.table.loc["youth", "gain"] == 0.0
    assert planted.beats.loc["today", "verdict"] == "better" and planted.beats.loc["youth", "verdict"] == "better"


def test_watching_a_sign_that_tells_is_worth_what_the_closed_form_says(planted):
    """Changing at the same moments by lot saves a world that turned where the lot fell within reach after the turn."""
    best = planted.table.loc[planted.winner]
    turns = [13 * each for each in range(1, 7)]
    delay = 2 * QUARTER  # to the end of the quarter of a year, and until it is known
    moments = [turn + delay for turn in turns]
    saved = np.mean([0 <= moment - turn <= SOON for turn in turns for moment in moments]) * 0.5  # a lot that changes at all
    assert best["watching_sure"] and best["watching_low"] <= HARM * 0.5 * (1.0 - saved) <= best["watching_high"]


def test_a_sign_that_tells_nothing_adds_nothing(tmp_path):
    """Over repetitions, the interval of what watching adds holds nothing as often as it says, and it is rarely sure."""
    rng, covered, sure = np.random.default_rng(3), [], []
    routes = routes_of.routes_of(question(), 13)
    index = pd.MultiIndex.from_product([range(30), [0]], names=["point", "world"])
    for _ in range(200):
        arms = routes.of("today", "youth")
        shift = np.linspace(4.0, 0.0, len(arms))  # the earlier the better, in every world
        gains = pd.DataFrame(shift + rng.standard_normal((30, len(arms))), index, arms).assign(youth=5.0)
        seen = {"today": rng.random((30, len(routes.looks), len(SIGNS)))}
        lived = ways.Lived(routes, gains, seen, pd.Series(0.0, [*arms, "youth"]))
        row = ways.row_of("a", ways.Policy("today", "youth", -1, "trust", 0.9), lived, lived)
        covered.append(row["watching_low"] <= 0.0 <= row["watching_high"])
        sure.append(row["watching_sure"])
    assert 0.90 <= np.mean(covered) <= 0.99 and np.mean(sure) <= 0.10


def test_the_lot_is_another_world_at_the_moments_of_this_one():
    """Watching adds the mean gain less that of all pairs of a world and the moment of another, at the same cost."""
    routes, rng = routes_of.routes_of(question(), 26), np.random.default_rng(1)
    index = pd.MultiIndex.from_product([range(9), [0]], names=["point", "world"])
    arms = routes.of("today", "youth")
    gains = pd.DataFrame(rng.random((9, len(arms))) + np.arange(9.0)[:, None] ** 2, index, arms)
    lived = ways.Lived(routes, gains, {"today": rng.random((9, len(routes.looks), len(SIGNS)))}, pd.Series(0.0, arms))
    policy = ways.Policy("today", "youth", -1, "unsafe", 0.6)
    change = lived.change(policy)
    lot = np.mean([gains.iloc[world, change[other]] for world in range(9) for other in range(9) if other != world])
    assert len(set(change)) > 2 and lived.adds(policy).mean() == pytest.approx(lived.gain(policy).mean() - lot)


def test_the_worlds_that_judge_are_none_of_those_that_chose(planted):
    from kantelpunt.experiments.study import Study

    chose, judge = (set(Study.open(planted.folder / name, Turning()).asked["seed"]) for name in ("routes", "fresh"))
    assert chose and judge and not chose & judge


def test_a_budget_leaves_out_what_costs_more(planted):
    folder = planted.folder
    cheap = found(folder, budget=40_000.0)
    dear = cheap.table.loc["youth"]
    assert dear["cost"] == pytest.approx(100_000.0) and cheap.winner != "youth"
    assert cheap.table.loc[cheap.winner, "cost"] <= 60_000.0  # of fresh worlds, chosen within 40,000
    with pytest.raises(InputError, match="nothing fits"):
        found(folder, budget=-1.0)


def test_what_is_known_is_the_mean_of_the_last_year_that_has_come_in():
    index = pd.MultiIndex.from_product([["today"], [0, 1], [0], range(1, 9)], names=["scenario", "point", "world", "quarter"])
    table = pd.DataFrame(np.arange(16.0)[:, None] + np.zeros(len(SIGNS)), index, list(SIGNS))
    shown = known(table, (13, 26, 91), 1)[:, :, 0]
    assert np.isnan(shown[:, 0]).all() and shown[:, 1].tolist() == [0.0, 8.0]
    assert shown[:, 2].tolist() == [np.mean([2, 3, 4, 5]), np.mean([10, 11, 12, 13])]


def test_a_sign_crosses_at_its_first_look_beyond_a_level():
    values = np.array([[math.nan, 1.0, 3.0, 0.0], [math.nan, 1.0, 1.0, 1.0], [5.0, 0.0, 9.0, 9.0]])
    assert signs.crossing(values, 2.0, True).tolist() == [2, 4, 0]
    assert signs.crossing(values, 0.5, False).tolist() == [3, 4, 1]


MEASURES = [
    {"kind": "youth_activities", "from": 10, "until": 40},
    {"kind": "visible_presence", "from": 20},
    {"kind": "mentoring"},
]


def test_a_plan_moves_as_a_whole_and_what_both_do_goes_on():
    scenario = {"today": {"interventions": [{"kind": "mentoring"}, {"kind": "raid", "date": 60}, {"kind": "raid", "date": 5}]},
                "all": {"interventions": MEASURES}}  # fmt: skip
    own = plan_of(years=3, scenario=scenario).scenarios
    horizon = own["today"].horizon
    both, raid, youth, presence = routes_of.changed(own["today"], own["all"], 52)
    assert both == own["all"].interventions[2] and raid.date == 5
    assert youth.days(horizon) == (7 * 52, 7 * 82) and presence.days(horizon) == (7 * 62, 7 * 156)
    late = routes_of.changed(own["today"], own["all"], 143)
    assert [each.kind for each in late] == ["mentoring", "raid", "raid", "youth_activities", "visible_presence"]
    assert late[3].days(horizon)[1] == 7 * 156 and routes_of.changed(own["today"], own["all"], 5)[-1] == presence_of(own)


def presence_of(own):
    return own["all"].interventions[1]


@pytest.mark.parametrize(
    ("plan", "every", "told"),
    [(lambda: question(), 20, "--every: out of range"), (lambda: question(), 104, "--every: out of range"),
     (lambda: plan_of(scenario={name: {} for name in ("today", *"abcde")}), 26, "wrong number of plans"),
     (lambda: plan_of(years=3, scenario={"today": {}, "b": {"parameters": {"norms.sanction": 0.8}}}), 26, "a different world"),
     (lambda: plan_of(years=3, scenario={"today": {}, "policy 1": {"raid": 1.0}}), 26, "name is taken")],
)  # fmt: skip
def test_what_has_no_routes_is_refused(plan, every, told):
    with pytest.raises(InputError, match=told):
        routes_of.routes_of(plan(), every)


def test_it_goes_on_where_it_stopped_and_looks_at_nothing_twice(tmp_path):
    lived, seen, stopped = [], [], []

    def work(job):
        lived.append(job.run)
        return Turning()(job)

    def by(job):
        if len(seen) == 40 and not stopped:
            stopped.append(job.run)
            raise KeyboardInterrupt
        seen.append(job.run)
        return watched(job)

    how = {"points": 40, "fresh": 8, "every": 26, "work": work, "by": by, "engine": signs.engine_of(1)}
    with pytest.raises(KeyboardInterrupt):
        ways.pathways(question(), tmp_path / "p", **how)
    first = len(lived)
    ways.pathways(question(), tmp_path / "p", **how)
    assert first > 0 and len(lived) == len(set(lived))
    again = {run for run in seen if seen.count(run) > 1}
    assert len(again) <= signs.TOGETHER  # those that were looked at and not written yet


def test_a_run_that_takes_another_course_is_refused():
    study = study_of(question(points=2), Turning()).run(quiet=True)
    with pytest.raises(InputError, match="a different course"):
        signs.seen_of(study, ("today",), lambda job: ("other", watched(job)[1]))


def test_what_was_enumerated_is_what_happens_to_a_team_that_looks_and_changes():
    """A world that is watched week by week, and changes course when the sign crosses, lives the route that stands for it."""
    plan = plan_of(people=1_000, years=2, scenario={"today": {}, "youth": {"youth_activities": 1.0}})
    routes = routes_of.routes_of(plan, 26)
    scenarios = routes.study(routes.pairs(), 2, 1).scenarios
    today = scenarios["today"]
    digest, seen = signs.look(Job("", "today", today, 0, 0, 7))
    assert digest == digest_of(run_job(Job("", "today", today, 0, 0, 7))) and seen.shape == (8, len(SIGNS))
    index = pd.MultiIndex.from_product([["today"], [0], [0], range(1, 9)], names=["scenario", "point", "world", "quarter"])
    values = signs.known(pd.DataFrame(seen, index, list(SIGNS)), routes.looks, 1)
    column = SIGNS.index("trust")
    level = float(np.sort(values[0, :, column][np.isfinite(values[0, :, column])])[-1]) - 1e-9
    (crossed,) = signs.crossing(values[:, :, column], level, True)
    assert crossed < len(routes.looks)

    watching, told = Simulation(today, 7, events=True), []
    while watching.week < today.weeks:
        watching.advance(QUARTER)
        told.append(gathered(watching.world, watching._parameters.observation, 7, watching.week).mean(axis=0)[column])
        last = watching.week // QUARTER - 1
        if watching.week in routes.looks and last and np.mean(told[max(0, last - 4) : last]) > level:
            week = watching.week
            watching = watching.sibling(
                today.changed(interventions=tuple(routes_of.changed(today, plan.scenarios["youth"], week)))
            )
            break
    watching.advance(today.weeks)
    assert week == routes.looks[crossed]
    route = scenarios[routes.route("today", "youth", week)]
    assert digest_of(watching.world.history) == digest_of(run_job(Job("", "", route, 0, 0, 7)))
    assert digest_of(watching.world.history) != digest


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_pathway_is_told_in_words_and_drawn(planted, language):
    """Findings stand in the report of its plans alone, and signs that are not seen are said to be so."""
    from kantelpunt.experiments.study import Study
    from kantelpunt.viz.report import decision_figures, decisions
    from kantelpunt.viz.report.html import html
    from kantelpunt.viz.report.pathways import pathways_told
    from kantelpunt.viz.text import Text

    study, t = routes_of.plans_alone(Study.open(planted.folder / "fresh", Turning()), planted.routes), Text(language)
    told = pathways_told(planted, None)
    decisions.keep(study, "pathways", told)
    (section,) = decisions.sections(study, t)
    report = html(study, language)
    assert t("pathways.title") in report and "route 1 2" not in report
    assert t("sign.arrests") in section.lines[0] and any(t("pathways.adds")[:20] in line for line in section.lines)
    assert not any(t("pathways.stay", plan="x")[:20] in line for line in section.lines)
    assert len(section.rows) == 1 + len(told["policies"])
    assert len(decision_figures.drawn(section, study, t).axes) == 2
    unsure = {**told, "beats": [{**each, "verdict": "not known yet"} for each in told["beats"]]}
    unsure["policies"] = [{**each, "watching_sure": False} if each["sign"] else each for each in told["policies"]]
    (doubt,) = decisions.section("pathways", unsure, study, t)
    assert any(t("pathways.stay", plan=told["plan"])[:20] in line for line in doubt.lines)
    assert any(t("pathways.adds_unsure", added="", unit="", low="", high="")[:20] in line for line in doubt.lines)


def test_every_sign_has_a_name_and_a_level():
    from kantelpunt.viz.text import Text

    for language in ("nl", "en"):
        t = Text(language)
        assert all(t(f"sign.{sign}") and "3" in t(f"sign_level.{sign}", n="3") for sign in SIGNS)


def test_the_command_finds_a_pathway_and_goes_on(tmp_path, call):
    plan = plan_of(people=200, years=1, points=6, scenario={"today": {}, "youth": {"youth_activities": 1.0}})
    file = tmp_path / "plan.toml"
    file.write_text(plan.to_toml())
    asked = ("pathways", file, "--every", "13", "--points", "6", "--fresh", "6", "--out", tmp_path / "p", "--lang", "en")
    code, out, err = call(*asked, "--json")
    assert code == 0, err
    told = json.loads(out)["pathways"]
    assert told["winner"] in {each["name"] for each in told["policies"]} and told["every"] == 13
    code, again, err = call(*asked)
    assert code == 0 and "When to begin" in again, err
    fresh = tmp_path / "p" / "fresh"
    assert {"pathways.json", "pathways.csv", "signs.parquet", "report.html"} <= {each.name for each in fresh.iterdir()}
    code, _, err = call("pathways", file, "--every", "20", "--lang", "en")
    assert code == 2 and "--every" in err


@pytest.mark.parametrize("language", ["nl", "en"])
def test_where_no_sign_tells_worlds_apart_the_answer_says_so(tmp_path, language):
    from kantelpunt.experiments.study import Study
    from kantelpunt.viz.report.pathways import pathways_told, section
    from kantelpunt.viz.text import Text

    def still(job):
        digest, seen = watched(job)
        return digest, np.ones_like(seen)

    none = found(tmp_path / "p", still)
    study, t = routes_of.plans_alone(Study.open(none.folder / "fresh", Turning()), none.routes), Text(language)
    (told,) = section(pathways_told(none, None), study, t)
    assert t("pathways.no_sign") in told.lines and all(row[-1] == "–" for row in told.rows[1:])
