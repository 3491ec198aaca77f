"""Plans that change course, in words and tables: where to begin, what to watch, when to change, and what watching adds."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kantelpunt.experiments.results import StudyResults

from ..text import Text, capital
from .section import Section, ends, numbers, plain, records, unit
from .wording import outcome_name, plan_name

if TYPE_CHECKING:
    from kantelpunt.experiments.analysis.pathways import Pathways

VERDICTS = {"better": "beats", "worse": "loses"}


def pathways_told(found: "Pathways", budget: float | None) -> dict[str, Any]:
    """Return what `pathways` found as numbers that JSON can hold."""
    told: dict[str, Any] = {"winner": found.winner, "budget": budget, "tried": found.tried, "late": found.late}
    told |= {"plan": found.plan, "every": found.routes.looks[0], "policies": records(found.table), "beats": records(found.beats)}
    dates = [{key: plain(value) for key, value in row.items()} for row in records(found.dates)] if len(found.dates) else []
    return told | {"dates": dates}


def section(told: dict[str, Any], study: StudyResults, t: Text) -> list[Section]:
    """Return when to begin, what to watch and when to change."""
    policies = {each["name"]: each for each in told["policies"]}
    winner = policies[told["winner"]]
    best = t("pathways.best", policy=policy_name(study, t, winner), cost=t.euros(winner["cost"]), n=t.number(told["tried"]))
    lines = [best, *compared(told, winner, policies, study, t)]
    watching = next((each for each in told["policies"] if each["sign"]), None)
    lines += watched(watching, study, t) if watching else [t("pathways.no_sign")]
    lines += sell_by(told, study, t)
    lines.append(t("pathways.looks", every=t.number(told["every"]), late=t.number(told["late"])))
    heads = ("name", "cost", "gain_head", "interval", "worst", "changes", "between", "watching")
    return [Section(t("pathways.title"), lines, [tuple(t(f"pathways.{each}") for each in heads), *cells(told, study, t)],
                    t("pathways.text"), "pathways", told)]  # fmt: skip


def compared(told: dict[str, Any], winner: dict[str, Any], policies: dict, study: StudyResults, t: Text) -> list[str]:
    """Return what the best does over the first plan, and which plans it is surely better than."""
    first = study.plan.first
    lines = []
    if winner["name"] != first:
        known = {"outcome": outcome_name(t, study.question.outcome), "unit": unit(study, t), "today": plan_name(t, first)}
        sure = winner["low"] is not None and winner["low"] * winner["high"] > 0.0
        lines.append(t("best.gain" if sure else "best.gain_unsure", **known, **ends(study, t, winner, "gain")))
    for verdict, key in (*VERDICTS.items(), ("", "equal")):
        some = [each for each in told["beats"] if (each["verdict"] == verdict if verdict else each["verdict"] not in VERDICTS)]
        if some:
            names = "; ".join(policy_name(study, t, policies[each["plan"]]) for each in some)
            lines.append(t(f"best.{key}", plans=names))
    if winner["then"]:
        (on,) = numbers(study, t, winner["chosen_on"])
        lines.append(t("pathways.chosen_on", on=on, unit=unit(study, t)))
        plan = told["plan"]
        if next(each["verdict"] for each in told["beats"] if each["plan"] == plan) != "better":
            lines.append(t("pathways.stay", plan=plan_name(t, plan)))
    return lines


def watched(row: dict[str, Any], study: StudyResults, t: Text) -> list[str]:
    """Return how often and when the sign crosses its level, and what watching it adds."""
    share = f"{100 * row['changes']:.0f} %"
    lines = [t("pathways.never", **beyond(t, row))]
    if row["middle"] is not None:
        years = {key: year(study, row[key]) for key in ("early", "middle", "late")}
        lines = [t("pathways.crosses", share=share, **beyond(t, row), **years)]
    size = dict(zip(("added", "low", "high"), numbers(study, t, *(row[key] for key in WATCHING)), strict=True))
    way = "adds" if row["watching"] > 0.0 else "costs"
    if way == "costs" and row["watching_sure"]:
        low, high = row["watching_high"], row["watching_low"]
        size = dict(zip(("added", "low", "high"), numbers(study, t, -row["watching"], -low, -high), strict=True))
    return [*lines, t(f"pathways.{way}" if row["watching_sure"] else "pathways.adds_unsure", unit=unit(study, t), **size)]


WATCHING = ("watching", "watching_low", "watching_high")


def sell_by(told: dict[str, Any], study: StudyResults, t: Text) -> list[str]:
    """Return up to when a change surely still helps."""
    helpful = [each for each in told["dates"] if each["helps_low"] is not None and each["helps_low"] > 0.0]
    turning = next((each for each in told["policies"] if each["then"]), None)
    if turning is None:
        return []
    known = {"first": plan_name(t, turning["first"]), "then": plan_name(t, turning["then"])}
    if not helpful:
        return [t("pathways.no_date", **known)]
    last = max(helpful, key=lambda each: each["week"])
    (helps,) = numbers(study, t, last["helps"])
    return [t("pathways.sell_by", year=year(study, last["week"]), helps=helps, unit=unit(study, t), **known)]


def cells(told: dict[str, Any], study: StudyResults, t: Text) -> list[tuple[str, ...]]:
    """Return a row a policy."""
    rows: list[tuple[str, ...]] = []
    for each in told["policies"]:
        gain, low, high, worst = numbers(study, t, *(each[key] for key in ("gain", "low", "high", "worst")))
        changes = f"{100 * each['changes']:.0f} %" if each["then"] else "–"
        between = "–" if each["middle"] is None else f"{year(study, each['early'])} … {year(study, each['late'])}"
        added, least, most = numbers(study, t, *(each[key] for key in WATCHING))
        watching = f"{added} ({least} … {most})" if each["sign"] else "–"
        first = (capital(policy_name(study, t, each)), t.euros(each["cost"]))
        rows.append((*first, gain, f"{low} … {high}", worst, changes, between, watching))
    return rows


def policy_name(study: StudyResults, t: Text, row: dict[str, Any]) -> str:
    """Return a policy in words."""
    first, then = plan_name(t, row["first"]), plan_name(t, row["then"])
    if not row["then"]:
        return t("pathways.plan", first=first)
    if not row["sign"]:
        return t("pathways.date", first=first, then=then, year=year(study, row["week"]))
    return t("pathways.sign", first=first, then=then, **beyond(t, row))


def beyond(t: Text, row: dict[str, Any]) -> dict[str, str]:
    """Return a sign and which way it crosses its level, in words."""
    share = 100.0 if row["sign"] == "unsafe" else 1.0  # who feels unsafe is told in per cent
    level = t(f"sign_level.{row['sign']}", n=t.number(share * row["level"]))
    return {"sign": t(f"sign.{row['sign']}"), "way": t("pathways.above" if row["above"] else "pathways.below", level=level)}


def year(study: StudyResults, week: float) -> str:
    """Return the year of the calendar in which a week lies."""
    return str((study.plan.start + timedelta(weeks=float(week))).year)
