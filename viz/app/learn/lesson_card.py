"""The lesson beside the maps: scene, prediction by the room, run, reveal, questions to talk about."""

import solara

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.report.figures import capital
from kantelpunt.viz.text import Text

from ..rejection import Refused
from ..widgets.background import use_made
from ..widgets.html import Button, prose, tag
from .lessons import STEPS, WAYS
from .maps import over_weeks
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
        tag("h1", t(f"lesson.{name}.title"))
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


@solara.component
def Scene(t: Text, room: LessonSession, glance: int) -> None:
    """Set the scene."""
    prose(t(f"lesson.{room.name}.scene"))


@solara.component
def Predict(t: Text, room: LessonSession, glance: int) -> None:
    """Count the hands in the room, and the phones."""
    lesson, ticks = room.lesson, solara.use_reactive(0)
    ticks.get()
    if lesson is None:
        return
    told = room.predictions
    with tag("div"):
        prose(t(f"lesson.{room.name}.question"))
        for way in WAYS:
            name = t(f"way.{way}", percent=lesson.asked.percent)
            with tag("div", class_="vote"):
                tag("span", name, class_="grow")
                Button("−", lambda way=way: room.vote(way, -1), "small", hint=t("learn.hand_less", way=name))
                tag("output", t.number(told[way]))
                Button("+", lambda way=way: room.vote(way, 1), "small", hint=t("learn.hand_more", way=name))
                share = 100 * told[way] / max(*told.values(), 1)
                tag("i", class_="hands", style=f"width:{share:.0f}%", aria_hidden="true")
        with tag("div", class_="bar ballot"):
            if not room.ballot:
                Button(t("vote.begin"), room.begin_ballot, "small", hint=t("vote.begin_hint"))
            if any(told.values()):
                Button(t("learn.forget_votes"), room.forget_votes, "small")
        if room.ballot:
            Phones(t, room.ballot, ticks)


@solara.component
def Run(t: Text, room: LessonSession, glance: int) -> None:
    """Tell what to look at while it runs."""
    with tag("div"):
        prose(t(f"lesson.{room.name}.watch"))
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
    left, right = t(f"lesson.{name}.left"), t(f"lesson.{name}.right")
    with tag("div"):
        way = t(f"found.{found.way}", percent=lesson.asked.percent)
        when = over_weeks(t, lesson.asked)
        prose(t("lesson_step.found", outcome=outcome, a=left, b=right, way=way, world=room.seed, when=when, **numbers))
        tag("p", tag("b", t(f"lesson.{name}.{found.way}")))
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
        prose(t(f"lesson.{name}.meaning"))


@solara.component
def Talk(t: Text, room: LessonSession, glance: int) -> None:
    """Ask what to talk about."""
    with tag("div"):
        with tag("ul", class_="talk"):
            for line in t.lines(f"lesson.{room.name}.talk"):
                tag("li", line)
        tag("p", t("lesson_step.no_proof"), class_="quiet")
