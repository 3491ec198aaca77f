"""The tables of ODD.md, made from the code: `python -m kantelpunt.model.protocol.odd` rewrites them.

The prose of the protocol is written by hand.  Parts that the code knows better (fields, order, parameters, levers,
interventions, outcomes, chance, mechanisms, the rules' own words) stands between markers:

    <!-- table: parameters -->
    ...
    <!-- end -->
"""

import inspect
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from .. import registry, week
from ..draws import Draw
from ..interventions import Circumstance, Intervention, Residents, catalogue, short
from ..outcomes import outcomes
from ..population.newcomer_templates import MEMBER, TEMPLATE
from ..population.situations import situations
from ..quantity import Quantity
from ..scenario import Scenario
from ..state.fields import TABLES
from .mechanisms import Claim, book, carriers

PAGE = Path(__file__).parents[1] / "ODD.md"
BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
CONSTANT = re.compile(r"^([A-Z]\w*(?:, [A-Z]\w*)*) = (-?[\d.][\w.-]*(?:, -?[\d.][\w.-]*)*)(?:  # (.+))?$", re.MULTILINE)
STEP = re.compile(r"^ +(\w+)\(world, p\.\w+, .*?\)(?: +# (.*))?$", re.MULTILINE)
THOUSAND = Residents(1_000.0, 100.0, 150.0)  # asked only which levers an intervention moves


