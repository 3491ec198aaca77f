"""Whether the winner of a race holds where the model is another: the same worlds again under rival choices."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kantelpunt.experiments.analysis.rivals import usual
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.running.files import inside
from kantelpunt.experiments.study import Study

from ..text import Text, capital
from .section import Section, numbers, plain
from .wording import holds, is_mix, plan_name, rival_name

if TYPE_CHECKING:
    from kantelpunt.experiments.analysis.best import Race

POINTS = 16  # plausible settings, each in one world


def lived(study: Study, race: "Race", run: Callable[[Study], object]) -> dict[str, Any]:
    """Live the winner of a race and today under rival choices; return verdicts and gains as numbers that JSON can hold.

    Parameters
    ----------
    study : the last judgement of the race.
    run : does a study.
    """
    known = {name: getattr(study.plan, name) for name in type(study.plan).model_fields}
    arms = {name: study.plan.scenario[name] for name in (study.plan.first, race.winner)}
    plan = Plan(**{**known, "scenario": arms, "rival": usual(), "points": min(POINTS, study.plan.points), "worlds": 1})
    again = Study.of(plan, inside(race.folder, "rivals"), study.work)
    run(again)
    rows = [{"rival": name, **row_of(again, some[0])} for name, some in {"": again.effects(), **again.rivals()}.items() if some]
    return {"plan": race.winner, "rows": rows}


def runs(points: int) -> int:
    """Return how many runs that takes, where the race was judged at so many settings."""
    return 2 * (1 + len(usual())) * min(POINTS, points)


def row_of(study: Study, effect: Any) -> dict[str, Any]:
    """Return the verdict on an effect and what it gains, more is better."""
    mean, low, high = effect.difference
    gains = (mean, low, high) if study.question.better == "higher" else (-mean, -high, -low)
    return {"verdict": effect.verdict.key, **dict(zip(("gain", "low", "high"), map(plain, gains), strict=True))}


def line(t: Text, told: dict[str, Any]) -> str:
    """Return under which rival choices the winner holds."""
    first, *others = told["rows"]
    called = t("best.this") if is_mix(told["plan"]) else capital(plan_name(t, told["plan"]))
    return holds(t, called, first["verdict"], {row["rival"]: row["verdict"] for row in others})


def section(told: dict[str, Any], study: StudyResults, t: Text) -> list[Section]:
    """Return what the winner does under every rival choice."""
    heads = tuple(t(key) for key in ("report.model", "best.gain_head", "best.interval", "report.verdict"))
    cells = []
    for row in told["rows"]:
        gain, low, high = numbers(study, t, row["gain"], row["low"], row["high"])
        name = rival_name(t, row["rival"]) if row["rival"] else t("report.as_it_is")
        cells.append((name, gain, f"{low} … {high}", t(f"verdict.{row['verdict']}")))
    return [Section(t("report.rivals"), [line(t, told)], [heads, *cells], t("report.rivals_text"), "rivals", told)]
