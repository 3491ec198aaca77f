"""The notebooks run from top to bottom, check their point, and show what is kept of them."""

import nbformat
import pytest

from .notebooks import NOTEBOOKS, executed, told

NO_PICTURES = "45"  # numbers of notebooks that show tables only
NO_STUDY = "6"  # numbers of notebooks that run no study

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_is_kept(path, tmp_path):
    book = executed(path, tmp_path)
    assert (tmp_path / "results").is_dir() or path.stem[0] in NO_STUDY
    shown = [kind for cell in book.cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert "image/png" in shown or path.stem[0] in NO_PICTURES
    assert "text/html" in shown
    assert told(book) == told(nbformat.read(path, as_version=4)), "keep it anew: uv run python -m tests.experiments.notebooks"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_checks_its_point_and_ends_with_a_task(path):
    book = nbformat.read(path, as_version=4)
    assert any("assert " in cell.source for cell in book.cells if cell.cell_type == "code")
    assert "**Your turn.**" in book.cells[-1].source or path.stem[0] == "5"


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 7
