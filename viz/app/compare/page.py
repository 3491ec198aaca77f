"""The page Compare: what-if for policy makers, an answer at once and a thorough check."""

from dataclasses import replace
from functools import partial
from typing import Any

import solara

from kantelpunt.viz.report.figures import shades_of
from kantelpunt.viz.text import Text

from ..background_study import CHECKED, POINTS
from ..rejection import Refused
from ..widgets.choices import card_name, outcome_choice, situation_choice
from ..widgets.event_handlers import vue
from ..widgets.frame import Place, address, begun, use_text
from ..widgets.gathered import Gathered
from ..widgets.html import Button, Drop, choice, field, slider, swatch, tag
from .answer_panel import QuickAnswer, Thorough, title
from .area_choice import AreaChoice
from .budget import BudgetBar
from .downloads import SAVED
from .package_editor import PackageCards
from .session import CompareSession
from .templates import package as package_of
from .templates import templates
from .upload import MOST_BYTES, MOST_PLAN, left_out
from .what_if import MOST_BUDGET, MOST_PACKAGES, MOST_YEARS, TODAY, Package, Question

EXAMPLE = ("visible_presence", "youth_activities")


@vue("copy.vue")
def _Copy(label: str, address: str, text: str, done: str) -> None:
    """An address to copy; see copy.vue."""


def example(t: Text) -> Question:
    """Return a question to begin with."""
    question = Question()
    return replace(question, packages=tuple(Package(card_name(t, kind)).with_card(kind, question.weeks) for kind in EXAMPLE))


@solara.component
def Compare() -> None:
    """Draw the page for this session."""
    t, begin = use_text(), begun("compare")
    changes = solara.use_reactive(0)

    def make() -> CompareSession:
        return CompareSession(example(t), Gathered(lambda: changes.set(changes.peek() + 1)), begin.get("q", ""))

    desk = solara.use_memo(make, [])
    solara.use_effect(lambda: desk.close, [])
    changes.get()
    Place(t, "compare", {"q": desk.question.to_link()})
    with tag("div", class_="compare"):
        with tag("div", class_="bar"):
            tag("h1", t("compare.title"), class_="grow")
            Button(t("compare.undo"), desk.undo, "small", disabled=not desk.can_undo)
            Button(t("compare.redo"), desk.redo, "small", disabled=not desk.can_redo)
        with tag("div", class_="columns"):
            with tag("div", class_="stack"):
                Asked(t, desk, changes.value)
                Packages(t, desk, changes.value)
                Files(t, desk, changes.value)
            with tag("div", class_="stack"):
                if desk.check:  # what somebody waits for, or has waited for, comes first
                    Thorough(t, desk, desk.check, changes.value)
                QuickAnswer(t, desk, changes.value)
                if desk.question.packages:
                    Further(t, bool(desk.check and desk.check.ended and desk.check.effects))


@solara.component
def Further(t: Text, checked: bool) -> None:
    """Lead to the analyses that go on with this question; what to find out first takes a thorough check."""
    with tag("section", class_="card"):
        tag("h2", t("deciding.further"))
        tag("p", t("deciding.further_text"), class_="quiet")
        with tag("div", class_="bar"):
            for side in ("parts", "best", *(["worth"] if checked else [])):
                study = {"study": CHECKED} if side == "worth" else {}
                with solara.Link(address("/explore", lang=t.language, side=side, **study)):
                    tag("span", t(f"explore.{side}"), class_="button small")


@solara.component
def Asked(t: Text, desk: CompareSession, change: int) -> None:
    """Choose the area, the outcome, the years, the budget."""
    question = desk.question
    with tag("section", class_="card stack"):
        with tag("div", class_="halves"):
            AreaChoice(t, desk, change)
            situation_choice(t, question.situation, lambda name: desk.set(replace(question, situation=name)))
            with tag("div", class_="whole"):
                outcome_choice(t, question.outcome, lambda name: desk.set(replace(question, outcome=name)), judged=True)
            years = t.span(question.years)
            slider(
                t("compare.years"), question.years, 1, MOST_YEARS, 1, lambda n: desk.set(question.for_years(int(n))), shown=years
            )

            def budget(text: str) -> None:
                plain = "".join(each for each in text if each.isdigit())
                desk.set(replace(question, budget=min(float(plain or 0), MOST_BUDGET)))

            shown = t.number(question.budget, 0) if question.budget else ""
            field(t("compare.budget"), shown, budget, hint=t("compare.budget_hint"))
        tag("p", t("compare.people", n=question.people), class_="quiet")
        with tag("div", class_="bar"), solara.Link(address("/explore", lang=t.language, side="best")):
            tag("span", t("deciding.ask_best"), class_="button small")


