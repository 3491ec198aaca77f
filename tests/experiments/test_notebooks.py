"""The notebooks run from top to bottom, check their point, and are kept without what they showed."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "experiments" / "notebooks").glob("*.ipynb"))

NO_PICTURES = "45"  # numbers of notebooks that show tables only
NO_STUDY = "6"  # numbers of notebooks that run no study

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    book = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in book.cells)
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert (tmp_path / "results").is_dir() or path.stem[0] in NO_STUDY
    shown = [kind for cell in book.cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert "image/png" in shown or path.stem[0] in NO_PICTURES
    assert "text/html" in shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_checks_its_point_and_ends_with_a_task(path):
    book = nbformat.read(path, as_version=4)
    assert any("assert " in cell.source for cell in book.cells if cell.cell_type == "code")
    assert "**Your turn.**" in book.cells[-1].source or path.stem[0] == "5"


def test_there_are_notebooks():
    assert len(NOTEBOOKS) == 7
