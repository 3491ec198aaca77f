"""Interventions: one file each, found by looking into this folder; more may be added from outside
(`additions.py`).

An intervention touches nothing but levers that rules already read (`registry.levers()`).  It says what it moves when it
is fully on; dates, intensity, ramp and place are the same for all and live here.  To add one, write one file:

    class SummerCamp(Intervention):
        '''Two weeks away in summer ... (who, when, where, reach, effect, cost, sources)'''

        MECHANISMS = ("M9",)
        EVIDENCE = Evidence("unclear", "no trial known")
        EXAMPLE = {**TINY, "interventions": [{"kind": "summer_camp"}]}
        FIRST_ORDER = ("activity_members", "up")

        kind: Literal["summer_camp"] = "summer_camp"

        def levers(self, people):
            return {"activity_places": 5.0}

        def euros_per_year(self, people):
            return 500.0 * people.children
"""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple, Self

import numpy as np
from pydantic import BeforeValidator, Field

from .. import plug_ins
from ..calendar import WEEKS_A_YEAR
from ..errors import InputError, Phrase, nearest
from ..quantity import Quantity
from ..state.codes import QUARTERS
from ..validation import MOMENT, StrictModel, moment, with_keys

FTE = Quantity(
    85_000.0, 65_000.0, 110_000.0, "euro/year", "assumed: public-sector wage with overhead", "a full-time professional", "fixed"
)
CONTACT_HOURS = Quantity(
    1_400.0, 1_200.0, 1_500.0, "hour/year", "assumed: net of leave, training and travel", "hours worked a year", "fixed"
)
HOUR = FTE.default / CONTACT_HOURS.default  # euros for an hour of a professional
EVERYWHERE: Final = "everywhere"
TINY: dict[str, Any] = {"people": 1_000, "years": 1}  # the worked examples' scenario
WHERE = Phrase("allowed.where", quarters=QUARTERS)


class Residents(NamedTuple):
    """The people whom an intervention is for, as numbers at the start.

    Parameters
    ----------
    total : all residents.
    children : those of 8-14.
    youths : those of 12-23.

    Examples
    --------
    >>> from kantelpunt import Residents
    >>> Residents(total=2_000, children=160, youths=300).part(0.25).children
    40.0
    """

    total: float
    children: float
    youths: float

    def part(self, share: float) -> "Residents":
        """Return this share of them.

        Parameters
        ----------
        share : from 0 to 1.

        Returns
        -------
        Residents : each number times the share.

        Examples
        --------
        >>> Residents(2_000, 160, 300).part(0.5).total
        1000.0
        """
        return Residents(*(number * share for number in self))


class Horizon(NamedTuple):
    """The weeks that a run simulates; week w runs from day 7 (w - 1) up to day 7 w after the start."""

    start: date
    weeks: int

    @property
    def end(self) -> date:
        """Return the first day after the last week."""
        return self.start + timedelta(weeks=self.weeks)

    @property
    def anniversary(self) -> date:
        """Return the day on which as many years of the calendar have passed: some days after the end of those of 52 weeks."""
        year = self.start.year + self.weeks // WEEKS_A_YEAR
        leap_day = (self.start.month, self.start.day) == (2, 29)
        return date(year, 3, 1) if leap_day else self.start.replace(year=year)

    def days(self, when: date | int) -> int:
        """Return the number of days from the start to a date or a number of weeks.

        A date after the end counts as the end where the last year of the calendar runs on.
        """
        if not isinstance(when, date):
            return 7 * when
        return (min(when, self.end) if when <= self.anniversary else when).toordinal() - self.start.toordinal()


class Evidence(NamedTuple):
    """How well it is known that a kind of measure works, and by which source.

    "recognised": trials or reviews find that it helps; "unclear": nobody knows, or findings differ; "may_harm": there is reason
    to fear that it makes things worse, so that an answer that uses it says so.
    """

    standing: Literal["recognised", "unclear", "may_harm"]
    source: str


