"""Packages as cards: every intervention with its intensity, place, dates and price; all controls come from its fields."""

from collections.abc import Callable
from functools import partial
from typing import Any

import solara
from annotated_types import Ge, Le

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import EVERYWHERE, Intervention, catalogue
from kantelpunt.model.interventions.systemic_working import POLICIES
from kantelpunt.model.state.codes import QUARTERS
from kantelpunt.viz.text import Text

from ..widgets.choices import card_name, explained, measures
from ..widgets.event_handlers import vue
from ..widgets.html import Button, Change, choice, field, grouped_choice, slider, tag
from .what_if import MOST_CARDS, Package, Question

GENERAL = ("kind", "from_", "until", "intensity", "ramp", "where", "date")
FULL, STEP, FINE = 100.0, 5.0, 20


@vue("timeline.vue")
def _Timeline(spans: list, weeks: int, start: str, texts: dict, lang: str, event_move: Change) -> None:
    """Bars that can be dragged; see timeline.vue."""


@solara.component
def PackageCards(t: Text, question: Question, i: int, on_change: Callable[[Package], None]) -> None:
    """Draw the interventions of one package, with their timeline."""
    package = question.packages[i]
    opened, set_opened = solara.use_state(-1)
    wrong, set_wrong = solara.use_state("")

    def change(n: int, **values: Any) -> None:
        try:
            changed = package.changed_card(n, **values)
            question.scenario(changed)
        except InputError as error:
            low, high = bounds(type(package.interventions[n]), next(iter(values)))
            allowed = "" if low is None or high is None else t("compare.allowed", low=low, high=high)
            set_wrong(t("compare.refused", value=str(error.value)) + allowed)
            return
        set_wrong("")
        on_change(changed)

    def drag(span: Any) -> None:
        n = span.get("key") if isinstance(span, dict) else None
        if isinstance(n, int) and 0 <= n < len(package.interventions):
            first, last = (min(max(int(span[end]), 0), question.weeks) for end in ("from", "until"))
            change(n, **{"from": first, "until": last})

    def add(kind: str) -> None:
        if kind:
            on_change(package.with_card(kind, question.weeks))

    with tag("div", class_="cards"):
        for n, each in enumerate(package.interventions):
            toggle = partial(set_opened, -1 if opened == n else n)
            remove = partial(on_change, package.without_card(n))
            Card(t, question, each, opened == n, toggle, partial(change, n), remove).key(f"{n}{each.kind}")
        if wrong:
            tag("p", wrong, class_="wrong", role="alert")
        if len(package.interventions) < MOST_CARDS:
            grouped_choice(t("compare.add_card"), {"": {"": t("compare.add_card")}, **measures(t)}, "", add, hidden=True)
        if package.interventions:
            tag("h3", t("compare.when"))
            _Timeline(
                spans=[span_of(t, n, each, question.weeks) for n, each in enumerate(package.interventions)],
                weeks=question.weeks,
                start=question.base().start.isoformat(),
                texts={"from": t("compare.from"), "until": t("compare.until")},
                lang=t.language,
                event_move=drag,
            )


def bounds(kind: type[Intervention], name: str) -> tuple[Any, Any]:
    """Return the least and the most that a field of an intervention may hold; None where it has no such bound."""
    known = kind.model_fields[name].metadata if name in kind.model_fields else []
    low = next((bound.ge for bound in known if isinstance(bound, Ge)), None)
    return low, next((bound.le for bound in known if isinstance(bound, Le)), None)


def span_of(t: Text, n: int, card: Intervention, weeks: int) -> dict[str, Any]:
    """Return the bar of an intervention on the timeline."""
    first = card.from_ if isinstance(card.from_, int) else 0
    last = card.until if isinstance(card.until, int) else weeks
    return {"key": n, "label": card_name(t, card.kind), "from": first, "until": last}


@solara.component
def Card(
    t: Text,
    question: Question,
    card: Intervention,
    opened: bool,
    on_toggle: Callable[[], None],
    on_change: Callable[..., None],
    on_remove: Callable[[], None],
) -> None:
    """Draw one intervention."""
    scenario = question.base()
    cost = card.cost(scenario.residents, scenario.horizon)
    with tag("div", class_="intervention"):
        with tag("div", class_="bar nowrap"):
            tag("b", card_name(t, card.kind), class_="grow")
            tag("span", t.euros(cost), class_="quiet")
            Button("…", on_toggle, "small", hint=t("compare.more", name=card_name(t, card.kind)), pressed=opened)
            Button("×", on_remove, "small", hint=t("compare.remove", name=card_name(t, card.kind)))
        share = round(FULL * card.intensity)
        slider(
            t("compare.intensity"), share, 0.0, FULL, STEP, lambda value: on_change(intensity=value / FULL), shown=f"{share} %"
        )
        if opened:
            tag("p", explained(t, card.kind), class_="quiet")
            where = card.where if isinstance(card.where, str) else card.where[0]
            places = {name: t(f"place.{name}") for name in (EVERYWHERE, *QUARTERS)}
            choice(t("compare.where"), places, where, lambda value: on_change(where=value))
            for name, known in type(card).model_fields.items():
                if name not in GENERAL:
                    Dose(t, card, name, known, on_change).key(name)


def dividers(t: Text) -> dict[str, str]:
    """Return who may divide a budget, and what all of it may go to -> what they are called."""
    kinds = catalogue()
    return {name: card_name(t, name) if name in kinds else t(f"policy.{name}") for name in POLICIES}


@solara.component
def Dose(t: Text, card: Intervention, name: str, known: Any, on_change: Callable[..., None]) -> None:
    """Draw the control that a field of an intervention asks for: a slider within bounds, or else a number to type."""
    value = getattr(card, name)
    low, high = bounds(type(card), name)
    label = t("compare.cost_per_year") if name == "cost_per_year" else t.named(
        "intervention_field", f"{card.kind}.{name}", str(known.description)
    )  # fmt: skip
    if isinstance(value, str):
        choice(label, dividers(t), value, lambda new: on_change(**{name: new}))
        return
    if value is not None and low is not None and high is not None and known.default is not None:
        step = 1 if known.annotation is int else (high - low) / FINE / (10 if high > WEEKS_A_YEAR else 1)
        slider(label, value, low, high, step, lambda number: on_change(**{name: number}), shown=t.number(value))
        return

    def typed(text: str) -> None:
        plain = text.strip().replace(",", ".")
        number: Any = None
        if plain:
            try:
                number = int(float(plain)) if known.annotation == int | None else float(plain)
            except (ValueError, OverflowError):
                number = plain
        on_change(**{name: number})

    field(label, "" if value is None else f"{value:g}", typed, hint=t("compare.left_out"))
