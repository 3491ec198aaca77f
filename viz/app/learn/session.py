"""A lesson with two worlds, as an audience follows it: choose a lesson, predict, let it run, look back.  Knows no browser."""

from collections.abc import Callable
from typing import Any

from kantelpunt.model.errors import InputError
from kantelpunt.model.population.areas import DEFAULT_AREA
from kantelpunt.model.scenario import Scenario

from ..rejection import Refused
from ..votes import ANSWERS, BALLOTS, LEVELS, Ballot, Question, leave_later
from ..votes import opened as ballot_of
from .lessons import STEPS, WAYS, Found, Lesson, Way, lessons
from .own_lessons import OWN, lesson_of
from .paired_worlds import PairedWorlds
from .player import Player

FIRST_SEED = 2
OTHERS = 8  # worlds in which a lesson is tried beside the one that is shown
MOST_VOTES = 500
ASKED: dict[str, Question] = {"scene": "before", "predict": "way", "talk": "after"}  # at which step which question is asked
FREE = ""  # the name of no lesson
FREE_CHARTS = ("involved_youths", "trust_institutions", "incidents")


class LessonSession:
    """The state of the page Learn.

    Parameters
    ----------
    show : called whenever there is something new to draw.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        """Begin with the first lesson, at its scene."""
        self.name, self.seed, self.layer = next(iter(lessons())), FIRST_SEED, ""
        self.differing = False  # whether the map shows only what differs
        self.free, self.situation = (Scenario(area=DEFAULT_AREA), Scenario(area=DEFAULT_AREA)), ""
        self.step, self.votes = STEPS[0], dict.fromkeys(WAYS, 0)
        self.levels = no_levels()  # hands at the question before the lesson, and after it
        self.ballot: Ballot | None = None
        self.held: Lesson | None = None  # the lesson, so that it is there for as long as this room plays it
        self.refused: Refused | None = None  # why a file with a lesson cannot be used
        self.player = Player(twins_of(self.name, self.seed, self.free), show)
        self.choose(self.name)

    @property
    def lesson(self) -> Lesson | None:
        """Return the lesson; None when the room plays freely."""
        return lesson_of(self.name)

    @property
    def charts(self) -> tuple[str, ...]:
        """Return the outcomes that grow along."""
        return self.lesson.charts if self.lesson else FREE_CHARTS

    @property
    def added(self) -> tuple[str, ...]:
        """Return those of them that are added up since the start."""
        return self.lesson.added if self.lesson else ()

    @property
    def next_lesson(self) -> str:
        """Return the lesson after this one; FREE after the last one."""
        names = [*lessons(), FREE]
        return names[min(names.index(self.name) + 1, len(names) - 1)] if self.name in names else FREE

    def choose(self, name: str) -> None:
        """Begin a lesson at its scene, or free play."""
        twins = twins_of(name, self.seed, self.free)
        self.name = name
        self.held = lesson = self.lesson
        self.layer = lesson.layer if lesson else "trust"
        self.player.speed = lesson.speed if lesson else 4
        self._begin(twins)

    def open_file(self, data: bytes) -> None:
        """Begin the lesson that a file holds; where it cannot be used, all stays, and why is told."""
        try:
            self.choose(OWN.open(data))
            self.refused = None
        except (Refused, InputError) as error:
            self.refuse(Refused.of(error))

    def refuse(self, refused: Refused) -> None:
        """Tell why a file cannot be used."""
        self.refused = refused
        self.player.show()

    def again(self, seed: int | None = None) -> None:
        """Start over, in the same world or in another one; what the room predicted stays."""
        seed = self.seed if seed is None else seed
        twins = twins_of(self.name, seed, self.free)
        self.seed = seed
        self.step = min(self.step, "run", key=STEPS.index)
        self.tell_phones()
        self.player.change(twins)

    def play_freely(self, left: Scenario, right: Scenario, situation: str = "") -> None:
        """Play two scenarios of one's own, that begin from a situation."""
        twins = twins_of(FREE, self.seed, (left, right))
        self.free, self.situation, self.name = (left, right), situation, FREE
        self._begin(twins)

    def _begin(self, twins: PairedWorlds) -> None:
        """Stand at the start of two worlds; they are made before anything is set, so that where they cannot be all stays."""
        self.step, self.votes, self.levels = STEPS[0], dict.fromkeys(WAYS, 0), no_levels()
        self.end_ballot()
        self.player.change(twins)

    @property
    def covered(self) -> bool:
        """Return whether the room has yet to predict: until then no week passes, and nothing tells how it goes."""
        return self.lesson is not None and self.step in ("scene", "predict")

    def toggle(self) -> None:
        """Play or pause, once the room has predicted."""
        if not self.covered:
            self.player.toggle()

    def go_to(self, week: int) -> None:
        """Stand still in a week, once the room has predicted."""
        if not self.covered:
            self.player.go_to(week)

    def go_on(self, weeks: int) -> None:
        """Stand still some weeks later, or earlier, once the room has predicted."""
        self.go_to(self.player.twins.week + weeks)

    def forget_votes(self) -> None:
        """Forget what the room predicted."""
        self.votes, self.levels = dict.fromkeys(WAYS, 0), no_levels()
        if self.ballot:
            self.ballot.forget()
        self.player.show()

    @property
    def predictions(self) -> dict[Way, int]:
        """Return what the room predicted, by hands and by phones."""
        phones = self.ballot.counts if self.ballot else dict.fromkeys(WAYS, 0)
        return {way: self.votes[way] + phones[way] for way in WAYS}

    def answered(self, question: Question) -> dict[str, int]:
        """Return how many gave each answer before the lesson or after it, by hands and by phones."""
        phones = self.ballot.counted(question) if self.ballot else dict.fromkeys(LEVELS, 0)
        return {level: self.levels[question][level] + phones[level] for level in LEVELS}

    def answer(self, question: Question, level: str, more: int) -> None:
        """Count a hand at the question before the lesson or after it, or take one back."""
        some = self.levels[question]
        some[level] = min(max(some[level] + more, 0), MOST_VOTES)
        self.player.show()

    def rows(self) -> list[tuple[str, Question, str, int]]:
        """Return all answers as who ("" for hands, else the number of a phone), question, answer, how many."""
        hands: dict[str, dict[Any, int]] = {**self.levels, "way": self.votes}
        rows = [("", each, answer, hands[each][answer]) for each in ANSWERS for answer in ANSWERS[each] if hands[each][answer]]
        phones = self.ballot.rows() if self.ballot else []
        return rows + [(str(i), each, row[each], 1) for i, row in enumerate(phones, 1) for each in ANSWERS if each in row]

    def begin_ballot(self) -> None:
        """Let phones vote."""
        if self.lesson and self.step in ASKED and not self.ballot:
            self.ballot = ballot_of(self.name, self.lesson.asked.percent)
            self.ballot.holders.add(self)
            self.tell_phones()
            self.player.show()

    def end_ballot(self) -> None:
        """Let no phone vote any more, and forget what phones said."""
        if self.ballot:
            BALLOTS.drop(self.ballot.code)
            self.ballot = None

    def find_ballot(self, code: str) -> None:
        """Go on with a ballot that was opened before the page was loaded again, where it is still there and of this lesson."""
        found = BALLOTS.get(code)
        if isinstance(found, Ballot) and found.lesson == self.name and found.own:
            self.ballot = found
            found.holders.add(self)
            self.tell_phones()

    def tell_phones(self) -> None:
        """Tell phones whether they may vote, and how it went once the room has seen it."""
        if self.ballot:
            self.ballot.open, self.ballot.asking = self.step in ASKED, ASKED.get(self.step, "way")
            BALLOTS.put(self.ballot.code, self.ballot)
            self.ballot.found = self.found.way if self.found and self.step in ("reveal", "talk") else ""

    def vote(self, way: Way, more: int) -> None:
        """Count a hand, or take one back."""
        self.votes[way] = min(max(self.votes[way] + more, 0), MOST_VOTES)
        self.player.show()

    def move(self, steps: int) -> None:
        """Go to the next step of the lesson or the one before; what is revealed waits for the worlds to end."""
        if not self.lesson:
            return
        at = STEPS.index(self.step) + steps
        if not 0 <= at < len(STEPS) or (STEPS[at] in ("reveal", "talk") and not self.ended):
            return
        self.step = STEPS[at]
        self.tell_phones()
        if self.covered:
            self.player.go_to(0)
        elif self.step == "run" and steps > 0 and not self.ended:
            self.player.play()
        self.player.show()

    @property
    def ended(self) -> bool:
        """Return whether both worlds have been seen to their end."""
        return self.player.twins.seen >= self.player.twins.weeks

    @property
    def found(self) -> Found | None:
        """Return what happened, once the worlds have been seen to their end."""
        return self.lesson.found(self.player.twins) if self.lesson and self.ended else None

    def close(self) -> None:
        """Nobody looks any more; a ballot goes too, unless the page is loaded again and another session shows it."""
        if self.ballot:
            leave_later(self.ballot, self)
        self.player.close()


def no_levels() -> dict[str, dict[str, int]]:
    """Return no hand at the question before a lesson, nor after it."""
    return {question: dict.fromkeys(LEVELS, 0) for question in ("before", "after")}


def twins_of(name: str, seed: int, free: tuple[Scenario, Scenario]) -> PairedWorlds:
    """Return the two worlds of a lesson, or of free play, at their start."""
    if name == FREE:
        return PairedWorlds(*free, seed)
    lesson = lesson_of(name)
    if lesson is None:
        raise KeyError(name)
    return lesson.twins(seed)
