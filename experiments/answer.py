"""The answer of a study, as a page and as JSON."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from typing import Any

from . import words
from .limits import limits
from .statistics import Effect, price
from .study import Study
from .words import Table


class Answer:
    """What a study says, once and for all."""

    def __init__(self, study: Study) -> None:
        """Hold the study; its runs must all be in."""
        self.study = study

    @cached_property
    def effects(self) -> list[Effect]:
        """Return what every scenario does to the outcome that decides; empty where no pair of runs is done."""
        return self.study.effects()

    @cached_property
    def others(self) -> list[Effect]:
        """Return what every scenario does to the other outcomes."""
        return self.study.side_effects()

    @cached_property
    def opening(self) -> list[str]:
        """Return what was asked, or why there is no answer."""
        return (
            words.opening(self.study) if self.effects else ["No answer: there is no world in which two plans came to their end."]
        )

    @cached_property
    def verdicts(self) -> list[tuple[str, str]]:
        """Return every scenario with its verdict, and a few sentences about it."""
        return words.verdicts(self.study, self.effects)

    @cached_property
    def tables(self) -> list[Table]:
        """Return the tables."""
        return words.tables(self.study, self.effects, self.others) if self.effects else []

    @cached_property
    def limits(self) -> list[str]:
        """Return what may not be concluded."""
        return limits(self.study)

    def page(self) -> str:
        """Return the answer as Markdown."""
        lines = [f"# {self.study.plan.heading}", "", *(f"{line}\n" for line in self.opening)]
        lines += [f"- **{name}.** {text}" for name, text in self.verdicts]
        for table in self.tables:
            lines += [
                "",
                f"## {table.title}",
                "",
                row(table.headings),
                row(("---",) * len(table.headings)),
                *map(row, table.rows),
                *(["", table.note] if table.note else []),
            ]
        if self.effects:
            lines += ["", "![What the plans do, world by world, and how it goes over the years](figure.png)"]
        return "\n".join([*lines, "", "## What may not be concluded", "", *(f"- {line}" for line in self.limits), ""])

    def as_dict(self) -> dict[str, Any]:
        """Return the answer in plain values that JSON can hold: nothing where there is nothing to say."""
        study = self.study
        question = study.question
        found = []
        for each, (_, text) in zip(self.effects, self.verdicts, strict=True):
            extra = words.extra_cost(study, each.scenario)
            cost = price(extra, each.difference, question.better)
            found.append({**plain(each), "extra_cost": extra, "cost_per_unit": cost and finite(cost._asdict()), "in_words": text})
        shown = ("scenario", "outcome", "baseline", "difference", "worlds")
        return {
            "title": study.plan.heading,
            "plan": study.plan.model_dump(mode="json", exclude_none=True),
            "runs": {"asked": study.size, "done": study.done, "failed": len(study.failures)},
            "opening": self.opening,
            "effects": found,
            "rivals": {name: [plain(each) for each in some] for name, some in study.rivals().items()},
            "other_outcomes": [{key: plain(each)[key] for key in shown} for each in self.others],
            "what_may_not_be_concluded": self.limits,
        }

    def write(self) -> None:
        """Write the answer into the folder of the study: summary.md and answer.json."""
        self.study.store.write_text("summary.md", self.page())
        self.study.store.write_text("answer.json", json.dumps(self.as_dict(), indent=2, allow_nan=False) + "\n")


def row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cell.strip().replace("|", "/") for cell in cells) + " |"


def plain(effect: Effect) -> dict[str, Any]:
    """Return an effect in plain values."""
    found = {**asdict(effect), "difference": finite(effect.difference._asdict()), "worlds": effect.worlds}
    return finite(found)


def finite(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with none in place of what is infinite or no number."""
    return {key: None if isinstance(each, float) and not math.isfinite(each) else each for key, each in values.items()}