def rows(header: str, lines: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table: a header with | between its columns, and lines of cells."""
    names = header.split("|")
    cells = [[str(cell).replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in [names, ["---"] * len(names), *cells])


def code(names: Iterable[str]) -> str:
    """Return names as code, with commas."""
    return ", ".join(f"`{name}`" for name in names)


def state() -> str:
    """Return every record with its fields."""
    tables = {**TABLES, "household_template": TEMPLATE, "member": MEMBER}
    return "\n\n".join(
        f"**{name}**\n\n" + rows("field|type|unit|meaning", ((f"`{f.name}`", f.kind, f.unit, f.meaning) for f in fields))
        for name, fields in tables.items()
    )


def steps(function: Any) -> list[tuple[str, str]]:
    """Return (rule, what it is about) of every step in a function of `week.py`, in order."""
    return STEP.findall(inspect.getsource(getattr(function, "py_func", function)))


def schedule() -> str:
    """Return the steps of a week in order, with what each reads and writes."""
    known = registry.rules()
    lines = []
    for number, (name, about) in enumerate(steps(week.run), 1):
        rule = known[name]
        lines.append((number, f"`{name}`", about, code(rule.READS), code(rule.WRITES), ", ".join(rule.MECHANISMS)))
    begun = " -> ".join(f"`{name}`" for name, _ in steps(week.begin))
    return f"Week 0: {begun}.\n\n" + rows("step|rule|about|reads|writes|mechanisms", lines)


def submodels() -> str:
    """Return every rule in its own words, in the order of a run."""
    order = dict.fromkeys(name for function in (week.begin, week.run) for name, _ in steps(function))
    return "\n\n".join(f"### `{name}`\n\n{inspect.getdoc(registry.rules()[name])}" for name in order)


def parameters() -> str:
    """Return every parameter of every rule."""
    lines = (
        (f"`{name}`", f"{q.default:g}", plausible(q), q.unit, q.kind, q.meaning, q.source)
        for name, q in registry.quantities().items()
    )
    return rows("parameter|default|range|unit|kind|meaning|source", lines)


def constants() -> str:
    """Return every number with a name in the rules, and in what they share: nothing varies it."""
    lines = (
        (f"`{file.parent.name}/{file.stem}`", f"`{names}`", values, meaning)
        for folder in ("rules", "shared")
        for file in sorted((PAGE.parent / folder).glob("*.py"))
        for names, values, meaning in CONSTANT.findall(file.read_text(encoding="utf-8"))
    )
    return rows("file|constant|value|meaning", lines)


def numbers() -> str:
    """Return how many parameters each rule has, and how well they are known."""
    total = registry.counted(registry.quantities().values())
    every = {**{f"`{rule}`": each for rule, each in registry.numbers().items()}, "**all**": total}
    lines = ((rule, *each, f"{each.share:.0%}") for rule, each in every.items())
    return rows("rule|parameters|fixed|uncertain|rest on judgement|calibrated|share on judgement", lines)


def plausible(quantity: Quantity) -> str:
    """Return the range of a parameter, and the value at which it does nothing where that lies outside."""
    off = "" if quantity.off is None else f"; off: {quantity.off:g}"
    return f"{quantity.low:g} - {quantity.high:g}{off}"


def levers() -> str:
    """Return every lever, the rule that introduces it and the interventions that move it."""
    moved = {kind: make(cls).levers(THOUSAND) for kind, cls in catalogue().items()}
    lines = []
    for rule, module in registry.rules().items():
        for name, lever in module.LEVERS.items():
            by = code(kind for kind, values in moved.items() if name in values) or "nothing yet"
            bounds = f"{lever.low:g} - {lever.high:g}"
            lines.append((f"`{name}`", f"{lever.neutral:g}", bounds, lever.unit, lever.meaning, f"`{rule}`", by))
    return rows("lever|neutral|range|unit|meaning|introduced by|moved by", lines)


def make(cls: type[Intervention]) -> Intervention:
    """Return an intervention with its defaults."""
    return cls(kind=cls.model_fields["kind"].default)


def option(name: str, field: FieldInfo) -> str:
    """Return a parameter of an intervention in words: name, default, range, meaning."""
    low = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    high = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    default = "left out" if field.default is None else short(field.default)
    bounds = f" ({low:g} - {high:g})" if isinstance(low, int | float) and isinstance(high, int | float) else ""
    return f"`{name}` = {default}{bounds}: {field.description}"


def interventions() -> str:
    """Return every intervention: its own parameters, levers, cost of a year for 1,000 residents, mechanisms."""
    lines = []
    for kind, cls in catalogue().items():
        own = {name: field for name, field in cls.model_fields.items() if name not in Intervention.model_fields or name == "ramp"}
        options = "; ".join(option(name, field) for name, field in own.items())
        cost = f"{Scenario(**cls.EXAMPLE).cost():,.0f}"
        lines.append((f"`{kind}`", options, code(make(cls).levers(THOUSAND)), cost, ", ".join(cls.MECHANISMS), stands(cls)))
    return rows("kind|parameters|levers|euros a year (its example, with 1,000 residents)|mechanisms|does it work?", lines)


def stands(cls: type[Intervention]) -> str:
    """Return how well it is known that a measure works; nothing of what nobody decides on."""
    return "" if issubclass(cls, Circumstance) else f"{cls.EVIDENCE.standing.replace('_', ' ')}: {cls.EVIDENCE.source}"


def measured() -> str:
    """Return every outcome."""
    lines = ((f"`{name}`", outcome.unit, outcome.better, outcome.definition) for name, outcome in outcomes().items())
    return rows("outcome|unit|better|definition", lines)


def begins() -> str:
    """Return every situation that a scenario can begin from."""
    return rows(
        "situation|what it is|what it sets|source", ((f"`{n}`", s.says, s.sets, s.source) for n, s in situations().items())
    )


def chance() -> str:
    """Return the decisions of chance and the files that ask for each."""
    own = {"draws.py", Path(__file__).name}
    files = [path for path in sorted(PAGE.parent.rglob("*.py")) if path.name not in own]
    words = {path.stem: set(re.findall(r"\bDraw\.(\w+)", path.read_text(encoding="utf-8"))) for path in files}
    lines = []
    for draw in Draw:
        by = code(name for name, asked in words.items() if draw.name in asked) or "nobody any more"
        lines.append((draw.value, f"`{draw.name}`", by))
    return rows("number|decision|asked by", lines)


def mechanisms() -> str:
    """Return what the field reports say, mechanism by mechanism, which rules and interventions carry it and what shows it."""
    bases = book().bases
    lines = []
    for name, mechanism in book().mechanisms.items():
        by = code([each for kind in carriers(name).values() for each in kind])
        claims = [f"{claim.told(bases[claim.base])}: {goes(claim)}" for claim in mechanism.shown]
        tests = [f"`{test.removeprefix('tests/')}`" for test in mechanism.tests]
        lines.append(
            (name, mechanism.says, by or "-", "; ".join(filter(None, [mechanism.otherwise.rstrip("."), *claims, *tests])))
        )
    return rows("mechanism|the reports say|carried by|shown by", lines)


def goes(claim: Claim) -> str:
    """Return which way a claim says that its outcome goes, and in which world where that is not the stuck one."""
    outcome = f"`{claim.outcome}`" if claim.per is None else f"`{claim.outcome}` per `{claim.per}`"
    beyond = ", beyond its parts" if claim.beyond_parts else ""
    return f"{outcome} {claim.moves}{beyond}" + ("" if claim.base == "stuck" else f" (in `{claim.base}`)")


TABLES_OF = {
    "state": state, "schedule": schedule, "submodels": submodels, "parameters": parameters, "constants": constants,
    "numbers": numbers, "levers": levers,
    "interventions": interventions, "outcomes": measured, "chance": chance, "mechanisms": mechanisms, "situations": begins,
}  # fmt: skip


def fresh(page: str) -> str:
    """Return the page with every table made anew; raises KeyError for a marker that names no table."""
    return BLOCK.sub(lambda block: f"{block[1]}\n{TABLES_OF[block[2]]()}\n\n{block[3]}", page)


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
