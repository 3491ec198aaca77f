"""Loops: what each causal loop does to a neighbourhood, measured by cutting it.

`loops.toml` tells of every loop which rules carry it and which parameters cut it.  A study of loops is an ordinary study: each
cut loop is a scenario beside the same world with all loops, so its strength is a paired difference.

    today        nothing is done
    presence     a strong presence for the first two fifths of the time, which may tip a neighbourhood
    others       the interventions that a loop needs before anything runs through it

Cutting a step takes away its effect and not only the feedback: a loop whose step is on average large has much strength, even
where little comes back.  So strength says what the model owes to a loop, not how fast it turns.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import BeforeValidator, Field, model_validator

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.registry import rules
from kantelpunt.model.scenario import as_parameters
from kantelpunt.model.toml_files import read_toml
from kantelpunt.model.validation import StrictModel

from ..design.question import named
from ..statistics import interval, units_of, without_gaps
from ..study import Study
from .tipping import TIPPED, TODAY, last_year

FILE = Path(__file__).with_name("loops.toml")
PRESENCE = "presence"
PRESENT = 0.4  # share of the time that a strong presence lasts
STRONG = {"kind": "visible_presence", "hours": 200.0, "actions": 10.0, "from": 0}
OUTCOMES = ("recruited", "trust_institutions", "crime_hold", TIPPED)
WITHOUT = "_without_"


def as_rules(value: object) -> tuple[str, ...]:
    """Return names of rules, each once; raises InputError on another."""
    if not isinstance(value, list | tuple):
        raise InputError("rule.not_list", value=value, allowed=Phrase("allowed.list_such_as", example='["trust"]'))
    return tuple(dict.fromkeys(named(each, rules(), "rule.unknown") for each in value))


class Loop(StrictModel):
    """A causal loop; raises InputError where what should carry or cut it is not there."""

    id: str = Field(description="R1 to R21, B1 to B11")
    kind: Literal["reinforcing", "balancing"] = Field(description="reinforcing or balancing")
    nl: str = Field(description="its Dutch name")
    en: str = Field(description="its English name")
    path: str = Field(description="variables with the sign of the step to the next, as TR −→ SN −→ CTC +→ TR")
    rules: Annotated[tuple[str, ...], BeforeValidator(as_rules)] = Field((), description="the rules that carry it")
    cut: Annotated[dict[str, float], BeforeValidator(as_parameters)] = Field({}, description="parameters that cut it")
    needs: tuple[dict[str, Any], ...] = Field((), description="interventions without which nothing runs through it")
    note: str = Field(description="which step is cut, or why the model does not carry it")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """Refuse a loop that is carried but cannot be cut, or the other way round, and a cut in a rule that does not carry it."""
        if bool(self.rules) != bool(self.cut):
            raise InputError("loop.half", place=self.id, allowed=Phrase("allowed.both_or_neither"))
        if strange := {name.partition(".")[0] for name in self.cut} - set(self.rules):
            raise InputError("loop.foreign_cut", place=self.id, value=", ".join(sorted(strange)))
        return self

    @property
    def reinforcing(self) -> bool:
        """Return whether it pushes a neighbourhood further the way it went already."""
        return self.kind == "reinforcing"

    @property
    def missing(self) -> Phrase:
        """Return why the model does not carry it."""
        return Phrase(f"not_in_model.{self.id}", otherwise=self.note)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Return its variables in order, each with the sign of the step to the next."""
        parts = self.path.split()  # TR −→ SN −→ CTC +→ TR
        return list(zip(parts[:-1:2], (arrow[0] for arrow in parts[1::2]), strict=True))

    @property
    def bases(self) -> dict[str, list[dict[str, Any]]]:
        """Return the name of what the loop needs, with these interventions; nothing where it needs nothing."""
        return {"_and_".join(str(each["kind"]) for each in self.needs): [*self.needs]} if self.needs else {}


@cache
def loops() -> dict[str, Loop]:
    """Return id -> loop, in the order of the file."""
    found = [Loop.read(table, place=f"{FILE.name}: loop[{i}]") for i, table in enumerate(read_toml(FILE)["loop"])]
    return {each.id: each for each in found}


def carried() -> dict[str, Loop]:
    """Return id -> loop of those that the model carries, and that can be cut."""
    return {name: loop for name, loop in loops().items() if loop.cut}


def cuts(ids: list[str]) -> dict[str, float]:
    """Return the parameters that cut these loops together; raises InputError for one that is unknown or not carried."""
    known = carried()
    found: dict[str, float] = {}
    for name in ids:
        if name in loops() and name not in known:
            raise InputError("loop.not_carried", value=name, allowed=known, reason=loops()[name].missing)
        if name not in known:
            raise InputError("loop.unknown", value=name, allowed=known, near=nearest(name, known))
        found |= known[name].cut
    return found


def strong(years: int) -> dict[str, Any]:
    """Return a strong presence in the first part of so many years."""
    return {**STRONG, "until": round(PRESENT * years * WEEKS_A_YEAR)}


def scenarios(years: int, only: list[str] | None = None) -> dict[str, dict[str, Any]]:
    """Return "today", a strong presence and whatever some loops need; each beside itself without every loop that it shows.

    ``only`` names some loops; raises InputError for one that is unknown or not carried.
    """
    bases: dict[str, list[dict[str, Any]]] = {TODAY: [], PRESENCE: [strong(years)]}
    cuts(only or [])
    asked = {name: loop for name, loop in carried().items() if not only or name in only}
    for loop in asked.values():
        bases |= loop.bases
    found: dict[str, dict[str, Any]] = {}
    for base, interventions in bases.items():
        found[base] = {"interventions": interventions}
        for name, loop in asked.items():
            if base in (loop.bases or (TODAY, PRESENCE)):
                found[base + WITHOUT + name] = {"interventions": interventions, "parameters": loop.cut}
    return found


def strength(study: Study) -> pd.DataFrame:
    """Return what cutting each loop does: index (base, loop, outcome); baseline, difference, low, high (95 % interval), relative.

    ``relative`` is the difference over the baseline, not a number where that is 0.  ``tipped`` is the % of worlds that end
    resilient; every other outcome is that of a study (a total for counts, the last year's mean for levels).
    """
    rows = {}
    for outcome in OUTCOMES:
        table = units_of(without_gaps(last_year(study, outcome)))
        for name in table:
            base, _, loop = str(name).partition(WITHOUT)
            if loop:
                mean, low, high = interval((table[name] - table[base]).to_numpy())
                baseline = float(table[base].mean())
                found = {"baseline": baseline, "difference": mean, "low": low, "high": high}
                rows[base, loop, outcome] = {**found, "relative": mean / baseline if baseline else float("nan")}
    if not rows:
        raise InputError(
            "loop.none", place="scenario", allowed=Phrase("allowed.scenarios_of", maker="experiments.analysis.loops.scenarios")
        )
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["base", "loop", "outcome"])


def by_base(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return base -> the rows of `strength` of that base; the loop with the largest effect on recruitment first."""
    found: dict[str, pd.DataFrame] = {}
    for base in table.index.unique("base"):
        rows = table.loc[[base]].droplevel("base")
        by_size = rows.xs(OUTCOMES[0], level="outcome")["difference"].abs().sort_values(ascending=False)
        found[str(base)] = rows.reindex(by_size.index, level="loop")
    return found
