"""The tables of a report: differences, how sure they are, costs, other outcomes, what is done and what is assumed."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from kantelpunt.experiments.analysis.factor_effects import factor_effects
from kantelpunt.experiments.analysis.sensitivity import hangs_on
from kantelpunt.experiments.design.variants import spoken
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.statistics import Effect
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import outcome_of
from kantelpunt.model.registry import quantities

from ..text import Text, capital
from .wording import moment, outcome_name, parameter_name, plan_name, rival_name, unit_won, verdict

Rows = list[tuple[str, ...]]
MOMENTS = ("from", "until", "date")  # keys of a measure


class Tables:
    """The tables of a study, in one language."""

    def __init__(self, study: StudyResults, t: Text) -> None:
        """Hold the study and the language."""
        self.study, self.t = study, t
        self.question, self.plan = study.question, study.plan
        self.against = self.name(self.question.against)

    @cached_property
    def effects(self) -> list[Effect]:
        """Return what every plan does to the outcomes that decide."""
        return self.study.effects()

    @property
    def first(self) -> list[Effect]:
        """Return what every plan does to the first outcome that decides."""
        return [each for each in self.effects if each.outcome == self.question.outcome]

    @property
    def baselines(self) -> str:
        """Return the plans that others are compared with, one a block."""
        return ", ".join(map(self.name, self.plan.blocks))

    def line(self, effect: Effect) -> str:
        """Return what a line about an effect is called: the plan (which names its area), and the outcome where several decide."""
        title = self.title(effect.scenario)
        return title if len(self.question.decides) == 1 else f"{title}: {outcome_name(self.t, effect.outcome)}"

    def parted(self, effects: list[Effect]) -> dict[tuple[str, str], list[Effect]]:
        """Return (outcome, baseline) -> the effects that share both, in order."""
        found: dict[tuple[str, str], list[Effect]] = {}
        for each in effects:
            found.setdefault((each.outcome, self.plan.baseline(each.scenario)), []).append(each)
        return found

    def name(self, scenario: str) -> str:
        """Return what a plan is called."""
        return plan_name(self.t, scenario)

    def title(self, scenario: str) -> str:
        """Return what a plan is called, as it begins a line."""
        return capital(self.name(scenario))

    def numbers(self) -> Rows:
        """Return the table of differences."""
        t = self.t
        heads = ("plan", "mean", "difference", "interval", "better_in", "verdict")
        rows: Rows = [tuple(t(f"report.{head}") for head in heads)]
        for (outcome, base), some in self.parted(self.effects).items():
            mean = t.number(some[0].baseline, digits_of([some[0].baseline], outcome))
            rows.append((self.line(replace(some[0], scenario=base)), mean, "", "", "", ""))
            rows += [self.numbers_of(each) for each in some]
        return rows

    def numbers_of(self, effect: Effect) -> tuple[str, ...]:
        """Return the row of a difference."""
        t = self.t
        digits, mean = digits_of(effect.difference, effect.outcome), effect.baseline + effect.difference.mean
        ends = f"{t.signed(effect.difference.low, digits)} … {t.signed(effect.difference.high, digits)}"
        better = t("report.of_worlds", n=effect.better, worlds=effect.worlds)
        shown = (t.number(mean, digits_of([mean], effect.outcome)), t.signed(effect.difference.mean, digits), ends, better)
        return (self.line(effect), *shown, verdict(t, effect))

    def factors(self) -> Rows:
        """Return the table of what each choice of a grid does, against its first level; only headings without a grid."""
        t, several = self.t, len(self.question.decides) > 1
        heads = ("plan", *(["outcome"] if several else []), "factor", "difference", "interval", "verdict")
        rows: Rows = [tuple(t(f"report.{head}") for head in heads)]
        for each in factor_effects(self.study):
            own = each.effect
            digits = digits_of(own.difference, own.outcome)
            ends = f"{t.signed(own.difference.low, digits)} … {t.signed(own.difference.high, digits)}"
            said, other = (self.level(each.factor, one) for one in (each.level, each.reference))
            choice = t("report.choice", factor=t.named("factor", each.factor, each.factor), level=said, reference=other)
            first = (self.title(each.baseline), *([outcome_name(t, own.outcome)] if several else []))
            rows.append((*first, choice, t.signed(own.difference.mean, digits), ends, verdict(t, own)))
        return rows

    def level(self, factor: str, level: Any) -> str:
        """Return a level of a factor in words."""
        if factor == "dose":
            return f"{100 * level:.0f} %"
        return self.name(level) if factor == "package" else str(level)

    def rivals(self) -> Rows:
        """Return the table of what every plan does under rival choices in the model, beside what it does as the model is."""
        t = self.t
        rows: Rows = [tuple(t(f"report.{head}") for head in ("plan", "model", "difference", "interval", "verdict"))]
        found = {"": self.effects, **self.study.rivals()}
        for name in [self.line(each) for each in self.effects]:
            for rival, some in found.items():
                for each in (each for each in some if self.line(each) == name):
                    digits = digits_of(each.difference, each.outcome)
                    ends = f"{t.signed(each.difference.low, digits)} … {t.signed(each.difference.high, digits)}"
                    cells = (t.signed(each.difference.mean, digits), ends, verdict(t, each))
                    rows.append((name, rival_name(t, rival) if rival else t("report.as_it_is"), *cells))
        return rows

    def costs(self) -> Rows:
        """Return the table of costs."""
        t, unit = self.t, unit_won(self.t, self.question.outcome)
        total = t("report.total", span=t.span(self.plan.years))
        heads = (total, t("report.more", against=self.baselines), t("report.per_unit", unit=unit))
        rows: Rows = [(t("report.plan"), *heads)]
        for each in self.first:
            extra = self.study.extra_cost(each.scenario)
            won = self.study.price(each)
            per = t("report.undefined")
            if won is not None:
                per = f"{t.euros(won.mean)} ({t.euros(won.low)} … {t.euros(won.high)})"
            rows.append((self.title(each.scenario), t.euros(self.plan.scenarios[each.scenario].cost()), t.euros(extra), per))
        return rows

    def others(self) -> Rows:
        """Return the table of outcomes that were not the question."""
        t, blocks = self.t, self.plan.blocks
        some = self.study.side_effects()
        if len(blocks) > 1:  # as many columns as plans would not fit: a row each
            heads = (t("report.plan"), t("report.outcome"), t("report.difference"), t("report.interval"))
            return [heads, *((self.title(each.scenario), *self.other(each)) for each in some)]
        ((base, names),) = blocks.items()
        rows: Rows = [(t("report.outcome"), self.title(base), *map(self.title, names))]
        found = {(each.outcome, each.scenario): each for each in some}
        for outcome in self.question.also:
            there = [found[outcome, name] for name in names if (outcome, name) in found]
            if there:
                mean = t.number(there[0].baseline, digits_of([there[0].baseline], outcome))
                cells = [self.other(found[outcome, name]) if (outcome, name) in found else ("", "–") for name in names]
                shown = ("\n".join([first, *(f"({each})" for each in ends)]) for _, first, *ends in cells)
                rows.append((self.measured_in(outcome), mean, *shown))
        return rows

    def measured_in(self, outcome: str) -> str:
        """Return an outcome with its unit."""
        unit = outcome_of(outcome).unit
        return f"{capital(outcome_name(self.t, outcome))} ({self.t.named('units', unit, unit)})"

    def other(self, effect: Effect) -> tuple[str, str, str]:
        """Return outcome, difference and interval of a side effect."""
        t, digits = self.t, digits_of(effect.difference, effect.outcome)
        ends = f"{t.signed(effect.difference.low, digits)} … {t.signed(effect.difference.high, digits)}"
        return self.measured_in(effect.outcome), t.signed(effect.difference.mean, digits), ends

    def measures(self) -> Rows:
        """Return what is done in every plan, how much of it, at what cost, and based on what."""
        t = self.t

        def said(key: str, value: Any) -> Any:
            if key in MOMENTS:
                return moment(t, value, self.plan.years)
            return t.number(value, 2 if abs(value) < 10 else 0) if isinstance(value, float) else value

        rows: Rows = [tuple(t(f"report.{head}") for head in ("plan", "measure", "dose", "cost", "where_from"))]
        for name, scenario in self.plan.scenarios.items():
            if not scenario.interventions:
                rows.append((self.title(name), t("report.nothing_done"), "", "", ""))
            for each in scenario.interventions:
                called = t.named("intervention", each.kind, spoken(each.kind))
                table = {key: value for key, value in each.table().items() if key != "kind"}
                parts = (f"{t.named('dose', key, spoken(key))} {said(key, value)}" for key, value in table.items())
                dose = ", ".join(parts) or "100 %"
                share = each.cost(scenario.residents, scenario.horizon) / self.plan.years
                rows.append((self.title(name), called, dose, t.euros(share), t.named("based_on", each.kind, sources(each.kind))))
        return rows

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
            rows.append((self.line(each), t.number(each.worlds), *pairing, *spreads))
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
                found.setdefault(parameter, []).append(t("report.is_set_in", plan=rival_name(t, rival), value=value))
        for each in self.first:
            for row in hangs_on(self.study, each.scenario).itertuples():
                found.setdefault(str(row.quantity), []).append(t("report.decides", plan=self.name(each.scenario)))
        return {name: "; ".join(reasons) for name, reasons in found.items()}


def sources(kind: str) -> str:
    """Return what an intervention is based on, as its file says it."""
    text = " ".join((catalogue()[kind].__doc__ or "").split())
    return text.partition("Sources: ")[2]