class Past(NamedTuple):
    """The past that a kind that changes course looks back on: the outcomes of every week so far (`outcomes.OUTCOMES`)."""

    history: np.ndarray


def quarters(value: object) -> object:
    """Return "everywhere", or the quarters named, each once, in the order of the map; raises InputError on another name."""
    if value == EVERYWHERE:
        return value
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple | set | frozenset) or not names:
        raise InputError("place.invalid", value=value, allowed=WHERE)
    for name in names:
        if not isinstance(name, str) or name not in QUARTERS:
            raise InputError("quarter.unknown", value=name, allowed=WHERE, near=nearest(str(name), (EVERYWHERE, *QUARTERS)))
    return tuple(quarter for quarter in QUARTERS if quarter in names)


def dose(quantity: Quantity) -> Any:
    """Return the pydantic field of a quantity: its default is the full programme, its range what may be asked for."""
    return Field(
        default=quantity.default, ge=quantity.low, le=quantity.high, description=f"{quantity.meaning} ({quantity.unit})",
        json_schema_extra={"unit": quantity.unit, "source": quantity.source},
    )  # fmt: skip


def ramp_of(weeks: int) -> Any:
    """Return the pydantic field of the weeks that a kind takes to build up."""
    return Field(default=weeks, ge=0, le=260, description="weeks until it is fully on")


def places_of(quantity: Quantity) -> Any:
    """Return the pydantic field of places in all; left out, the full programme is a number per head (the quantity)."""
    return Field(
        default=None, ge=0.0, le=1e6, description=f"{quantity.meaning}, in all; left out: {quantity.default:g} {quantity.unit}",
        json_schema_extra={"unit": "places", "source": quantity.source},
    )  # fmt: skip


def rate(places: float, people: float, unit: int) -> float:
    """Return places for every ``unit`` people; where hardly anybody lives, as if for one."""
    return unit * places / max(people, 1.0)


Moment = Annotated[date | int | None, BeforeValidator(moment)]


