"""The page About: the model in words, its loops, its numbers, where they come from, and what it is not."""

import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pandas as pd
import solara

from kantelpunt.viz.report.wording import parameter_name, rule_name
from kantelpunt.viz.text import Text

from ..widgets.frame import Place, begun, use_text
from ..widgets.html import Button, choice, field, prose, table, tag
from . import evidence
from .evidence import ARROWS, Loop

KEY = re.compile(r"\b([pMRB]\d{1,3})\b")  # how texts name a source
State = dict[str, str]
Go = Callable[[State], None]
ARROW_NAMES = {"+": "more", "−": "less"}
PARTS = ("words", "loops", "parameters", "odd", "evidence", "glossary", "limits", "guide", "cite")


@solara.component
def About() -> None:
    """Draw the page for this session."""
    t = use_text()
    begin = begun("about")
    state, set_state = solara.use_state({"part": PARTS[0], **begin} if begin.get("part") in PARTS else {"part": PARTS[0]})
    part = state["part"]
    Place(t, "about", {} if state == {"part": PARTS[0]} else state)
    with tag("div", class_="about"):
        tag("h1", t("about.title"))
        with tag("div", class_="bar", role="group", aria_label=t("about.title")):
            for name in PARTS:
                Button(t(f"about.{name}"), lambda name=name: set_state({"part": name}), "small", pressed=name == part)
        with tag("section", class_="card part"):
            drawn = {"loops": Loops, "parameters": Parameters, "evidence": Evidence, "glossary": Glossary, "odd": Protocol}
            drawn.get(part, Words)(t, state, set_state)


@solara.component
def Words(t: Text, state: State, on_state: Go) -> None:
    """Tell one part in prose."""
    part = state["part"]
    prose(t.page(part) if part == "guide" else t(f"about.{part}_text").replace("VERSION", version("kantelpunt")), "pages")


@solara.component
def Protocol(t: Text, state: State, on_state: Go) -> None:
    """Show the ODD protocol."""
    with tag("div"):
        tag("p", t("about.odd_text"), class_="quiet")
        with tag("div", class_="protocol", tabindex="0", role="region", aria_label=t("about.odd")):
            prose(evidence.protocol())


@solara.component
def Loops(t: Text, state: State, on_state: Go) -> None:
    """Show the causal loops; a click on one lights up the rules that carry it."""
    known = evidence.loops()
    chosen = state["find"] if state.get("find") in known else "R2"
    loop = known[chosen]
    with tag("div"):
        prose(t("about.loops_text"))
        with tag("div", class_="halves wide"):
            with tag("div", class_="looplist"):
                for each in known.values():
                    LoopButton(t, each, each.id == chosen, lambda name: on_state({"part": "loops", "find": name})).key(each.id)
            with tag("div"):
                tag("h2", f"{loop.id}: {loop.nl if t.language == 'nl' else loop.en}")
                tag("p", t("about.reinforcing" if loop.reinforcing else "about.balancing"), class_="quiet")
                Path(t, loop)
                tag("p", t("about.signs", **{ARROW_NAMES[sign]: arrow for sign, arrow in ARROWS.items()}), class_="quiet")
                tag("h3", t("about.carried" if loop.rules else "about.not_carried"))
                with tag("div", class_="rules"):
                    for rule in evidence.rule_texts():
                        tag("span", rule_name(t, rule), class_="rule lit" if rule in loop.rules else "rule")
                for rule in loop.rules:
                    says = t.named("rule_says", rule, evidence.first_line(rule).partition(": ")[2].rstrip("."))
                    tag("p", tag("b", rule_name(t, rule)), f": {says}.")


@solara.component
def LoopButton(t: Text, loop: Loop, chosen: bool, on_choose: Callable[[str], None]) -> None:
    """A loop by its name."""
    label = f"{loop.id}  {loop.nl if t.language == 'nl' else loop.en}"
    Button(label, lambda: on_choose(loop.id), "plain looped", pressed=chosen)


@solara.component
def Path(t: Text, loop: Loop) -> None:
    """Draw a loop as a chain that ends where it begins."""
    names = evidence.table("variables").set_index("id")[t.language]
    with tag("ol", class_="path"):
        for name, sign in loop.steps:
            tag("li", tag("span", names[name], class_="variable"), tag("i", ARROWS[sign], title=t(f"about.sign_{sign}")))
        tag("li", tag("span", names[loop.steps[0][0]], class_="variable again"))


