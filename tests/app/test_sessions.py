"""Six sessions at once, each with a language, a world, a lesson or an area of its own: each sees its own, and only its own."""

import base64
from itertools import product
from typing import Any, NamedTuple

import pytest

from kantelpunt.model.population.areas import PRESETS
from kantelpunt.viz.app.compare.quick_answer import STEPS, Asked, answer
from kantelpunt.viz.app.compare.what_if import Question
from kantelpunt.viz.app.learn.lessons import lessons
from kantelpunt.viz.app.learn.paired_worlds import LAYERS
from kantelpunt.viz.app.learn.session import FIRST_SEED
from kantelpunt.viz.report.wording import outcome_name, over
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Page, Served

pytestmark = pytest.mark.slow
LONG = 120_000  # milliseconds: six pages share the machine
LEARNING = 5  # every language and layer, and lessons; `tests.bench.app moving` has fifty
SCRUB, LAYER, LESSON = ".transport input[type=range]", ".legend select", "aside select"
MAP = """() => {
  const { frame } = document.querySelector('.twins').__vue__
  const text = (part) => btoa(String.fromCharCode(...new Uint8Array(part.buffer, part.byteOffset, part.byteLength)))
  return [...frame.layers, ...frame.dots].map(text)
}"""


class Session(NamedTuple):
    """What one session looks at on the page Learn."""

    language: str
    lesson: str
    seed: int
    layer: str
    week: int
    hands: int

    def expected(self) -> list[bytes]:
        """Return the frame that its maps are made of, from the model itself."""
        twins = lessons()[self.lesson].twins(self.seed)
        twins.go_to(self.week)
        layers, dots = twins.frame(self.layer)
        return [*layers, *dots]


def learners() -> list[Session]:
    """Return sessions of which no two look at the same."""
    names, layers, languages = list(lessons()), list(LAYERS), list(LANGUAGES)
    return [
        Session(languages[i % 2], names[i % len(names)], FIRST_SEED + i % 3, layers[i % 5], 20 + 5 * i, i % 4)
        for i in range(LEARNING)
    ]


def begin(page: Any, session: Session) -> None:
    """Bring a session to its lesson, world and layer, count hands, and let it play."""
    t = Text(session.language)
    page.select_option(LESSON, value=session.lesson)
    page.wait_for_selector(f"h1:text-is('{t(f'lesson.{session.lesson}.title')}')", timeout=LONG)
    for _ in range(session.seed - FIRST_SEED):
        page.click(f'button:text-is("{t("learn.other")}")')
    page.select_option(LAYER, value=session.layer)
    page.keyboard.press("PageDown")
    page.wait_for_selector(".vote", timeout=LONG)
    for _ in range(session.hands):
        page.click(".vote button >> nth=1")
    page.keyboard.press("PageDown")
    page.wait_for_selector(".play:not([disabled])", timeout=LONG)


def looked_at(page: Any, session: Session) -> None:
    """Hold what a session shows against what it should."""
    t = Text(session.language)
    week = t(
        "learn.week",
        world=session.seed,
        week=session.week,
        weeks=52 * lessons()[session.lesson].years,
        year=session.week // 52 + 1,
    )
    page.wait_for_function(f"document.querySelector('.transport output').innerText === {week!r}", timeout=LONG)
    page.wait_for_selector(f".twins .right canvas[aria-label*=' {session.week}: ']", timeout=LONG)  # in its own time
    assert [base64.b64decode(part) for part in page.evaluate(MAP)] == session.expected()
    assert page.inner_text("h1") == t(f"lesson.{session.lesson}.title")
    assert page.input_value(LAYER) == session.layer
    page.keyboard.press("PageUp")
    page.wait_for_selector(".vote", timeout=LONG)
    assert page.inner_text(".vote output >> nth=0") == str(session.hands)
    assert not page.locator("body.presenting").count()


def test_six_sessions_each_see_their_own(served: Served, chromium: Any) -> None:
    learning = learners()
    comparing = list(product(PRESETS, LANGUAGES))[1:2]
    views = [Page(chromium, served.address) for _ in [*learning, *comparing]]
    pages = [view.open(f"/?lang={each.language}") for view, each in zip(views, learning, strict=False)]
    others = [view.open(f"/compare?lang={language}") for view, (_, language) in zip(views[LEARNING:], comparing, strict=True)]
    for page, session in zip(pages, learning, strict=True):
        begin(page, session)
    for page, (area, _) in zip(others, comparing, strict=True):
        page.select_option(".compare select >> nth=0", value=area)
    for page, session in zip(pages, learning, strict=True):
        page.eval_on_selector(SCRUB, f"(it) => {{ it.value = {session.week}; it.dispatchEvent(new Event('change')) }}")
    for page, session in zip(pages, learning, strict=True):
        looked_at(page, session)
    for page, (area, language) in zip(others, comparing, strict=True):
        said = [base_of(Text(language), area, worlds) for worlds in STEPS]  # it sharpens meanwhile
        found = f"{said!r}.some((each) => document.querySelector('.answer').innerText.includes(each))"
        page.wait_for_function(found, timeout=LONG)
    for view in views:
        view.close()
    assert not [wrong for view in views for wrong in view.wrong]


def base_of(t: Text, area: str, worlds: int) -> str:
    """Return what the answer of an area without packages says in so many worlds."""
    found = answer(Asked(Question(area=area), worlds))
    assert found is not None
    outcome = found.question.outcome
    during = over(t, outcome, found.question.years)
    return t("compare.base", area=found.area, outcome=outcome_name(t, outcome), over=during, n=found.base, worlds=worlds)
