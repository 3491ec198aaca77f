"""The package as people have it, a wheel or a clone (an editable install), beside files of theirs with names of ours."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.experiments.additions import CAMP, STUDY

ROOT = Path(__file__).parents[1]
HOSTILE = "raise RuntimeError('a file of somebody else was imported')\n"
EXPORT = """
import sys
import zipfile
from pathlib import Path

import mine
from kantelpunt import Study
from kantelpunt.experiments.exchange.archive import export

held = zipfile.ZipFile(export(Study.open("study"), Path("study.zip"))).namelist()
print(sorted(name for name in held if name.startswith("model/")))
"""
ONCE = """
import sys
import model, experiments, viz
import kantelpunt.model, kantelpunt.experiments, kantelpunt.viz
import model.week, model.rules.trust, experiments.design.plan, viz.text
from model.scenario import Scenario
import kantelpunt

assert model is kantelpunt.model and experiments is kantelpunt.experiments and viz is kantelpunt.viz
assert model.week is kantelpunt.model.week is sys.modules["kantelpunt.model.week"]
assert Scenario is kantelpunt.Scenario and experiments.design.plan.Plan is kantelpunt.Plan
from model import Neighbourhood
assert Neighbourhood is kantelpunt.Neighbourhood
files = {}
for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("model", "experiments", "viz", "kantelpunt") and getattr(module, "__file__", None):
        files.setdefault(module.__file__, set()).add(id(module))
assert all(len(each) == 1 for each in files.values()), [name for name, each in files.items() if len(each) > 1]
print("once", len(files))
"""


def clean() -> dict[str, str]:
    """Return an environment in which nothing of this one is found."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def done(command: list[object], folder: Path, seconds: int = 1_200) -> str:
    """Return what a command prints."""
    words = list(map(str, command))
    ran = subprocess.run(words, cwd=folder, env=clean(), capture_output=True, text=True, timeout=seconds)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Return a folder with files whose names are those of parts of ours."""
    folder = tmp_path / "theirs"
    (folder / "experiments").mkdir(parents=True)
    for name in ("model.py", "viz.py", "experiments/__init__.py"):
        (folder / name).write_text(HOSTILE)
    (folder / "mine.py").write_text(CAMP + STUDY)
    return folder


def environment(folder: Path, *words: object) -> Path:
    """Return the Python of a fresh environment in which this is installed, with what it needs from this one."""
    done(["uv", "venv", "--quiet", "--python", sys.executable, folder], ROOT)
    python = folder / "bin" / "python"
    done(["uv", "pip", "install", "--quiet", "--no-deps", "--python", python, *words], ROOT)
    (site,) = (folder / "lib").glob("python*/site-packages")
    here = Path(pytest.__file__).parents[1]
    (site / "needs.pth").write_text(f"{needs(folder, here)}\n")
    return python


def needs(folder: Path, here: Path) -> Path:
    """Return a folder with links to all that is installed here but ourselves."""
    place = folder / "needs"
    place.mkdir()
    for each in here.iterdir():
        if "kantelpunt" not in each.name and each.suffix != ".pth":
            (place / each.name).symlink_to(each)
    return place


@pytest.fixture(scope="module")
def from_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done(["uv", "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], ROOT)
    (wheel,) = folder.glob("*.whl")
    return environment(folder / "environment", wheel)


def test_a_clone_is_an_editable_install():
    told = distribution("kantelpunt").read_text("direct_url.json")
    assert told is not None and json.loads(told)["dir_info"] == {"editable": True}


@pytest.mark.slow
def test_a_user_of_a_clone_adds_an_intervention_beside_files_with_names_of_ours(theirs):
    assert "runs 8 8 ['camp']" in done([sys.executable, "mine.py"], theirs)
    assert "kantelpunt" in done([sys.executable, "-m", "kantelpunt", "--version"], theirs).lower()


@pytest.mark.slow
def test_a_user_of_a_wheel_goes_on_the_next_day(from_wheel, theirs):  # of a clone: test_additions
    assert "runs 8 8 ['camp']" in done([from_wheel, "mine.py"], theirs)
    parts = {path.name for path in (theirs / "study" / "runs").iterdir()}
    (theirs / "mine.py").write_text(CAMP + "\nLATER = 1\n" + STUDY.replace("worlds=2", "worlds=3"))
    assert "runs 12 12 ['camp']" in done([from_wheel, "mine.py"], theirs)
    assert parts < {path.name for path in (theirs / "study" / "runs").iterdir()}, "what was done is not done again"
    assert "kantelpunt" in done([from_wheel, "-m", "kantelpunt", "--version"], theirs).lower()
    assert "summer" not in done([from_wheel, "-m", "kantelpunt", "--help"], theirs)
    (theirs / "out.py").write_text(EXPORT)
    assert "['model/CITATION.cff', 'model/LICENSE', 'model/ODD.md']" in done([from_wheel, "out.py"], theirs)


@pytest.mark.slow
def test_an_installed_package_is_one_name(from_wheel, tmp_path):
    code = "import importlib.util as u; print([n for n in ('model', 'experiments', 'viz', 'kantelpunt') if u.find_spec(n)])"
    assert done([from_wheel, "-c", code], tmp_path).strip() == "['kantelpunt']"
    place = done([from_wheel, "-c", "import kantelpunt; print(kantelpunt.__file__)"], tmp_path)
    assert str(ROOT) not in place


def cells(*texts: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in texts])


@pytest.fixture
def notebook(theirs: Path) -> Callable[..., str]:
    """Return a way to run cells in a notebook of a fresh kernel beside these files, and get what they print."""

    def run(*texts: str) -> str:
        book = cells(*texts)
        NotebookClient(book, timeout=1_200, kernel_name="python3", resources={"metadata": {"path": str(theirs)}}).execute()
        return "".join(each.get("text", "") for cell in book.cells for each in cell.outputs)

    return run


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_the_same_in_a_notebook(notebook):
    assert "runs 8 8 ['camp']" in notebook(CAMP, STUDY)
    assert "runs 12 12 ['camp']" in notebook("import math", CAMP, "math.pi", STUDY.replace("worlds=2", "worlds=3"))
    edited = CAMP.replace("return PLACES", "return 1.0 * PLACES")
    refused = (
        "from kantelpunt.model.errors import InputError\ntry:\n    study.run(quiet=True)\nexcept InputError as e:\n    print(e)"
    )
    study = STUDY.replace("    study.run(quiet=True, engine=2)\n", "").replace("    print(", "    0 and print(")
    assert "the code of intervention summer_camp has changed" in notebook(edited, study, refused)


def test_in_a_clone_short_names_are_the_same_modules_and_nothing_is_loaded_twice():
    assert done([sys.executable, "-c", ONCE], ROOT).startswith("once")


@pytest.mark.slow
def test_a_source_archive_holds_what_a_wheel_needs(tmp_path):
    if shutil.which("uv") is None:
        pytest.skip("there is no uv here")
    done(["uv", "build", "--quiet", "--out-dir", tmp_path, ROOT], ROOT)  # the wheel from the archive
    assert {path.suffix for path in tmp_path.iterdir() if path.name.startswith("kantelpunt")} == {".whl", ".gz"}