@solara.component
def Packages(t: Text, desk: CompareSession, change: int) -> None:
    """Put packages together."""
    at, set_at = solara.use_state(0)
    packages = desk.question.packages
    i = min(at, len(packages) - 1)
    shades = shades_of([TODAY, *(each.name for each in packages)], TODAY)

    def add() -> None:
        desk.add_package(t("compare.package", name="ABCD"[len(packages)]))
        set_at(len(packages))

    def begin(name: str) -> None:
        if name:
            desk.begin_with(package_of(name, t(f"template.{name}"), desk.question.weeks))
            set_at(len(packages))

    with tag("section", class_="card"):
        with tag("div", class_="bar packages", role="group", aria_label=t("compare.packages")):
            for n, each in enumerate(packages):
                with tag("span", class_="bar nowrap package"):
                    swatch(shades[each.name])
                    Button(each.name, partial(set_at, n), "small", pressed=n == i)
            if len(packages) < MOST_PACKAGES:
                Button(t("compare.add_package"), add, "small")
                ready = {name: t(f"template.{name}") for name in templates()}
                choice(t("compare.template"), {"": t("compare.template"), **ready}, "", begin, hidden=True)
        if packages:
            package = packages[i]
            with tag("div", class_="bar nowrap", style="align-items: end; margin: 10px 0"):
                field(t("compare.name"), package.name, partial(desk.rename_package, i))
                tag("span", class_="grow")
                Button(t("compare.remove_package"), partial(desk.remove_package, i), "small")
            PackageCards(t, desk.question, i, lambda changed: desk.set(desk.question.with_package(i, changed))).key(f"{i}")
            BudgetBar(t, desk.question, package)


@solara.component
def Files(t: Text, desk: CompareSession, change: int) -> None:
    """Take areas and questions from files, and hand the question out as a file or a link."""
    missed = left_out(desk.upload, t) if desk.upload else ""
    root = solara.use_router().root_path

    def areas(about: Any, buffers: Any = ()) -> None:
        if isinstance(about, dict) and buffers:
            desk.take_areas(str(about.get("name", "")), bytes(buffers[0]))

    def plan(_: Any, buffers: Any = ()) -> None:
        if buffers:
            desk.take_plan(bytes(buffers[0]))

    question, matters = desk.question, desk.quick.matters if desk.quick else 1.0
    content = solara.use_memo(  # written once somebody wants it
        lambda: lambda: question.to_toml(title(t, desk), matters, POINTS), [question, matters, t.language]
    )
    with tag("section", class_="card stack files"):
        tag("h2", t("compare.files"))
        if desk.refused:
            tag("p", desk.refused.said(t), class_="wrong", role="alert")
        with tag("div", class_="halves"):
            Drop(
                label=t("compare.drop_area"), busyText=t("compare.reading"), accept=".xlsx,.csv,.txt,.tsv", most=MOST_BYTES,
                event_send=areas, event_refuse=lambda _: desk.refuse(Refused("large", most=MOST_BYTES // 1_000_000)),
            )  # fmt: skip
            Drop(
                label=t("compare.drop_plan"), busyText=t("compare.reading"), accept=".toml", most=MOST_PLAN,
                event_send=plan, event_refuse=lambda _: desk.refuse(Refused("large_plan", most=MOST_PLAN // 1_000)),
            )  # fmt: skip
        with tag("div", class_="bar downloads"):
            if desk.question.packages:
                solara.FileDownload(content, SAVED, label=t("compare.save"), mime_type="application/toml")
            if desk.upload:
                Button(t("compare.built_in"), desk.forget_upload)
        if missed:
            tag("p", missed, class_="wrong", role="status")
        link = root + address("/compare", lang=t.language, q=desk.question.to_link())
        _Copy(label=t("compare.link"), address=link, text=t("compare.copy"), done=t("compare.copied"))
