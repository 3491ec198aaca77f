"""A trial, a police table and plans that change, on the page Explore: what is given is held to limits and told in words."""

from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pandas as pd
import pytest

from kantelpunt.experiments.analysis import trial
from kantelpunt.viz.app.explore import instruments
from kantelpunt.viz.app.explore.instruments import MIRROR_AREAS, MOST_POLICE, Pathways, Trial, Uploads, can_change
from kantelpunt.viz.app.rejection import Refused
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.test_explore import PACKAGE, asked_plan, ended


class Known(NamedTuple):
    """An area of which figures are known."""

    code: str
    people: int = 2_000


def table(areas: int, years: int = 3) -> bytes:
    """Return a police table of so many areas."""
    rows = [f"WK{i:06d},{2020 + year},{10 + i}" for i in range(areas) for year in range(years)]
    return "\n".join(["code,year,count", *rows]).encode()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give what somebody hands in, where figures of 200 areas are known."""
    monkeypatch.setattr(instruments.known_areas, "areas", lambda file: [Known(f"WK{i:06d}") for i in range(200)])
    made = Uploads()
    yield made
    made.discard()


def test_a_police_table_is_read_and_what_cannot_be_used_is_left_out(given: Uploads) -> None:
    given.take_table("../../police.csv", table(20) + b"\nWK999999,2020,4")
    assert given.record is not None and len(given.record.years) == 20 and given.record.left_out == ("WK999999",)
    assert given.name == "police.csv" and not list(Path(given.folder.name).iterdir())


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("t.csv", b"", "empty"),
        ("t.csv", b"code,year,count\n" + b"WK000001,2020,1\n" * (MOST_POLICE // 16 + 1), "large"),
        ("t.pdf", b"%PDF-1.4", "foreign"),
        ("t.csv", b"nothing,here\n1,2", "row"),
        ("t.csv", table(MIRROR_AREAS + 1), "many"),
        ("t.csv", b"code,year,count\nWK000001,2020,many", "row"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_words_and_none_is_kept(
    given: Uploads, name: str, data: bytes, key: str
) -> None:
    with pytest.raises(Refused) as told:
        given.take_table(name, data)
    assert told.value.key == key and given.record is None and not list(Path(given.folder.name).iterdir())
    for t in map(Text, LANGUAGES):
        assert given.folder.name not in told.value.said(t)


def test_a_trial_tells_how_far_it_is_and_stops_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pd.DataFrame({"week": [1]})

    def done(asked: Any, worlds: int, area: str, people: int, seed: int, threads: int, watch: Any) -> pd.DataFrame:
        for _ in range(worlds):
            watch()
        return found

    monkeypatch.setattr(trial, "done", done)
    name = next(each for each, some in trial.trials().items() if not some.cannot)
    work: Any = ended(Trial(name, 6, tmp_path, lambda: None), Event())
    assert work.done == 6 and work.table is found
    stopped = Trial(name, 6, tmp_path, lambda: None)
    stopped.show = lambda: stopped.stop() if stopped.done == 2 else None
    stopped._run()
    assert stopped.table is None and stopped.failed is None and stopped.done < 6


def test_plans_can_change_into_one_another_where_there_are_a_few(tmp_path: Path) -> None:
    plan = asked_plan(all={"interventions": PACKAGE[:1]})
    assert can_change(plan) and Pathways(plan, tmp_path, lambda: None).size > 0
    assert not can_change(asked_plan(**{f"plan {i}": {"interventions": PACKAGE[:1]} for i in range(30)}))
