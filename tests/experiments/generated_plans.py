"""Plans, scenario files and command lines that hardly anybody means: valid ones, changed at random."""

import copy
from datetime import date, datetime, time
from typing import Any

import tomli_w
from hypothesis import strategies as st

from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.registry import quantities

SCENARIO: dict[str, Any] = {
    "area": "overvecht", "people": 120, "years": 3, "start": date(2026, 1, 5), "situation": "new-team",
    "parameters": {"norms.sanction": 0.5, "recruitment": {"base": 0.2}},
    "interventions": [
        {"kind": "youth_activities", "from": date(2026, 9, 1), "until": 100, "places": 8, "cost_per_year": 90_000},
        {"kind": "raid", "date": 30, "every": 26, "share": 0.3, "where": ["north-west", "south-east"]},
        {"kind": "mentoring", "intensity": 0.5, "ramp": 13},
    ],
}  # fmt: skip
PLAN: dict[str, Any] = {
    "title": "More presence?", "area": "tilburg-noord", "people": 120, "years": 2, "start": date(2026, 1, 5), "points": 4,
    "worlds": 2, "spread": 0.5, "seed": 3, "series": 4, "design": "latin", "vary": ["norms.sanction", "recruitment.base"],
    "parameters": {"norms.sanction": 0.5},
    "compare": {"against": "today", "outcome": "unsafe", "better": "lower", "matters": 1, "also": ["cohesion", "fear"]},
    "until": {"outcome": "unsafe", "half_width": 2, "start": 10, "most": 40, "against": "today"},
    "scenario": {
        "today": {},
        "presence": {"visible_presence": 0.5, "parameters": {"trust.gain": 0.02}},
        "both": {"situation": "new-team", "area": "contrast", "interventions": SCENARIO["interventions"][:2]},
    },
    "rival": {"forgiving": {"trust.bad_weight": 1.5}},
}  # fmt: skip
GRID: dict[str, Any] = {
    **{key: value for key, value in PLAN.items() if key not in ("scenario", "rival", "compare", "until")},
    "compare": {"against": "today", "outcome": "unsafe", "matters": 1},
    "factors": {
        "area": ["tilburg-noord", "overvecht"], "dose": [0.5, 1.0], "from": [date(2026, 9, 1), 12], "rows": 3,
        "norms": {"sanction": {"low": 0.3, "high": 0.8}}, "trust.gain": [0.02],
    },
    "package": {
        "today": {},
        "presence": {"visible_presence": 0.5, "parameters": {"trust": {"gain": 0.03}}},
        "both": {"situation": "new-team", "interventions": SCENARIO["interventions"][:2]},
    },
    "rival": {"forgiving": {"trust.bad_weight": 1.5}},
}  # fmt: skip
LINES: tuple[tuple[str, ...], ...] = (
    ("compare", "PLAN", "--area", "overvecht", "--points", "3", "--worlds", "2", "--people", "200", "--lang", "en"),
    ("compare", "--situation", "new-team", "--plausible", "FILE", "--seed", "4", "--out", "OUT", "--json"),
    ("run", "SCENARIO", "--set", "norms.sanction=0.4", "--intervention", "raid=0.5", "--years", "2", "--out", "OUT"),
    ("run", "--area", "FILE:BU1", "--people", "200", "--situation", "new-team", "--json", "--force"),
    ("sweep", "PLAN", "--shard", "1/2", "--processes", "1", "--out", "OUT"),
    ("resume", "OUT", "--retry-failed", "--mix"), ("status", "OUT", "--json"), ("verify", "OUT", "--runs", "3"),
    ("replay", "OUT", "ab"),
    ("report", "OUT", "--lang", "nl", "--out", "FILE"), ("export", "OUT", "--out", "FILE"), ("discover", "OUT", "--least", "0.5"),
    ("sensitivity", "PLAN", "--method", "morris", "--vary", "norms.sanction", "--points", "3", "--of", "presence"),
    ("calibrate", "PLAN", "FILE", "--points", "2", "--worlds", "2", "--publish", "OUT"),
    ("tipping", "visible_presence", "--doses", "0.5,1", "--durations", "2", "--full", "hours=200", "--cut", "R1", "--years", "4"),
    ("loops", "--only", "R1,R2", "--years", "3", "--points", "2"), ("areas", "--file", "FILE", "--json"), ("situations",),
)  # fmt: skip

