"""The report for whoever decides: one page of HTML that needs no other file, in Dutch or English, ready to print.

It says what was asked, the answer in words, how sure it is, what it costs, where it fails, what is assumed and what may not
be concluded.  Every number comes from the study; every sentence from `viz/text`.
"""

import base64
import io
import json
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure

from experiments import limits
from experiments.discovery import FEWEST_POINTS, failures_of, prim
from experiments.plan import spoken
from experiments.runner import is_total
from experiments.statistics import price
from experiments.store import MANIFEST
from experiments.study import Study
from experiments.words import digits_of, extra_cost
from model.errors import InputError

from . import figures
from .tables import Tables, capital
from .text import Text
from .verdict import KEYS, money, outcome_name, rule, sentence, verdict


def html(study: Study, language: str = "en") -> str:
    """Return the report of a study that has a question, as one page of HTML."""
    return Report(study, Text(language)).html()


def commands(study: Study) -> str:
    """Return the commands that make a report again beside its study."""
    return f"kantelpunt verify {study.folder}\nkantelpunt compare {study.folder / 'study.toml'} --out …"


class Report(Tables):
    """What a report says of a study, in one language."""

    def html(self, question: str = "") -> str:
        """Return the page.

        Parameters
        ----------
        question : the file in which somebody keeps the question; left out where the study itself is kept.
        """
        from importlib.metadata import version

        environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
        manifest = json.loads((self.study.folder / MANIFEST).read_text(encoding="utf-8"))
        t = self.t
        parts: dict[str, Any] = {
            "t": t,
            "language": t.language,
            "title": self.plan.heading,
            "question": self.asked(),
            "setting": self.setting(),
            "summary": self.summary(),
            "cards": self.cards(),
            "measures": self.measures(),
            "assumed": self.assumed(),
            "area_source": t("report.figures_of", source=self.area_source()),
            "limits": self.limits(),
            "commands": f"kantelpunt compare {question} --out …" if question else commands(self.study),
            "again": t("report.again_question", file=question) if question else t("report.again_text"),
            "made": t("report.made", date=manifest["made"][:10], version=version("kantelpunt")),
            "facts": self.facts(manifest),
        }
        if self.effects:
            parts |= {
                "pictures": self.pictures(),
                "numbers": self.numbers(),
                "trust": self.trust(),
                "rivals": self.rivals() if self.plan.rival else [],
                "futures_text": t("report.futures_text", against=self.against),
                "futures": self.futures,
                "costs": self.costs(),
                "others": self.others(),
            }
        return environment.get_template("report.html.j2").render(parts).replace("€ ", "€\N{NO-BREAK SPACE}")

    def asked(self) -> str:
        """Return the question in words."""
        outcome, t = self.question.outcome, self.t
        over = t("verdict.in_years", years=self.plan.years) if is_total(outcome) else t("verdict.last_year")
        name, better = outcome_name(t, outcome), t(f"report.{self.question.better}")
        return t("report.asked", outcome=capital(name), over=over, better=better, matters=self.question.matters)

    def setting(self) -> str:
        """Return where, who, how long and in how many worlds."""
        base = self.plan.scenarios[self.plan.first]
        n = self.study.outcomes.drop_duplicates(["point", "world"])
        known = {"area": base.resolved_area().name, "people": base.n_people, "years": self.plan.years}
        return self.t("report.setting", **known, worlds=len(n), points=int(n["point"].nunique()))

    def summary(self) -> list[str]:
        """Return the answer in a few lines."""
        if not self.effects:
            return [self.t("report.no_answer")]
        values = self.study.by_world(self.question.outcome)[self.question.against].dropna()
        shown = (values.mean(), *values.quantile([0.05, 0.95]))
        digits = digits_of(shown, self.question.outcome)
        mean, low, high = (self.t.number(each, digits) for each in shown)
        lines = []
        for kind, key in KEYS.items():
            plans = ", ".join(self.name(each.scenario) for each in self.effects if each.verdict == kind)
            if plans:
                lines.append(self.t(f"report.sum_{key}", against=self.against, plans=plans))
        return [*lines, self.t("report.baseline", against=self.against, mean=mean, low=low, high=high)]

    def cards(self) -> list[dict[str, str]]:
        """Return every plan with its verdict, what it does and what it costs."""
        found = []
        for each in self.effects:
            cost = extra_cost(self.study, each.scenario)
            won = price(cost, each.difference, self.question.better)
            words = {"name": capital(self.name(each.scenario)), "kind": KEYS[each.verdict], "verdict": verdict(self.t, each)}
            effect = sentence(self.t, each, self.plan.years, self.question.matters)
            found.append({**words, "effect": effect, "money": money(self.t, cost, won, each.outcome)})
        return found

    @cached_property
    def futures(self) -> list[str]:
        """Return for every plan in how many futures it fails, and a rule where one holds up."""
        lines, n = [], len(self.study.parameters)
        for each in self.effects:
            try:
                fails = failures_of(self.study, each.scenario)
            except InputError:
                continue  # some points have no run
            lines.append(self.t("report.fails", plan=capital(self.name(each.scenario)), n=int(fails.sum()), points=n))
            if n >= FEWEST_POINTS:
                lines.append(self.rule(each.scenario))
        if n < FEWEST_POINTS:
            lines.append(self.t("report.few_points", points=n, least=FEWEST_POINTS))
        return lines

    def rule(self, scenario: str) -> str:
        """Return the rule that says where a plan fails."""
        try:
            box = prim(self.study, scenario)
        except InputError:
            return self.t("report.no_tool")
        where = rule(self.t, box)
        if not where:
            return self.t("report.no_rule")
        return self.t("report.rule", rule=where, density=f"{box.density:.0%}", coverage=f"{box.coverage:.0%}")

    def limits(self) -> list[str]:
        """Return what may not be concluded."""
        lines = []
        area = self.plan.scenarios[self.plan.first].resolved_area()
        assumed = ", ".join(self.t.named("area_figure", name, spoken(name)) for name in area.assumed)
        called = {"against": self.against, "figures": assumed}  # as this language calls them
        for each in limits.found(self.study):
            values = {key: called.get(key, value) for key, value in each.values.items()}
            lines.append(" ".join(self.t(f"limit.{key}", **values) if values else self.t(f"limit.{key}") for key in each.keys))
        return lines

    def area_source(self) -> str:
        """Return where the figures of the area come from."""
        return self.plan.scenarios[self.plan.first].resolved_area().source.removeprefix("Bron: ")

    def facts(self, manifest: dict[str, Any]) -> str:
        """Return what made the numbers."""
        git, versions, t = manifest["git"], manifest["versions"], self.t
        commit = t("report.no_commit") if git is None else git["commit"][:12]
        if git and git["changed"]:
            commit = t("report.changed", commit=commit)
        shown = {name: versions[name] for name in ("python", "numpy", "numba")}
        return t("report.facts", model=manifest["model"][:12], commit=commit, seed=str(self.plan.seed), **shown)

    def pictures(self) -> dict[str, str]:
        """Return the figures as addresses that hold them."""
        with figures.styled(**{"svg.fonttype": "path"}):
            return {
                "effects": embedded(figures.effects(self.study, self.t)),
                "course": embedded(figures.course(self.study, self.t)),
            }


def embedded(figure: Figure) -> str:
    """Return a figure as a data address: an SVG that needs no font."""
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()
