"""Studies on the page Explore: what is shown is what a study holds."""

import ast
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Event
from time import monotonic, sleep
from typing import Any

import numpy as np
import pandas as pd
import pytest
import solara

from kantelpunt.experiments.analysis.sensitivity import rank_correlations
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.question import Question as Asked
from kantelpunt.experiments.design.sampling import parameters_of
from kantelpunt.experiments.running.progress import Progress
from kantelpunt.experiments.running.store import MARK
from kantelpunt.experiments.study import Study
from kantelpunt.model import OUTCOMES
from kantelpunt.model.errors import InputError
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.simulation import Simulation
from kantelpunt.viz.app import palette
from kantelpunt.viz.app.background_study import Work
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.app.explore import analyses, studies, study_figures
from kantelpunt.viz.app.explore.deciding import Again, Told
from kantelpunt.viz.app.explore.page import Explore
from kantelpunt.viz.app.explore.studies import DOSES, DURATIONS
from kantelpunt.viz.app.widgets import gathered
from kantelpunt.viz.app.widgets.frame import STYLE
from kantelpunt.viz.app.widgets.gathered import Turns
from kantelpunt.viz.report import decisions, figures
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.report.html import page
from kantelpunt.viz.text import Text
from tests.app.test_pages import everything


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a small study whose outcome is, in each run, one of its parameters."""
    column = list(OUTCOMES).index("fear")

    def work(job):  # type: ignore[no-untyped-def]
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        history[:, column] = job.scenario.parameters["norms.sanction"] - (job.name == "raid") * 0.01
        return history

    made = Study("s", folder=tmp_path_factory.mktemp("results") / "s", work=work, people=100, years=1)
    made.scenarios(today={}, raid={"raid": 1.0})
    return made.points(40).run(quiet=True)


def test_the_parameter_that_decides_comes_first(study: Study) -> None:
    found = rank_correlations(study, "today", "fear")
    assert found.index[0] == "norms.sanction"
    assert found.iloc[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("design", "text", "scenario"), [("morris", "figure.moved", "today"), ("saltelli", "figure.variance", "raid")]
)
def test_a_study_made_for_sensitivity_is_shown_by_its_own_method(design: str, text: str, scenario: str, tmp_path: Path) -> None:
    column = list(OUTCOMES).index("fear")

    def work(job):  # type: ignore[no-untyped-def]
        history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
        history[:, column] = job.scenario.parameters["norms.sanction"] * (2.0 if job.name == "raid" else 1.0)
        return history

    made = Study("s", folder=tmp_path / "s", work=work, people=100, years=1)
    made.scenarios(today={}, raid={"raid": 1.0}).points(8, design=design, vary=("norms.sanction", "trust.gain", "norms.example"))
    table = studies.indices(made.run(quiet=True), scenario, "fear")
    assert table is not None and table.index[0] == "norms.sanction"
    assert table.iloc[1:, 0].abs().max() < 0.01
    for language in ("nl", "en"):
        t = Text(language)
        svg = figures.svg(figures.sensitivity(table, "fear", t))
        assert t(text, unit=t("units.level")) in svg and "norms.sanction" in svg


def test_points_that_are_no_design_for_it_have_no_indices(study: Study) -> None:
    assert studies.indices(study, "today", "fear") is None


@pytest.mark.parametrize("design", studies.SIZES)
def test_a_new_study_takes_as_many_runs_as_the_page_says(design: str) -> None:
    for key, vary in studies.choices(design, None).items():
        if key in (studies.ALL, "rule.trust"):
            plan = studies.new_plan("tilburg-noord", "raid", studies.SIZES[design][0], design, vary)
            assert len(parameters_of(plan)) * len(plan.scenarios) == studies.runs_of(design, plan.points, len(vary))


def test_a_new_study_may_vary_what_counts_most_in_an_open_one(study: Study) -> None:
    assert studies.STRONGEST not in studies.choices("saltelli", study)  # nobody was recruited in it
    asked = study.asking(Asked(against="today", outcome="fear", better="lower", matters=0.1))
    names = studies.choices("saltelli", asked)[studies.STRONGEST]
    assert names[0] == "norms.sanction" and len(names) == studies.FEW
    assert studies.ALL not in studies.choices("saltelli", study)
    assert studies.STRONGEST not in studies.choices("morris", None)


def test_how_long_a_study_takes_is_measured_here() -> None:
    assert 0.001 < studies.seconds_a_run(Scenario(interventions={"raid": 1.0})) < 60
    assert Text("nl").duration(200) == "3 minuten" and Text("en").duration(42) == "40 seconds"


def test_few_people_tell_how_long_a_run_of_many_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    many, made = Scenario(people=200_000, years=30), list[int]()

    def counted(scenario: Scenario, seed: int) -> Simulation:
        made.append(scenario.n_people)
        return Simulation(scenario, seed)

    monkeypatch.setattr(studies, "Simulation", counted)
    assert studies.seconds_a_run(many) > 0.0
    assert set(made) == {2_000}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_view_is_a_picture_with_words_of_its_language(study: Study, language: str) -> None:
    t, runs = Text(language), study.runs
    table = pd.DataFrame(1.0, index=pd.Index(DOSES), columns=pd.Index(DURATIONS))
    drawn = {
        "explore.share_of_worlds": study_figures.distributions(t, runs, "fear"),
        "outcome.fear": study_figures.over_parameter(t, runs, "fear", "norms.sanction"),
        "explore.correlation": study_figures.bars(t, rank_correlations(study, "raid", "fear")),
        "explore.lasts": study_figures.heat(t, table, "fear", tipped=0 * table),
    }
    for key, figure in drawn.items():
        svg = figures.svg(figure)
        assert svg.startswith("<svg") and t(key) in svg


def test_whatever_is_made_waits_for_no_browser(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    others, made = Turns(600.0), list[Any]()
    monkeypatch.setattr(gathered, "PAGES", others)
    monkeypatch.setattr(studies, "making_of", lambda *told: made.append(studies.Making(*told[1:])) or made[0])
    box, context = solara.render(Explore(), handle_error=False)
    nothing_open = Text("nl")("explore.nothing_open")
    with others.turn():  # as a page has it whose browser takes nothing in
        made[0].made["1. a study"] = study
        made[0].on_made(study)
        made[0].show()
        Event().wait(0.3)
        assert nothing_open in everything(box)
    end = monotonic() + 20
    while nothing_open in everything(box) and monotonic() < end:
        Event().wait(0.02)
    assert nothing_open not in everything(box)
    context.close()


def test_only_studies_of_the_folder_of_results_are_opened(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "RESULTS", study.folder.parent)
    assert list(studies.listed()) == ["s"]
    assert len(studies.open_study("s").runs) == 80
    for name in ("nothing", "..", "../s", str(Path(study.folder)), ""):
        with pytest.raises(InputError):
            studies.open_study(name)


@pytest.mark.skipif(os.name != "posix", reason="other platforms have no such names and files")
def test_studies_whose_names_or_files_cannot_be_used_are_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("good", "two\nlines", "\x1b[31m", os.fsdecode(b"\xff"), "turned\u202e"):
        (tmp_path / name).mkdir()
        (tmp_path / name / MARK).touch()
    for name in ("pipe", "dangling", "folder"):
        (tmp_path / name).mkdir()
    os.mkfifo(tmp_path / "pipe" / MARK)  # whoever opens it waits for ever
    (tmp_path / "dangling" / MARK).symlink_to("nowhere")
    (tmp_path / "folder" / MARK).mkdir()
    monkeypatch.setattr(studies, "RESULTS", tmp_path)
    assert list(studies.listed()) == ["good"]
    with pytest.raises(InputError):
        studies.open_study("good")


def test_the_name_of_a_study_is_no_code(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = 'x"); raise SystemExit("'
    (tmp_path / name).mkdir()
    (tmp_path / name / MARK).touch()
    monkeypatch.setattr(studies, "RESULTS", tmp_path)
    monkeypatch.setattr(study.store, "folder", tmp_path / name)
    opened = next(node for node in ast.walk(ast.parse(studies.code(study))) if isinstance(node, ast.Call))
    assert ast.literal_eval(opened.args[0]) == f"results/{name}"


def test_a_map_waits_in_line_and_ends_once_its_browser_asks_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def mapped(area: str, kind: str, outcome: str, watch: Callable[[Progress], None]) -> str:
        made.append(outcome)
        return outcome

    monkeypatch.setattr(studies, "mapped", mapped)
    with ThreadPoolExecutor(9) as threads:
        with studies.ONE_AT_A_TIME:  # a study goes first
            earlier = [threads.submit(studies.tipping_map, "", "", f"{i}", browser="somebody") for i in range(6)]
            another = threads.submit(studies.tipping_map, "", "", "theirs", browser="somebody else")
            while len(studies.MAPS) < 2 or sum(each.done() for each in earlier) < 5:
                sleep(0.01)
            assert not made
        assert another.result() == "theirs" and len([each for each in earlier if each.result()]) == 1
    assert len(made) == 2 and not studies.MAPS


def test_a_map_that_nobody_waits_for_stops_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "QUICK_PEOPLE", 500)
    mapped, calls = studies.mapped, []

    def watched(area: str, kind: str, outcome: str, watch: Callable[[Progress], None]) -> Any:
        def also(moment: Progress) -> None:
            calls.append(moment)
            studies.MAPS["somebody"] = object()  # asks for another
            watch(moment)

        return mapped(area, kind, outcome, also)

    monkeypatch.setattr(studies, "mapped", watched)
    assert studies.tipping_map("tilburg-noord", "sirenelunch", "ties", browser="somebody") is None
    assert len(calls) < 5 and studies.ONE_AT_A_TIME._value == 1
    studies.MAPS.clear()


def test_a_tipping_map_has_a_cell_for_every_dose_and_duration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "QUICK_PEOPLE", 500)
    monkeypatch.setattr(studies, "WORLDS", 2)
    table, tipped = studies.tipping_map("tilburg-noord", "visible_presence", "trust_institutions")
    assert ((tipped >= 0) & (tipped <= 100)).all(axis=None) and tipped.shape == table.shape
    assert tuple(table.index) == DOSES and tuple(table.columns) == DURATIONS
    assert table.loc[1.0, 8] > table.loc[1.0, 2] - 0.05
    assert (table.loc[1.0] >= table.loc[0.25] - 0.02).all()


def test_maps_and_pages_have_the_same_colours() -> None:
    style = STYLE.read_text(encoding="utf-8")
    for colour in (
        palette.LEFT,
        palette.RIGHT,
        palette.LOW,
        palette.GOOD,
        palette.BAD,
        palette.PROFESSIONAL,
        palette.ADULT,
        *palette.STAGES,
    ):
        assert colour in style


def test_a_first_study_is_made_and_its_code_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Queue[Study] = Queue()
    making = studies.Making(made.put, lambda: None)
    making.start(studies.new_plan(size=8, title="A first study").asked(people=300))
    first = made.get(timeout=120)
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(first.plan.to_toml())
    again: dict[str, Any] = {}
    exec(studies.code(first), again)
    pd.testing.assert_frame_equal(again["study"].runs[list(OUTCOMES)], first.runs[list(OUTCOMES)])
    making.discard()


def test_code_opens_a_study_where_it_lies(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "RESULTS", study.store.folder.parent)
    assert 'Study.open("results/s")' in studies.code(study)
    assert 'prim(study, "raid")' in studies.code(study)


def test_a_tipping_map_writes_its_numbers_in_the_language() -> None:
    table = pd.DataFrame([[0.0125, -0.25]], index=[0.5], columns=[2, 4])
    drawn = {
        language: figures.svg(study_figures.heat(Text(language), table, "fear", tipped=0 * table)) for language in ("nl", "en")
    }
    assert "0,25" in drawn["nl"] and "0.25" not in drawn["nl"]
    assert "0.25" in drawn["en"]


PACKAGE = [{"kind": "youth_activities"}, {"kind": "visible_presence"}, {"kind": "mentoring"}]


def won(job: Any) -> np.ndarray:
    """Return a history in which each measure wins some recruits, mentoring most of all."""
    history = np.zeros((job.scenario.weeks + 1, len(OUTCOMES)))
    worth = {"youth_activities": 4.0, "visible_presence": 1.0, "mentoring": 9.0}
    gained = sum(worth[each.kind] * each.intensity for each in job.scenario.interventions)
    history[1, list(OUTCOMES).index("recruited")] = 100.0 - gained * np.random.default_rng(job.seed).uniform(0.8, 1.2)
    return history


def asked_plan(**scenarios: Any) -> Plan:
    """Return a plan about recruits."""
    asked = {"against": "today", "outcome": "recruited", "better": "lower", "matters": 1.0}
    scenarios = scenarios or {"all": {"interventions": PACKAGE}}
    return Plan(people=200, years=1, points=8, worlds=2, compare=asked, scenario={"today": {}, **scenarios})


def ended(work: Work, then: Event) -> Work:
    """Do a work to its end, or to where it was stopped."""
    work.show = lambda: then.set() if work.ended else None
    then.clear()
    work.start()
    assert then.wait(600)
    return work


def test_parts_are_told_while_worlds_come_in_and_go_on_after_a_stop(tmp_path: Path) -> None:
    work = analyses.Parts(asked_plan(), "all", 16, tmp_path, lambda: None, won)

    def stop_early() -> None:
        if work.done >= 8 * 8:
            work.stop()

    work.show = stop_early
    work.start()
    while not work.ended:
        Event().wait(0.01)
    assert 0 < work.done < work.size == 16 * 8
    before = work.told
    ended(work, Event())
    assert work.done == work.size and work.told != before
    seen = [each["worlds"] for each in (before, work.told) if each for each in each["rows"] if each["kind"] == "package"]
    assert seen[-1] == 16 and seen == sorted(seen)
    gains = {each["part"]: each["gain"] for each in work.told["rows"] if each["kind"] == "measure"}
    assert max(gains, key=gains.__getitem__) == "mentoring" and gains["mentoring"] == pytest.approx(9.0, rel=0.2)


def test_measures_that_are_left_out_are_done_nowhere_and_told_of(tmp_path: Path) -> None:
    plan = asked_plan()
    for left_out in ([], ["visible_presence"]):
        work = analyses.Parts(plan, "all", 8, tmp_path / str(len(left_out)), lambda: None, won, left_out)
        assert work.size == 8 * 2 ** (3 - len(left_out))
        ended(work, Event())
        kept = {name for name in analyses.measures(plan, "all") if name not in left_out}
        assert {each["part"] for each in work.told["rows"] if each["kind"] == "measure"} == kept == set(work.package.measures)
        lived = {each.kind for scenario in work.package.plan.scenarios.values() for each in scenario.interventions}
        assert lived == kept
        lines = [line for each in decisions.sections(work.study, Text("nl"), {"parts": work.told}) for line in each.lines]
        assert any("Zichtbaar op straat" in line and "Buiten beschouwing" in line for line in lines) == bool(left_out)


def test_the_dearest_measures_are_taken_apart_unless_somebody_chooses(tmp_path: Path) -> None:
    plan = analyses.questions(None, tmp_path, Text("nl"))[analyses.MENU]
    package = analyses.packages(plan)[0]
    costs, dearest = analyses.measures(plan, package), analyses.dearest(plan, package)
    assert len(costs) == 8 and len(dearest) == analyses.DEAREST
    assert min(costs[name] for name in dearest) >= max(cost for name, cost in costs.items() if name not in dearest)


def test_the_code_of_parts_and_best_makes_them_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = asked_plan(all={"interventions": PACKAGE[:2]})
    for work in (
        analyses.Parts(plan, "all", 8, tmp_path / "p", lambda: None),
        analyses.Best(plan, 150_000.0, 6, tmp_path / "b", lambda: None),
    ):
        ended(work, Event())
        assert work.failed is None and work.told
        Path(analyses.FILE).write_text(work.plan.to_toml())
        again: dict[str, Any] = {}
        exec(work.code, again)
        table = again["found"].front if work.kind == "best" else again["parts"](again["study"], again["package"].measures)
        told = analyses.rows_of(work.kind, work.told)
        assert table["gain"].to_list() == pytest.approx(told["gain"].to_list())


def test_a_race_tells_who_is_in_front_and_ends_with_a_judgement_on_fresh_worlds(tmp_path: Path) -> None:
    costs = {"youth_activities": 100_000.0, "visible_presence": 100_000.0, "mentoring": 100_000.0}
    measures = [{"kind": kind, "cost_per_year": cost} for kind, cost in costs.items()]
    work = analyses.Best(asked_plan(all={"interventions": measures}), 100_000.0, 12, tmp_path, lambda: None, won)
    ended(work, Event())
    assert work.failed is None and work.done == work.size
    assert "worth" in work.more and "parts" not in work.more  # one measure has no parts
    assert work.lead and work.lead.doses["mentoring"] == 1.0 and work.lead.left <= 12
    winner = next(each for each in work.told["front"] if each["name"] == work.told["winner"])
    assert winner["doses"] == {"youth_activities": 0.0, "visible_presence": 0.0, "mentoring": 1.0}
    with pytest.raises(InputError):
        analyses.Best(asked_plan(), 1.0, 12, tmp_path / "other", lambda: None)


def test_the_page_asks_about_what_fits_an_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyses, "left", lambda page: {"q": "Compare link"})
    found = analyses.questions(None, tmp_path, Text("nl"))
    assert list(found) == [analyses.MENU, analyses.BUILT] and analyses.budget() == analyses.BUDGET
    assert len(analyses.parts.own_measures(found[analyses.MENU], Text("nl")("deciding.evenly"))) == analyses.parts.MOST
    alone = Package("A").with_card("mentoring", 416)
    both = Question(years=8, budget=1_600_000.0, packages=(alone, Package("B", alone.interventions).with_card("raid", 416)))
    monkeypatch.setattr(analyses, "left", lambda page: {"q": both.to_link()})
    found = analyses.questions(None, tmp_path, Text("nl"))
    assert analyses.budget() == 200_000.0 and found[analyses.MENU].years == 8
    assert analyses.packages(found[analyses.COMPARED]) == ["B"] and analyses.can_race(found[analyses.COMPARED])
    elsewhere = analyses.questions(None, tmp_path, Text("nl"), "overvecht")
    assert elsewhere[analyses.MENU].area == "overvecht" and elsewhere[analyses.COMPARED].area == both.area != "overvecht"
    listed, own = analyses.areas(tmp_path, Text("nl"))
    assert own == both.area and {own, "overvecht"} < set(listed)
    assert not analyses.packages(Question(packages=(alone,)).plan("", 1.0, 2))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_an_analysis_finds_is_told_with_a_report_that_has_it(language: str, tmp_path: Path) -> None:
    work = analyses.Parts(asked_plan(), "all", 8, tmp_path, lambda: None, won)
    ended(work, Event())
    t = Text(language)
    again = Again(work.plan, analyses.FILE, work.command, work.code)
    box = solara.render(Told(t, work.study, {"parts": work.told}, again), handle_error=False)[0]
    shown = everything(box)
    assert t("parts.title") in shown and t("intervention.mentoring") in shown and "kantelpunt parts question.toml" in shown
    report = page(Answer(work.study, t), analyses.FILE, {"parts": work.told}, work.command)
    assert t("parts.title") in report and "kantelpunt parts question.toml --of all" in report
