"""The question of a study: which outcome decides, against which scenario, and when enough is known."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from kantelpunt.model.errors import InputError, Phrase, nearest
from kantelpunt.model.formulas import is_formula
from kantelpunt.model.outcomes import current, formula, known, outcome_of, per_head
from kantelpunt.model.validation import StrictModel, allowed, joined, with_keys

from .stopping_rules import PRECISION, stopping_rules

ALSO = ("trust_institutions", "unsafe", "norm_enemy", "involved_youths")


def named(name: object, there: Any, unknown: str) -> str:
    """Return a name if it is known; raises InputError with this code, and the nearest name."""
    if not isinstance(name, str) or name not in there:
        raise InputError(unknown, value=name, allowed=there, near=nearest(str(name), there))
    return name


def as_outcome(value: object) -> str:
    """Return the name of an outcome, or a formula of outcomes; raises InputError on another."""
    if isinstance(value, str) and value not in known() and is_formula(value):
        return formula(value).text
    return named(current(value), known(), "outcome.unknown")


def as_outcomes(value: object) -> tuple[str, ...]:
    """Return names of outcomes, each once; raises InputError on another."""
    if not isinstance(value, list | tuple):
        raise InputError(
            "outcome.not_list", value=value, allowed=Phrase("allowed.list_such_as", example='["unsafe", "cohesion"]')
        )
    return tuple(dict.fromkeys(as_outcome(each) for each in value))


def refuse_unknown(model: type[StrictModel], table: Any) -> None:
    """Raise InputError unless this is a table whose keys are all known: before anything is said to be missing."""
    if not isinstance(table, Mapping):
        raise InputError("value.not_table", value=table, allowed=model.keys())
    for key in table:
        named(key, model.keys(), "key.unknown")


def ask_for(model: type[StrictModel], table: Mapping, *keys: str) -> None:
    """Raise InputError where one of these keys is missing, for which nothing can stand in."""
    for key in keys:
        if key not in table:
            raise InputError("value.missing", place=key, allowed=allowed(model, key))


def as_rule(value: object) -> str:
    """Return the name of a stopping rule; raises InputError on another."""
    return named(value, {PRECISION: None, **stopping_rules()}, "stopping.unknown")


def usual_way(table: Mapping) -> Any:
    """Return which way is better, as a table says or else as its outcome does; raises InputError where neither does."""
    try:
        outcome = as_outcome(table.get("outcome", "recruited"))
    except InputError as error:
        error.place = joined("outcome", error.place)
        raise
    usual = outcome_of(outcome).better
    if "better" not in table and usual == "neither":
        raise InputError("outcome.no_direction", place="better", value=outcome, allowed=Phrase("allowed.direction"))
    return table.get("better", usual)


class Deciding(StrictModel):
    """An outcome that decides: which way is better, and from where on a difference matters."""

    outcome: Annotated[str, BeforeValidator(as_outcome)] = Field(description="the outcome that decides")
    better: Literal["higher", "lower"] = Field(description='"higher" or "lower"')
    matters: float = Field(gt=0.0, allow_inf_nan=False, description="the smallest difference that matters, above 0")

    @model_validator(mode="before")
    @classmethod
    def _said(cls, table: Any) -> Any:
        """Fill in the better direction where it is known, and ask in words for what only the asker can say."""
        refuse_unknown(cls, table)
        ask_for(cls, table, "outcome", "matters")
        return {**table, "better": usual_way(table)}

    def scaled(self, factor: float) -> Self:
        """Return the same for so many times as many people."""
        return self if per_head(self.outcome) else self.model_copy(update={"matters": self.matters * factor})


class Question(StrictModel):
    """The comparison that a study makes: which outcome, against which scenario, and from where on a difference matters."""

    against: str = Field(description="the name of the scenario that the others are compared with")
    outcome: Annotated[str, BeforeValidator(as_outcome)] = Field("recruited", description="the outcome that decides")
    better: Literal["higher", "lower"] = Field(description='"higher" or "lower"')
    matters: float = Field(gt=0.0, allow_inf_nan=False, description="the smallest difference that matters, above 0")
    deciding: tuple[Deciding, ...] = Field((), description="other outcomes that decide too, each with outcome and matters")
    also: Annotated[tuple[str, ...], BeforeValidator(as_outcomes)] = Field(ALSO, description="other outcomes to show")

    @model_validator(mode="before")
    @classmethod
    def _said(cls, table: Any) -> Any:
        """Fill in the better direction where it is known, and ask in words for what only the asker can say."""
        refuse_unknown(cls, table)
        better = usual_way(table)
        ask_for(cls, table, "against", "matters")
        return {**table, "better": better}

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Refuse an outcome that decides twice; raises InputError."""
        names = [each.outcome for each in self.decides]
        for i, name in enumerate(names):
            if name in names[:i]:
                raise InputError("outcome.decides_already", place="deciding", value=name, allowed=Phrase("allowed.outcome_once"))
        return self

    @property
    def decides(self) -> tuple[Deciding, ...]:
        """Return all outcomes that decide, the first one first."""
        return (Deciding(outcome=self.outcome, better=self.better, matters=self.matters), *self.deciding)

    def about(self, outcome: str) -> Deciding | None:
        """Return which way is better, and what matters, of an outcome that decides; none of any other."""
        return next((each for each in self.decides if each.outcome == outcome), None)

    def matters_of(self, outcome: str) -> float:
        """Return the smallest difference in an outcome that matters; of one that does not decide, as of the first."""
        found = self.about(outcome)
        return found.matters if found else self.matters

    def scaled(self, factor: float) -> Self:
        """Return the same question for so many times as many people."""
        first, *others = (each.scaled(factor) for each in self.decides)
        return self.model_copy(update={"matters": first.matters, "deciding": tuple(others)})


