"""The evidence that the model rests on, as tables: loops and the rules that carry them, mechanisms, parameters, terms."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from kantelpunt.experiments.analysis.loops import Loop, loops
from kantelpunt.model import registry
from kantelpunt.model.protocol import odd
from kantelpunt.model.registry import quantities, rules

HERE = Path(__file__).parent / "data"
RELATIVE_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
ARROWS = {"+": "→", "−": "⊣"}
__all__ = [
    "ARROWS",
    "Loop",
    "first_line",
    "loops",
    "mechanisms",
    "parameters",
    "protocol",
    "rule_texts",
    "source_keys",
    "story",
    "table",
    "told",
]


@cache
def table(name: str) -> pd.DataFrame:
    """Return a table of the evidence, texts as they stand there."""
    return pd.read_csv(HERE / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def told(name: str, language: str) -> pd.DataFrame:
    """Return a table of the evidence with the words of a language, if these stand in a table beside it (`mechanisms_nl.csv`)."""
    found = table(name)
    words = HERE / f"{name}_{language}.csv"
    return found.assign(**table(words.stem).set_index("id").loc[found["id"]].reset_index(drop=True)) if words.exists() else found


@cache
def rule_texts() -> dict[str, str]:
    """Return rule -> its source."""
    return {rule: Path(str(module.__file__)).read_text(encoding="utf-8") for rule, module in rules().items()}


def first_line(rule: str) -> str:
    """Return what a rule is, in one line."""
    return (rules()[rule].__doc__ or "").partition("\n")[0]


def story(rule: str) -> str:
    """Return a rule as its file tells it."""
    return (rules()[rule].__doc__ or "").strip()


@cache
def parameters() -> pd.DataFrame:
    """Return one row a parameter: rule, name, meaning, default, low, high, unit, source, kind, assumed."""
    rows: list[dict[str, Any]] = []
    for name, each in quantities().items():
        rule, _, short = name.partition(".")
        rows.append({"rule": rule, "name": short, **each._asdict(), "assumed": each.assumed})
    return pd.DataFrame(rows)


@cache
def mechanisms(language: str) -> pd.DataFrame:
    """Return one row a mechanism of the field reports, in the words of a language, with the rules that carry it."""
    carried = {rule: set(module.MECHANISMS) for rule, module in registry.rules().items()}
    found = told("mechanisms", language).copy()
    found["rules"] = [[rule for rule, ids in carried.items() if each in ids] for each in found["id"]]
    return found


@cache
def source_keys() -> dict[str, str]:
    """Return the keys by which a source is named, such as p37, M65 or R2, and the part of the page where each is told."""
    parts = {"evidence": [*table("assumptions")["id"], *table("mechanisms")["id"]], "loops": [*loops()]}
    return {key: part for part, some in parts.items() for key in some}


def protocol() -> str:
    """Return the ODD protocol, in Markdown; what it points at in the repository is not in the app, so it is named only."""
    text = (odd.PAGE).read_text(encoding="utf-8")
    return RELATIVE_LINK.sub(r"\1", text)
