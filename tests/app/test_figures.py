"""Figures: each is drawn under any settings of somebody's own and with any names, or else the answer does without."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from kantelpunt.experiments.design.variants import spoken
from kantelpunt.experiments.statistics import Interval
from kantelpunt.experiments.study import Study
from kantelpunt.model import OUTCOMES
from kantelpunt.viz.app.compare import quick_figure
from kantelpunt.viz.app.explore import study_figures
from kantelpunt.viz.report import analysis_figures, figures
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.html import page as report_page
from kantelpunt.viz.text import LANGUAGES, Text

NAMES = ["$x$ or $y", "_hidden", "a^2_b", "\\frac{1}{0}", "50 % & <b>", "$"]


@pytest.fixture
def latex() -> Iterator[None]:
    """Set what breaks figures on a machine without LaTeX."""
    own: Any = {"text.usetex": True, "axes.formatter.use_mathtext": True, "font.size": 90, "svg.fonttype": "path"}
    with mpl.rc_context(own):
        yield


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a small study whose plans have names that Matplotlib takes for something else."""
    column = list(OUTCOMES).index("recruited")

    def work(job):  # type: ignore[no-untyped-def]
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        history[1:, column] = 1.0 + job.seed % 5 - NAMES.index(job.name) / 7 if job.name in NAMES else 1.0 + job.seed % 3
        return history

    asked = {"against": "today", "outcome": "recruited", "better": "lower", "matters": 3}
    made = Study("What of $p_1^2$?", folder=tmp_path_factory.mktemp("r") / "s", work=work, people=100, years=1, compare=asked)
    made.scenarios(today={}, **{name: {} for name in NAMES})
    return made.points(8).run(quiet=True)


def texts(svg: str) -> str:
    """Return the words of an SVG."""
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("make", [figures.compared, figures.effects, figures.course])
def test_names_are_drawn_as_they_are_under_any_settings(study: Study, make: Any, latex: None) -> None:
    shown = texts(figures.svg(make(study, Text("en"))))
    assert all(spoken(each).strip().casefold() in shown.casefold() for each in NAMES)


def test_names_of_packages_are_drawn_as_they_are(latex: None) -> None:
    found = [Found(name) for name in NAMES]
    worlds = {name: np.arange(8.0) for name in NAMES}
    courses = {"": np.arange(60.0), **{name: np.arange(60.0) + i for i, name in enumerate(NAMES)}}
    shown = texts(quick_figure.picture(Text("nl"), found, worlds, courses, 1.0))  # type: ignore[arg-type]
    assert all(shown.count(each) >= 2 for each in NAMES)  # beside the dots, and in the legend


class Found:
    """What a picture shows of an effect."""

    difference, outcome = Interval(1.0, 0.5, 1.5), "recruited"

    def __init__(self, name: str) -> None:
        self.scenario = name


def test_views_of_a_study_name_its_plans_under_any_settings(study: Study, latex: None) -> None:
    t = Text("en")
    for figure in (
        study_figures.distributions(t, study.runs, "recruited"),
        study_figures.bars(t, pd.Series({"norms.sanction": 0.5})),
    ):
        assert "<svg" in figures.svg(figure)
    legend = texts(figures.svg(study_figures.distributions(t, study.runs, "recruited")))
    assert all(spoken(each).strip() in legend for each in NAMES)


def test_every_function_that_gives_a_figure_draws_it_in_the_house_style() -> None:
    found = [
        function
        for module in (figures, study_figures, quick_figure, analysis_figures)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and inspect.signature(function).return_annotation is figures.Picture
    ]
    assert len(found) >= 12
    assert not [each.__name__ for each in found if not hasattr(each, "__wrapped__")]
    folder = Path(figures.__file__).parent
    plain = [path.name for path in folder.rglob("*.py") if re.search(r"[^\w]Figure\(figsize|import.*pyplot", path.read_text())]
    assert not plain, "figures are made by Picture"


def test_settings_of_somebody_s_own_are_theirs_again_afterwards(study: Study, latex: None) -> None:
    figures.effects(study, Text("en"))
    assert mpl.rcParams["text.usetex"] and mpl.rcParams["font.size"] == 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_that_fails_costs_neither_the_report_nor_the_answer(
    study: Study, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    t = Text(language)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no font at all")

    monkeypatch.setattr(Figure, "savefig", fail)
    figures.draw(study, tmp_path, t)
    assert not list(tmp_path.iterdir())
    assert t("picture.lost", name="figure", reason="RuntimeError: no font at all") in " ".join(capsys.readouterr().err.split())
    page = report_page(Answer(study, t))
    assert page.count(t("picture.failed")) == 2 and t("report.not_concluded") in page
    assert json.dumps(Answer(study, t).as_dict())


def test_a_picture_that_is_no_longer_wanted_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_figure, "_of_quick", lambda t, quick: "drawn")
    assert quick_figure.of_quick(Text("nl"), None, lambda: False) == ""  # type: ignore[arg-type]
    assert quick_figure.of_quick(Text("nl"), None) == "drawn"  # type: ignore[arg-type]
