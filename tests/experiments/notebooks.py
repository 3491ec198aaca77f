"""The notebooks as they are kept, with what they show: `uv run python -m tests.experiments.notebooks` runs them anew.

What is kept is what a reader sees: tables, text and pictures; no progress, no times and no numbers of cells.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from rich.progress import track

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "experiments" / "notebooks").glob("*.ipynb"))
PROGRESS = "application/vnd.jupyter.widget-view+json"


def executed(path: Path, folder: Path) -> nbformat.NotebookNode:
    """Return a notebook after it ran from top to bottom in a folder, with what it shows."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [kept(each) for each in cell.outputs if is_shown(each)]
    for name in ("language_info", "widgets"):  # widgets: of progress; a page would ask elsewhere for scripts that draw it
        book.metadata.pop(name, None)
    return book


def is_shown(output: nbformat.NotebookNode) -> bool:
    """Return whether an output is more than progress or a complaint."""
    data = output.get("data", {})
    return output.get("name") == "stdout" or (PROGRESS not in data and bool(data.get("text/plain")))


def kept(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return an output without the number of its cell."""
    if "execution_count" in output:
        output.execution_count = None
    return output


def told(book: nbformat.NotebookNode) -> list[str]:
    """Return the text that a notebook shows, output by output; pictures count as such."""
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    return [each.text if each.output_type == "stream" else picture_or_text(each.data) for each in outputs]


def picture_or_text(data: nbformat.NotebookNode) -> str:
    """Return the plain text of an output, or that it is a picture."""
    return "picture" if "image/png" in data else str(data["text/plain"])


if __name__ == "__main__":
    for notebook in track(NOTEBOOKS, "running"):
        with TemporaryDirectory() as place:
            nbformat.write(executed(notebook, Path(place)), notebook)
