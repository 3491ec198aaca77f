"""The app in a real browser: each page in both languages, a lesson to its end, a comparison made and taken along."""

import re
import tomllib
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from kantelpunt.viz.app.about.page import PARTS
from kantelpunt.viz.app.compare.what_if import Package, Question
from kantelpunt.viz.app.helm.game import QUARTERS
from kantelpunt.viz.app.learn.lessons import WAYS
from kantelpunt.viz.app.regimes import WARN
from kantelpunt.viz.app.widgets.frame import PAGES
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Page, Served, begin_to_run

pytestmark = pytest.mark.slow
EVERY = [(page, language) for page in PAGES for language in LANGUAGES]
SERIOUS = ("serious", "critical")
LONG = 60_000  # milliseconds, for a machine that others use too


def shown(view: Page) -> str:
    """Return the text of the page."""
    return view.page.inner_text("body")


@pytest.mark.parametrize(("page", "language"), EVERY)
def test_a_page_opens_in_its_language_and_asks_nothing_of_any_other_machine(view: Page, page: str, language: str) -> None:
    opened = view.open(f"{PAGES[page]}?lang={language}")
    t = Text(language)
    opened.wait_for_timeout(1_500)
    assert t(f"frame.{page}") in shown(view)
    assert t("frame.not_a_forecast") in shown(view)
    assert opened.evaluate("document.documentElement.lang") == language
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("page", "language"), EVERY)
def test_a_page_is_readable_and_can_be_reached_by_everybody(view: Page, page: str, language: str) -> None:
    opened = view.open(f"{PAGES[page]}?lang={language}")
    opened.wait_for_timeout(2_500)
    assert not out_of_reach(opened)


def out_of_reach(opened: Any) -> list[Any]:
    """Return what axe finds wrong with a page as it stands, but for Solara's own sign of being busy, which comes and goes.

    Later rows of a table and later paragraphs of a long text are made as the first are, and left out.
    """
    left = {"exclude": [[".v-progress-linear"], ["tbody tr:nth-child(n+12)"], [".prose > :nth-child(n+40)"]]}
    found = Axe().run(opened, context=left, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found if each["impact"] in SERIOUS]


