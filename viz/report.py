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
from experiments.statistics import Effect, price
from experiments.store import MANIFEST
from experiments.study import Study
from experiments.words import digits_of, extra_cost
from model.errors import InputError
from model.interventions import catalogue
from model.outcomes import OUTCOMES

from . import figures
from .text import Text
from .verdict import KEYS, money, outcome_name, rule, sentence, verdict

Rows = list[tuple[str, ...]]


def html(study: Study, language: str = "en") -> str:
    """Return the report of a study that has a question, as one page of HTML."""
    return Report(study, Text(language)).html()


class Report:
    """What a report says of a study, in one language."""

    def __init__(self, study: Study, t: Text) -> None:
        """Hold the study and the language."""
        self.study, self.t = study, t
        self.question, self.plan = study.question, study.plan
        self.against = self.name(self.question.against)

    @cached_property
    def effects(self) -> list[Effect]:
        """Return what every plan does to the outcome that decides."""
        return self.study.effects()

    def name(self, scenario: str) -> str:
        """Return what a plan is called."""
        return figures.plan_name(self.t, scenario)

    def html(self) -> str:
        """Return the page."""
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
            "area_source": t("report.figures_of", source=self.plan.scenarios[self.plan.first].resolved_area().source),
            "limits": self.limits(),
            "commands": f"kantelpunt verify {self.study.folder}\nkantelpunt compare {self.study.folder / 'study.toml'} --out …",
            "made": t("report.made", date=manifest["made"][:10], version=version("kantelpunt")),
            "facts": self.facts(manifest),
        }
        if self.effects:
            parts |= {
                "pictures": self.pictures(),
                "numbers": self.numbers(),
                "futures_text": t("report.futures_text", against=self.against),
                "futures": self.futures(),
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

    def numbers(self) -> Rows:
        """Return the table of differences."""
        t, outcome = self.t, self.question.outcome
        heads = ("plan", "mean", "difference", "interval", "better_in", "verdict")
        base = t.number(self.effects[0].baseline, digits_of([self.effects[0].baseline], outcome))
        rows: Rows = [tuple(t(f"report.{head}") for head in heads), (self.against, base, "", "", "", "")]
        for each in self.effects:
            digits, mean = digits_of(each.difference, outcome), each.baseline + each.difference.mean
            ends = f"{t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)}"
            better = t("report.of_worlds", n=each.better, worlds=each.worlds)
            shown = (t.number(mean, digits_of([mean], outcome)), t.signed(each.difference.mean, digits), ends, better)
            rows.append((self.name(each.scenario), *shown, verdict(t, each)))
        return rows

    def costs(self) -> Rows:
        """Return the table of costs."""
        t, years = self.t, self.plan.years
        unit = t.named("won", self.question.outcome, t("won.unit", outcome=outcome_name(t, self.question.outcome)))
        heads = (t("report.total", years=years), t("report.more", against=self.against), t("report.per_unit", unit=unit))
        rows: Rows = [(t("report.plan"), *heads)]
        for each in self.effects:
            extra = extra_cost(self.study, each.scenario)
            won = price(extra, each.difference, self.question.better)
            per = t("report.undefined")
            if won is not None:
                per = f"{t.euros(won.mean)} ({t.euros(won.low)} … {t.euros(won.high)})"
            rows.append((self.name(each.scenario), t.euros(self.plan.scenarios[each.scenario].cost()), t.euros(extra), per))
        return rows

    def others(self) -> Rows:
        """Return the table of outcomes that were not the question."""
        t = self.t
        names = [name for name in self.plan.scenarios if name != self.question.against]
        rows: Rows = [(t("report.outcome"), self.against, *map(self.name, names))]
        found = {(each.outcome, each.scenario): each for each in self.study.side_effects()}
        for outcome in self.question.also:
            some = [found[outcome, name] for name in names if (outcome, name) in found]
            if not some:
                continue
            unit = t.named("units", OUTCOMES[outcome].unit, OUTCOMES[outcome].unit)
            base = t.number(some[0].baseline, digits_of([some[0].baseline], outcome))
            cells = []
            for name in names:
                each = found.get((outcome, name))
                digits = digits_of(each.difference, outcome) if each else 0
                ends = each and f"({t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)})"
                cells.append(f"{t.signed(each.difference.mean, digits)}\n{ends}" if each else "–")
            rows.append((f"{capital(outcome_name(t, outcome))} ({unit})", base, *cells))
        return rows

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

    def measures(self) -> Rows:
        """Return what is done in every plan, how much of it, at what cost, and based on what."""
        t = self.t
        rows: Rows = [tuple(t(f"report.{head}") for head in ("plan", "measure", "dose", "cost", "where_from"))]
        for name, scenario in self.plan.scenarios.items():
            if not scenario.interventions:
                rows.append((self.name(name), t("report.nothing_done"), "", "", ""))
            for each in scenario.interventions:
                called = t.named("intervention", each.kind, spoken(each.kind))
                table = {key: value for key, value in each.table().items() if key != "kind"}
                dose = ", ".join(f"{t.named('dose', key, spoken(key))} {value}" for key, value in table.items()) or "100 %"
                share = each.cost(scenario.residents, scenario.horizon) / self.plan.years
                rows.append((self.name(name), called, dose, t.euros(share), sources(each.kind)))
        return rows

    def limits(self) -> list[str]:
        """Return what may not be concluded."""
        lines = []
        for each in limits.found(self.study):
            values = {**each.values, **({"against": self.against} if "against" in each.values else {})}
            lines.append(" ".join(self.t(f"limit.{key}", **values) if values else self.t(f"limit.{key}") for key in each.keys))
        return lines

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


def sources(kind: str) -> str:
    """Return what an intervention is based on, as its file says it."""
    text = " ".join((catalogue()[kind].__doc__ or "").split())
    return text.partition("Sources: ")[2]


def capital(text: str) -> str:
    """Return a text with its first letter a capital."""
    return text[:1].upper() + text[1:]
