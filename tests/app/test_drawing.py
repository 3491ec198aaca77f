"""How a map moves, in a real browser: where everybody is between two weeks.  `drawing.js` without any app around it."""

from typing import Any

import numpy as np
import pytest

from kantelpunt.viz.app.drawing import SCRIPT, SIGNS
from kantelpunt.viz.app.learn.marks import MARK, NAMES
from kantelpunt.viz.app.learn.paired_worlds import ADULT, CHOSEN, DOT, PROFESSIONAL, STOP

pytestmark = pytest.mark.slow
NOWHERE, SIZE = 65_535, 10
PLAY = """async ([code, weeks, moments]) => {
  const { Scene } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  const scene = new Scene(document.createElement("canvas"))
  Object.assign(scene, { size: 10 })
  for (const [dots, rounds, now, lasts] of weeks)
    scene.show({ layer: new Uint8Array(100), dots: new Uint8Array(dots), rounds: new Uint8Array(rounds) }, now, lasts)
  return moments.map((now) => [...scene.positions(now)])
}"""


SIGNED = """async ([signs, code, dots, marks, mark_names]) => {
  const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })))
  const { SIGNS } = await load(signs), { Scene } = await load(code)
  const scene = new Scene(document.createElement("canvas")), pen = document.createElement("canvas").getContext("2d")
  Object.assign(scene, { size: 10, signs: SIGNS, mark_names })
  scene.show({ layer: new Uint8Array(100), dots: new Uint8Array(dots), marks: new Uint8Array(marks) }, 0, 0)
  scene.happened(pen, scene.positions(0), 8, 1)
  for (const sign of Object.values(SIGNS)) sign(pen, 9, 9, 4, [1, 1])
  return { signs: Object.keys(SIGNS).sort(), marks: scene.marks }
}"""
TRAILED = """async ([code, weeks]) => {
  const { Scene } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))
  const scene = new Scene(document.createElement("canvas"))
  Object.assign(scene, { size: 10 })
  return weeks.map(([dots, now, lasts]) => {
    scene.show({ layer: new Uint8Array(100), dots: new Uint8Array(dots) }, now, lasts)
    return scene.trail
  })
}"""


def marked() -> list[int]:
    """Return an offer to the second person by the first, and a promise that was kept, as bytes of a frame."""
    rows = [(NAMES.index("offer"), 7, 2, 1), (NAMES.index("kept"), 9, 0, 0)]
    return list(np.array(rows, MARK).tobytes())


def at(cells: list[int], role: int = ADULT, mark: int = 0) -> list[int]:
    """Return people in these cells, each in the middle of one, as bytes of a frame."""
    dots = np.zeros(len(cells), DOT)
    dots["cell"], dots["role"], dots["who"] = cells, role, np.arange(1, len(cells) + 1)
    dots["across"] = dots["down"] = 128
    dots["mark"] = mark
    return list(dots.tobytes())


def places(chromium: Any, weeks: list[Any], moments: list[float]) -> np.ndarray:
    """Return where everybody is at some moments after these weeks: (moments, people, 2), in cells."""
    page = chromium.new_page()
    found = page.evaluate(PLAY, [SCRIPT.read_text(encoding="utf-8"), weeks, moments])
    page.close()
    return np.array(found).reshape(len(moments), -1, 2).round(2)


def test_people_glide_from_where_they_were_to_where_they_are(chromium: Any) -> None:
    weeks = [[at([0, 55]), [], 0, 0], [at([9, 55]), [], 1_000, 400]]
    found = places(chromium, weeks, [1_000, 1_200, 1_400, 9_000])
    assert found[:, 0, 0].tolist() == [0.5, 5.0, 9.5, 9.5]
    assert (found[:, 1] == 5.5).all()


def test_a_frame_that_began_before_its_week_came_shows_the_start(chromium: Any) -> None:
    rounds = np.array([(1, 33)], STOP)
    weeks = [[at([0], PROFESSIONAL), [], 0, 0], [at([9], PROFESSIONAL), list(rounds.tobytes()), 1_000, 400]]
    assert places(chromium, weeks, [990.0]).tolist() == [[[0.5, 0.5]]]


def test_a_week_that_comes_early_goes_on_from_where_people_are(chromium: Any) -> None:
    weeks = [[at([0]), [], 0, 0], [at([8]), [], 1_000, 400], [at([0]), [], 1_200, 400]]
    assert places(chromium, weeks, [1_200, 1_400])[:, 0, 0].tolist() == [4.5, 2.5]


def test_professionals_walk_by_the_places_that_they_visited(chromium: Any) -> None:
    rounds = np.array([(1, 90)], STOP)
    weeks = [[at([0], PROFESSIONAL), [], 0, 0], [at([9], PROFESSIONAL), list(rounds.tobytes()), 0, 1_000]]
    assert places(chromium, weeks, [0, 500, 1_000])[:, 0].tolist() == [[0.5, 0.5], [0.5, 9.5], [9.5, 0.5]]


def test_somebody_who_comes_to_live_there_does_not_fly_in(chromium: Any) -> None:
    weeks = [[at([NOWHERE]), [], 0, 0], [at([44]), [], 1_000, 400]]
    assert places(chromium, weeks, [1_000])[0].tolist() == [[4.5, 4.5]]


def test_every_mark_has_a_sign_and_marks_follow_whom_they_are_about(chromium: Any) -> None:
    page = chromium.new_page()
    known = page.evaluate(
        SIGNED, [SIGNS.read_text(encoding="utf-8"), SCRIPT.read_text(encoding="utf-8"), at([0, 55]), marked(), list(NAMES)]
    )
    page.close()
    assert known["signs"] == sorted(NAMES)
    assert known["marks"] == [
        {"kind": NAMES.index("offer"), "cell": 7, "who": 1, "whom": 0},
        {"kind": NAMES.index("kept"), "cell": 9, "who": -1, "whom": -1},
    ]


def test_somebody_who_is_followed_leaves_a_trail_while_weeks_pass_and_none_after_a_jump(chromium: Any) -> None:
    page = chromium.new_page()
    weeks = [
        [at([0], mark=CHOSEN), 0, 100],
        [at([5], mark=CHOSEN), 100, 100],
        [at([9], mark=CHOSEN), 200, 100],
        [at([40], mark=CHOSEN), 300, 0],
    ]
    found = page.evaluate(TRAILED, [SCRIPT.read_text(encoding="utf-8"), weeks])
    page.close()
    assert [len(each) for each in found] == [1, 2, 3, 1]
    assert found[2][-1] == pytest.approx([9.5, 0.5], abs=0.01)
