"""Nothing is lost, in a real browser: by a reload, by going elsewhere and back, by a server that goes away and comes again."""

import re
from pathlib import Path
from typing import Any

import pytest

from kantelpunt.viz.app.compare.what_if import Question
from kantelpunt.viz.app.widgets.frame import PAGES
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Page, Served
from tests.app.test_browser import LONG, out_of_reach, shown
from tests.app.test_own_dilemmas import SHOP
from tests.app.test_upload import HEADER, ROW

pytestmark = pytest.mark.slow
ANSWERED = ".answer:not(.stale)"  # an old answer is faint until the new one is there
SCRUB = ".transport input[type=range]"


def predicted(opened: Any) -> None:
    """Have the room predict with two hands, and look at week 30."""
    opened.keyboard.press("PageDown")
    opened.wait_for_selector(".vote")
    for hands in (1, 2):
        opened.click(".vote button >> nth=1")
        opened.wait_for_function(f"document.querySelector('.vote output').innerText === '{hands}'")
    opened.keyboard.press("PageDown")
    opened.wait_for_selector(f"{SCRUB}:not([disabled])")
    opened.eval_on_selector(SCRUB, "(it) => { it.value = 30; it.dispatchEvent(new Event('change')) }")
    opened.wait_for_function("location.search.includes('week=30') && location.search.includes('votes=2-0-0')", timeout=LONG)


def stands(opened: Any) -> None:
    """Hold a room to standing where `predicted` left it."""
    opened.wait_for_function(f"document.querySelector('{SCRUB}')?.value === '30'", timeout=LONG)
    opened.wait_for_function("document.querySelector('.steps .here')?.ariaCurrent === 'step'")
    opened.keyboard.press("PageUp")
    opened.wait_for_function("document.querySelector('.vote output')?.innerText === '2'", timeout=LONG)


def test_a_lesson_survives_a_reload(view: Page) -> None:
    opened = view.open("/?lang=nl")
    predicted(opened)
    opened.reload()
    stands(opened)


def test_a_lesson_survives_going_to_another_page_and_back_with_a_bare_address(view: Page) -> None:
    opened = view.open("/?lang=nl")
    predicted(opened)
    opened.click(f"nav >> text={Text('nl')('frame.about')}")
    opened.wait_for_selector(f"h1:text-is('{Text('nl')('about.title')}')")
    opened.goto(view.address + "/")
    stands(opened)


def test_packages_survive_a_reload_and_the_back_button(view: Page) -> None:
    t = Text("nl")
    opened = view.open("/compare?lang=nl")
    opened.select_option(".cards select", value="mentoring")
    mentoring = f'.intervention b:text-is("{t("intervention.mentoring")}")'
    opened.wait_for_selector(mentoring)
    opened.reload()
    opened.wait_for_selector(mentoring, timeout=LONG)
    opened.goto(view.address + "/about?lang=nl")
    opened.wait_for_selector("h1")
    opened.go_back()
    opened.wait_for_selector(mentoring, timeout=LONG)


def test_an_upload_asks_which_area_it_is_about_and_its_link_is_enough_elsewhere(view: Page, served: Served) -> None:
    t = Text("nl")
    opened = view.open("/compare?lang=nl")
    town = "GM0001,Town,Town,360000,60000,50000,100000,100000,50000"
    sent = {"name": "kwb.csv", "mimeType": "text/csv", "buffer": f"{HEADER}\n{town}\n{ROW}\n".encode()}
    opened.set_input_files("input[type=file] >> nth=0", sent)
    opened.wait_for_selector(f"text={t('compare.which_area', n=2)}")
    opened.select_option(".area select", value="GM0001")
    opened.wait_for_selector(f"text={t('compare.large_area', n=360000)[:60]}")
    opened.select_option(".area select", value="BU00010001")
    opened.wait_for_function("document.querySelector('.answer').innerText.includes('Somewhere')", timeout=LONG)
    address = opened.input_value(".copy input")
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.click(f"button:text-is('{t('compare.copy')}')")
    opened.wait_for_selector(f"button:text-is('{t('compare.copied')}')")
    assert opened.evaluate("navigator.clipboard.readText()") == address
    other = Page(view.context.browser, served.address)
    elsewhere = other.open(address.removeprefix(served.address))
    elsewhere.wait_for_function("document.querySelector('.answer').innerText.includes('Somewhere')", timeout=LONG)
    other.close()
    assert not other.wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_whose_server_is_lost_says_so_and_finds_it_again(chromium: Any, language: str) -> None:
    t, first = Text(language), Served("--lang", "en")
    view = Page(chromium, first.address)
    try:
        opened = view.open(f"/?lang={language}")
        predicted(opened)
        first.stop()
        opened.wait_for_selector("body.lost .unheard", timeout=LONG)
        assert t("frame.lost") in shown(view)
        first = Served("--lang", "en", "--port", str(first.port))
        opened.wait_for_selector("body:not(.lost)", timeout=2 * LONG)
        stands(opened)
    finally:
        first.stop()
        view.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_title_of_its_own(view: Page, page: str) -> None:
    opened, t = view.open(f"{PAGES[page]}?lang=en"), Text("en")
    opened.wait_for_function(f"document.title.startsWith({t(f'frame.{page}')!r})")
    assert "Kantelpunt" in opened.title()


def test_a_part_of_about_and_a_side_of_explore_have_addresses(view: Page) -> None:
    t = Text("nl")
    opened = view.open("/about?lang=nl")
    opened.click(f'main .bar button:text-is("{t("about.parameters")}")')
    opened.wait_for_function("location.search.includes('part=parameters')")
    opened.reload()
    opened.wait_for_selector(f'main .bar button[aria-pressed=true]:text-is("{t("about.parameters")}")', timeout=LONG)
    opened = view.open("/explore?lang=nl&side=tipping")
    opened.wait_for_selector(f'main .bar button[aria-pressed=true]:text-is("{t("explore.tipping")}")', timeout=LONG)


