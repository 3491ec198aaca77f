"""The analyses that help to decide, in words and tables: worth, parts and best (`pathways.py` has the fourth).

Each leaves its numbers beside the study (`worth.json`, `parts.json` ...); the report of that study then has a section.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from kantelpunt.experiments.analysis.loops import loops
from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.rounding import digits_of
from kantelpunt.experiments.running.files import inside
from kantelpunt.experiments.study import Study
from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.registry import quantities

from ..text import Text, capital
from . import pathways, rivals
from .section import Section, ends, numbers, plain, records, unit
from .wording import carrier_name, measure_name, outcome_name, parameter_name, plan_name, rule_name, timed

if TYPE_CHECKING:
    from kantelpunt.experiments.analysis.best import Race
    from kantelpunt.experiments.analysis.parts import Package
    from kantelpunt.experiments.analysis.worth import Survey, Worth

TRUST = "trust_institutions"
KINDS = ("best", "parts", "worth", "rivals", "pathways")  # in the order of a report
MOST_RUNS = 1_024  # to take the winner of a race apart: a few minutes at 2,000 people and ten years
SHOWN = 12  # rows of a table or figure; all are in the CSV


def keep(study: StudyResults, kind: str, told: Any) -> None:
    """Write the numbers of an analysis beside its study."""
    study.store.write_text(f"{kind}.json", json.dumps(told, indent=2, allow_nan=False) + "\n")


def kept(study: StudyResults, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the numbers of analyses that were done on this study, by kind; those in ``more`` are kept nowhere."""
    found, more = {}, more or {}
    for kind in KINDS:
        path = study.folder / f"{kind}.json"
        if kind in more:
            found[kind] = more[kind]
        elif path.is_file():
            try:
                found[kind] = json.loads(path.read_text(encoding="utf-8"))
            except (ValueError, RecursionError, OSError) as error:
                raise unreadable(study, kind) from error
    return found


