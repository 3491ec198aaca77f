"""The site is built strictly, needs no network, and finds what people search for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kantelpunt.model.registry import quantities
from kantelpunt.model.state.fields import TABLES

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//""")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built site: a link that leads nowhere, or a page outside every menu, fails the build."""
    folder = tmp_path_factory.mktemp("site")
    command = ["-W", "--keep-going", "-q", "-d", str(folder / "trees"), "docs", str(folder / "html")]
    built = subprocess.run([sys.executable, "-m", "sphinx", *command], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stderr
    return folder / "html"


def test_pages_load_nothing_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    assert not [(page.name, found[0]) for page in pages if (found := LOADED.search(page.read_text(encoding="utf-8")))]
    sheets = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert not re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", sheets)


@pytest.mark.parametrize("word", ["hysteresi", "crew", "handleid"])
def test_the_index_for_searching_has_words_of_both_languages(site, word):
    assert f'"{word}' in (site / "searchindex.js").read_text(encoding="utf-8")


def test_logs_have_every_parameter_once(site):
    logs = [(site / "generated" / f"{name}-log.html").read_text(encoding="utf-8") for name in ("assumptions", "data")]
    for name, quantity in quantities().items():
        here, other = logs if quantity.assumed else logs[::-1]
        assert f">{name}<" in here
        assert quantity.calibrated or f">{name}<" not in other


def test_every_field_says_who_writes_it(site):
    page = (site / "generated" / "who-writes.html").read_text(encoding="utf-8")
    assert all(f">{table}.{field.name}<" in page for table, fields in TABLES.items() for field in fields)
