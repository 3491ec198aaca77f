"""The neighbourhood as a team can see it: the files of its organisations, a survey, and what residents tell workers.

Files hold what was reported, taken up, answered and done, by place.  Every quarter of a year a sample of adults is asked, whose
answers err as those of the yearly survey do.  Somebody in good contact with a worker may tell what is the matter, if anything
is, the likelier the more that person trusts workers: so a team that nobody meets or trusts hears of little, and its picture
rests on few people.

    P(tells | good contact) = trust in the frontline
    P(names a loop) ~ how much more of it there is for this person than is usual

Nobody's stage, norm or offences are seen, nor anything else that is true and not told: `READS` is all that is looked at.
Sources: M17, M18, M19 (closeness shows); which loop somebody names and what is usual: assumed.
"""

from typing import Any, NamedTuple

import numpy as np

from ..draws import Draw, key, uniforms
from ..errors import InputError, Phrase
from ..shared.events import happened, lost, parts
from ..shared.persons import ADULT_FROM
from ..state import codes
from ..state.codes import QUARTERS
from ..state.world import World

QUARTER = 13  # weeks of a quarter of a year
YEAR = 52
LOOPS = ("distrust", "offers", "families", "disorder", "desks")  # what may hold a neighbourhood where it is
USUAL = np.array([0.4, 0.05, 0.05, 0.2, 0.4])  # level of each that nobody remarks on, assumed
FILED = {  # sign -> event, and its values: all of them where there are none
    "reports": (codes.REPORT, (codes.NUISANCE, codes.CRIME)),
    "worries": (codes.CASE_OPENED, (codes.YOUTH_AT_RISK,)),
    "family_worries": (codes.CASE_OPENED, (codes.FAMILY,)),
    "answered": (codes.CASE_CLOSED, (codes.DONE, codes.EXPLAINED)),
    "unanswered": (codes.CASE_CLOSED, (codes.SILENT,)),
    "arrests": (codes.ARREST, ()),
    "good_contacts": (codes.GOOD_CONTACT, ()),
    "bad_contacts": (codes.BAD_CONTACT, ()),
    "promises_kept": (codes.PROMISE_KEPT, ()),
    "promises_broken": (codes.PROMISE_BROKEN, ()),
}  # each a number of times in a quarter of a year per 1,000 residents
ASKED = ("unsafe", "trust", "cohesion")  # share of those asked; marks of 0-10
SIGNS = (*FILED, *ASKED, *(f"told_{loop}" for loop in LOOPS))  # the last are numbers of people
READS = (
    "person.present", "person.id", "person.born", "person.home", "person.household", "person.fear", "person.trust_institutions",
    "person.trust_neighbours", "person.trust_frontline", "person.usefulness", "person.exposure", "household.closed",
    "place.quarter", "event.week", "event.kind", "event.who", "event.place", "event.value",
)  # fmt: skip


class Seen(NamedTuple):
    """The view of a policy; nothing here can be written to.

    Attributes
    ----------
    signs : what is known so far, shape (quarters of a year, quarters of the neighbourhood, SIGNS), from the start of the run.
    spent : euros spent so far, shape (quarters of a year, quarters of the neighbourhood, menu).
    budget : euros that may be spent in this quarter of a year.
    menu : kinds of intervention that money can go to.
    full : euros for the full programme of each kind in this quarter of a year, in all quarters where money may go.
    where : names of these quarters.
    luck : a whole number that differs by world, quarter of a year and programme, for policies that draw.
    """

    signs: np.ndarray
    spent: np.ndarray
    budget: float
    menu: tuple[str, ...]
    full: np.ndarray
    where: tuple[str, ...]
    luck: int

    def sign(self, name: str) -> np.ndarray:
        """Return one sign, shape (quarters of a year, quarters of the neighbourhood)."""
        return self.signs[:, :, SIGNS.index(name)]


def gathered(world: World, p: Any, seed: int, week: int) -> np.ndarray:
    """Return the signs of the quarter of a year that ends with this week, shape (quarters of the neighbourhood, SIGNS).

    `p` are the parameters of the observation: the sample of a survey and the error of its answers.  Raises InputError when the
    log of events is full, since files that end somewhere look like a neighbourhood in which nothing happens any more.
    """
    if gone := lost(world):
        room = Phrase("allowed.events_kept", most=parts(world).shape[1] - 1)
        raise InputError("policy.blind", place="policy", value=gone, allowed=room, week=week)
    people = world.people[world.people["present"] == 1]
    people = people[np.argsort(people["id"])]
    events = happened(world)
    events = events[events["week"] > week - QUARTER]
    found = np.column_stack(
        [filed(world, people, events), asked(world, people, p, seed, week), told(world, people, events, seed, week)]
    )
    found.flags.writeable = False
    return found


def filed(world: World, people: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Return the numbers that are in the files, per 1,000 residents, shape (quarters of the neighbourhood, FILED)."""
    residents = counted(world.places["quarter"][people["home"]])
    of_kind = [
        events[(events["kind"] == kind) & (np.isin(events["value"], values) | (not values))] for kind, values in FILED.values()
    ]
    return np.column_stack(
        [1_000 * counted(world.places["quarter"][some["place"]]) / np.maximum(residents, 1) for some in of_kind]
    )


def asked(world: World, people: np.ndarray, p: Any, seed: int, week: int) -> np.ndarray:
    """Return what a sample of adults answers, shape (quarters of the neighbourhood, ASKED); 0 where nobody was asked."""
    dice = key(seed, Draw.INDICATOR, week)
    adults = people[people["born"] <= week - YEAR * ADULT_FROM]
    adults = adults[uniforms(dice, adults["id"], 0) < p.sample]
    levels = [adults[name] for name in ("fear", "trust_institutions", "trust_neighbours")]
    errors = [uniforms(dice, adults["id"], 1 + i) for i in range(len(ASKED))]
    fear, trust, cohesion = (np.clip(level + p.error * (2 * u - 1), 0.0, 1.0) for level, u in zip(levels, errors, strict=True))
    home = world.places["quarter"][adults["home"]]
    totals = [counted(home, answers) for answers in (1.0 * (fear > p.unsafe), 10 * trust, 10 * cohesion)]
    return np.column_stack(totals) / np.maximum(counted(home), 1)[:, None]


def told(world: World, people: np.ndarray, events: np.ndarray, seed: int, week: int) -> np.ndarray:
    """Return how many residents named each loop to a worker, shape (quarters of the neighbourhood, LOOPS)."""
    met = np.intersect1d(people["id"], events["who"][events["kind"] == codes.GOOD_CONTACT])
    some = people[np.searchsorted(people["id"], met)]
    dice = key(seed, Draw.TOLD, week)
    some = some[uniforms(dice, some["id"], 0) < some["trust_frontline"]]
    levels = np.column_stack(
        [
            1.0 - some["trust_institutions"],
            some["exposure"],
            world.households["closed"][some["household"]],
            some["fear"],
            1.0 - some["usefulness"],
        ]
    )
    chances = np.cumsum(np.maximum(levels - USUAL, 0.0), axis=1)
    named = (uniforms(dice, some["id"], 1)[:, None] * chances[:, -1:] >= chances).sum(axis=1)  # beyond the last: nothing is
    home = world.places["quarter"][some["home"]]
    return np.column_stack([counted(home[named == loop]) for loop in range(len(LOOPS))])


def counted(quarters: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return how many there are, or how much they weigh, in each quarter of the neighbourhood."""
    return np.bincount(quarters, weights, len(QUARTERS)).astype(float)
