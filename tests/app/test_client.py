"""What a browser may send, by protocol: whatever a page lets through gets a message in the reader's language."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kantelpunt.model.population.areas import LARGEST, SMALLEST
from kantelpunt.viz.app.compare.upload import MOST_BYTES
from kantelpunt.viz.text import LANGUAGES, Text
from tests.app.browser import Served
from tests.app.client import Client

SOON = 60.0
HEADER = "gwb_code,regio,gm_naam,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo"


async def sent(served: Served, language: str, data: bytes, seen: Callable[[str], bool]) -> str:
    """Return what a page shows once it has taken a file, and something is seen."""
    client = Client(served.address, f"/compare?lang={language}")
    await client.open()
    assert await client.until(lambda: client.having("busyText", "most"), SOON) is not None
    area = client.having("busyText", "most")[0]
    await client.event(area, "send", {"name": "areas.csv", "size": len(data)}, data)
    came = await client.until(lambda: client.closed or seen(client.text()), SOON)
    shown = client.text()
    assert came is not None and client.closed is None and "Traceback" not in shown, shown[-2_000:]
    await client.close()
    return shown


def run(*asked: Any) -> str:
    """Send a file in a thread of its own: a browser of other tests has a loop of events in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(sent(*asked))).result()


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [17_000_000, MOST_BYTES - 1, MOST_BYTES + 500_000])
def test_a_large_file_gets_a_message(served: Served, language: str, size: int) -> None:
    t = Text(language)
    said = t("upload.large", most=MOST_BYTES // 1_000_000) if size > MOST_BYTES else t("upload.binary")
    run(served, language, bytes(size), lambda text: said in text)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["NL00,Nederland,,17811290,2683000,2180000,4550000,4800000,3598290", "BU1,X,Y,45,7,6,12,12,8"])
def test_a_file_whose_first_row_cannot_be_simulated_gives_the_first_that_can(served: Served, first: str) -> None:
    row = "BU99990101,Dorpshart,Town,4195,715,580,1645,765,490"
    said = Text("en")("compare.people", n=4195)
    run(served, "en", f"{HEADER}\n{first}\n{row}\n".encode(), lambda text: said in text)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_without_an_area_that_can_be_simulated_is_refused_and_the_page_stays(served: Served, language: str) -> None:
    said = Text(language)("upload.no_usable", least=SMALLEST, most=LARGEST)
    row = "NL00,Nederland,,17811290,2683000,2180000,4550000,4800000,3598290"
    shown = run(served, language, f"{HEADER}\n{row}\n".encode(), lambda text: said in text)
    assert Text(language)("compare.title") in shown
