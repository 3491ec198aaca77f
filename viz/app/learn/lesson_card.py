"""The lesson beside the maps: scene, prediction by the room, run, reveal, questions to talk about."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import solara

from kantelpunt.experiments.exchange.spreadsheet import as_csv
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report.figures import capital
from kantelpunt.viz.text import Text

from ..own_files import NAMED
from ..rejection import Refused
from ..votes import LEVELS, Question
from ..widgets.background import use_made
from ..widgets.html import Button, prose, prose_of, table, tag, untrusted
from .lessons import STEPS, WAYS
from .maps import over_weeks
from .own_lessons import lines, words
from .phones import Phones
from .session import OTHERS, LessonSession


@solara.component
def LessonCard(t: Text, room: LessonSession, glance: int) -> None:
    """Draw the step of the lesson that the room is at."""
    name, at = room.name, STEPS.index(room.step)
    with tag("section", class_="card lesson"):
        with tag("ol", class_="steps", aria_label=t("lesson_step.label")):
            for i, step in enumerate(STEPS):
                state = "here" if i == at else "done" if i < at else ""
                tag("li", t(f"lesson_step.{step}"), class_=state, **({"aria_current": "step"} if i == at else {}))
        tag("h1", words(t, name, "title"))
        with tag("div", class_="step"):
            {"scene": Scene, "predict": Predict, "run": Run, "reveal": Reveal, "talk": Talk}[room.step](t, room, glance)
        with tag("div", class_="bar"):
            Button(t("lesson_step.back"), lambda: room.move(-1), disabled=at == 0)
            tag("span", class_="grow")
            waiting = room.step == "run" and not room.ended
            if at == len(STEPS) - 1:
                to_next = t("lesson_step.next_lesson" if room.next_lesson else "learn.free")
                Button(to_next, lambda: room.choose(room.next_lesson), "strong")
            else:
                Button(t(f"lesson_step.to_{STEPS[at + 1]}"), lambda: room.move(1), "strong next", disabled=waiting)


def said(t: Text, room: LessonSession, part: str) -> Any:
    """Return what is said in the lesson; that of a file without links or pictures."""
    text = words(t, room.name, part)
    return prose_of(untrusted(text)) if room.name.startswith(NAMED) else prose(text)


@solara.component
def Scene(t: Text, room: LessonSession, glance: int) -> None:
    """Set the scene, and ask a question that comes back after the lesson."""
    ticks = solara.use_reactive(0)
    with tag("div"):
        said(t, room, "scene")
        with tag("details", class_="asked"):
            tag("summary", t("level.before"))
            Levels(t, room, "before", ticks, (glance, ticks.value))


@solara.component
def Levels(t: Text, room: LessonSession, question: Question, ticks: solara.Reactive[int], change: object) -> None:
    """Count who agrees, by hands and phones, before the lesson or after it."""
    with tag("div"):
        said(t, room, "belief")
        Hands(t, {level: t(f"level.{level}") for level in LEVELS}, room.answered(question), partial(room.answer, question))
        ByPhone(t, room, question, ticks, change)


@solara.component
def Hands(t: Text, names: dict[Any, str], told: dict[Any, int], on_hand: Callable[[Any, int], None]) -> None:
    """Count hands at each answer."""
    most = max(*told.values(), 1)
    with tag("div"):
        for key, name in names.items():
            with tag("div", class_="vote"):
                tag("span", name, class_="grow")
                Button("−", partial(on_hand, key, -1), "small", hint=t("learn.hand_less", way=name))
                tag("output", t.number(told[key]))
                Button("+", partial(on_hand, key, 1), "small", hint=t("learn.hand_more", way=name))
                tag("i", class_="hands", style=f"width:{100 * told[key] / most:.0f}%", aria_hidden="true")


@solara.component
def ByPhone(t: Text, room: LessonSession, question: Question, ticks: solara.Reactive[int], change: object) -> None:
    """Let phones answer too, or forget all answers."""
    with tag("div"):
        with tag("div", class_="bar ballot"):
            if not room.ballot:
                Button(t("vote.begin"), room.begin_ballot, "small", hint=t("vote.begin_hint"))
            if room.rows():
                Button(t("learn.forget_votes"), room.forget_votes, "small")
        if room.ballot:
            Phones(t, room.ballot, ticks, t("vote.count", n=sum(room.ballot.counted(question).values())))


@solara.component
def Predict(t: Text, room: LessonSession, glance: int) -> None:
    """Count the hands in the room, and the phones."""
    lesson, ticks = room.lesson, solara.use_reactive(0)
    ticks.get()
    if lesson is None:
        return
    with tag("div"):
        said(t, room, "question")
        Hands(t, {way: t(f"way.{way}", percent=lesson.asked.percent) for way in WAYS}, room.predictions, room.vote)
        ByPhone(t, room, "way", ticks, (glance, ticks.value))


@solara.component
def Run(t: Text, room: LessonSession, glance: int) -> None:
    """Tell what to look at while it runs."""
    with tag("div"):
        said(t, room, "watch")
        tag("p", t("lesson_step.ended" if room.ended else "lesson_step.running"), class_="quiet")


@solara.component
def Reveal(t: Text, room: LessonSession, glance: int) -> None:
    """Tell what happened in this run, how the room did, and how it goes in other worlds."""
    found, lesson = room.found, room.lesson
    name = room.name
    seeds = range(room.seed + 1, room.seed + 1 + OTHERS)
    others = use_made(lambda: lesson.elsewhere(seeds) if lesson else {}, [name, room.seed])
    if found is None or lesson is None:
        return
    asked = OUTCOMES[lesson.asked.outcome]
    outcome = capital(t.named("outcome", lesson.asked.outcome, asked.definition))
    numbers = {"left": t.amount(found.left, asked.unit), "right": t.amount(found.right, asked.unit)}
    left, right = words(t, name, "left"), words(t, name, "right")
    with tag("div"):
        way = t(f"found.{found.way}", percent=lesson.asked.percent)
        when = over_weeks(t, lesson.asked)
        found_so = t("lesson_step.found", outcome=outcome, a=left, b=right, way=way, world=room.seed, when=when, **numbers)
        prose_of(untrusted(found_so))
        tag("p", tag("b", words(t, name, found.way)))
        hands = sum(room.predictions.values())
        if hands:
            tag("p", t("lesson_step.room", right=room.predictions[found.way], hands=hands), class_="room")
        if isinstance(others, Refused):
            tag("p", others.said(t), class_="wrong", role="alert")
        elif others:
            counted = [t(f"elsewhere.{way}", n=n) for way, n in others.items() if n]
            tag("p", t("lesson_step.elsewhere", n=OTHERS, counted=", ".join(counted)))
            if lesson.mostly is None:
                tag("p", t("lesson_step.varies"))
            elif lesson.mostly != found.way:
                tag("p", t("lesson_step.unusual"))
        else:
            tag("p", t("lesson_step.trying", n=OTHERS), class_="quiet")
        said(t, room, "meaning")


@solara.component
def Talk(t: Text, room: LessonSession, glance: int) -> None:
    """Ask what to talk about, and again what was asked beforehand."""
    ticks = solara.use_reactive(0)
    with tag("div"):
        with tag("ul", class_="talk"):
            for line in lines(t, room.name, "talk"):
                tag("li", line)
        tag("p", t("lesson_step.no_proof"), class_="quiet")
        with tag("details", class_="asked", **({"open": ""} if any(room.answered("before").values()) else {})):
            tag("summary", t("level.after"))
            Levels(t, room, "after", ticks, (glance, ticks.value))
            Changed(t, room, (glance, ticks.value))


@solara.component
def Changed(t: Text, room: LessonSession, change: object) -> None:
    """Set the answers before and after side by side, and hand them out without a name."""
    before, after = room.answered("before"), room.answered("after")
    if not any(before.values()) or not any(after.values()):
        tag("p", t("level.later"), class_="quiet")
        return
    rows = [[t(f"level.{level}"), t.number(before[level]), t.number(after[level])] for level in LEVELS]
    with tag("div"):
        table([t("level.answer"), t("level.was"), t("level.is")], rows)
        with tag("div", class_="bar downloads"):
            solara.FileDownload(anonymous(t, room), "kantelpunt-answers.csv", label=t("level.take"), mime_type="text/csv")
        tag("p", t("level.anonymous"), class_="quiet")


def anonymous(t: Text, room: LessonSession) -> str:
    """Return all answers as CSV: hands together, and each phone under a number that says nothing of who it was."""
    percent = room.lesson.asked.percent if room.lesson else 0
    rows = [
        {
            t("level.who"): t("level.phone", n=who) if who else t("level.hands"),
            t("level.moment"): t(f"level.moment_{question}"),
            t("level.answer"): t(f"way.{answer}", percent=percent) if question == "way" else t(f"level.{answer}"),
            t("level.number"): n,
        }
        for who, question, answer, n in room.rows()
    ]
    return as_csv(pd.DataFrame(rows), index=False)