@with_keys
class Intervention(StrictModel):
    """A dated programme: the levers it moves, when, where, how much of it, at what cost.

    Each kind defines ``levers`` and ``euros_per_year``, which receive the residents of the quarters where it runs.  EXAMPLE is
    a small scenario with it; FIRST_ORDER names the outcome that moves first, and which way, against the same scenario
    without it.  Effects grow over ``ramp`` weeks, once where programmes
    follow each other that differ in dates only; costs run in full from the first day, since staff is paid while it finds
    its way.  In a week in which it starts or ends, a programme counts by the days on which it runs.  Amounts such as places
    and ``cost_per_year`` are for those residents together.

    Raises
    ------
    InputError : a key cannot be used; the error names the value, its place and what is allowed.

    Examples
    --------
    >>> from kantelpunt import INTERVENTIONS, Residents
    >>> camp = INTERVENTIONS["youth_activities"].read({"places": 60, "from": 10, "until": 62})
    >>> sorted(camp.levers(Residents(total=2_000, children=160, youths=300)))
    ['activity_places']
    """

    MECHANISMS: ClassVar[tuple[str, ...]] = ()
    EVIDENCE: ClassVar[Evidence] = Evidence("unclear", "nobody has said")
    EXAMPLE: ClassVar[dict[str, Any]] = {}
    FIRST_ORDER: ClassVar[tuple[str, Literal["up", "down"]]]
    AMOUNTS: ClassVar[tuple[str, ...]] = ("cost_per_year",)  # fields that grow with the number of people
    PERIOD: ClassVar[int] = 0  # weeks after which it looks back and may change course; 0: never
    EVENT: ClassVar[bool] = False  # it happens, and does not go on: right after one, another is another
    PARTS: ClassVar[tuple[str, ...]] = ()  # fields of a compound measure, each of which moves levers of its own; 0 leaves it out
    QUALITIES: ClassVar[tuple[str, ...]] = ()  # levers that say what kind of help it is: not less at half intensity

    kind: str
    from_: Moment = Field(None, alias="from", description=str(MOMENT))
    until: Moment = Field(None, description=str(MOMENT))
    intensity: float = Field(1.0, ge=0.0, le=1.0, description="share of the full programme")
    ramp: int = ramp_of(0)
    where: Annotated[Literal["everywhere"] | tuple[str, ...], BeforeValidator(quarters)] = Field(
        EVERYWHERE, description=str(WHERE)
    )
    cost_per_year: float | None = Field(
        None, ge=0.0, le=1e10, description="total euros a year of the full programme (intensity 1), in place of the estimate"
    )

    def levers(self, people: Residents) -> dict[str, float]:
        """Return the levers that it moves when fully on; each kind defines this.

        Parameters
        ----------
        people : the `Residents` of the quarters where it runs.

        Returns
        -------
        dict : name of a lever -> its value, in the unit of that lever.

        Examples
        --------
        >>> people = Residents(total=2_000, children=160, youths=300)
        >>> build({"kind": "youth_activities", "places": 16}).levers(people)
        {'activity_places': 10.0}
        """
        raise NotImplementedError

    def euros_per_year(self, people: Residents) -> float:
        """Return the cost of the full programme, in euros a year; each kind defines this.

        Parameters
        ----------
        people : the `Residents` of the quarters where it runs.

        Returns
        -------
        float : euros a year, 0 or more.

        Examples
        --------
        >>> build({"kind": "youth_activities"}).euros_per_year(Residents(2_000, 160, 300)) > 0
        True
        """
        raise NotImplementedError

    @property
    def quarters(self) -> tuple[int, ...]:
        """Return the numbers of the quarters where it runs."""
        return tuple(i for i, name in enumerate(QUARTERS) if self.where == EVERYWHERE or name in self.where)

    def reached(self, people: Residents) -> Residents:
        """Return the residents of the quarters where it runs (taken as a quarter of all each)."""
        return people.part(len(self.quarters) / len(QUARTERS))

    def days(self, horizon: Horizon) -> tuple[int, int]:
        """Return its first day and the day after its last, counted from 0; raises InputError where its dates cannot be."""
        for name, when in (("from", self.from_), ("until", self.until)):
            if when is not None:
                within(horizon, when, name)
        begin = 0 if self.from_ is None else horizon.days(self.from_)
        end = 7 * horizon.weeks if self.until is None else horizon.days(self.until)
        if begin >= end:
            start = horizon.start if self.from_ is None else self.from_
            stop = horizon.end if self.until is None else self.until
            raise InputError("date.reversed", allowed=Phrase("allowed.from_before_until"), first=start, last=stop)
        return begin, end

    def window(self, horizon: Horizon) -> tuple[int, int]:
        """Return the first and the last week in which it runs; raises InputError where its dates cannot be."""
        begin, end = self.days(horizon)
        return begin // 7 + 1, -(-end // 7)

    def runs(self, horizon: Horizon) -> np.ndarray:
        """Return on which days of each week it runs, bool of shape (weeks + 1, 7), row 0 unused."""
        begin, end = self.days(horizon)
        day = np.arange(-7, 7 * horizon.weeks).reshape(-1, 7)
        return (begin <= day) & (day < end)

    def profile(self, horizon: Horizon) -> np.ndarray:
        """Return how much of the full programme is on in each week, on the days it runs; shape (weeks + 1,), index 0 unused."""
        first, last = self.window(horizon)
        share = np.zeros(horizon.weeks + 1)
        since = np.arange(1, last - first + 2)
        share[first : last + 1] = self.intensity * np.minimum(since / max(self.ramp, 1), 1.0)
        return share

    def share_of(self, lever: str, horizon: Horizon, past: Past | None = None) -> np.ndarray:
        """Return how much of one lever is on in each week: by default as much as of the whole programme, whatever has been."""
        return self.profile(horizon)

    def cost(self, people: Residents, horizon: Horizon) -> float:
        """Return what it costs over the horizon, in euros."""
        begin, end = self.days(horizon)
        per_year = self.euros_per_year(self.reached(people)) if self.cost_per_year is None else self.cost_per_year
        return self.intensity * per_year * ((end - begin) / 7) / WEEKS_A_YEAR

    def scaled(self, factor: float) -> Self:
        """Return the same programme, per head, for this many times the people."""
        amounts = {name: getattr(self, name) * factor for name in self.AMOUNTS if getattr(self, name) is not None}
        return self.model_copy(update=amounts)

    def part(self, name: str) -> Self:
        """Return the same programme with this one of its parts alone; raises InputError where it has no such part."""
        if name not in self.PARTS:
            raise InputError(
                "part.unknown",
                place=self.kind,
                value=name,
                allowed=self.PARTS or Phrase("allowed.part_itself"),
                near=nearest(name, self.PARTS),
            )
        return self.model_copy(update=dict.fromkeys((each for each in self.PARTS if each != name), 0.0))

    def table(self) -> dict[str, Any]:
        """Return its keys and values as a file holds them, defaults left out."""
        return {"kind": self.kind, **self.model_dump(by_alias=True, exclude_defaults=True, exclude={"kind"})}


