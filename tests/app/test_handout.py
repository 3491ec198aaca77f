"""Hand-outs: what a page plays is what the worlds did, and it needs nothing but itself."""

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from typer.testing import CliRunner

from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError
from kantelpunt.viz.app.learn.lessons import WAYS, Lesson, lessons
from kantelpunt.viz.app.learn.own_lessons import told
from kantelpunt.viz.app.learn.paired_worlds import DOT, LIT
from kantelpunt.viz.cli.main import app
from kantelpunt.viz.handout.of_study import lesson_of
from kantelpunt.viz.handout.page import DOSES, page, work
from kantelpunt.viz.handout.recording import NOWHERE, STAGES, Blob, recorded
from kantelpunt.viz.report.wording import measure_name, sentence
from kantelpunt.viz.text import LANGUAGES, Text
from tests.experiments.toys import plan_of, study_of, toy

NAME, SEED, MOST = "raid", 5, 6_000_000
SIZES = [(1920, 1080), (1280, 720), (390, 844)]


def short() -> Lesson:
    """Return a lesson of one year."""
    lesson = lessons()[NAME]
    return lesson.model_copy(update={"years": 1, "asked": lesson.asked.model_copy(update={"from_": 40, "until": 52})})


@pytest.fixture(scope="module")
def made() -> str:
    """Give a hand-out."""
    return page(NAME, short(), SEED, "nl")


