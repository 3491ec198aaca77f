"""What the app costs: frames a second in a real browser, an answer while a slider moves, many sessions at once.

    uv run python -m tests.bench.app                # all, about ten minutes
    uv run python -m tests.bench.app frames answer  # some

Needs Chromium.  Every number is measured on the machine that it runs on, with whatever else runs there.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.app.browser import Page, Served, begin_to_run, browser
from tests.app.client import Client

SECONDS = 30.0
MOVES = 10
SESSIONS, MINUTES = 20, 3.0
MOVING, DRAG, LOOK, LOST = 50, (3, 6), (1.0, 4.0), 60.0  # sessions; moves in a drag; seconds between drags; seconds to an answer
BACK, SETTLE, PATIENCE = 1.2, 30.0, 90.0  # memory after to memory before; seconds that it is given, and that it may take
PLAYED = "document.querySelector('.transport output').innerText"
CLOCK = "[window.kantelpunt.frames, performance.now(), window.kantelpunt.paints]"  # weeks that came, and pictures
FRESH = "document.querySelector('.answer .badge') && !document.querySelector('.answer.stale')"


def moved(page: Any, selector: str, value: int) -> None:
    """Move a slider as a hand does."""
    page.eval_on_selector(selector, f"(it) => {{ it.value = {value}; it.dispatchEvent(new Event('input')) }}")


def frames(served: Served, started: Any) -> dict[str, float]:
    """Return pictures and weeks a second by the page's own clock, and the server's share of a core, over half a minute."""
    view = Page(started, served.address)
    page = view.open("/?lang=en")
    page.select_option("aside select", label="Free play")  # ten years: long enough
    page.select_option(".transport select", value="13")
    page.click(".play")
    page.wait_for_timeout(2_000)
    begin, spent = page.evaluate(CLOCK), served.seconds()
    page.wait_for_timeout(SECONDS * 1_000)
    end, cost = page.evaluate(CLOCK), served.seconds() - spent
    seconds = (end[1] - begin[1]) / 1_000
    view.close()
    drawn = end[0] - begin[0]
    painted = (end[2] - begin[2]) / seconds
    found = {"pictures_a_second": painted, "frames_a_second": drawn / seconds}
    return {**found, "server_cores": cost / seconds, "server_ms_a_frame": 1_000 * cost / drawn}


def answers(served: Served, started: Any) -> dict[str, float]:
    """Return the seconds from a move of a slider to its answer on the page, and after a burst of moves to the last one."""
    view = Page(started, served.address)
    page = view.open("/compare?lang=en")
    page.wait_for_function(FRESH, timeout=60_000)
    slider = ".intervention input[type=range]"
    times = []
    for move in range(MOVES):
        moved(page, slider, 5 * (move + 1))
        begin = time.monotonic()
        page.wait_for_selector(".answer.stale", timeout=5_000)
        page.wait_for_function(FRESH, timeout=60_000)
        times.append(time.monotonic() - begin)
    for value in [*range(95, 60, -5)] * 3:
        moved(page, slider, value)
    begin = time.monotonic()
    page.wait_for_timeout(200)
    page.wait_for_function(FRESH, timeout=60_000)
    burst = time.monotonic() - begin
    view.close()
    return {"median_seconds": statistics.median(times), "longest_seconds": max(times), "after_a_burst_of_21_seconds": burst}


def sessions(served: Served, started: Any) -> dict[str, Any]:
    """Return what twenty sessions at once do to memory, and whether anything went wrong, for three minutes and after.

    Twice: what the first twenty leave behind is caches and threads that are filled once, what the next add would be a leak.
    """
    first = Page(started, served.address)  # so that whatever is loaded once is there before anything is weighed
    first.open("/?lang=en").wait_for_timeout(2_000)
    first.open("/compare?lang=en").wait_for_selector(".picture svg", timeout=60_000)
    first.close()
    time.sleep(5)
    before, dice = served.megabytes(), random.Random(1)
    rounds = [crowd(served, started, before, dice) for _ in range(2)]
    left = rounds[1]["megabytes_after"] / rounds[0]["megabytes_after"]
    return {"megabytes_before": before, "rounds": rounds, "second_to_first": left}


def crowd(served: Served, started: Any, before: float, dice: random.Random) -> dict[str, Any]:
    """Open twenty sessions, use them for three minutes, close them, and wait until their memory is back."""
    views = [Page(started, served.address) for _ in range(SESSIONS)]
    for i, view in enumerate(views):
        page = view.open("/?lang=en" if i % 4 else "/compare?lang=en")
        if i % 4:
            page.select_option(".transport select", value="4")
            begin_to_run(page)
            page.click(".play")
    begin, spent, most = time.monotonic(), served.seconds(), 0.0
    while time.monotonic() - begin < MINUTES * 60:
        i = dice.randrange(0, SESSIONS, 4)
        moved(views[i].page, ".intervention input[type=range]", dice.randrange(0, 100, 5))
        views[dice.randrange(SESSIONS)].page.wait_for_timeout(1_000)
        most = max(most, served.megabytes())
    seconds = time.monotonic() - begin
    cores = (served.seconds() - spent) / seconds
    weeks = [view.page.evaluate(PLAYED) for i, view in enumerate(views) if i % 4]
    wrong = [each for view in views for each in view.wrong]
    for view in views:
        view.close()
    closed = time.monotonic()
    time.sleep(SETTLE)
    after = served.megabytes()
    while after > BACK * before and time.monotonic() - closed < PATIENCE:
        time.sleep(5)
        after = served.megabytes()
    return {
        "sessions": SESSIONS, "seconds": seconds, "server_cores": cores, "wrong": wrong, "played": weeks[:3],
        "megabytes_most": most, "megabytes_after": after, "after_to_before": after / before,
        "seconds_until_then": time.monotonic() - closed,
    }  # fmt: skip


def moving(served: Served) -> dict[str, Any]:
    """Return how long answers take while fifty sessions move sliders for three minutes, and how many never came.

    A hand drags a slider over a few steps, waits for the answer to the last one, looks at it, and drags again.
    """
    return asyncio.run(hands(served, MOVING, MINUTES * 60))


async def hands(served: Served, n: int, seconds: float) -> dict[str, Any]:
    """Return the same for a number of sessions and a time."""
    clients = [Client(served.address, "/compare?lang=en") for _ in range(n)]
    for each in clients:
        await each.open()
    opened = await asyncio.gather(*(each.until(lambda each=each: answered(each), LOST) for each in clients))
    begin, spent = time.monotonic(), served.seconds()
    dragged = [drags(each, random.Random(i), begin + seconds) for i, each in enumerate(clients)]
    times = [time for some in await asyncio.gather(*dragged) for time in some]
    took, cost = time.monotonic() - begin, served.seconds() - spent
    came = [each for each in times if each is not None]
    for each in clients:
        await each.close()
    shares = dict(zip(("median", "95_percent", "longest"), np.quantile(came, [0.5, 0.95, 1.0]).round(2).tolist(), strict=True))
    return {
        "sessions": n, "seconds": took, "wanted": len(times), "lost": len(times) - len(came), "seconds_to_an_answer": shares,
        "opened_lost": opened.count(None), "closed": sum(each.closed is not None for each in clients),
        "server_cores": cost / took, "megabytes": served.megabytes(),
    }  # fmt: skip


def answered(client: Client) -> bool:
    """Return whether the answer on a page is that of its question."""
    return bool(client.of_class("answer")) and bool(client.of_class("badge")) and not client.of_class("stale")


async def drags(client: Client, dice: random.Random, end: float) -> list[float | None]:
    """Drag the first slider of a package until it is time, and return after how long each answer came."""
    slider = next(each for each in client.having("low", "high", "step", "live") if client.widgets[each]["high"] == 100)
    times = []
    while time.monotonic() < end:
        await asyncio.sleep(dice.uniform(*LOOK))
        at = client.widgets[slider]["value"]
        for _ in range(dice.randint(*DRAG)):
            at = (at + dice.choice((-10, -5, 5, 10))) % 105
            await client.event(slider, "move", at)
            await asyncio.sleep(0.15)
        times.append(await client.until(lambda at=at: client.widgets[slider]["value"] == at and answered(client), LOST))
    return times


MEASURES: dict[str, Callable[[Served, Any], dict[str, Any]]] = {"frames": frames, "answer": answers, "sessions": sessions}
ALONE: dict[str, Callable[[Served], dict[str, Any]]] = {"moving": moving}  # without a browser, which would take the cores


def main() -> None:
    """Measure what is asked for, each with a server of its own, and print it."""
    for name in sys.argv[1:] or [*MEASURES, *ALONE]:
        served = Served(SOLARA_KERNEL_CULL_TIMEOUT="5s")
        try:
            print(name, json.dumps(measured(name, served), indent=2), flush=True)
        finally:
            served.stop()


def measured(name: str, served: Served) -> dict[str, Any]:
    """Return what one measure finds."""
    if name in ALONE:
        return ALONE[name](served)
    with browser() as started:
        return MEASURES[name](served, started)


if __name__ == "__main__":
    main()
