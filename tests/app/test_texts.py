"""Every text is there in both languages, with the same blanks; none stands in code."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from kantelpunt import viz
from kantelpunt.experiments.analysis.trial import trials
from kantelpunt.experiments.design.plan import BUILT_IN, Plan
from kantelpunt.experiments.statistics import Verdict
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import EVERYWHERE, catalogue
from kantelpunt.model.outcomes import OTHER, OUTCOMES, THEMES
from kantelpunt.model.population.assumptions import RELATIONS
from kantelpunt.model.population.situations import situations
from kantelpunt.model.regime import REGIMES
from kantelpunt.model.registry import quantities, rules
from kantelpunt.model.state.codes import EVENT_KINDS, QUARTERS, STAGES
from kantelpunt.viz.app.about import evidence
from kantelpunt.viz.app.compare.package_editor import GENERAL
from kantelpunt.viz.app.learn.lessons import STEPS, WAYS, lessons
from kantelpunt.viz.app.learn.lives.narration import BY_VALUE
from kantelpunt.viz.app.learn.maps import NAMED
from kantelpunt.viz.app.learn.marks import NAMES as MARKS
from kantelpunt.viz.app.learn.paired_worlds import LAYERS
from kantelpunt.viz.app.regimes import measured
from kantelpunt.viz.report.figures import heading
from kantelpunt.viz.report.wording import parameter_name
from kantelpunt.viz.text import LANGUAGES, Text, texts

VIZ = Path(viz.__file__).parent
DRAWN = [path for path in sorted((VIZ / "app").rglob("*.py")) if "@solara.component" in path.read_text(encoding="utf-8")]
PROSE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
OUTSIDE_WORDS = re.compile(r"[;{}<>=:/]|px|^[a-z0-9 -]+$")  # style sheets, markup, lists of class names, commands


def asked_for() -> list[str]:
    """Return every key that registries ask for."""
    keys = [f"units.{each.unit}" for each in quantities().values()]
    keys += [f"intervention.{kind}" for kind in catalogue()] + [f"explained.{kind}" for kind in catalogue()]
    for kind, model in catalogue().items():
        keys += [f"intervention_field.{kind}.{name}" for name in model.model_fields if name not in (*GENERAL, "cost_per_year")]
    keys += [f"outcome.{name}" for name in OUTCOMES] + [f"units.{each.unit}" for each in OUTCOMES.values()]
    keys += [f"situation.{name}" for name in situations()]
    keys += [f"theme.{theme}" for theme in (*THEMES, OTHER)]
    keys += [f"event.{kind.replace(' ', '_')}" for kind in EVENT_KINDS if kind not in BY_VALUE]
    keys += [f"event.{kind.replace(' ', '_')}_{value}" for kind, values in BY_VALUE.items() for value in values]
    keys += [f"stage.{i}" for i in range(len(STAGES))]
    keys += [f"regime.{name}{part}" for name in REGIMES for part in ("", "_hint")] + [f"place_kind.{kind}" for kind in NAMED]
    keys += [f"signal.{name}" for name in measured()] + [f"sign.{name}" for name in MARKS]
    keys += [f"layer.{name}" for name in LAYERS] + [f"place.{name}" for name in (EVERYWHERE, *QUARTERS)]
    keys += [f"lesson_step.{step}" for step in STEPS] + [f"way.{way}" for way in WAYS] + [f"found.{way}" for way in WAYS]
    keys += [f"verdict.{each.key}" for each in Verdict] + [f"report.sum_{each.key}" for each in Verdict]
    keys += [f"area_figure.{name}" for name in RELATIONS]
    parts = ("title", "left", "right", "scene", "question", "watch", "meaning", "talk", *WAYS)
    return keys + [f"lesson.{name}.{part}" for name in lessons() for part in parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_registry_asks_for_has_a_text(language: str) -> None:
    lacking = [key for key in asked_for() if key not in texts(language)]
    assert not lacking, f"add these to viz/text/*_{language}.toml: {lacking}"


def test_both_languages_hold_the_same_keys_with_the_same_blanks() -> None:
    dutch, english = texts("nl"), texts("en")
    dutch = {
        key: text
        for key, text in dutch.items()
        if not key.startswith(
            ("parameter.", "rule_name.", "rule_says.", "based_on.", "error.", "situation_explained.", "published.")
        )
    }
    assert dutch.keys() == english.keys()
    for key, text in dutch.items():
        if isinstance(text, list):
            assert len(text) == len(english[key]), key
        else:
            assert blanks(text) == blanks(english[key]), key


def test_every_parameter_has_a_dutch_text_and_its_own_words_in_english() -> None:
    known = {key.removeprefix("parameter.") for key in texts("nl") if key.startswith("parameter.")}
    lacking = [name for name in quantities() if name not in known]
    lacking += [f"situation_explained.{name}" for name in situations() if f"situation_explained.{name}" not in texts("nl")]
    lacking += [key for rule in rules() for key in (f"rule_name.{rule}", f"rule_says.{rule}") if key not in texts("nl")]
    lacking += [f"based_on.{kind}" for kind in catalogue() if f"based_on.{kind}" not in texts("nl")]
    assert not lacking, f"add these to viz/text/parameters_nl.toml, or commands_nl.toml: {lacking}"
    told = {key.partition(".")[2] for key in texts("nl") if key.startswith(("rule_name.", "rule_says."))}
    assert not known - set(quantities()) and not told - set(rules()), "no parameter has these names any more"
    assert all(parameter_name(Text("en"), name) == each.meaning for name, each in quantities().items())


def test_every_published_trial_is_told_in_dutch_where_it_says_anything() -> None:
    known = texts("nl")
    for name, each in trials().items():
        for part in ("outcome", "unit", "differs"):
            assert bool(known[f"published.{name}.{part}"]) == bool(getattr(each, part)), (name, part)
    assert {key.split(".")[1] for key in known if key.startswith("published.")} == set(trials())


def test_a_parameter_without_a_dutch_text_is_called_as_its_rule_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    t, name = Text("nl"), "norms.sanction"
    monkeypatch.setattr(t, "_texts", {})
    assert parameter_name(t, name) == quantities()[name].meaning
    assert parameter_name(t, "a column of somebody's own") == "a column of somebody's own"


WRONG = (
    "compare = 3",
    "years = 'x'",
    "years = 1.5",
    "years = 99",
    "title = 3",
    "points = 0",
    "start = 'soon'",
    "area = 'nowhere'",
    "area_file = 3",
    "design = 'guess'",
    "compare = { against = 'a', matters = 'x' }",
    "compare = { against = 'a', matters = -1 }",
    "compare = { against = 'a', matters = 1, better = 'up' }",
)


@pytest.mark.parametrize("line", WRONG)
def test_a_plan_that_is_refused_says_so_without_english(line: str) -> None:
    with pytest.raises(InputError) as caught:
        Plan.read(tomllib.loads(f"{line}\n[scenario.a]\n[scenario.b]\n"))
    dutch = caught.value.said(Text("nl").error)
    assert not re.search(r"\b(the|should|this|must|valid|input|from|than|allowed|got)\b", dutch), dutch


def blanks(text: str) -> set[str | None]:
    """Return the names that are filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