class Circumstance(Intervention):
    """Something that happens to a neighbourhood and that nobody there decides on: it costs nothing unless a file says so."""

    def euros_per_year(self, people: Residents) -> float:
        """Return nothing."""
        return 0.0


def within(horizon: Horizon, when: date | int, name: str) -> None:
    """Raise InputError unless this moment lies within the horizon; an end may also be the day after the last."""
    if not 0 <= horizon.days(when) < 7 * horizon.weeks + (name == "until"):
        raise InputError(
            "date.outside_years",
            place=name,
            value=when,
            allowed=Phrase("allowed.within_years", first=horizon.start, last=horizon.end, weeks=horizon.weeks),
        )


@cache
def kinds() -> dict[str, type[Intervention]]:
    """Return kind -> class of every intervention in this folder, to which additions join.

    Raises TypeError where a file holds none.
    """
    found: dict[str, type[Intervention]] = {}
    for name in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        here = [thing for thing in vars(module).values() if isinstance(thing, type) and issubclass(thing, Intervention)]
        here = [thing for thing in here if thing.__module__ == module.__name__]
        if [thing.model_fields["kind"].default for thing in here] != [name]:
            raise TypeError(f"model/interventions/{name}.py must hold one intervention of kind {name!r}")
        found[name] = here[0]
    return found


def catalogue() -> dict[str, type[Intervention]]:
    """Return kind -> class of every intervention that there is, those of plug-ins and other additions included."""
    plug_ins.load("kantelpunt.interventions")
    return kinds()


def build(data: object) -> Intervention:
    """Return the intervention that a table with a ``kind`` describes; raises InputError on an unknown kind."""
    if isinstance(data, Intervention):
        return data
    there = catalogue()
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
        raise InputError("intervention.no_kind", value=data, allowed=Phrase("allowed.kind", kinds=tuple(there)))
    kind = data["kind"]
    if kind not in there:
        raise InputError("intervention.unknown", place="kind", value=kind, allowed=there, near=nearest(kind, there))
    return there[kind].read(data)


def short(value: object) -> str:
    """Return a value of a dose as one would write it."""
    return f"{value:g}" if isinstance(value, int | float) else " ".join(value) if isinstance(value, tuple) else str(value)


def dosed(intervention: Intervention) -> str:
    """Return an intervention in short: its kind, and what differs from its defaults."""
    doses = ", ".join(f"{name} {short(value)}" for name, value in intervention.table().items() if name != "kind")
    return f"{intervention.kind} ({doses})" if doses else intervention.kind


def __getattr__(name: str) -> Any:
    """Return INTERVENTIONS, the catalogue, when somebody asks for it."""
    if name == "INTERVENTIONS":
        return catalogue()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