def test_what_opens_later_is_readable_and_can_be_reached_too(view: Page) -> None:
    """Dutch has the longer words; `About` is read in English, since its parts are the same elements in both."""
    t = Text("nl")
    opened = view.open("/?lang=nl")
    opened.click("details.asked summary")
    opened.click("details.own summary")
    assert not out_of_reach(opened)
    for there in (".vote", f"text={t('lesson_step.running')}"):
        opened.keyboard.press("PageDown")
        opened.wait_for_selector(there)
        assert not out_of_reach(opened)
    opened.select_option("aside select", value="")
    opened.wait_for_selector(".doses")
    assert not out_of_reach(opened)
    opened = view.open("/compare?lang=nl")
    opened.click(".intervention button >> nth=0")
    opened.set_input_files("input[type=file] >> nth=0", {"name": "x.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    opened.wait_for_selector(".wrong")
    opened.wait_for_selector(".answer .standing", timeout=LONG)
    assert not out_of_reach(opened)
    for side in ("mirror", "trial", "pathways"):
        opened = view.open(f"/explore?lang=nl&side={side}")
        opened.wait_for_selector(".deciding .start")
        assert not out_of_reach(opened), side
    t, opened = Text("en"), view.open("/about?lang=en")
    for part in PARTS:
        opened.click(f'main .bar button:text-is("{t(f"about.{part}")}")')
        opened.wait_for_selector(f'main .bar button[aria-pressed=true]:text-is("{t(f"about.{part}")}")', timeout=LONG)
        opened.wait_for_timeout(1_000)
        assert not out_of_reach(opened), part


def test_dark_follows_the_system_until_somebody_chooses_and_stays_chosen(served: Served, chromium: Any) -> None:
    ground = "getComputedStyle(document.querySelector('.card')).backgroundColor"
    view = Page(chromium, served.address, color_scheme="dark")
    for page in PAGES.values():
        opened = view.open(f"{page}?lang=en")
        opened.wait_for_timeout(1_500)
        assert not out_of_reach(opened), page
    dark = opened.evaluate(ground)
    opened.click(f"text={Text('en')('frame.dark')}")
    assert opened.evaluate(ground) != dark
    opened.reload()
    opened.wait_for_selector(".card")
    assert opened.evaluate(ground) != dark
    view.close()
    assert not view.wrong


def tab_to(opened: Any, label: str) -> None:
    """Press Tab until what is called this has the focus, and see that one can see so."""
    for _ in range(60):
        opened.keyboard.press("Tab")
        here = "document.activeElement"
        if opened.evaluate(f"{here}.getAttribute('aria-label') || {here}.innerText") == label:
            assert opened.evaluate(f"getComputedStyle({here}).outlineStyle") != "none"
            return
    raise AssertionError(f"no Tab leads to {label}")


def test_a_room_plays_a_quarter_chooses_in_a_dilemma_and_loses_nothing_by_a_reload(view: Page) -> None:
    t, one = Text("nl"), "20020101-"
    opened = view.open(f"/helm?lang=nl&world=3&moves={one}.{one}")
    opened.click(f"text={t('helm.go_on')}")
    opened.wait_for_selector(".dilemma", timeout=LONG)
    opened.wait_for_selector(".roles", timeout=LONG)
    assert not out_of_reach(opened)
    assert opened.is_disabled(".next")
    opened.click(f"text={t('dilemma.raid.none')}")
    opened.wait_for_selector(".next:not([disabled])")
    opened.reload()
    opened.wait_for_selector(".dilemma [aria-pressed=true]", timeout=LONG)
    opened.click(".next")
    opened.wait_for_selector(f"text={t('helm.when', n=4, of=QUARTERS)}", timeout=LONG)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_of_a_game_is_read_on_a_phone_without_anything_cut_off(served: Served, chromium: Any, language: str) -> None:
    view, t = Page(chromium, served.address, 390, 844), Text(language)
    chosen = {2: "careful", 7: "everybody", 11: "lent", 15: "accept"}
    moves = ".".join(f"11110000-{chosen.get(quarter, '')}" for quarter in range(QUARTERS))
    opened = view.open(f"/helm?lang={language}&moves={moves}.00000000-")
    opened.wait_for_selector(".looked td", timeout=LONG)
    assert t("helm.ended") in shown(view)
    assert opened.evaluate("(at => at.scrollWidth <= at.clientWidth)(document.querySelector('.looked .scroll'))")
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    view.close()
    assert not view.wrong


def test_the_language_switches_on_the_page_and_stays(view: Page) -> None:
    opened = view.open("/?lang=nl")
    opened.click('button:text-is("EN")')
    opened.wait_for_selector(f"text={Text('en')('learn.play')}")
    opened.click(f"nav >> text={Text('en')('frame.about')}")
    opened.wait_for_selector(f"h1:text-is('{Text('en')('about.title')}')")
    assert "lang=en" in opened.url


def test_a_lesson_is_played_to_its_end_by_keys_alone(view: Page) -> None:
    t = Text("nl")
    opened = view.open("/?lang=nl")
    opened.keyboard.press("PageDown")
    opened.wait_for_selector(".vote")
    tab_to(opened, t("learn.hand_more", way=t("way.same", percent=10)))
    for hands in range(1, 4):
        opened.keyboard.press("Enter")
        opened.wait_for_function(f"document.querySelectorAll('.vote output')[1].innerText === '{hands}'")
    tab_to(opened, t("lesson_step.to_run"))
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"text={t('learn.pause')}")
    tab_to(opened, t("learn.pause"))
    opened.keyboard.press("Enter")
    opened.wait_for_selector(f"button.play:text-is('{t('learn.play')}')")
    week = settled(view)
    opened.keyboard.press("ArrowRight")
    opened.wait_for_function(f"Number(document.querySelector('.transport input[type=range]').value) === {week + 1}")
    opened.keyboard.press("Space")
    opened.wait_for_selector("button.next:not([disabled])", timeout=3 * LONG)
    opened.keyboard.press("PageDown")
    opened.wait_for_selector(".room")
    assert any(t(f"lesson.friend_enemy.{way}") in shown(view) for way in WAYS)
    assert t("lesson_step.room", right=3, hands=3) in shown(view) or t("lesson_step.room", right=0, hands=3) in shown(view)
    elsewhere = t("lesson_step.elsewhere", n=8, counted="")[:-1]
    opened.wait_for_function(f"document.body.innerText.includes({elsewhere!r})", timeout=LONG)
    opened.keyboard.press("PageDown")
    opened.wait_for_selector(".talk li")


def settled(view: Page) -> int:
    """Return the week at which the slider of time comes to rest: frames that were on their way may still arrive."""
    before = -1
    while before != (now := slider_of(view)):
        before = now
        view.page.wait_for_timeout(700)
    return now


def slider_of(view: Page) -> int:
    """Return the week at which the slider of time stands."""
    return int(view.page.input_value(".transport input[type=range]"))


def scrub_to(view: Page, week: int) -> None:
    """Drag the slider of time to a week, and wait until it is shown."""
    dragged = f"(it) => {{ it.value = {week}; it.dispatchEvent(new Event('change')) }}"
    view.page.eval_on_selector(".transport input[type=range]", dragged)
    view.page.wait_for_function(f"document.querySelector('.transport output').innerText.includes('week {week}')", timeout=LONG)


def test_time_can_be_scrubbed_back_and_a_person_has_two_lives(view: Page) -> None:
    opened = view.open("/?lang=en")
    begin_to_run(opened)
    scrub_to(view, 200)
    scrub_to(view, 60)
    box = opened.locator(".twins canvas").first.bounding_box()
    for step in range(5, 45):  # somewhere on this diagonal somebody lives
        opened.mouse.click(box["x"] + box["width"] * step / 50, box["y"] + box["height"] * step / 50)
        if opened.locator("text=The same person, two worlds").count():
            break
    opened.wait_for_selector("text=The same person, two worlds")


@pytest.mark.skipif(not WARN, reason="no signal was measured to warn")
def test_signals_follow_the_weeks(view: Page) -> None:
    opened = view.open("/?lang=nl")
    begin_to_run(opened)
    opened.click(".warns")
    opened.wait_for_selector(".only tbody")
    start = opened.inner_text(".only tbody")
    scrub_to(view, 200)
    opened.wait_for_function(f"document.querySelector('.only tbody').innerText !== {start!r}", timeout=LONG)


def test_presenting_fills_the_screen_and_escape_ends_it(view: Page) -> None:
    t = Text("nl")
    opened = view.open("/?lang=nl")
    opened.click(f"text={t('learn.present')}")
    opened.wait_for_selector("body.presenting")
    assert not opened.is_visible("header")
    opened.click(f"text={t('learn.leave_presenting')}")
    opened.wait_for_selector("body:not(.presenting)")
    assert opened.is_visible("header")


def test_a_comparison_is_made_checked_and_taken_along(view: Page) -> None:
    t = Text("nl")
    opened = view.open("/compare?lang=nl")
    opened.wait_for_selector(".answer:not(.stale) .badge", timeout=LONG)
    opened.eval_on_selector(".halves input[type=range]", "(it) => { it.value = 2; it.dispatchEvent(new Event('input')) }")
    opened.wait_for_function("document.querySelectorAll('.answer.stale').length === 0", timeout=LONG)
    before = opened.inner_text(".answer")
    opened.eval_on_selector(".intervention input[type=range]", "(it) => { it.value = 25; it.dispatchEvent(new Event('input')) }")
    opened.wait_for_function(f"document.querySelector('.answer').innerText !== {before!r}", timeout=LONG)
    opened.wait_for_function("document.querySelectorAll('.answer.stale').length === 0", timeout=LONG)
    opened.click("button.check")
    opened.wait_for_selector(".downloads >> text=" + t("download.report"), timeout=3 * LONG)
    opened.wait_for_function("document.querySelectorAll('.picture svg').length === 2", timeout=LONG)
    assert t("compare.not_concluded") in shown(view) and t("compare.at_once") not in shown(view)
    report = downloaded(view, t("download.report"))
    assert '<html lang="nl">' in report and "data:image/svg+xml;base64" in report and "http" not in report.partition("<body")[0]
    table = downloaded(view, t("download.data"))
    assert len(table.splitlines()) == 1 + 3 * 100 and "recruited" in table.splitlines()[0]
    assert "<svg" in downloaded(view, "SVG")
    plan = tomllib.loads(downloaded(view, t("compare.save")))
    assert plan["years"] == 2 and len(plan["scenario"]) == 3


def downloaded(view: Page, label: str) -> str:
    """Return what a button gives to take along."""
    with view.page.expect_download(timeout=LONG) as waiting:
        view.page.click(f".downloads >> text={label}")
    return waiting.value.path().read_text(encoding="utf-8")


def test_a_first_study_is_made_and_seen_from_every_side(view: Page) -> None:
    opened, t = view.open("/explore?lang=nl"), Text("nl")
    opened.click(".first")
    opened.wait_for_selector(".picture svg", timeout=LONG)
    for side, shows in (("distribution", "share_of_worlds"), ("sensitivity", "correlation")):
        opened.click(f'main .bar button:text-is("{t(f"explore.{side}")}")')
        opened.wait_for_selector(f'.picture:has-text("{t(f"explore.{shows}")}")', timeout=LONG)
    opened.click(f'main .bar button:text-is("{t("explore.code")}")')
    opened.wait_for_selector(f'text="{t("explore.take")}"')


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_package_is_taken_apart_from_the_page_compare_on_a_phone_too(served: Served, chromium: Any, language: str) -> None:
    view, t = Page(chromium, served.address, 390, 844), Text(language)
    package = Package("Wijkgerichteondersteuningsprogrammaplus").with_card("visible_presence", 52).with_card("raid", 52)
    question = Question(years=1, packages=(package,)).to_link()
    opened = view.open(f"/compare?lang={language}&q={question}")
    opened.wait_for_selector(".sharpening progress", timeout=LONG)
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    opened.click(f"main a >> text={t('explore.parts')}")
    opened.wait_for_selector(f"text={package.name}", state="attached", timeout=LONG)
    opened.click(".deciding .start")
    opened.wait_for_selector(".told .picture svg", timeout=LONG)
    opened.wait_for_selector(f".downloads >> text={t('download.report')}", timeout=LONG)
    assert t("parts.title") in shown(view)
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth") and not out_of_reach(opened)
    view.close()
    assert not view.wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_which_measures_are_left_out_and_what_one_more_takes(view: Page, language: str) -> None:
    t = Text(language)
    opened, runs = view.open(f"/explore?lang={language}&side=parts"), f"text={t('deciding.takes').split('{')[0]}"
    group = opened.locator(f"[aria-label='{t('deciding.measures')}']")

    def takes(n: int) -> None:
        opened.wait_for_selector(f"{runs}{t.number(32 * 2**n)}", timeout=LONG)
        assert group.locator("[aria-pressed=true]").count() == n

    takes(4)
    said = t("deciding.left_out").split("{")[0]
    more = group.locator("[aria-pressed=false]").first
    name = more.inner_text()
    assert name in opened.locator(f"text={said}").inner_text()
    more.click()
    takes(5)
    assert name not in opened.locator(f"text={said}").inner_text()
    for n in (4, 3, 2):
        group.locator("[aria-pressed=true]").first.click()
        takes(n)
    group.locator("[aria-pressed=true]").first.click()
    opened.wait_for_selector(".deciding .start[disabled]")


def test_only_what_differs_is_one_map_that_stays_after_a_reload(view: Page) -> None:
    t = Text("en")
    opened = view.open("/?lang=en")
    begin_to_run(opened)
    opened.click(f'button:text-is("{t("learn.differing")}")')
    opened.wait_for_selector(".parting")
    assert opened.locator(".twins canvas").count() == 1
    opened.wait_for_function("location.search.includes('view=difference')")
    opened.reload()
    opened.wait_for_selector(".parting", timeout=LONG)
    assert opened.locator(".twins canvas").count() == 1 and not out_of_reach(opened)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_sticks_out_on_a_phone(served: Served, chromium: Any, page: str) -> None:
    view = Page(chromium, served.address, 390, 844)
    opened = view.open(f"{PAGES[page]}?lang=nl")
    if page == "compare":
        opened.wait_for_selector(".picture svg", timeout=LONG)
    opened.wait_for_timeout(1_500)
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    view.close()
    assert not view.wrong


def test_a_link_restores_the_page(view: Page) -> None:
    t = Text("en")
    opened = view.open("/compare?lang=en")
    opened.fill(f'input[title="{t("compare.budget_hint")}"]', "123456")
    opened.keyboard.press("Enter")
    opened.wait_for_selector("text=over budget")
    opened.wait_for_function("document.querySelector('.copy input').value === location.href", timeout=LONG)
    path = opened.input_value(".copy input").removeprefix(view.address)
    opened = view.open(path)
    opened.wait_for_selector("text=over budget")
    assert re.sub(r"\D", "", opened.input_value(f'input[title="{t("compare.budget_hint")}"]')) == "123456"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_upload_is_refused_in_words_and_a_good_one_is_used(view: Page, language: str) -> None:
    t = Text(language)
    opened = view.open(f"/compare?lang={language}")
    opened.set_input_files("input[type=file] >> nth=0", {"name": "x.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    opened.wait_for_selector(".wrong")
    assert t("upload.columns") in shown(view)
    good = b"gwb_code,regio,gm_naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo\nBU1,Nowhere,Town,2000,400,300,600,500,200\n"
    opened.set_input_files("input[type=file] >> nth=0", {"name": "y.csv", "mimeType": "text/csv", "buffer": good})
    opened.wait_for_selector(f"text={t('compare.built_in')}")
    assert "Nowhere" in opened.inner_text(".area select")
    opened.wait_for_function("document.querySelectorAll('.answer.stale').length === 0", timeout=LONG)


def test_two_sessions_do_not_see_each_other(view: Page, served: Served) -> None:
    other = Page(view.context.browser, served.address)
    mine, theirs = view.open("/?lang=en"), other.open("/?lang=en")
    begin_to_run(mine)
    mine.click(".play")
    mine.wait_for_function("Number(document.querySelector('.transport input[type=range]').value) > 10", timeout=LONG)
    assert theirs.input_value(".transport input[type=range]") == "0"
    other.close()
    assert not other.wrong
