"""The screenshots of the README: `uv run python -m tests.app.pictures [FOLDER]` makes them anew, in a real browser."""

import sys
from pathlib import Path

from kantelpunt.viz.text import Text
from tests.app.browser import ROOT, Page, Served, browser

SIZE = 1280, 720
WEEK = 140


def learn(view: Page) -> None:
    """Show a lesson that is being played."""
    page = view.open("/?lang=en")
    for _ in range(2):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(500)
    page.keyboard.press("Space")
    page.eval_on_selector(
        ".transport input[type=range]", f"(it) => {{ it.value = {WEEK}; it.dispatchEvent(new Event('change')) }}"
    )
    page.wait_for_function(f"document.querySelector('.transport output').innerText.includes('week {WEEK} ')", timeout=60_000)


def compare(view: Page) -> None:
    """Show an answer at once."""
    page = view.open("/compare?lang=en")
    page.wait_for_selector(".picture svg", timeout=60_000)


def explore(view: Page) -> None:
    """Show which part of a package does the work."""
    page = view.open("/explore?lang=en&side=parts")
    page.click(".deciding .start")
    page.wait_for_selector(f".told .downloads >> text={Text('en')('download.report')}", timeout=900_000)
    page.eval_on_selector(".told", "(it) => it.scrollIntoView()")


def main(folder: Path) -> None:
    """Write app-learn.png, app-compare.png and app-explore.png."""
    folder.mkdir(parents=True, exist_ok=True)
    served = Served("--lang", "en")
    try:
        with browser() as started:
            for name, show in (("learn", learn), ("compare", compare), ("explore", explore)):
                view = Page(started, served.address, *SIZE)
                show(view)
                view.page.wait_for_timeout(1_500)
                view.page.screenshot(path=folder / f"app-{name}.png")
                view.close()
    finally:
        served.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "results" / "reference")