@solara.component
def Parameters(t: Text, state: State, on_state: Go) -> None:
    """Show the numbers of one rule, of all, or those that somebody seeks."""
    table = evidence.parameters()
    rule, sought = state.get("rule", "recruitment"), state.get("find", "")

    def seek(text: str) -> None:
        on_state({"part": "parameters", "rule": rule, "find": text.strip()})

    shown = having(t, table, sought) if sought else table if rule == "" else table[table["rule"] == rule]
    with tag("div"):
        prose(t("about.parameters_text", n=len(table), assumed=int(table["assumed"].sum())))
        rules = {"": t("about.all_rules"), **{name: rule_name(t, name) for name in table["rule"].unique()}}
        with tag("div", class_="halves"):
            choice(t("about.rule"), rules, rule, lambda name: on_state({"part": "parameters", "rule": name}))
            field(t("about.search"), sought, seek, hint=t("about.search_hint"))
        if sought:
            tag("p", t("about.found", n=len(shown)), class_="quiet", role="status")
        elif rule in rules and rule:
            prose("```\n" + evidence.story(rule) + "\n```", "story-of")
        headings = ("what", "default", "range", "unit", "source")
        with tag("div", class_="scroll", tabindex="0", role="region", aria_label=t("about.parameters")), tag("table"):
            tag("thead", tag("tr", *(tag("th", t(f"about.{name}")) for name in headings)))
            tag("tbody", *(parameter_row(t, row, on_state) for row in shown.itertuples()))


def having(t: Text, table: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the parameters that have every word of a text in their name, meaning or source."""
    told = [f"{row.rule}.{row.name} {parameter_name(t, f'{row.rule}.{row.name}')} {row.source}" for row in table.itertuples()]
    words = text.casefold().split()
    return table[[all(word in each.casefold() for word in words) for each in told]]


def linked(text: str, on_state: Go) -> list[Any]:
    """Return a text in which the keys of sources lead to where each is told."""
    known = evidence.source_keys()
    return [
        Button(part, lambda part=part: on_state({"part": known[part], "find": part}), "plain key") if part in known else part
        for part in KEY.split(text)
    ]


def parameter_row(t: Text, row, on_state: Go) -> object:  # type: ignore[no-untyped-def]
    """Return a parameter as a row of a table."""
    name = f"{row.rule}.{row.name}"
    source = linked(row.source, on_state)
    if row.assumed:
        rest = row.source.removeprefix("assumed").lstrip(";:, ")
        source = [tag("span", t("about.assumed"), class_="badge unknown"), " ", *linked(rest, on_state)]
    return tag(
        "tr",
        tag("td", parameter_name(t, name), tag("br"), tag("code", name)),
        tag("td", t.number(row.default)),
        tag("td", t("about.fixed") if row.kind == "fixed" else t("about.from_to", low=row.low, high=row.high)),
        tag("td", t.named("units", row.unit, row.unit)),
        tag("td", *source),
    )


@solara.component
def Evidence(t: Text, state: State, on_state: Go) -> None:
    """Show what the field reports say and where it is in the model, and the start values p01-p52."""
    found = evidence.mechanisms(t.language)
    sought = state.get("find", "")
    reports = list(found["report"].unique())
    report = state["report"] if state.get("report") in reports else reports[0]
    rows = found[found["id"] == sought] if sought else found[found["report"] == report]
    with tag("div"):
        prose(t("about.evidence_text"))
        shown = {name: name for name in reports}
        choice(t("about.report"), shown, report, lambda name: on_state({"part": "evidence", "report": name}))
        if sought:
            with tag("p", role="status"):
                tag("b", t("about.only_key", name=sought), " ")
                Button(t("about.all_keys"), lambda: on_state({"part": "evidence"}), "small")
        headings = [t(f"about.{name}") for name in ("id", "says", "mechanism", "in_rules")]
        if not rows.empty:
            told = [(row, ", ".join(rule_name(t, rule) for rule in row["rules"])) for row in rows.to_dict("records")]
            table(headings, [[row["id"], row["says"], row["mechanism"], carried or "–"] for row, carried in told])
        values = evidence.told("assumptions", t.language)
        if sought:
            values = values[values["id"] == sought]
        if not values.empty:
            tag("h2", t("about.start_values"))
            headings = [t(f"about.{name}") for name in ("id", "what", "default", "range", "basis")]
            table(headings, values.to_numpy().tolist())


@solara.component
def Glossary(t: Text, state: State, on_state: Go) -> None:
    """Show the terms of the field in both languages."""
    table(["Nederlands", "English"], evidence.table("glossary").to_numpy().tolist())
