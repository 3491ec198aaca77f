"""The tables of a report: differences, how sure they are, costs, other outcomes, what is done and what is assumed."""

from functools import cached_property
from typing import Any

from kantelpunt.experiments.analysis.sensitivity import hangs_on
from kantelpunt.experiments.design.plan import spoken
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.statistics import Effect
from kantelpunt.experiments.study import Study
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import outcome_of
from kantelpunt.model.registry import quantities

from ..text import Text, capital
from .wording import outcome_name, parameter_name, plan_name, unit_won, verdict

Rows = list[tuple[str, ...]]


class Tables:
    """The tables of a study, in one language."""

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
        return plan_name(self.t, scenario)

    def title(self, scenario: str) -> str:
        """Return what a plan is called, as it begins a line."""
        return capital(self.name(scenario))

    def numbers(self) -> Rows:
        """Return the table of differences."""
        t, outcome = self.t, self.question.outcome
        heads = ("plan", "mean", "difference", "interval", "better_in", "verdict")
        base = t.number(self.effects[0].baseline, digits_of([self.effects[0].baseline], outcome))
        rows: Rows = [tuple(t(f"report.{head}") for head in heads), (capital(self.against), base, "", "", "", "")]
        for each in self.effects:
            digits, mean = digits_of(each.difference, outcome), each.baseline + each.difference.mean
            ends = f"{t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)}"
            better = t("report.of_worlds", n=each.better, worlds=each.worlds)
            shown = (t.number(mean, digits_of([mean], outcome)), t.signed(each.difference.mean, digits), ends, better)
            rows.append((self.title(each.scenario), *shown, verdict(t, each)))
        return rows

    def rivals(self) -> Rows:
        """Return the table of what every plan does under rival choices in the model, beside what it does as the model is."""
        t = self.t
        rows: Rows = [tuple(t(f"report.{head}") for head in ("plan", "model", "difference", "interval", "verdict"))]
        found = {t("report.as_it_is"): self.effects, **self.study.rivals()}
        for name in [each.scenario for each in self.effects]:
            for rival, some in found.items():
                for each in (each for each in some if each.scenario == name):
                    digits = digits_of(each.difference, each.outcome)
                    ends = f"{t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)}"
                    cells = (t.signed(each.difference.mean, digits), ends, verdict(t, each))
                    rows.append((self.title(name), spoken(rival), *cells))
        return rows

    def costs(self) -> Rows:
        """Return the table of costs."""
        t, unit = self.t, unit_won(self.t, self.question.outcome)
        total = t("report.total", span=t.span(self.plan.years))
        heads = (total, t("report.more", against=self.against), t("report.per_unit", unit=unit))
        rows: Rows = [(t("report.plan"), *heads)]
        for each in self.effects:
            extra = self.study.extra_cost(each.scenario)
            won = self.study.price(each)
            per = t("report.undefined")
            if won is not None:
                per = f"{t.euros(won.mean)} ({t.euros(won.low)} … {t.euros(won.high)})"
            rows.append((self.title(each.scenario), t.euros(self.plan.scenarios[each.scenario].cost()), t.euros(extra), per))
        return rows

    def others(self) -> Rows:
        """Return the table of outcomes that were not the question."""
        t = self.t
        names = [name for name in self.plan.scenarios if name != self.question.against]
        rows: Rows = [(t("report.outcome"), capital(self.against), *map(self.title, names))]
        found = {(each.outcome, each.scenario): each for each in self.study.side_effects()}
        for outcome in self.question.also:
            some = [found[outcome, name] for name in names if (outcome, name) in found]
            if not some:
                continue
            unit = t.named("units", outcome_of(outcome).unit, outcome_of(outcome).unit)
            base = t.number(some[0].baseline, digits_of([some[0].baseline], outcome))
            cells = []
            for name in names:
                each = found.get((outcome, name))
                digits = digits_of(each.difference, outcome) if each else 0
                ends = each and f"({t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)})"
                cells.append(f"{t.signed(each.difference.mean, digits)}\n{ends}" if each else "–")
            rows.append((f"{capital(outcome_name(t, outcome))} ({unit})", base, *cells))
        return rows

    def measures(self) -> Rows:
        """Return what is done in every plan, how much of it, at what cost, and based on what."""
        t = self.t
        rows: Rows = [tuple(t(f"report.{head}") for head in ("plan", "measure", "dose", "cost", "where_from"))]
        for name, scenario in self.plan.scenarios.items():
            if not scenario.interventions:
                rows.append((self.title(name), t("report.nothing_done"), "", "", ""))
            for each in scenario.interventions:
                called = t.named("intervention", each.kind, spoken(each.kind))
                table = {key: value for key, value in each.table().items() if key != "kind"}
                parts = (f"{t.named('dose', key, spoken(key))} {self.moment(key, value)}" for key, value in table.items())
                dose = ", ".join(parts) or "100 %"
                share = each.cost(scenario.residents, scenario.horizon) / self.plan.years
                rows.append((self.title(name), called, dose, t.euros(share), sources(each.kind)))
        return rows

    def moment(self, key: str, value: Any) -> Any:
        """Return a number of weeks since the start in words, and any other value as it is."""
        if key not in ("from", "until", "date") or not isinstance(value, int):
            return value
        if value <= 0:
            return self.t("moment.start")
        if value >= self.plan.years * WEEKS_A_YEAR:
            return self.t("moment.end")
        return self.t("moment.years", years=value / WEEKS_A_YEAR)

    def trust(self) -> Rows:
        """Return the table that says why the differences are as sure as they are."""
        t = self.t
        heads = ("plan", "worlds", "alike", "stands_for", "twins", "by_luck", "by_unknown")
        rows: Rows = [tuple(t(f"report.{head}") for head in heads)]
        for each in self.effects:
            sizes = (each.sd_luck, each.sd_parameters)
            shown = ("–" if size is None else f"± {t.number(size, digits_of([size], each.outcome))}" for size in sizes)
            spreads = (t("report.not_seen") if size == 0.0 else text for size, text in zip(sizes, shown, strict=True))
            pairing = (t.number(each.correlation, 2), t.number(each.pairing_gain), t.number(each.crn_gain))
            rows.append((self.title(each.scenario), t.number(each.worlds), *pairing, *spreads))
        return rows

    def assumed(self) -> Rows:
        """Return the table of the numbers in rules that this study sets itself, and of those that decide most."""
        t = self.t
        rows: Rows = [tuple(t(f"report.{head}") for head in ("assumption", "here", "usual", "possible", "where_from"))]
        for name, why in self.named_assumptions().items():
            known = quantities()[name]
            unit = t.named("units", known.unit, known.unit)
            reach = f"{t.number(known.low)} … {t.number(known.high)} ({unit})"
            rows.append((f"{capital(parameter_name(t, name))} ({name})", why, t.number(known.default), reach, known.source))
        return rows

    def named_assumptions(self) -> dict[str, str]:
        """Return parameter -> why it stands in the report: the plan sets it, or a difference hangs on it."""
        t, plan = self.t, self.plan
        found: dict[str, list[str]] = {name: [t("report.is_set", value=value)] for name, value in plan.parameters.items()}
        for name, scenario in plan.scenarios.items():
            own = set(scenario.parameters.items()) - set(plan.parameters.items())
            for parameter, value in sorted(own):
                found.setdefault(parameter, []).append(t("report.is_set_in", plan=self.name(name), value=value))
        for rival, values in plan.rival.items():
            for parameter, value in values.items():
                found.setdefault(parameter, []).append(t("report.is_set_in", plan=spoken(rival), value=value))
        for each in self.effects:
            for row in hangs_on(self.study, each.scenario).itertuples():
                found.setdefault(str(row.quantity), []).append(t("report.decides", plan=self.name(each.scenario)))
        return {name: "; ".join(reasons) for name, reasons in found.items()}


def sources(kind: str) -> str:
    """Return what an intervention is based on, as its file says it."""
    text = " ".join((catalogue()[kind].__doc__ or "").split())
    return text.partition("Sources: ")[2]
