"""Every block of code in the pages of the site runs: Python as it stands, plans as they are read, commands as they are parsed."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.viz.cli.main import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if not {"generated", "_build"} & set(path.parts))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(kantelpunt [^`]+)`")


def blocks(path: Path, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall(path.read_text(encoding="utf-8")) if kind == language]


def having(language: str) -> list:
    return [pytest.param(path, id=str(path.relative_to(DOCS))) for path in PAGES if blocks(path, language)]


def commands(path: Path) -> list[str]:
    """Return what a page tells to type: lines of its blocks and code in its text, as far as they are ours."""
    text = path.read_text(encoding="utf-8")
    lines = [line.removeprefix("uv run ") for code in blocks(path, "sh") for line in code.splitlines()]
    return [line for line in [*lines, *INLINE.findall(text)] if line.startswith("kantelpunt ")]


@pytest.mark.parametrize("path", having("python"))
@pytest.mark.usefixtures("forgotten")
def test_python_runs(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {"__name__": "page"}
    for code in blocks(path, "python"):
        exec(compile(code, str(path), "exec"), names)
    for test in [thing for name, thing in names.items() if name.startswith("test_")]:
        test()


@pytest.mark.parametrize("path", having("toml"))
def test_a_plan_is_one(path, tmp_path):
    for code in blocks(path, "toml"):
        (tmp_path / "plan.toml").write_text(code, encoding="utf-8")
        plan = Plan.from_toml(tmp_path / "plan.toml")
        assert len(plan.scenarios) >= 2 and plan.compare is not None


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(DOCS))) for path in PAGES if commands(path)])
def test_a_command_and_its_options_exist(path):
    for line in commands(path):
        words = shlex.split(line, comments=True)[1:]
        told = CliRunner().invoke(app, [*words, "--help"])
        assert told.exit_code == 0, f"{line}\n{told.output}"
        assert words[0] in told.output, f"{line} tells of no command"


def test_a_command_that_is_not_there_would_be_noticed():
    assert CliRunner().invoke(app, ["compare", "--colour", "--help"]).exit_code == 2
    assert CliRunner().invoke(app, ["paint", "--help"]).exit_code == 2
