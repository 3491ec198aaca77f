"""What READMEs and recipes name is there."""

import importlib.util
import re
from pathlib import Path

import pytest

from kantelpunt.model import registry

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "model/README.md", "experiments/README.md", "viz/README.md")
NAMED = re.compile(r"`((?:model|experiments|viz|tests|src|docs|\.ci)/[\w./]*)`")
LINKED = re.compile(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    folder = (ROOT / page).parent
    made_up = ("NAME", "test_NAME")
    named = [each for each in NAMED.findall(text) if Path(each).stem not in made_up]
    assert not [each for each in named if not (ROOT / each).exists()]
    linked = LINKED.findall(text)
    assert linked or named
    assert not [each for each in linked if not (folder / each).exists()]


def test_the_readme_of_the_model_names_every_rule_once():
    text = (ROOT / "model/README.md").read_text(encoding="utf-8")
    table = [line for line in text.split("| room |")[0].splitlines() if line.startswith("|")]
    named = re.findall(r"`(\w+)`", "\n".join(table))
    assert sorted(named) == sorted(registry.rules().keys() - {"initialisation"})


def test_a_recipe_takes_at_most_eight_lines():
    _, *recipes = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n**")
    assert len(recipes) >= 8
    assert all(len(each.strip().splitlines()) <= 8 for each in recipes)


def test_the_picture_of_the_house_shows_the_folders_that_are_there():
    spec = importlib.util.spec_from_file_location("house", ROOT / "docs" / "house.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.house() == (ROOT / "docs" / "house.svg").read_text(encoding="utf-8")
