"""The site is built strictly, needs no network, and finds what people search for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import handouts
from kantelpunt.model.registry import quantities
from kantelpunt.model.state.fields import TABLES
from kantelpunt.viz.app.learn.lessons import lessons

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//""")

pytestmark = pytest.mark.slow


def test_every_lesson_plays_in_the_gallery_where_it_was_recorded(tmp_path):
    handouts.write(tmp_path, tmp_path, lambda name, lesson: f"{name} {lesson.years}")
    page = (tmp_path / "hand-outs.md").read_text(encoding="utf-8")
    for name, lesson in lessons().items():
        assert f'src="../hand-outs/{name}.html"' in page
        assert (tmp_path / "hand-outs" / f"{name}.html").read_text(encoding="utf-8") == f"{name} {lesson.years}"
    handouts.write(tmp_path, tmp_path, None)
    assert "iframe" not in (tmp_path / "hand-outs.md").read_text(encoding="utf-8")


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
