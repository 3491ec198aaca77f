"""The report for whoever decides: one page of HTML that needs no other file, in Dutch or English, ready to print.

It says what was asked, the answer in words, how sure it is, what it costs, where it fails, what is assumed and what may not
be concluded.  Every number comes from the study; every sentence from `viz/text`.
"""

import base64
import io
import logging
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kantelpunt.experiments.analysis.discovery import FEWEST_POINTS, failures_of, prim
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError

from ..text import Text
from . import figures
from .answer import Answer
from .wording import rule

PICTURES = {"effects": figures.effects, "course": figures.course}


def html(study: Study, language: str = "en") -> str:
    """Return the report of a study that has a question, as one page of HTML."""
    return Report(study, Text(language)).html()


def commands(study: Study) -> str:
    """Return the commands that make a report again beside its study."""
    return f"kantelpunt verify {study.folder}\nkantelpunt compare {study.folder / 'study.toml'} --out …"


class Report(Answer):
    """The report of a study, in one language."""

    def html(self, question: str = "") -> str:
        """Return the page.

        Parameters
        ----------
        question : the file in which somebody keeps the question; left out where the study itself is kept.
        """
        from importlib.metadata import version

        environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
        manifest = self.study.store.manifest()
        t = self.t
        parts: dict[str, Any] = {
            "t": t,
            "language": t.language,
            "title": self.heading,
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

    @cached_property
    def futures(self) -> list[str]:
        """Return for every plan in how many futures it fails, and a rule where one holds up."""
        lines, n = [], len(self.study.parameters)
        for each in self.effects:
            try:
                fails = failures_of(self.study, each.scenario)
            except InputError:
                continue  # some points have no run
            lines.append(self.t("report.fails", plan=self.title(each.scenario), n=int(fails.sum()), points=n))
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
        density, coverage = (self.t.amount(each, "share") for each in (box.density, box.coverage))
        return self.t("report.rule", rule=where, density=density, coverage=coverage)

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
        """Return the figures as addresses that hold them, or "" in place of one that cannot be drawn."""
        return {name: embedded(make, self.study, self.t) for name, make in PICTURES.items()}


def embedded(make: Callable[[Study, Text], figures.Picture], study: Study, t: Text) -> str:
    """Return a figure as a data address: an SVG that needs no font."""
    file = io.BytesIO()
    try:
        make(study, t).savefig(file, style={"svg.fonttype": "path"}, format="svg", metadata={"Date": None})
    except Exception as error:  # the page says so in its place
        logging.getLogger(__name__).error("a figure of the report could not be drawn", exc_info=error)
        return ""
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()
