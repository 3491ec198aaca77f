"""Every text is there in both languages, with the same blanks; none stands in code."""

import ast
import re
import string
from pathlib import Path

import pytest

import viz
from model.assumptions import RELATIONS
from model.interventions import EVERYWHERE, catalogue
from model.outcomes import OTHER, OUTCOMES, THEMES
from model.regime import REGIMES
from model.registry import quantities
from model.situations import situations
from model.state import EVENT_KINDS, QUARTERS, STAGES
from viz import knowledge
from viz.components.cards import GENERAL
from viz.components.stage import NAMED
from viz.lessons import STEPS, WAYS, lessons
from viz.text import LANGUAGES, Text, texts
from viz.twins import LAYERS
from viz.verdict import parameter_name

VIZ = Path(viz.__file__).parent
DRAWN = [*sorted((VIZ / "pages").glob("*.py")), *sorted((VIZ / "components").glob("*.py"))]
PROSE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
OUTSIDE_WORDS = re.compile(r"[;{}<>=:/]|px|^[a-z0-9 -]+$")  # style sheets, markup, lists of class names


def asked_for() -> list[str]:
    """Return every key that registries ask for."""
    keys = [f"units.{each.unit}" for each in quantities().values()]
    keys += [f"intervention.{kind}" for kind in catalogue()] + [f"explained.{kind}" for kind in catalogue()]
    for kind, model in catalogue().items():
        keys += [f"intervention_field.{kind}.{name}" for name in model.model_fields if name not in (*GENERAL, "cost_per_year")]
    keys += [f"outcome.{name}" for name in OUTCOMES] + [f"units.{each.unit}" for each in OUTCOMES.values()]
    keys += [f"situation.{name}" for name in situations()]
    keys += [f"theme.{theme}" for theme in (*THEMES, OTHER)]
    keys += [f"event.{kind.replace(' ', '_')}" for kind in EVENT_KINDS] + [f"stage.{i}" for i in range(len(STAGES))]
    keys += [f"regime.{name}{part}" for name in REGIMES for part in ("", "_hint")] + [f"place_kind.{kind}" for kind in NAMED]
    keys += [f"layer.{name}" for name in LAYERS] + [f"place.{name}" for name in (EVERYWHERE, *QUARTERS)]
    keys += [f"lesson_step.{step}" for step in STEPS] + [f"way.{way}" for way in WAYS] + [f"found.{way}" for way in WAYS]
    parts = ("title", "left", "right", "scene", "question", "watch", "meaning", "talk", *WAYS)
    return keys + [f"lesson.{name}.{part}" for name in lessons() for part in parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_registry_asks_for_has_a_text(language: str) -> None:
    lacking = [key for key in asked_for() if key not in texts(language)]
    assert not lacking, f"add these to viz/text/*_{language}.toml: {lacking}"


def test_both_languages_hold_the_same_keys_with_the_same_blanks() -> None:
    dutch, english = texts("nl"), texts("en")
    dutch = {key: text for key, text in dutch.items() if not key.startswith(("parameter.", "area_figure."))}
    assert dutch.keys() == english.keys()
    for key, text in dutch.items():
        if isinstance(text, list):
            assert len(text) == len(english[key]), key
        else:
            assert blanks(text) == blanks(english[key]), key


def test_every_parameter_has_a_dutch_text_and_its_own_words_in_english() -> None:
    known = {key.removeprefix("parameter.") for key in texts("nl") if key.startswith("parameter.")}
    lacking = [name for name in quantities() if name not in known]
    lacking += [f"area_figure.{name}" for name in RELATIONS if f"area_figure.{name}" not in texts("nl")]
    assert not lacking, f"add these to viz/text/parameters_nl.toml: {lacking}"
    assert not known - set(quantities()), "no parameter has these names any more"
    assert all(parameter_name(Text("en"), name) == each.meaning for name, each in quantities().items())


def test_a_parameter_without_a_dutch_text_is_called_as_its_rule_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    t, name = Text("nl"), "norms.sanction"
    monkeypatch.setattr(t, "_texts", {})
    assert parameter_name(t, name) == quantities()[name].meaning
    assert parameter_name(t, "a column of somebody's own") == "a column of somebody's own"


def blanks(text: str) -> set[str | None]:
    """Return the names that are filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


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


@pytest.mark.parametrize("path", sorted((VIZ / "components").glob("*.vue")), ids=lambda path: path.name)
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
    known = set(knowledge.table("variables")["id"])
    for loop in knowledge.loops().values():
        parts = loop.path.split()
        assert parts[0] == parts[-1], loop.id
        assert set(parts[::2]) <= known, loop.id
