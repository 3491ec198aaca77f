"""Numbers with their meaning: quantities (parameters of rules), levers (what interventions move) and outcomes (measured).

No number that matters stands bare in a rule.  A quantity carries its default, the range that is still plausible, its
unit, its source and its kind:

    fixed       a convention or well measured; not varied
    uncertain   nobody knows it well; sweeps, sensitivity studies and plausible points vary it within low .. high
    lever       policy decides it

A source that says "assumed" rests on judgement, at least in part; one that says "calibrated" tells of a number that was
fitted, and to which pattern.  Where the value at which a parameter does nothing is not plausible, it stands apart as ``off``:
an experiment that cuts a loop may set it, and no design draws it.
"""

from typing import Annotated, Literal, NamedTuple, get_args, get_type_hints

from .errors import Phrase

Better = Literal["higher", "lower", "neither"]
KINDS = ("fixed", "uncertain", "lever")


class Quantity(NamedTuple):
    """A parameter of a rule."""

    default: float
    low: float
    high: float
    unit: str
    source: str
    meaning: str
    kind: str = "uncertain"
    off: float | None = None

    @property
    def assumed(self) -> bool:
        """Return whether it rests on judgement, at least in part."""
        return "assumed" in self.source

    @property
    def calibrated(self) -> bool:
        """Return whether it was fitted to a pattern, which its source names."""
        return "calibrated" in self.source

    def allows(self, value: float) -> bool:
        """Return whether an experiment may set this value."""
        return self.low <= value <= self.high or value == self.off

    @property
    def allowed(self) -> Phrase:
        """Return what an experiment may set, in words."""
        low, high, unit = self.low, self.high, Phrase(f"units.{self.unit}", otherwise=self.unit)
        if self.off is None:
            return Phrase("allowed.number_between_in", low=low, high=high, unit=unit)
        return Phrase("allowed.number_between_or_off", low=low, high=high, unit=unit, off=self.off)


class Lever(NamedTuple):
    """Something an intervention can move while a run goes on, week by week and quarter by quarter.

    Several interventions may move one lever, within its bounds: around a neutral 0 their values add up, around a neutral 1 they
    multiply (`Scenario.levers`).
    """

    neutral: float
    low: float
    high: float
    unit: str
    meaning: str


class Outcome(NamedTuple):
    """Something measured every week; the theme groups outcomes in a list (`outcomes.THEMES`)."""

    unit: str
    better: Better
    definition: str
    theme: str = ""


def quantities_of(parameters: type) -> dict[str, Quantity]:
    """Return name -> quantity of a rule's ``Parameters`` class, in the order in which they are written.

    Raises TypeError where a field carries no quantity, ValueError where its default lies outside its range or its
    ``off`` inside.
    """
    found = {}
    for name, hint in get_type_hints(parameters, include_extras=True).items():
        quantity = next((extra for extra in get_args(hint)[1:] if isinstance(extra, Quantity)), None)
        if quantity is None:
            raise TypeError(f"{parameters.__module__}.{name} carries no Quantity")
        if not quantity.low <= quantity.default <= quantity.high:
            raise ValueError(f"{parameters.__module__}.{name}: {quantity.default} is not in {quantity.low}..{quantity.high}")
        if quantity.off is not None and quantity.low <= quantity.off <= quantity.high:
            raise ValueError(f"{parameters.__module__}.{name}: {quantity.off} is plausible, and needs no off")
        if quantity.kind not in KINDS:
            raise ValueError(f"{parameters.__module__}.{name}: kind {quantity.kind!r} is none of {KINDS}")
        found[name] = quantity
    return found


__all__ = ["Annotated", "Better", "Lever", "Outcome", "Quantity", "quantities_of"]
