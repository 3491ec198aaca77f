"""What the model rests on, as tables: loops and the rules that carry them, mechanisms, parameters, terms."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from model import odd, registry
from model.registry import quantities, rules

HERE = Path(__file__).parent / "evidence"
ARROWS = {"+": "→", "−": "⊣"}


@cache
def table(name: str) -> pd.DataFrame:
    """Return a table of the evidence, texts as they stand there."""
    return pd.read_csv(HERE / f"{name}.csv", dtype=str, keep_default_na=False)


class Loop(NamedTuple):
    """A causal loop: its variables in order, each with the sign of the step to the next, and the rules that carry it."""

    id: str
    reinforcing: bool
    nl: str
    en: str
    steps: list[tuple[str, str]]
    rules: list[str]


@cache
def loops() -> dict[str, Loop]:
    """Return id -> loop.  A rule carries a loop when its own text names it."""
    found = {}
    for row in table("loops").itertuples():
        parts = str(row.path).split()  # TR −→ SN −→ CTC +→ TR
        steps = list(zip(parts[:-1:2], (arrow[0] for arrow in parts[1::2]), strict=True))
        name, pushes = str(row.id), bool(row.kind == "reinforcing")
        found[name] = Loop(name, pushes, str(row.nl), str(row.en), steps, carriers(name))
    return found


def carriers(loop: str) -> list[str]:
    """Return the rules whose text names a loop; B6a is also named as B6."""
    name = re.compile(rf"\b{loop.rstrip('ab')}(?:{loop[-1]})?\b" if loop[-1] in "ab" else rf"\b{loop}\b")
    return [rule for rule, text in rule_texts().items() if name.search(text)]


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
        rows.append({"rule": rule, "name": short, **each._asdict(), "assumed": "assumed" in each.source})
    return pd.DataFrame(rows)


@cache
def mechanisms() -> pd.DataFrame:
    """Return one row a mechanism of the field reports, with the rules that carry it."""
    carried = {rule: set(module.MECHANISMS) for rule, module in registry.rules().items()}
    found = table("mechanisms").copy()
    found["rules"] = [", ".join(rule for rule, ids in carried.items() if each in ids) for each in found["id"]]
    return found


def protocol() -> str:
    """Return the ODD protocol, in Markdown."""
    return (Path(odd.__file__).parent / "ODD.md").read_text(encoding="utf-8")