SIZES = (0, -1, 1, 10.0, 2**63, -(2**63), 1e308, 5e-324, 10**400, -(10**399))
ODD = (
    "", " ", "Today", "today ", "TODAY", "$x^2", "[red]x[/red]", "\x1b[31mx", "<script>", "\\frac{1}", "a" * 5_000, "../../x",
    "/dev/null", "con", "x\u0000y", "\u202eevil", "e\u0301", "a\nb", "=1+1", "nan", "inf", "true",
)  # fmt: skip
KNOWN = (*[*OUTCOMES][:9], *[*quantities()][:9], *catalogue())
ARGUMENTS = ("--json", "--out", "--lang", "-1", "--", "1,2", "FILE", "OUT", "a=b=c")

NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from(SIZES))
WORDS = st.one_of(st.text(max_size=12), st.sampled_from(ODD), st.sampled_from(KNOWN))
DAYS = st.sampled_from([date.min, date.max, datetime(2027, 1, 1), time()])
LEAVES = st.one_of(NUMBERS, WORDS, st.booleans(), st.dates(), st.datetimes(), st.times(), DAYS)
HOLDERS = st.one_of(st.lists(LEAVES, max_size=3), st.dictionaries(WORDS, LEAVES, max_size=2))
VALUES = st.one_of(LEAVES, HOLDERS, st.builds(lambda: [{}]), st.builds(lambda: [[]]))


def places(table: Any) -> list[tuple[Any, Any]]:
    """Return every (holder, key) in a nested table."""
    steps = list(table.items()) if isinstance(table, dict) else list(enumerate(table)) if isinstance(table, list) else []
    return [(table, key) for key, _ in steps] + [each for _, value in steps for each in places(value)]


@st.composite
def changed(draw: st.DrawFn, base: dict[str, Any]) -> dict[str, Any]:
    """Return a table with a few changes: other values, keys that are gone, twice there or unknown."""
    table = copy.deepcopy(base)
    for key in draw(st.sets(st.sampled_from(sorted(base)), max_size=4)) - {"scenario"}:
        del table[key]
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places(table) or [(table, "title")]))
        how = draw(st.sampled_from(["value", "value", "gone", "twice", "name"]))
        if how == "value":
            holder[key] = draw(VALUES)
        elif how == "gone":
            holder.pop(key) if isinstance(holder, list) else holder.pop(key, None)
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif key in holder:
            holder[draw(WORDS)] = copy.deepcopy(holder[key]) if how == "twice" else holder.pop(key)
    return table


@st.composite
def files(draw: st.DrawFn, base: dict[str, Any]) -> bytes:
    """Return what a file with such a table holds; now and then with a hole in it, or in another encoding."""
    text = tomli_w.dumps(draw(changed(base)))
    content = text.encode(draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16"])), "replace")
    if draw(st.integers(0, 5)) == 0:
        first, last = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        content = content[:first] + draw(st.binary(max_size=4)) + content[last:]
    return content


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Return a command line with a few changes; no argument holds what no system passes, or leads out of where it is typed."""
    line = list(draw(st.sampled_from(LINES)))
    for _ in range(draw(st.integers(0, 3))):
        i = draw(st.integers(1, max(1, len(line) - 1)))
        word = draw(
            st.one_of(
                WORDS, NUMBERS.map(str), st.sampled_from(["--json", "--out", "--lang", "-1", "--", "1,2", "FILE", "OUT", "a=b=c"])
            )
        )
        how = draw(st.sampled_from(["other", "gone", "more"]))
        line[i : i + (how != "more")] = [] if how == "gone" else [word]
    passed = [each.replace("\x00", "").encode("utf-8", "replace").decode() for each in line]
    return [each if each == "/dev/null" else each.lstrip("/") for each in passed]
