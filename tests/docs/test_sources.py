"""Every source that the project names by author and year, or by a key, is spelled out on the page of references."""

import re
from pathlib import Path

import pytest

from docs import bibliography
from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.model.registry import quantities
from kantelpunt.viz.app.about import evidence

ROOT = Path(__file__).parents[2]
NO_AUTHORS = {"Utrecht", "Nov"}  # a place and a month before a year
KINDS = {".py", ".toml", ".csv", ".md"}
ROOMS = ("model", "experiments", "viz")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in KINDS)
KEY = re.compile(r"\b[pMRB]\d{1,3}[ab]?\b")


def institutional(name: str) -> bool:
    return any(name in known.split() for known in bibliography.institutions())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_file_cites_is_in_the_bibliography(path):
    cited = bibliography.cited(path.read_text(encoding="utf-8")) - bibliography.known()
    lacking = {each for each in cited if each[0] not in NO_AUTHORS and not institutional(each[0])}
    assert not lacking, "add them to docs/references.bib; a source without authors to docs/institutions.csv"


def test_citations_are_recognised():
    text = "Van Koppen e.a. 2010, McPherson, Smith-Lovin and Cook 2001; after\nHolm (1979), Nobody and Other 1901"
    assert bibliography.cited("Pan en Bai 2009") == {("Pan", "2009")}
    assert bibliography.cited(text) == {("Van Koppen", "2010"), ("McPherson", "2001"), ("Holm", "1979"), ("Nobody", "1901")}
    assert ("Nobody", "1901") not in bibliography.known()


def test_every_key_in_the_source_of_a_parameter_is_told():
    told = {*evidence.table("assumptions")["id"], *evidence.table("mechanisms")["id"], *loops()}
    keys = {key for each in quantities().values() for key in KEY.findall(each.source)}
    assert len(keys) > 40
    assert not {key for key in keys if key not in told and key.rstrip("ab") not in told}


def test_a_short_name_means_one_publication():
    names = [name for name, _ in bibliography.references()]
    assert len(names) == len(set(names))
    assert all(told.endswith(".") or name in bibliography.institutions() for name, told in bibliography.references())
