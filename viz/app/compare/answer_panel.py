"""The answer: words first, then pictures, then what it hangs on and what may not be concluded."""

import math
from collections.abc import Sequence

import solara

from kantelpunt.experiments.analysis.sensitivity import hangs_on
from kantelpunt.experiments.statistics import Effect
from kantelpunt.viz.report import figures, wording
from kantelpunt.viz.report import html as report
from kantelpunt.viz.report.answer import Answer
from kantelpunt.viz.text import Text

from ..background_study import Check
from ..rejection import Refused
from ..widgets.background import Drawn, use_made
from ..widgets.html import Button, prose_of, swatch, tag, untrusted
from ..widgets.regime_bar import Standing
from .downloads import SAVED, Downloads
from .gains_panel import WhoGains
from .quick_answer import STEPS, Quick
from .quick_figure import of_quick
from .session import CompareSession


@solara.component
def QuickAnswer(t: Text, desk: CompareSession, change: int) -> None:
    """Tell the answer at once; an old one is faint until the new one is there."""
    quick = desk.quick
    if quick and desk.check and desk.check.ended and desk.check.effects:  # a better answer stands above this one
        with tag("section", class_="card answer"):
            Standing(t, quick.regimes, quick.worlds)
        return
    with tag("section", class_="card answer stale" if desk.busy else "card answer", aria_live="polite"):
        with tag("div", class_="bar"):
            tag("h2", t("compare.at_once"), class_="grow")
            if not desk.check:
                possible = bool(desk.question.packages) and quick is not None and quick.question.alike(desk.question)
                Button(t("compare.check"), lambda: desk.start_check(title(t, desk)), "strong check", disabled=not possible)
        if desk.unanswered:
            tag("p", desk.unanswered.said(t), class_="wrong", role="alert")
        if quick is None or not quick.question.alike(desk.question):  # never what another area, outcome or time shows
            if not desk.unanswered:
                tag("p", t("compare.thinking"), class_="quiet")
            return
        shades = figures.shades_of(["", *(each.scenario for each in quick.effects)], "")
        name = wording.outcome_name(t, quick.question.outcome)
        over = wording.over(t, quick.question.outcome, quick.question.years)
        tag("p", t("compare.base", area=quick.area, outcome=name, over=over, n=quick.base, worlds=quick.worlds), class_="quiet")
        ghosts = [was for each in quick.effects if (was := earlier(desk, quick, each.scenario))]
        reach = scale([*quick.effects, *ghosts])
        for each in quick.effects:
            cost, price = quick.costs[each.scenario], quick.prices[each.scenario]
            words = wording.money(t, cost, price, each.outcome)
            was = earlier(desk, quick, each.scenario)
            Verdict(t, each, shades[each.scenario], quick.question.years, quick.matters, words, reach, was).key(each.scenario)
            WhoGains(t, quick.gains[each.scenario]).key(f"gains {each.scenario}")
        if not quick.effects:
            tag("p", t("compare.no_package"))
        else:
            Sharpening(t, quick.worlds, bool(desk.check))
            tag("p", t("compare.first_look"), class_="quiet")
            QuickPicture(t, desk, quick)
        if quick.deviations:
            tag("p", t("limit.deviates", area=quick.area, deviations=wording.deviating(t, quick.deviations)), class_="quiet")
        Standing(t, quick.regimes, quick.worlds)


@solara.component
def Verdict(
    t: Text, effect: Effect, colour: str, years: int, matters: float, money: str, reach: tuple[float, float],
    was: Effect | None = None,
) -> None:  # fmt: skip
    """Tell what one package does: in one large number and a band, then in words; and what it did before the last move."""
    with tag("div", class_="verdict"):
        with tag("p"):
            swatch(colour)
            tag("b", effect.scenario)
            tag("span", wording.verdict(t, effect), class_=f"badge {effect.verdict.key}")
        with tag("div", class_="headline"):
            tag("span", wording.headline(t, effect), class_="large")
            Band(effect, colour, reach, was)
        if was:
            tag("p", t("compare.was", change=wording.headline(t, was)), class_="quiet ghostly")
        tag("p", wording.sentence(t, effect, years, matters))
        tag("p", money, class_="quiet")


def earlier(desk: CompareSession, quick: Quick, name: str) -> Effect | None:
    """Return what a package did in the answer before the last move; None where it did the same, or was not there."""
    if not desk.before or not desk.before.question.alike(quick.question):
        return None
    packages = {each.name: each for each in desk.before.question.packages}
    if packages.get(name) == next(each for each in quick.question.packages if each.name == name):
        return None
    return next((each for each in desk.before.effects if each.scenario == name), None)


def scale(effects: Sequence[Effect]) -> tuple[float, float]:
    """Return the least and the most that the bands of these packages reach, with nothing among them."""
    ends = [0.0, *(end for each in effects for end in (each.difference.low, each.difference.high, each.difference.mean))]
    known = [end for end in ends if math.isfinite(end)]
    return min(known), max(known)


