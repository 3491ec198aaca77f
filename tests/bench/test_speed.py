"""Benchmarks for pytest-benchmark: `uv run pytest -m bench`.  The table is `uv run python -m tests.bench`."""

import pytest

from . import limit, measure, studies
from .peers import missing

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("people", [measure.SMALL, measure.MIDDLE, measure.LARGE])
def test_a_year_of_everybody(benchmark, people):
    benchmark.extra_info["people"] = people
    benchmark.pedantic(measure.weeks_of(people), rounds=5)


@pytest.mark.parametrize("peer", measure.PEERS)
def test_a_step_of_what_people_would_write_instead(benchmark, peer):
    if package := missing(peer):
        pytest.skip(f"{package} is not installed")
    benchmark.extra_info["agents"] = measure.SMALL
    benchmark.pedantic(measure.steps_of(peer), rounds=5)


@pytest.mark.parametrize("task", [measure.draws, measure.keys])
def test_chance(benchmark, task):
    benchmark.pedantic(task, rounds=5, warmup_rounds=1)


@pytest.mark.parametrize("threads", [1, 2])
def test_runs_on_threads(benchmark, threads):
    benchmark.pedantic(measure.runs_on(threads), rounds=2, warmup_rounds=1)


def test_the_bars_are_kept():
    rows = [*measure.everything(full=False), *limit.distance(turns=5), *studies.studies(full=False, turns=3)]
    missed = [row for row in rows if row.kept is False]
    assert not missed
