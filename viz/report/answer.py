"""The answer of a study in words and tables, in one language: for the screen, for a page, for machines, for the report.

Every number comes from the study; every sentence from `viz/text`.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from kantelpunt.experiments.analysis import caveats
from kantelpunt.experiments.analysis.discovery import FEWEST_POINTS, failures_of, prim
from kantelpunt.experiments.design.question import Deciding
from kantelpunt.experiments.design.variants import spoken
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.statistics import FEWEST_UNITS, RENAMED, Effect, Verdict
from kantelpunt.model.errors import InputError

from ..text import Text, capital
from . import wording
from .figures import heading
from .tables import Rows, Tables
from .wording import deviating, least, may_be_small, money, outcome_name, over, sentence, verdict

if TYPE_CHECKING:
    import pandas as pd

MARKUP = re.compile(r"<(?=[A-Za-z/!?])")  # the beginning of a tag
MOST_NAMED = 6  # plans of one block that a summary names; of more it says how many
WIDER = 4  # times the points halve an interval


class Table(NamedTuple):
    """A table with its title, and what helps to read it; the first row holds the headings."""

    title: str
    rows: Rows
    note: str = ""


class Answer:
    """The answer of a study that has a question, in one language; ``rows`` holds its tables."""

    def __init__(self, study: StudyResults, t: Text) -> None:
        """Hold the study and the language."""
        self.study, self.t, self.rows = study, t, Tables(study, t)
        self.question, self.plan = study.question, study.plan

    @property
    def effects(self) -> list[Effect]:
        """Return what every plan does to the outcomes that decide."""
        return self.rows.effects

    @property
    def heading(self) -> str:
        """Return the question in a line."""
        return heading(self.t, self.plan)

    def asked(self) -> str:
        """Return the question in words."""
        return " ".join(self.asked_of(each) for each in self.question.decides)

    def asked_of(self, each: Deciding) -> str:
        """Return in words which way is better of an outcome, and from where on a difference matters."""
        t, name = self.t, outcome_name(self.t, each.outcome)
        during, better = over(t, each.outcome, self.plan.years), t(f"report.{each.better}")
        return t("report.asked", outcome=capital(name), over=during, better=better, matters=least(t, each.matters))

    def setting(self) -> str:
        """Return where, who, how long and in how many worlds."""
        base = self.plan.scenarios[self.plan.first]
        lived = self.study.outcomes.drop_duplicates(["point", "world"])
        worlds, points = len(lived), int(lived["point"].nunique())
        known: dict[str, Any] = {"area": self.areas(), "people": base.n_people, "worlds": worlds}
        known["span"] = self.t.span(self.plan.years)
        return self.t("report.setting_one", **known) if points == 1 else self.t("report.setting", **known, points=points)

    def summary(self) -> list[str]:
        """Return the answer in a few lines."""
        if not self.effects:
            return [self.t("report.no_answer")]
        values = self.study.by_world(self.question.outcome)
        verdicts = [
            line
            for (outcome, base), some in self.rows.parted(self.effects).items()
            for line in self.verdicts(outcome, base, some)
        ]
        return [*verdicts, *(self.baseline(base, values[base].dropna()) for base in self.plan.blocks)]

    def verdicts(self, outcome: str, base: str, effects: list[Effect]) -> list[str]:
        """Return which plans are better, worse, the same, or not known yet, of one outcome and one block."""
        matters, lines = self.question.matters_of(outcome), []
        about = f"{capital(outcome_name(self.t, outcome))}: " if len(self.question.decides) > 1 else ""
        if len(effects) > MOST_NAMED:
            counts = Counter(each.verdict for each in effects)
            told = ", ".join(f"{counts[kind]} {self.t(f'verdict.{kind.key}')}" for kind in Verdict if counts[kind])
            return [about + self.t("report.counted", n=len(effects), against=self.rows.name(base), counts=told)]
        for kind in Verdict:
            for small in (False, True):
                some = [each for each in effects if each.verdict == kind and may_be_small(each, matters) == small]
                if some:
                    plans = ", ".join(self.rows.title(each.scenario) for each in some)
                    way = f"{kind.key}_small" if small else kind.key
                    lines.append(about + self.t(f"report.sum_{way}", against=self.rows.name(base), plans=plans))
        return lines

    def baseline(self, base: str, values: "pd.Series") -> str:
        """Return what the first outcome comes to under the plan that others are compared with."""
        shown = (values.mean(), *values.quantile([0.05, 0.95]))
        digits = digits_of(shown, self.question.outcome)
        mean, low, high = (self.t.number(each, digits) for each in shown)
        return self.t("report.baseline", against=self.rows.name(base), mean=mean, low=low, high=high)

    def areas(self) -> str:
        """Return the names of the areas, one a block."""
        return ", ".join(dict.fromkeys(self.plan.scenarios[base].resolved_area().name for base in self.plan.blocks))

    def cards(self) -> list[dict[str, str]]:
        """Return every plan with its verdict, what it does and what it costs."""
        found = []
        for each in self.effects:
            cost, won = self.study.extra_cost(each.scenario), self.study.price(each)
            words = {"name": self.rows.line(each), "kind": each.verdict.key, "verdict": verdict(self.t, each)}
            effect = sentence(self.t, each, self.plan.years, self.question.matters_of(each.outcome))
            found.append({**words, "effect": effect, "money": money(self.t, cost, won, each.outcome)})
        return found

    def more(self) -> str:
        """Return how to know more where a verdict is open; "" where none is."""
        if all(each.verdict != Verdict.UNKNOWN for each in self.effects):
            return ""
        few = any(each.units < FEWEST_UNITS for each in self.effects)
        points = max(WIDER * self.plan.points, FEWEST_UNITS if few else 0)
        return self.t("report.more_points", points=str(points))

    def tables(self) -> list[Table]:
        """Return the answer in numbers, under rival choices, the money, the other outcomes, and how sure all of it is."""
        if not self.effects:
            return []
        t = self.t
        rivals = [Table(t("report.rivals"), self.rows.rivals(), t("report.rivals_text"))] if self.plan.rival else []
        factors = [Table(t("report.factors"), self.rows.factors(), t("report.factors_text"))] if self.plan.cells else []
        return [
            *factors,
            Table(t("report.numbers"), self.rows.numbers()),
            *rivals,
            Table(t("report.money"), self.rows.costs()),
            Table(t("report.other"), self.rows.others(), t("report.other_text")),
            Table(t("report.trust"), self.rows.trust(), t("report.trust_text")),
        ]

    def limits(self) -> list[str]:
        """Return what may not be concluded."""
        return self.told_of(caveats.found(self.study))

    def told_of(self, limits: Iterable[caveats.Limit]) -> list[str]:
        """Return warnings in words."""
        lines = []
        lacking = dict.fromkeys(each for base in self.plan.blocks for each in self.plan.scenarios[base].resolved_area().assumed)
        assumed = ", ".join(self.t.named("area_figure", name, spoken(name)) for name in lacking)
        called = {"against": self.rows.baselines, "area": self.areas(), "figures": assumed}  # as this language calls them
        if until := self.plan.until:
            called |= {"outcome": outcome_name(self.t, until.outcome), "half_width": least(self.t, until.half_width or 0.0)}
        for each in limits:
            values = {
                key: called.get(key, value) if "deviations" not in each.values else value for key, value in each.values.items()
            }
            if "measure" in values:
                values["measure"] = capital(self.t.named("intervention", values["measure"], spoken(values["measure"])))
            if "deviations" in values:
                values["deviations"] = deviating(self.t, values["deviations"])
            lines.append(" ".join(self.t(f"limit.{key}", **values) if values else self.t(f"limit.{key}") for key in each.keys))
        return lines

    @cached_property
    def failures(self) -> dict[str, list[str]]:
        """Return for every plan in how many futures it fails, and a rule where one holds up."""
        found, n = {}, len(self.study.parameters)
        for each in self.rows.first:
            try:
                fails = failures_of(self.study, each.scenario)
            except InputError:
                continue  # some points have no run
            lines = [self.t("report.fails", plan=self.rows.title(each.scenario), n=int(fails.sum()), points=n)]
            found[each.scenario] = [*lines, self.rule(each.scenario)] if n >= FEWEST_POINTS else lines
        return found

    @property
    def futures(self) -> list[str]:
        """Return in which futures each plan fails, or why that cannot be told."""
        n, lines = len(self.study.parameters), [line for some in self.failures.values() for line in some]
        few = [] if n >= FEWEST_POINTS else [self.t("report.few_points", points=n, least=FEWEST_POINTS)]
        return lines + few or [self.t("report.futures_unknown")]

    def rule(self, scenario: str) -> str:
        """Return the rule that says where a plan fails."""
        try:
            box = prim(self.study, scenario)
        except InputError:
            return self.t("report.no_tool")
        where = wording.rule(self.t, box)
        if not where:
            return self.t("report.no_rule")
        density, coverage = (self.t.amount(each, "share") for each in (box.density, box.coverage))
        return self.t("report.rule", rule=where, density=density, coverage=coverage)

    def page(self) -> str:
        """Return the answer as Markdown; what looks like HTML in a name is text."""
        lines = [f"# {self.heading}", "", self.asked(), "", self.setting(), "", *(f"{line}\n" for line in self.summary())]
        lines += [f"- **{each['name']}: {each['verdict']}.** {each['effect']} {each['money']}" for each in self.cards()]
        lines += ["", self.more()] if self.more() else []
        for table in self.tables():
            heads, *rows = table.rows
            lines += ["", f"## {table.title}", "", row(heads), row(("---",) * len(heads)), *map(row, rows)]
            lines += ["", table.note] if table.note else []
        if self.effects:
            lines += ["", f"![{self.t('report.picture')}](figure.png)"]
        lines += ["", f"## {self.t('report.not_concluded')}", "", *(f"- {line}" for line in self.limits()), ""]
        return MARKUP.sub("&lt;", "\n".join(lines))

    def as_dict(self) -> dict[str, Any]:
        """Return the answer in plain values that JSON can hold: nothing where there is nothing to say."""
        study, found = self.study, []
        for each, card in zip(self.effects, self.cards(), strict=True):
            extra = study.extra_cost(each.scenario)
            cost = study.price(each)
            words = f"{card['effect']} {card['money']}"
            told = {"extra_cost": extra, "cost_per_unit": cost and finite(cost._asdict()), "in_words": words}
            found.append({**plain(each), **told})
        shown = ("scenario", "outcome", "baseline", "difference", "worlds")
        return {
            "title": self.heading,
            "plan": self.plan.model_dump(mode="json", exclude_none=True),
            "runs": {"asked": study.size, "done": study.done, "failed": len(study.failures)},
            "weeks": study.store.weeks()._asdict(),
            "opening": [self.asked(), self.setting(), *self.summary()],
            "effects": found,
            "rivals": {name: [plain(each) for each in some] for name, some in study.rivals().items()},
            "other_outcomes": [{key: plain(each)[key] for key in shown} for each in study.side_effects()],
            "deviations": {
                area: {name: {"asked": asked, "got": got} for name, (asked, got) in some.items()}
                for area, some in caveats.deviations(self.plan).items()
            },
            "what_may_not_be_concluded": self.limits(),
        }

    def write(self) -> None:
        """Write the answer into the folder of the study: summary.md and answer.json."""
        self.study.store.write_text("summary.md", self.page())
        self.study.store.write_text("answer.json", json.dumps(self.as_dict(), indent=2, allow_nan=False) + "\n")


def row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "/") for cell in cells) + " |"


def plain(effect: Effect) -> dict[str, Any]:
    """Return an effect in plain values."""
    values = asdict(effect)
    known = {**values, "difference": finite(effect.difference._asdict()), "worlds": effect.worlds}
    return finite({**known, **{old: values[new] for old, new in RENAMED.items()}})


def finite(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with none in place of what is infinite or no number."""
    return {key: None if isinstance(each, float) and not math.isfinite(each) else each for key, each in values.items()}
