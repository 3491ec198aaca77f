"""The papers around the model: each names what is there, with the version that is there."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from docs import bibliography, language, tables
from kantelpunt.experiments import statistics
from kantelpunt.model import outcomes, registry
from kantelpunt.model.state import fields

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:tests|results|experiments|model|viz|docs)/[\w./-]+)`")
CITED = re.compile(r"@([a-z]+\d{4})")


def test_the_citation_has_the_version_and_licence_of_the_package():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["license"]) == (package["version"], package["license"])
    assert f"version = {{{package['version']}}}" in tables.citing() and citation["title"] in tables.citing()


def test_the_changelog_lists_every_name_that_is_understood_under_its_old_one():
    """Both names stand there, of parameters those of their rule or, where one moved, its own."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    pairs = [*outcomes.RENAMED.items(), *statistics.RENAMED.items(), *registry.FIRST_NAMES.items()]
    pairs += [pair for table in fields.RENAMED.values() for pair in table.items()]
    assert len(pairs) > 15
    assert not [name for pair in pairs for name in pair if f"`{name}`" not in text]
    moved = {name.partition(".")[2] for name in registry.ROUTING}
    assert not [name for name in moved if name and f"`{name}`" not in text]


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "standards").glob("*.md")), ids=lambda page: page.stem)
def test_every_path_that_a_standard_names_is_there(page):
    text = page.read_text(encoding="utf-8")
    assert not [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    assert not bibliography.cited(text) - bibliography.known()


def test_the_paper_cites_what_its_bibliography_has():
    text = (ROOT / "paper" / "paper.md").read_text(encoding="utf-8")
    head = yaml.safe_load(text.split("---\n")[1])
    assert (ROOT / "paper" / head["bibliography"]).resolve() == (ROOT / "docs" / "references.bib")
    keys = CITED.findall(text.split("---\n", 2)[2])
    assert len(set(keys)) > 10 and set(keys) <= set(bibliography.entries())
    assert 500 < len(text.split()) < 1_800


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Whoever reads this knows more.", 1),
        ("All is well. What it costs is told.", 1),
        ("- Who moves in is young.", 1),
        ("What does it cost?", 0),
        ("# What it is not\n\nFine. The reader sees what it costs.", 0),
        ("`What` is code.\n\n    What is code, too.\n\n| What | is a table |\n", 0),
        ("Distances are as the crow flies.", 1),
    ],
)
def test_the_checker_finds_what_a_native_editor_would_write_otherwise(text, found):
    assert len(list(language.faults(text))) == found


def test_the_pages_are_written_as_a_native_editor_would():
    assert language.main([]) == 0