def in_order(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what analyses found in the order of a report."""
    return {kind: told[kind] for kind in KINDS if kind in told}


def sections(study: StudyResults, t: Text, told: Mapping[str, Any] | None = None) -> list[Section]:
    """Return what analyses found, in one language; ``told`` left out: those kept beside the study.  Raises InputError."""
    found = []
    for kind, one in (kept(study) if told is None else told).items():
        with made_of(study, kind):
            found += section(kind, one, study, t)
    return found


@contextmanager
def made_of(study: StudyResults, *kinds: str) -> Iterator[None]:
    """Raise InputError where numbers of these analyses are not what their analysis tells: somebody else may have written them."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, StopIteration) as error:
        if not kinds:
            raise
        raise unreadable(study, *kinds) from error


def unreadable(study: StudyResults, *kinds: str) -> InputError:
    """Return the error of numbers that cannot be used."""
    place = ", ".join(str(study.folder / f"{kind}.json") for kind in kinds)
    return InputError("file.no_analysis", place=place, allowed=Phrase("allowed.done_again", kind=", ".join(kinds)))


def section(kind: str, told: Any, study: StudyResults, t: Text) -> list[Section]:
    """Return what one analysis found, in one language."""
    makers: dict[str, Callable[[Any, StudyResults, Text], list[Section]]]
    makers = {"worth": worth, "parts": parts, "best": best, "rivals": rivals.section, "pathways": pathways.section}
    return makers[kind](told, study, t)


# worth


def informed(t: Text, row: dict[str, Any]) -> str:
    """Return what is found out, in words."""
    name = row["name"]
    if row["kind"] == "group":
        return t("worth.group", name=rule_name(t, name))
    return f"“{parameter_name(t, name)}”" if name in quantities() else f"“{outcome_name(t, name)}”"


def worth(told: list[dict[str, Any]], study: StudyResults, t: Text) -> list[Section]:
    """Return what finding out is worth, a section a block."""
    return [worth_in(each, study, t, several=len(told) > 1) for each in told]


def worth_in(told: dict[str, Any], study: StudyResults, t: Text, several: bool) -> Section:
    """Return what finding out is worth in one block."""
    euros, rows = told["euros"], told["rows"]
    called = t("worth.euro") if euros else unit(study, t)
    against, best = plan_name(t, told["against"]), plan_name(t, told["best"])
    (gain,) = numbers(study, t, told["gain"], euros=euros)
    lines = [t("worth.now", best=best, gain=gain, unit="" if euros else called, against=against).replace("  ", " ")]
    if told["best"] == told["against"]:
        lines = [t("worth.stay", against=against)]
    lines.append(t("worth.about", outcome=outcome_name(t, study.question.outcome)))
    plain = [each for each in rows if each["kind"] != "survey"]
    counts = [each for each in plain if each["counts"]]
    for each in counts[:SHOWN]:
        lines.append(
            t("worth.counts", what=informed(t, each), unit="" if euros else called, **ends(study, t, each, "value", euros))
        )
    single = [each for each in plain if each["kind"] == "number"]
    left = sum(not each["counts"] for each in single)
    zero = numbers(study, t, *(each["zero"] for each in plain[:1]), euros=euros)
    if not counts:
        lines.append(t("worth.nothing", n=left, points=told["points"]))
    elif left:
        lines.append(t("worth.rest", n=left, zero=zero[0], unit="" if euros else called))
    for each in (each for each in rows if each["kind"] == "survey"):
        key, known = ("survey", ends(study, t, each, "value", euros)) if each["counts"] else ("survey_nothing", {})
        more = {"unit": "" if euros else called} if each["counts"] else {}
        lines.append(t(f"worth.{key}", what=informed(t, each), n=each["asked"], **known, **more))
    heads = tuple(t(f"worth.{head}") for head in ("name", "kind", "value", "interval", "zero", "counted"))
    cells = [row_of(study, t, each, euros) for each in rows[:SHOWN]]
    title = t("worth.title_in", against=against) if several else t("worth.title")
    lines = [" ".join(line.split()).replace(" )", ")") for line in lines]
    return Section(title, lines, [heads, *cells], t("worth.text"), "worth", told)


def row_of(study: StudyResults, t: Text, row: dict[str, Any], euros: bool) -> tuple[str, ...]:
    """Return the row of a number, group or survey."""
    value, low, high, zero = numbers(study, t, row["value"], row["low"], row["high"], row["zero"], euros=euros)
    shown = "" if row["low"] is None else f"{low} … {high}"
    kind = t(f"worth.kind_{row['kind']}")
    return capital(informed(t, row)), kind, value, shown, zero, t("worth.yes" if row["counts"] else "worth.no")


# parts


def part_name(t: Text, row: dict[str, Any]) -> str:
    """Return what a part of a package is called."""
    if row["kind"] == "package":
        return t("parts.package")
    if row["kind"] == "pair":
        one, other = (carrier_name(t, each) for each in row["part"].split(" x "))
        return t("parts.pair", one=one, other=other)
    return carrier_name(t, row["part"])


def parts(told: dict[str, Any], study: StudyResults, t: Text) -> list[Section]:
    """Return which part of a package does the work."""
    rows = told["rows"]
    whole = next(each for each in rows if each["kind"] == "package")
    known = {"outcome": outcome_name(t, study.question.outcome), "unit": unit(study, t), "worlds": whole["worlds"]}
    about = "loops" if set(told["measures"]) <= set(loops()) else "whole"
    lines = [t(f"parts.{about}" if whole["counts"] else f"parts.{about}_unsure", **known, **ends(study, t, whole, "gain"))]
    measures = sorted((each for each in rows if each["kind"] == "measure"), key=lambda each: -each["gain"])
    for each in (each for each in measures if each["counts"]):
        lines.append(
            t("parts.does" if each["gain"] > 0 else "parts.harms", part=capital(part_name(t, each)), **sized(study, t, each))
        )
    if unsure := [part_name(t, each) for each in measures if not each["counts"]]:
        lines.append(t("parts.unsure", parts=", ".join(unsure)))
    pairs = [each for each in rows if each["kind"] == "pair" and each["counts"]]
    for each in sorted(pairs, key=lambda each: -abs(each["gain"])):
        way = "together" if each["gain"] > 0 else "apart"
        lines.append(t(f"parts.{way}", part=capital(part_name(t, each)), **sized(study, t, each)))
    lines += [] if pairs else [t("parts.no_pairs")]
    if left_out := [carrier_name(t, name) for name in told.get("left_out", ())]:
        lines.append(t("parts.left_out", parts=", ".join(left_out)))
    heads = tuple(t(f"parts.{head}") for head in ("part", "gain", "interval", "counted"))
    cells = []
    for each in [*measures, *(each for each in rows if each["kind"] == "pair"), whole]:
        gain, low, high = numbers(study, t, each["gain"], each["low"], each["high"])
        cells.append((capital(part_name(t, each)), gain, f"{low} … {high}", t("worth.yes" if each["counts"] else "worth.no")))
    title, text = ("parts.loops_title", "parts.loops_text") if about == "loops" else ("parts.title", "parts.text")
    return [Section(t(title), lines, [heads, *cells], t(text), "parts", told)]


def sized(study: StudyResults, t: Text, row: dict[str, Any]) -> dict[str, str]:
    """Return how large a gain or a loss is, and its interval, without a sign where both ends lie on one side."""
    low, high = row["low"], row["high"]
    if row["gain"] < 0 and low is not None and high is not None and high < 0:
        low, high = -high, -low
    return dict(zip(("gain", "low", "high"), numbers(study, t, abs(row["gain"]), low, high), strict=True))


# best


def doses(t: Text, row: dict[str, Any], ways: Mapping[str, Mapping[str, Any]] | None = None, years: int = 0) -> str:
    """Return the measures of a candidate in words: their doses and, where it is known, when and where."""
    some = []
    for kind, dose in row["doses"].items():
        way = (ways or {}).get(kind, {})
        name = measure_name(t, kind.partition(" ")[0] if way else kind)
        some += [t("best.dose", measure=name, dose=f"{100 * dose:.0f}\u00a0%") + timed(t, way, years)] if dose else []
    return ", ".join(some)


def best(told: dict[str, Any], study: StudyResults, t: Text) -> list[Section]:
    """Return the best package for a budget, and what it is better than."""
    rows = {each["name"]: each for each in told["front"]}
    winner = rows[told["winner"]]
    ways, years = told.get("ways"), study.plan.years
    known = {
        "budget": t.euros(told["budget"]),
        "n": told["candidates"],
        "doses": doses(t, winner, ways, years),
        "cost": t.euros(winner["cost"]),
    }
    gained = {"outcome": outcome_name(t, study.question.outcome), "unit": unit(study, t), "today": plan_name(t, study.plan.first)}
    sure = winner["low"] is not None and (winner["low"] > 0.0 or winner["high"] < 0.0)
    found = t("best.gain" if sure else "best.gain_unsure", **gained, **ends(study, t, winner, "gain"))
    lines = [t("best.winner", **known), found]
    verdicts = {"better": "beats", "worse": "loses"}
    for verdict, key in (*verdicts.items(), ("", "equal")):
        some = [each for each in told["beats"] if (each["verdict"] == verdict if verdict else each["verdict"] not in verdicts)]
        if some:
            lines.append(t(f"best.{key}", plans=", ".join(plan_name(t, each["plan"]) for each in some)))
    curse = numbers(study, t, *told["curse"])
    cursed = told["curse"][1] is not None and told["curse"][1] > 0.0
    lines.append(
        t(
            "best.curse" if cursed else "best.no_curse",
            unit=unit(study, t),
            **dict(zip(("curse", "low", "high"), curse, strict=True)),
        )
    )
    careful = max(told["front"], key=lambda each: -math.inf if each["worst"] is None else each["worst"])
    if careful["worst"] is not None and winner["worst"] is not None and careful["worst"] > winner["worst"]:
        least = dict(zip(("worst", "other"), numbers(study, t, careful["worst"], winner["worst"]), strict=True))
        lines.append(t("best.careful", plan=plan_name(t, careful["name"]), unit=unit(study, t), **least))
    columns = ("name", "doses", "cost", "gain_head", "interval", "worst", "trust", "chosen_on", "on_front")
    heads = tuple(t(f"best.{each}") for each in columns)
    cells = []
    for each in told["front"]:
        gain, low, high, worst, on = numbers(study, t, *(each[key] for key in ("gain", "low", "high", "worst", "chosen_on")))
        first = (capital(plan_name(t, each["name"])), doses(t, each, ways, years), t.euros(each["cost"]))
        cells.append((*first, gain, f"{low} … {high}", worst, trusting(t, each), on, t("worth.yes") if each["on_front"] else "–"))
    return [Section(t("best.title"), lines, [heads, *cells], t("best.text"), "best", told)]


def trusting(t: Text, row: Mapping[str, Any]) -> str:
    """Return what a candidate does to trust in institutions, with its interval; a dash where that was not looked at."""
    ends = [each for each in (row.get(key) for key in ("trust", "trust_low", "trust_high")) if each is not None]
    if len(ends) < 3:
        return "–"
    mean, low, high = (t.signed(each, digits_of(ends, TRUST)) for each in ends)
    return f"{mean} ({low} … {high})"


def explained(study: Study, race: "Race", run: Callable[[Study], object]) -> Iterator[tuple[str, Any]]:
    """Give what is worth finding out first, whether the winner of a race holds in another model, and which measure carries it.

    Each as far as it can be told.

    Parameters
    ----------
    study : the last judgement of the race.
    run : does a study.
    """
    from kantelpunt.experiments.analysis.parts import own_measures, package_of
    from kantelpunt.experiments.analysis.parts import parts as parts_of
    from kantelpunt.experiments.analysis.worth import FEWEST_POINTS
    from kantelpunt.experiments.analysis.worth import worth as worth_of

    if study.plan.points >= FEWEST_POINTS:
        yield "worth", worth_told(worth_of(study))
    yield "rivals", rivals.lived(study, race, run)
    if len(own_measures(study.plan, race.winner)) > 1:
        package = package_of(study.plan, race.winner, MOST_RUNS)
        apart = Study.of(package.plan, inside(race.folder, "parts"), study.work)
        run(apart)
        yield "parts", parts_told(package, parts_of(apart, package.measures))


def runs_explained(measures: int) -> int:
    """Return how many runs that takes at most, where so many measures race."""
    from kantelpunt.experiments.analysis.best import FRESH_POINTS
    from kantelpunt.experiments.analysis.parts import FEWEST_POINTS, MOST

    subsets = 2 ** min(measures, MOST)
    apart = subsets * min(FRESH_POINTS, max(FEWEST_POINTS, MOST_RUNS // subsets)) if measures > 1 else 0
    return rivals.runs(FRESH_POINTS) + apart


def worth_told(blocks: Iterable["Worth"], surveys: Iterable["Survey"] = ()) -> list[dict[str, Any]]:
    """Return what `worth` found as numbers that JSON can hold, a block each."""
    asked = {each.of: each.asked for each in surveys}
    told = []
    for each in blocks:
        rows = [{**row, "asked": asked[row["name"]]} if row["kind"] == "survey" else row for row in records(each.table)]
        told.append({**{key: value for key, value in each._asdict().items() if key != "table"}, "rows": rows})
    return told


def parts_told(package: "Package", table: pd.DataFrame) -> dict[str, Any]:
    """Return what `parts` found as numbers that JSON can hold."""
    return {"scenario": package.scenario, "measures": list(package.measures), "rows": records(table)}


def best_told(race: "Race", budget: float) -> dict[str, Any]:
    """Return what `best` found as numbers that JSON can hold."""
    rows = records(race.front)
    front = [
        {
            **{key: value for key, value in row.items() if key not in race.measures},
            "doses": {kind: row[kind] for kind in race.measures},
        }
        for row in rows
    ]
    told: dict[str, Any] = {"winner": race.winner, "budget": budget, "candidates": race.candidates, "front": front}
    told["ways"] = {kind: {key: written(each) for key, each in way.items()} for kind, way in race.ways.items()}
    return told | {"beats": records(race.beats), "curse": [plain(each) for each in race.curse]}


def written(value: Any) -> Any:
    """Return a moment or place as JSON can hold it."""
    return list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
