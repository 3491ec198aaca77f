"""When a measure begins, how long it lasts and where it is done: what a race may choose besides its dose."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.interventions import Horizon, Intervention

WAY = ("from", "until", "where")  # keys of a measure


class Ways(NamedTuple):
    """Moments, durations and places to choose from, besides those of the plan; of what is left out, measures stay as they are.

    Parameters
    ----------
    begins : dates, or weeks after the start.
    years : durations, in years; one that ends after the last week lasts to the end.
    places : "everywhere", or names of quarters.
    """

    begins: tuple[date | int, ...] = ()
    years: tuple[int, ...] = ()
    places: tuple[str | tuple[str, ...], ...] = ()

    def of(self, measure: Intervention, horizon: Horizon) -> list[Intervention]:
        """Return the versions of a measure, each once, its own first; raises InputError where one cannot be.

        A measure of one day, such as a raid, keeps its date.
        """
        once = "date" in type(measure).model_fields
        times = [(None, None)] if once else list(product(self.begins or (None,), self.years or (None,)))
        found = [measure]
        for (begin, years), place in product(times, self.places or (None,)):
            keys = dict(changed(measure, horizon, begin, years)) | ({} if place is None else {"where": place})
            version = type(measure).read({**measure.table(), **keys}, place=measure.kind) if keys else measure
            version.days(horizon)
            found += [] if version in found else [version]
        return found


AS_PLANNED = Ways()


def changed(measure: Intervention, horizon: Horizon, begin: "date | int | None", years: int | None) -> Iterator[tuple[str, Any]]:
    """Give the keys of a measure that another begin and duration change."""
    start = measure.from_ if begin is None else begin
    if begin is not None:
        yield "from", begin
    if years is not None:
        first = 0 if start is None else start
        weeks = years * WEEKS_A_YEAR
        if 0 <= horizon.days(first) + 7 * weeks < 7 * horizon.weeks:
            yield "until", first + timedelta(weeks=weeks) if isinstance(first, date) else first + weeks
        else:
            yield "until", horizon.weeks
