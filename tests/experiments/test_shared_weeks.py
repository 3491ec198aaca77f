"""Scenarios of a study share the weeks in which they agree: the same runs, fewer weeks, and the study says how many."""

import json
from typing import ClassVar, Literal

import pandas as pd
import pytest

from kantelpunt.experiments.running import engines
from kantelpunt.experiments.running.jobs import run_job
from kantelpunt.experiments.study import Study
from kantelpunt.model.interventions import Intervention, kinds
from kantelpunt.model.simulation import simulate
from kantelpunt.viz.text import text
from tests.experiments.toys import plan_of, study_of

PRESENCE = {"kind": "visible_presence", "from": 40}
SCENARIOS = {
    "today": {},
    "presence": {"interventions": [PRESENCE]},
    "learning": {"interventions": [{"kind": "systemic_working", "from": 26}]},
    "both": {"interventions": [PRESENCE, {"kind": "systemic_working", "from": 26}]},
    "elsewhere": {"area": "overvecht"},
}
PLAN = {"points": 2, "worlds": 2, "scenario": SCENARIOS, "rival": {"forgiving": {"trust.bad_weight": 1.5}}}
SHARED = {"told": 10 * 4 * 52, "computed": 2 * 4 * (26 + 2 * 14 + 2 * 12 + 2 * 12 + 52)}


def alone(job):
    """Return the history of one run by itself."""
    return simulate(job.scenario, job.seed).world.history


@pytest.fixture(scope="module")
def study():
    """Return a study whose scenarios share weeks."""
    return study_of(plan_of(**PLAN), run_job).run(engine=2, quiet=True)


def test_shared_weeks_leave_no_trace_in_a_study(study):
    other = study_of(plan_of(**PLAN), alone).run(engine=1, quiet=True)
    pd.testing.assert_frame_equal(study.outcomes, other.outcomes)
    pd.testing.assert_frame_equal(study.weeks, other.weeks)
    assert study.verify(8)["same"].all() and study.verify(8, work=alone)["same"].all()
    assert other.store.weeks() == (SHARED["told"], SHARED["told"])


def test_a_study_counts_the_weeks_that_it_computed_and_tells(study):
    assert study.store.weeks()._asdict() == SHARED
    assert study.status()[-2:] == tuple(SHARED.values())


def test_a_study_that_stops_and_goes_on_adds_its_weeks_up(study):
    parts = study_of(plan_of(**PLAN), run_job)
    moments = []
    for shard in ("2/2", "1/2"):
        parts.run(shard=shard, watch=moments.append)
    pd.testing.assert_frame_equal(parts.outcomes, study.outcomes)
    assert parts.store.weeks()._asdict() == SHARED == moments[-1].weeks._asdict()
    assert moments[-1].shared == 100 * (SHARED["told"] - SHARED["computed"]) // SHARED["told"]


def test_runs_on_more_cores_than_there_are_runs_share_nothing_and_are_the_same(study):
    plan = plan_of(**{**PLAN, "worlds": 1, "rival": {}})
    many = study_of(plan, run_job).run(engine=engines.threads(16), quiet=True)
    few = study_of(plan, run_job).run(engine=1, quiet=True)
    pd.testing.assert_frame_equal(many.outcomes, few.outcomes)
    assert many.store.weeks().computed == many.store.weeks().told > few.store.weeks().computed


class Lost(Intervention):
    """Cannot say what to do once there is something to look back on."""

    PERIOD: ClassVar[int] = 13

    kind: Literal["lost"] = "lost"

    def levers(self, people):
        """Return an hour of presence."""
        return {"presence_hours": 1.0}

    def euros_per_year(self, people):
        """Return nothing."""
        return 0.0

    def share_of(self, lever, horizon, past=None):
        """Fail when there is something to look back on."""
        if past is not None:
            raise RuntimeError("lost")
        return self.profile(horizon)


def test_a_scenario_that_fails_takes_no_other_along():
    kinds()["lost"] = Lost
    try:
        failing = {**SCENARIOS, "lost": {"interventions": [{"kind": "lost"}]}}
        study = study_of(plan_of(**{**PLAN, "worlds": 1, "scenario": failing, "rival": {}}), run_job)
        study.run(engine=1, quiet=True)
        assert study.status()[:4] == (12, 10, 2, 0)
        assert all(each["name"] == "lost" and "RuntimeError: lost" in each["traceback"] for each in study.failures)
    finally:
        del kinds()["lost"]


def test_parts_of_an_earlier_version_do_not_say_and_do_not_count(study, monkeypatch):
    assert Study.open(study.folder).store.weeks()._asdict() == SHARED
    monkeypatch.setattr("kantelpunt.experiments.running.store.WEEKS", "something other")
    assert Study.open(study.folder).store.weeks() == (0, 0)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_command_says_how_many_weeks_were_shared(study, lang, capsys):
    from kantelpunt.viz.cli.study_output import report_progress

    report_progress(study, as_json=False, lang=lang, code=False)
    said = " ".join(capsys.readouterr().out.split())
    assert text(lang)("status.weeks", **SHARED) in said
    report_progress(study, as_json=True, lang=lang, code=False)
    assert SHARED.items() <= json.loads(capsys.readouterr().out).items()