def test_a_bar_on_the_timeline_shows_its_dates_while_it_is_dragged(view: Page) -> None:
    opened = view.open("/compare?lang=nl")
    dates = ".timeline .name output >> nth=0"
    before = opened.inner_text(dates)
    start = Question().base().start
    assert re.match(rf"{start.day} \w+ {start.year} – ", before)
    opened.locator(".timeline b.until").first.scroll_into_view_if_needed()
    grip = opened.locator(".timeline b.until").first.bounding_box()
    opened.mouse.move(grip["x"] + 3, grip["y"] + 5)
    opened.mouse.down()
    opened.mouse.move(grip["x"] - 200, grip["y"] + 5)
    assert (during := opened.inner_text(dates)) != before
    opened.mouse.up()
    opened.wait_for_timeout(1_000)
    assert opened.inner_text(dates) == during


def test_a_map_is_walked_and_somebody_chosen_by_keys_alone(view: Page) -> None:
    opened = view.open("/?lang=nl")
    predicted(opened)
    opened.focus(".twins canvas >> nth=0")
    for key in ("ArrowUp", "ArrowLeft", "Enter"):
        opened.keyboard.press(key)
    opened.wait_for_selector(".life")
    assert opened.input_value(SCRUB) == "30"
    assert opened.is_visible(".lesson h1") and opened.locator(".life").bounding_box()["y"] < 720


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_presenter_sees_all_without_scrolling(view: Page, language: str) -> None:
    opened = view.open(f"/?lang={language}")
    for step in range(5):
        opened.evaluate("document.body.classList.add('presenting')")
        opened.wait_for_timeout(400)
        assert opened.evaluate("document.documentElement.scrollHeight <= innerHeight"), step
        assert opened.eval_on_selector(".lesson", "(it) => it.scrollHeight <= it.clientHeight + 1"), step
        assert opened.locator(".next, .lesson .bar .strong").last.bounding_box()["y"] < 700
        if step == 2:
            opened.eval_on_selector(SCRUB, "(it) => { it.value = 260; it.dispatchEvent(new Event('change')) }")
            opened.wait_for_selector("button.next:not([disabled])", timeout=LONG)
        opened.keyboard.press("PageDown")
        opened.wait_for_timeout(600)


def test_somebody_who_asked_for_less_motion_gets_few_frames(served: Served, chromium: Any) -> None:
    view = Page(chromium, served.address, reduced_motion="reduce")
    opened = view.open("/?lang=nl")
    opened.wait_for_timeout(1_000)
    for _ in range(2):
        opened.keyboard.press("PageDown")
    opened.wait_for_function(f"document.querySelector('{SCRUB}').value > 20", timeout=LONG)
    opened.keyboard.press("Space")
    opened.wait_for_timeout(1_000)
    assert opened.evaluate("window.kantelpunt.frames") <= 15 + int(opened.input_value(SCRUB)) / 13
    view.close()
    assert not view.wrong


def test_an_answer_keeps_the_one_before_the_last_move_says_values_and_is_taken_along(view: Page) -> None:
    t, opened = Text("nl"), view.open("/compare?lang=nl")
    opened.wait_for_selector(".picture svg use title", state="attached", timeout=LONG)
    said = opened.locator(".picture title").all_text_contents()
    assert any(text.startswith(f"{t('scenario.today')}, na 10 jaar: ") for text in said)
    opened.eval_on_selector(".intervention input[type=range]", "(it) => { it.value = 40; it.dispatchEvent(new Event('input')) }")
    opened.wait_for_selector(".answer .ghostly", timeout=LONG)
    opened.wait_for_function("document.querySelectorAll('.band s').length === 1")  # of the package that was moved alone
    assert opened.locator(".band i").count() == opened.locator(".verdict .band").count()
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with opened.expect_download() as taken:
            opened.click(f".picture button:text-is('{kind}')")
        content = Path(taken.value.path()).read_bytes()
        assert content.startswith(begins)
        if kind == "SVG":
            assert t("picture.caption", worlds=4)[:20].encode() in content
    opened.select_option(".packages select", value="families")
    opened.wait_for_selector(f".package button:text-is('{t('template.families')}')", timeout=LONG)
    opened.click(".gains summary >> nth=0")
    opened.wait_for_selector(f".gains[open] td:text-is('{t('gain.old')}')")
    opened.wait_for_function(f"document.querySelectorAll('{ANSWERED} .gains').length === 3", timeout=LONG)
    assert not out_of_reach(opened)


def test_a_game_with_dilemmas_of_ones_own_is_opened_played_and_survives_a_reload(view: Page) -> None:
    t, files = Text("nl"), "input[type=file]"
    opened = view.open("/helm?lang=nl&world=3")
    opened.click(f"text={t('own_dilemmas.title')}")
    opened.set_input_files(files, {"name": "x.toml", "mimeType": "text/plain", "buffer": b"[shop]"})
    opened.wait_for_selector(".own .wrong")
    opened.set_input_files(files, {"name": "x.toml", "mimeType": "text/plain", "buffer": SHOP.encode()})
    opened.wait_for_selector(f"text={t('own_dilemmas.ours')}")
    opened.click(".next")
    opened.wait_for_selector(".dilemma >> text=De <b>winkel</b>", timeout=LONG)  # what a file says is text
    opened.reload()
    opened.wait_for_selector(".dilemma >> text=De <b>winkel</b>", timeout=LONG)