PLURAL = re.compile(r"\{\w+:[^|{}]+\|(\w+)[^{}]*\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_of_one_has_the_word_for_one(language: str) -> None:
    said = {key: text for key, text in texts(language).items() if isinstance(text, str) and not key.startswith("error.")}
    plurals = {word for text in said.values() for word in PLURAL.findall(text)}
    assert {"nl": "weken", "en": "weeks"}[language] in plurals
    bare = re.compile(rf"\{{\w+\}} ({'|'.join(sorted(plurals))})\b(?!/)")
    assert not [key for key, text in said.items() if bare.search(text)], "write {n} {n:week|weeks}"
    assert Text(language)("trial.after", n=1) == {"nl": "na 1 week", "en": "after 1 week"}[language]
    assert Text(language)("trial.after", n="1.5").endswith({"nl": "weken", "en": "weeks"}[language])


def test_what_has_no_text_yet_is_called_as_the_registry_calls_it() -> None:
    assert Text("nl").named("intervention", "nothing_of_that_name", "Summer camp") == "Summer camp"


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_no_text_for_people_stands_in_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    quiet = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in quiet:
            words = node.value
            assert not PROSE.search(words) or OUTSIDE_WORDS.search(words), f"{path.name}:{node.lineno}: {words!r}"


@pytest.mark.parametrize("path", sorted((VIZ / "app").rglob("*.vue")), ids=lambda path: path.name)
def test_no_text_for_people_stands_in_a_template(path: Path) -> None:
    template = path.read_text(encoding="utf-8").partition("<script>")[0]
    visible = re.sub(r"\{\{.*?\}\}|<[^>]*>", "", template, flags=re.S)
    assert not re.search(r"[A-Za-z]{2,}", visible), visible


@pytest.mark.parametrize(
    ("number", "dutch", "english"),
    [(1234567.0, "1.234.567", "1,234,567"), (0.5, "0,50", "0.50"), (-3.25, "−3,2", "−3.2"), (0.0023, "0,0023", "0.0023"),
     (0.0, "0", "0"), (float("nan"), "–", "–")],
)  # fmt: skip
def test_numbers_are_written_as_the_language_writes_them(number: float, dutch: str, english: str) -> None:
    assert Text("nl").number(number) == dutch
    assert Text("en").number(number) == english


def test_every_loop_names_known_variables_and_comes_back_to_itself() -> None:
    known = set(evidence.table("variables")["id"])
    for loop in evidence.loops().values():
        parts = loop.path.split()
        assert parts[0] == parts[-1], loop.id
        assert set(parts[::2]) <= known, loop.id


def test_questions_that_come_with_the_project_are_asked_in_both_languages() -> None:
    plans = [Plan.from_toml(path) for path in sorted(BUILT_IN.parent.glob("*.toml"))]
    asked = [plan for plan in plans if plan.title and plan.compare]
    assert len(asked) > 1
    for plan in asked:
        assert heading(Text("en"), plan) == plan.title
        assert heading(Text("nl"), plan) != plan.title, f"add it to viz/text/report_nl.toml: {plan.title}"
    moved = asked[-1].moved("overvecht")
    assert heading(Text("nl"), moved) == heading(Text("nl"), asked[-1]) + " (Overvecht)"
