"""Pages drawn without a browser: every page in both languages, and what its state does to it."""

import pytest
import solara

from kantelpunt.viz.app.about import evidence
from kantelpunt.viz.app.about.page import PARTS, having
from kantelpunt.viz.app.learn.lessons import lessons
from kantelpunt.viz.app.routes import routes
from kantelpunt.viz.report.wording import parameter_name
from kantelpunt.viz.text import LANGUAGES, Text

HEADINGS = {
    "/": "learn.covered",
    "helm": "helm.money",
    "compare": "compare.at_once",
    "explore": "explore.new",
    "about": "about.title",
}


def everything(widget, found=None) -> str:  # type: ignore[no-untyped-def]
    """Return all text that a tree of widgets shows."""
    found = [] if found is None else found
    for child in getattr(widget, "children", None) or []:
        if isinstance(child, str):
            found.append(child)
        else:
            everything(child, found)
    for name in ("label", "innerHTML", "unsafe_innerHTML", "title", "shown"):
        found.append(str(getattr(widget, name, "") or ""))
    return "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", routes, ids=lambda route: route.path)
def test_a_page_draws_itself(route, language: str, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("KANTELPUNT_LANG", language)
    box, context = solara.render(route.component(), handle_error=False)
    drawn, other = everything(box), next(each for each in LANGUAGES if each != language)
    headings = {each: Text(each)(HEADINGS[route.path]) for each in LANGUAGES}
    assert headings[language] in drawn and headings[other] not in drawn
    context.close()


@pytest.mark.parametrize("name", lessons())
@pytest.mark.parametrize("language", LANGUAGES)
def test_lessons_speak_of_both_worlds_in_every_step(name: str, language: str) -> None:
    t = Text(language)
    assert t(f"lesson.{name}.left") != t(f"lesson.{name}.right")
    assert "**" in t(f"lesson.{name}.question"), "what is predicted stands in bold"
    assert 3 <= len(t.lines(f"lesson.{name}.talk")) <= 5


def test_every_part_of_about_has_its_text() -> None:
    for language in LANGUAGES:
        for part in PARTS:
            assert Text(language)(f"about.{part}")


def test_a_parameter_is_found_by_its_name_its_meaning_or_its_source() -> None:
    table, t = evidence.parameters(), Text("nl")
    one = table.iloc[0]
    for text in (f"{one['rule']}.{one['name']}", parameter_name(t, f"{one['rule']}.{one['name']}").upper(), one["source"]):
        assert 0 in having(t, table, text).index
    assert having(t, table, "no such thing").empty
    first, last = one["source"].split()[0], one["name"].split("_")[0]
    assert 0 in having(t, table, f"{last} {first}").index


def test_what_reports_say_stands_in_dutch_too_and_about_the_same():
    for name, columns in (("mechanisms", ["says", "mechanism"]), ("assumptions", ["what"])):
        english, dutch = evidence.told(name, "en"), evidence.told(name, "nl")
        assert list(dutch["id"]) == list(english["id"]) and list(dutch.columns) == list(english.columns)
        assert all(words for column in columns for words in dutch[column])
        same = [column for column in english.columns if (dutch[column] == english[column]).all()]
        assert set(same) == set(english.columns) - set(columns)
