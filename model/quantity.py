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
    """A parameter of a rule: a number with its range, unit and source.

    Parameters
    ----------
    default : its value unless a scenario sets another.
    low, high : the range that is still plausible; designs draw within it.
    unit : as "1/week" or "euro/year".
    source : where it comes from: a publication, "assumed", or "calibrated" with the pattern that it was fitted to.
    meaning : what it does, in a line.
    kind : "fixed", "uncertain" or "lever".
    off : the value at which it does nothing, where that is not plausible.

    Examples
    --------
    >>> from kantelpunt import QUANTITIES
    >>> price = QUANTITIES["norms.sanction"]
    >>> price.low <= price.default <= price.high, price.allows(price.high + 1)
    (True, False)
    """

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
        """Return whether an experiment may set this value.

        Parameters
        ----------
        value : a number in the unit of this parameter.

        Returns
        -------
        bool : whether it lies within low and high, or is the value that switches it off.

        Examples
        --------
        >>> Quantity(0.5, 0.0, 1.0, "share", "assumed", "an example").allows(0.7)
        True
        """
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

    Parameters
    ----------
    neutral : its value where no intervention moves it.
    low, high : its bounds.
    unit : as "hour/week" or "share".
    meaning : what it does, in a line.

    Examples
    --------
    >>> Lever(neutral=0.0, low=0.0, high=100.0, unit="place/100", meaning="places for every 100 children").neutral
    0.0
    """

    neutral: float
    low: float
    high: float
    unit: str
    meaning: str


class Outcome(NamedTuple):
    """Something measured every week.

    Parameters
    ----------
    unit : one that ends in /week is a count, which studies add up; of any other they take the mean over the last year.
    better : which way is better, "higher", "lower" or "neither".
    definition : what it measures, in a line.
    theme : the group under which lists show it (`outcomes.THEMES`).

    Examples
    --------
    >>> from kantelpunt import OUTCOMES
    >>> OUTCOMES["recruited"].better
    'lower'
    """

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
