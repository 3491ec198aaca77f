"""The promises of the ethics page: each names a test that is there, and those that have no other place stand here."""

import ast
import csv
import re
from pathlib import Path

import pytest

from kantelpunt.model import Scenario, simulate
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.population.areas import SMALLEST
from kantelpunt.model.registry import levers, quantities
from kantelpunt.model.state.fields import TABLES
from kantelpunt.viz.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "standards" / "ethics.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| (.+?) \| `(tests/[\w/]+\.py)(?:::(\w+))?` \|$", PAGE, re.MULTILINE)
PERSONAL = re.compile(
    r"surname|first_?name|voornaam|achternaam|\bbsn\b|address|adres|postcode|birth_?date|geboorte|telefoon|phone", re.I
)
ORIGIN = re.compile(r"ethnic|nationalit|religio|herkomst|migra(?:nt|tion)|foreign|\brace\b|afkomst|geloof", re.I)
CONNECTS = {"aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib", "urllib3", "websockets"}


@pytest.mark.parametrize(("promise", "path", "name"), PROMISES, ids=[name or path for _, path, name in PROMISES])
def test_a_promise_is_held_by_a_test_that_is_there(promise, path, name):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert f"def {name}(" in text if name else "def test_" in text


def test_every_line_of_the_table_is_a_promise():
    assert len(PROMISES) == PAGE.count("\n| ") - 2 >= 10


def test_no_file_of_the_package_holds_data_of_persons():
    tables = [path for room in ("model", "experiments", "viz") for path in (ROOT / room).rglob("*.csv")]
    assert len(tables) > 3
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            assert not [column for column in rows.fieldnames or () if PERSONAL.search(column)], path
            assert all(float(row["a_inw"]) >= SMALLEST for row in rows if row.get("a_inw"))


def test_nothing_knows_origin_or_religion():
    words = {f"{table}.{field.name}": field.meaning for table, fields in TABLES.items() for field in fields}
    words |= {name: each.meaning for name, each in [*quantities().items(), *levers().items()]}
    words |= {name: each.definition for name, each in OUTCOMES.items()}
    words |= {kind: cls.__doc__ or "" for kind, cls in catalogue().items()}
    assert len(words) > 500
    assert not {name: told for name, told in words.items() if ORIGIN.search(f"{name} {told}")}


def test_outcomes_are_of_a_neighbourhood():
    weeks = simulate(Scenario(people=200, years=1), seed=1).weeks
    assert weeks.index.name == "week" and len(weeks) == 53
    assert set(weeks.columns) <= set(OUTCOMES) and all(kind.kind in "fi" for kind in weeks.dtypes)


def test_no_command_asks_about_a_person():
    import typer

    group = typer.main.get_command(app)
    context = group.context_class(group, info_name="kantelpunt")
    asked = [option for name in group.list_commands(context) for option in group.get_command(context, name).params]
    assert len(asked) > 50
    assert not [option.opts for option in asked if PERSONAL.search(" ".join(option.opts))]


def imported(path: Path) -> set[str]:
    """Return the packages that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in names}


def test_model_and_analyses_open_no_connection():
    files = [path for room in ("model", "experiments") for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 100
    assert not {path.name: imported(path) & CONNECTS for path in files if imported(path) & CONNECTS}
    assert "socket" in {name for path in (ROOT / "viz" / "app").rglob("*.py") for name in imported(path)}, "the app does serve"
