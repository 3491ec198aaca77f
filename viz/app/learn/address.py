"""Where a room stands, as the values of an address, and back: nothing is lost by a reload, or a server that begins anew."""

from collections.abc import Mapping

from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.population.areas import PRESETS
from kantelpunt.model.scenario import Scenario, as_interventions

from ..votes import LEVELS
from .lessons import STEPS, WAYS
from .own_lessons import lesson_of
from .paired_worlds import LAYERS
from .player import SPEEDS
from .session import FIRST_SEED, FREE, LessonSession

FREELY = "free"  # how an address calls free play
DIFFERENCE = "difference"  # the view that shows only what differs
LONGEST = 12  # digits of a number in an address


def written(room: LessonSession) -> dict[str, str]:
    """Return where a room stands."""
    twins = room.player.twins
    state = {"lesson": room.name or FREELY, "world": str(room.seed), "step": room.step, "layer": room.layer}
    state["speed"] = str(room.player.speed)
    if room.differing:
        state["view"] = DIFFERENCE
    numbers = {"week": twins.week, "seen": twins.seen, "who": twins.chosen}
    state |= {name: str(number) for name, number in numbers.items() if number}
    if any(room.votes.values()):
        state["votes"] = "-".join(str(room.votes[way]) for way in WAYS)
    for question, some in room.levels.items():
        if any(some.values()):
            state[question] = "-".join(str(some[level]) for level in LEVELS)
    if room.ballot:
        state["ballot"] = room.ballot.code
    if room.name == FREE:
        left, right = room.free
        state |= {"area": left.area, "from": room.situation}
        doses = right.interventions[len(left.interventions) :]
        state["doses"] = ",".join(f"{each.kind}:{round(100 * each.intensity)}" for each in doses)
    return state


def restore(room: LessonSession, state: Mapping[str, str]) -> None:
    """Bring a room to where an address says; whatever of it cannot be used is left out.

    Of a lesson that is not there (any more) nothing can be used: its votes are of no other.
    """
    if not state:
        return
    try:
        begin(room, state)
    except (InputError, KeyError, ValueError):
        return
    votes = dict(zip(WAYS, (whole(part) for part in state.get("votes", "").split("-")), strict=False))
    for way, hands in votes.items():
        room.vote(way, hands)
    for question in room.levels:
        for level, part in zip(LEVELS, state.get(question, "").split("-"), strict=False):
            room.answer("before" if question == "before" else "after", level, whole(part))
    if state.get("layer") in LAYERS:
        room.layer = state["layer"]
    room.differing = state.get("view") == DIFFERENCE
    if (speed := whole(state.get("speed", ""))) in SPEEDS:
        room.player.speed = speed
    step = state.get("step", "")
    if not room.lesson or step in STEPS[STEPS.index("run") :]:  # before, no week has passed
        for week in (whole(state.get("seen", "")), whole(state.get("week", ""))):
            room.player.go_to(week)
    if step in STEPS and room.lesson:
        room.step = step if room.ended else min(step, "run", key=STEPS.index)
    room.find_ballot(state.get("ballot", ""))
    room.player.twins.chosen = whole(state.get("who", ""))


def begin(room: LessonSession, state: Mapping[str, str]) -> None:
    """Begin the lesson, or the free play, of an address; raises what says that it cannot be."""
    room.seed = whole(state.get("world", "")) or FIRST_SEED
    if lesson_of(state.get("lesson", "")):
        room.choose(state["lesson"])
    elif state.get("lesson") == FREELY:
        if state["area"] not in PRESETS:  # others may be twenty times as large
            raise KeyError(state["area"])
        left = Scenario(area=state["area"], situation=state.get("from", ""))
        doses = dict(part.split(":", 1) for part in state.get("doses", "").split(",") if part)
        chosen = as_interventions({kind: whole(share) / 100 for kind, share in doses.items() if kind in catalogue()})
        room.play_freely(left, left.changed(interventions=(*left.interventions, *chosen)), state.get("from", ""))
    elif state.get("lesson"):
        raise KeyError(state["lesson"])


def whole(text: str) -> int:
    """Return the whole number that stands in a part of an address; 0 where there is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