@pytest.fixture
def opened(made: str, tmp_path: Path, chromium: Any) -> Iterator[Any]:
    """Give a hand-out in a browser, opened as a file; nothing may go wrong on it, and nothing may be asked of anywhere."""
    file, wrong = tmp_path / "handout.html", []
    file.write_text(made, encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    shown = context.new_page()
    shown.on("console", lambda message: message.type == "error" and wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("request", lambda request: request.url == file.as_uri() or wrong.append(request.url))
    shown.goto(file.as_uri())
    shown.wait_for_selector("main h1", timeout=60_000)
    yield shown
    context.close()
    assert not wrong


@pytest.mark.slow
def test_what_is_recorded_is_what_the_worlds_did_in_every_week() -> None:
    blob, lesson, ticks = Blob(), short(), []
    places, _ = recorded(lesson, SEED, blob, lambda: ticks.append(1))
    held, twins = gzip.decompress(blob.packed()), lesson.twins(SEED)
    assert len(ticks) == twins.weeks + 1
    for week in (0, 27, 40, 52):
        twins.go_to(week)
        layers, dots = twins.frame(lesson.layer)
        for i, stands in enumerate(places["sides"]):
            arrays = {name: read(held, each) for name, each in stands.items() if name != "courses"}
            n, shown = len(arrays["who"]), np.sort(np.frombuffer(dots[i], DOT), order="who")
            cells, looks = (arrays[name].reshape(n, -1)[:, week] for name in ("cells", "looks"))
            here = cells != NOWHERE
            assert (arrays["who"][here] == shown["who"]).all() and (cells[here] == shown["cell"]).all()
            assert (looks[here] == shown["role"] + STAGES * shown["stage"]).all()
            lit = {row for when, row in arrays["lit"].reshape(-1, 2).tolist() if when == week}
            assert set(arrays["who"][sorted(lit)]) == set(shown["who"][(shown["mark"] & LIT) > 0])
            shades = arrays["shades"].reshape(twins.weeks + 1, -1).cumsum(axis=0, dtype=np.uint8)
            assert shades[week].tobytes() == layers[i]


def read(held: bytes, stands: dict[str, Any]) -> np.ndarray:
    """Return an array of a recording."""
    return np.frombuffer(held, f"<{stands['kind']}", stands["length"], stands["at"])


def test_a_dose_is_a_share_of_every_intervention_in_both_worlds() -> None:
    lesson = lessons()[NAME]
    half = lesson.dosed(0.5)
    assert [each.intensity for each in (*half.left, *half.right)] == [0.5] * (len(lesson.left) + len(lesson.right))
    assert lesson.dosed(1.0).scenarios == lesson.scenarios


@pytest.mark.slow
def test_a_page_needs_no_other_and_tells_both_languages_and_every_dose(made: str) -> None:
    about = json.loads(re.search(r'id="about">(.*?)</script>', made, re.DOTALL).group(1))  # type: ignore[union-attr]
    assert [each["dose"] for each in about["doses"]] == list(DOSES) and about["texts"].keys() == LANGUAGES.keys()
    assert all(each["found"]["way"] in WAYS for each in about["doses"])
    assert not re.search(r'(src|href)="', made)
    packed = b64decode(re.search(r'id="recording">(.*?)</script>', made, re.DOTALL).group(1))  # type: ignore[union-attr]
    held = gzip.decompress(packed)
    assert all(read(held, side["who"]).size > 1_000 for each in about["doses"] for side in each["sides"])
    longest = max(lesson.years for lesson in lessons().values())
    assert longest * len(made) < MOST, "the longest lesson may not fit"


@pytest.mark.slow
def test_telling_of_progress_ends_where_it_said(made: str) -> None:
    lesson, steps = short(), []
    page(NAME, lesson, SEED, "en", steps.append)
    assert sum(steps) == work(lesson)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_plays_to_its_end_in_both_languages_and_three_sizes(opened: Any, language: str) -> None:
    t = Text(language)
    opened.click(f"#languages button[lang={language}]")
    assert opened.evaluate("document.documentElement.lang") == language
    opened.click("#ways button >> nth=0")
    assert opened.inner_text("#guessed") == t("handout.guessed", way=t("handout.way_lower"))
    assert not opened.is_visible("#outcome")
    opened.select_option("#speed", index=4)
    opened.click("#play")
    opened.wait_for_selector("#outcome", timeout=60_000)
    assert opened.inner_text("#at") == t("handout.at", year=1, week=52, weeks=52)
    assert opened.evaluate("window.kantelpunt.paints") > 20
    assert t("lesson_step.no_proof") in opened.inner_text("#outcome")
    for dose in range(len(DOSES)):
        opened.select_option("#dose", index=dose)
        found = opened.evaluate(f"JSON.parse(document.getElementById('about').textContent).doses[{dose}].found.way")
        assert t(f"lesson.{NAME}.{found}") in opened.inner_text("#outcome")
    for width, height in SIZES:
        opened.set_viewport_size({"width": width, "height": height})
        assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = opened.evaluate(ground)
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        assert (opened.evaluate(ground) == light) == (scheme == "light")
        violations = Axe().run(opened).response["violations"]
        assert not [each["id"] for each in violations if each["impact"] in ("serious", "critical")]


@pytest.mark.slow
@pytest.mark.browser
def test_keys_and_slider_go_to_any_week_and_back(opened: Any) -> None:
    for key, week in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        opened.keyboard.press(key)
        assert opened.input_value("#week") == str(week)
    opened.fill("#week", "33")
    assert "33" in opened.inner_text("#at") and not opened.is_visible("#outcome")
    opened.click("#end")
    assert opened.is_visible("#outcome") and opened.is_disabled("#play")
    opened.click("#back")
    assert opened.is_visible("#outcome") and opened.input_value("#week") == "51"


def two_plans(**changes: Any) -> Study:
    """Return a study of which one plan helps."""
    own = {"interventions": [{"kind": "visible_presence"}, {"kind": "youth_activities", "from": 20}]}
    tables = {"today": {"raid": 0.5}, "idle": {"raid": 0.5}, "ours": {**own, "raid": 0.5}}
    return study_of(plan_of(points=12, scenario=tables, **changes), toy({"ours": -8.0})).run(quiet=True)


def test_a_plan_of_a_study_is_a_lesson_that_says_what_all_its_worlds_say() -> None:
    study = two_plans()
    found = lesson_of(study)
    left, right = found.scenarios
    assert (left, right) == (study.plan.scenarios["today"], study.plan.scenarios["ours"])
    half = found.dosed(0.5)
    assert [each.intensity for each in half.left] == [0.5] and sorted(each.intensity for each in half.right) == [0.5, 0.5, 0.5]
    for language in LANGUAGES:
        t = Text(language)
        (effect,) = [each for each in study.effects() if each.scenario == "ours"]
        means = sentence(t, effect, study.plan.years, study.question.matters)
        assert all(means in "".join(told(t, "", found, way)) for way in WAYS)
        assert measure_name(t, "youth_activities") in told(t, "", found, "scene")
        assert t("advice.forecast") in told(t, "", found, "meaning")
    assert lesson_of(study, "idle").scenarios[1] == study.plan.scenarios["idle"]
    with pytest.raises(InputError, match="no such scenario"):
        lesson_of(study, "nobody")


@pytest.mark.slow
def test_the_command_hands_out_a_study(tmp_path: Path) -> None:
    study, file = two_plans(), tmp_path / "study.html"
    run = CliRunner().invoke(app, ["handout", str(study.folder), "--plan", "ours", "--out", str(file), "--lang", "en"])
    assert run.exit_code == 0, run.output
    text = file.read_text(encoding="utf-8")
    assert "A small question" in text and len(text) < MOST and not re.search(r'(src|href)="', text)


def test_the_command_lists_lessons_and_names_one_that_is_not_there(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["handout"])
    assert run.exit_code == 0 and all(name in run.output for name in lessons())
    run = CliRunner().invoke(app, ["handout", "raids", "--lang", "en"])
    assert run.exit_code == 2 and "raids" in run.output and "'raid'" in run.output


def test_the_command_leaves_a_file_alone_that_is_not_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.html"
    file.write_text("mine")
    run = CliRunner().invoke(app, ["handout", NAME, "--out", str(file)])
    assert run.exit_code == 2 and file.read_text() == "mine"


def test_a_link_that_stands_where_nobody_asked_for_a_file_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{NAME}.html").symlink_to(elsewhere := tmp_path / "elsewhere")
    run = CliRunner().invoke(app, ["handout", NAME, "--lang", "en"])
    assert run.exit_code == 2 and "link" in run.output and not elsewhere.exists()