@with_keys
class Until(StrictModel):
    """When a study has run enough: every difference with ``against`` is known to within ``half_width``.

    Or where a ``rule`` from outside says so (`stopping_rules.py`), which needs no ``half_width``.  Pairs are looked at in
    their order, so the answer does not depend on how fast machines are.  With a stop in sight the study looks ahead: it runs
    on for a while and stops only if the precision stays (Hoad, Robinson and Davies 2010).

    Raises
    ------
    InputError : a key cannot be used, or the first look comes after the last.

    Examples
    --------
    >>> Until(half_width=2.0, most=200).start
    10
    """

    outcome: Annotated[str, BeforeValidator(as_outcome)] = Field("recruited", description="the outcome that decides")
    half_width: float | None = Field(
        None, gt=0.0, allow_inf_nan=False, description="half the 95 % interval that is narrow enough, above 0"
    )
    rule: Annotated[str, BeforeValidator(as_rule)] = Field(PRECISION, description="the stopping rule, by its name")
    start: int = Field(10, ge=10, le=1_000_000, description="pairs of worlds before the first look")
    most: int = Field(400, ge=10, le=1_000_000, description="pairs of worlds at most")
    against: str = Field("", description="the scenario that the others are compared with; left out, the first one")

    @model_validator(mode="before")
    @classmethod
    def _said(cls, table: Any) -> Any:
        """Ask in words for what only the asker can say."""
        refuse_unknown(cls, table)
        if table.get("rule", PRECISION) == PRECISION:
            ask_for(cls, table, "half_width")
        return table

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """Refuse a first look after the last; raises InputError."""
        if self.start > self.most:
            raise InputError(
                "look.late", place="start", value=self.start, allowed=Phrase("allowed.whole_between", low=10, high=self.most)
            )
        return self


def until(
    outcome: str = "recruited",
    *,
    half_width: float | None = None,
    start: int = 10,
    most: int = 400,
    against: str = "",
    rule: str = PRECISION,
) -> Until:
    """Return when a study stops, for `Study.run`: as soon as every difference is known to within half_width.

    Parameters
    ----------
    outcome : the outcome that decides.
    half_width : half the 95 % interval that is narrow enough, in the unit of the outcome, above 0.
    start : pairs of worlds before the first look, 10 or more.
    most : pairs of worlds at most.
    against : the scenario that the others are compared with; left out, the first one.
    rule : the name of a stopping rule from outside (see `stopping`), which needs no half_width.

    Returns
    -------
    Until : what `Study.run` takes.

    Raises
    ------
    InputError : an unknown outcome or rule, no half_width, or a first look after the last.

    Examples
    --------
    >>> from kantelpunt import until
    >>> until("recruited", half_width=2, most=200).most
    200
    """
    table = {"outcome": outcome, "start": start, "most": most, "against": against, "rule": rule}
    return Until.read(table if half_width is None else {**table, "half_width": half_width}, place="until")