@solara.component
def Band(effect: Effect, colour: str, reach: tuple[float, float], was: Effect | None = None) -> None:
    """Draw the interval of a difference, and below it that of an earlier one, on the scale of all packages."""
    low, high = reach
    found = effect.difference
    if low == high or not math.isfinite(found.low):
        return

    def at(value: float) -> float:
        return 100.0 * (value - low) / (high - low)

    with tag("div", class_="band", aria_hidden="true"):
        tag("u", style=f"left:{at(0.0):.1f}%")
        tag("i", style=f"left:{at(found.low):.1f}%;width:{at(found.high) - at(found.low):.1f}%;background:{colour}")
        tag("b", style=f"left:{at(found.mean):.1f}%")
        if was and math.isfinite(was.difference.low):  # last, since an element that is there keeps its tag
            before = was.difference
            width = f"width:{at(before.high) - at(before.low):.1f}%"
            tag("s", style=f"left:{at(before.low):.1f}%;{width};border-color:{colour}")


@solara.component
def QuickPicture(t: Text, desk: CompareSession, quick: Quick) -> None:
    """Draw it, after the words."""
    caption = t("picture.caption", worlds=quick.worlds)
    known = [quick.question, quick.worlds, t.language]
    Drawn(t, lambda: of_quick(t, quick, lambda: desk.quick is quick), known, caption, keep=True)


@solara.component
def Sharpening(t: Text, worlds: int, checking: bool) -> None:
    """Tell in how many worlds this is the answer, and that more are on their way."""
    more = worlds < STEPS[-1] and not checking
    with tag("div", class_="sharpening", aria_live="off"):
        tag("progress", value=str(worlds / STEPS[-1]), max="1", aria_label=t("compare.worlds_in"))
        tag("p", t("compare.sharpens" if more else "compare.sharp", n=worlds, of=STEPS[-1]), class_="quiet")


@solara.component
def Thorough(t: Text, desk: CompareSession, check: Check, change: int) -> None:
    """Follow or tell the thorough check."""
    with tag("section", class_="card answer"):
        tag("h2", t("compare.thorough"))
        if not check.ended:
            tag("p", t("compare.thorough_text"), class_="quiet")
            Progress(t, check, change)
        elif check.failed:
            tag("p", check.failed.said(t), class_="wrong", role="alert")
        else:
            Checked(t, desk, check)


def title(t: Text, desk: CompareSession) -> str:
    """Return the question in one line."""
    names = t("compare.or").join(each.name for each in desk.question.packages)
    return f"{desk.areas.get(desk.question.area, desk.question.area)}: {names}?"


@solara.component
def Progress(t: Text, check: Check, change: int) -> None:
    """Show how far it is, how long it takes, and a way to stop."""
    if check.waiting:
        tag("p", t("compare.in_line"))
    else:
        left = check.seconds_left
        wait = t("compare.left", time=t.duration(left)) if math.isfinite(left) else ""
        tag("p", t("compare.progress", done=check.done, size=check.size) + " " + wait, aria_live="off")
        tag("progress", value=str(check.share), max="1", aria_label=t("compare.thorough"))
    Button(t("compare.stop"), check.stop)


@solara.component
def Checked(t: Text, desk: CompareSession, check: Check) -> None:
    """Tell the answer of the thorough check."""
    again, answer = solara.use_reactive(0), solara.use_memo(lambda: Answer(check.study, t), [check, t.language])
    page = use_made(lambda: report.page(answer, SAVED).encode(), [check, t.language])
    futures = use_made(lambda: answer.futures, [check, t.language])
    told = {
        "report.futures": [futures.said(t)] if isinstance(futures, Refused) else futures,
        "compare.not_concluded": answer.limits(),
    }

    def forget() -> None:
        desk.forget_check()
        desk.show()
        again.value += 1

    with tag("div"):
        if not check.effects:
            tag("p", t("compare.too_short"))
            Button(t("compare.check_again"), forget)
            return
        plan = check.plan
        if check.done < check.size:
            tag("p", t("compare.stopped", done=check.done, size=check.size), class_="wrong")
        people = plan.scenarios[plan.first].n_people
        tag("p", t("compare.checked", points=check.effects[0].points, people=people), class_="quiet")
        shades, reach = figures.colours_of(check.study), scale(check.effects)
        for each in check.effects:
            cost = plan.scenarios[each.scenario].cost()
            words = wording.money(t, cost, check.prices[each.scenario], each.outcome)
            with tag("div"):
                Verdict(t, each, shades[each.scenario], plan.years, plan.question.matters, words, reach)
                Assumptions(t, check, each.scenario)
        Downloads(t, check, page)
        CheckedPictures(t, check)
        for heading, lines in told.items():
            with tag("details"):
                tag("summary", t(heading))
                prose_of(untrusted("\n".join(f"- {line}" for line in lines or [t("compare.thinking")])))  # with names of a plan


@solara.component
def CheckedPictures(t: Text, check: Check) -> None:
    """Draw what every package does, and how it goes over the years."""
    with tag("div"):
        for name, make in {"effects": figures.effects, "course": figures.course}.items():
            Drawn(t, lambda make=make: figures.svg(make(check.study, t)), [check, name, t.language]).key(name)


@solara.component
def Assumptions(t: Text, check: Check, scenario: str) -> None:
    """Tell on which assumptions the answer hangs."""
    table = solara.use_memo(lambda: hangs_on(check.study, scenario), [check, scenario])
    if table.empty:
        tag("p", t("compare.hangs_on_nothing"), class_="quiet")
        return
    more_is_better = check.study.question.better == "higher"
    lines = [
        t(f"compare.hangs_{'better' if (row.correlation > 0) == more_is_better else 'worse'}",
          what=wording.parameter_name(t, row.quantity))
        for row in table.itertuples()
    ]  # fmt: skip
    tag("p", t("compare.hangs_on", what="; ".join(lines)), class_="quiet")
