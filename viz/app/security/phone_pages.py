"""Pages for phones, and their answers: of a ballot, and of a seat at the table of a game."""

from collections.abc import Mapping
from typing import NamedTuple

from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.viz.text import Text

from ..helm.debrief import JUDGED, NOTHING, OWN, TEAM, told_as
from ..helm.dilemmas import TITLE
from ..helm.game import CARDS, QUARTERS
from ..helm.roles import ROLES, Table, offered, told
from ..learn.own_lessons import words
from ..votes import ANSWERS, Ballot, Gathering
from ..widgets.choices import card_name, explained
from ..widgets.html import untrusted

LOOK = 5  # seconds until a phone that waits looks again


class Form(NamedTuple):
    """A question with its answers: what is sent (name, value), what is shown, and whether it was chosen."""

    asked: str
    name: str
    answers: list[tuple[str, str, bool]]
    hints: tuple[str, ...] = ()  # one for each answer, or none


class Shown(NamedTuple):
    """A page for a phone; ``question`` is HTML, all else is text."""

    title: str
    question: str = ""
    facts: tuple[tuple[str, str, str], ...] = ()
    forms: tuple[Form, ...] = ()
    notes: tuple[str, ...] = ()  # on the facts, or on why there are none
    bars: tuple[tuple[str, int, int], ...] = ()
    lines: tuple[str, ...] = ()
    again: int = 0
    kept: str = ""


def shown(t: Text, what: Gathering, voter: str) -> Shown:
    """Return the page of what a phone takes part in."""
    return of_table(t, what, voter) if isinstance(what, Table) else of_ballot(t, what, voter)  # type: ignore[arg-type]


def said(what: Gathering, voter: str, address: str, form: Mapping[str, list[str]]) -> str:
    """Hear what a phone says; return the key of what it is told where that does not count, "" where it does."""
    if isinstance(what, Table):
        return at_table(what, voter, address, form)
    return in_ballot(what, voter, address, form)  # type: ignore[arg-type]


# a ballot


def of_ballot(t: Text, ballot: Ballot, voter: str) -> Shown:
    """Return the question with its answers; of a prediction that is closed, how many voted each way."""
    question, own, predicting = ballot.asking, ballot.of(voter), ballot.asking == "way"
    names = {each: t(f"{'way' if predicting else 'level'}.{each}", percent=ballot.percent) for each in ANSWERS[question]}
    lines = [t("vote.yours", way=names[own]) if own else "", "" if ballot.open else t("vote.closed")]
    lines += [t("vote.may_change") if own and ballot.open else "", "" if own or ballot.open else t("vote.not_voted")]
    if ballot.found and predicting:
        lines.append(t("vote.went", way=t(f"found.{ballot.found}", percent=ballot.percent)))
    counts = ballot.counted(question)
    most = max(sum(counts.values()), 1)
    answers = [(each, name, each == own) for each, name in names.items()]
    return Shown(
        t("vote.title" if predicting else f"vote.title_{question}"),
        untrusted(words(t, ballot.lesson, "question" if predicting else "belief")),
        forms=(Form("", question, answers),) if ballot.open else (),
        bars=() if ballot.open else tuple((name, counts[each], most) for each, name in names.items()),
        lines=tuple(line for line in lines if line),
        again=0 if ballot.open and not own else LOOK,
        kept=t("vote.nothing_kept"),
    )


def in_ballot(ballot: Ballot, voter: str, address: str, form: Mapping[str, list[str]]) -> str:
    """Count an answer; one to a question that is asked no more is not heard."""
    name, answer = next(((name, some[0]) for name, some in form.items() if name in ANSWERS), ("", ""))
    if not name or answer not in ANSWERS[name]:  # type: ignore[index]
        return "not_counted"
    if not voter:
        return "cookie"
    return "full" if ballot.open and name == ballot.asking and not ballot.vote(voter, address, answer) else ""


# a seat at a table


def of_table(t: Text, table: Table, voter: str) -> Shown:
    """Return the free seats to a phone that has none, and else what this role sees and may propose, and no more."""
    role, game = table.role_of(voter), table.game
    if not role:
        free = [(each, t(f"helm_role.{each}"), False) for each in ROLES if each not in table.seats]
        line = t("seat.choose" if free else "seat.none_free")
        seats = (Form("", "role", free),) if free else ()
        return Shown(t("seat.title"), lines=(line,), forms=seats, again=LOOK, kept=t("seat.nothing_kept"))
    title = t(f"helm_role.{role}")
    if game.ended:
        return looked_back(t, table, role)
    when = t("helm.when", n=game.quarter + 1, of=QUARTERS)
    forms: list[Form] = []
    if game.dilemma:
        choices = offered(t, game).items()
        answers = [(f"{game.quarter}.{each}", words, table.choices.get(role) == each) for each, words in choices]
        forms.append(Form(game.dilemmas.said(t, game.dilemma, TITLE), "propose", answers))
    cards = [(f"{game.quarter}.{card}", card_name(t, card), table.cards.get(role) == card) for card in CARDS]
    forms.append(Form(t("seat.card"), "propose", cards, tuple(first_sentence(explained(t, card)) for card in CARDS)))
    note = "seat.first" if not game.quarter else "helm.noisy" if table.signs else "compare.thinking"
    return Shown(
        f"{title} · {when}",
        facts=tuple(told(t, table.signs, role)) if table.signs and game.quarter else (),
        notes=(t(note),),
        forms=tuple(forms),
        again=LOOK,
        kept=t("seat.nothing_kept"),
    )


def first_sentence(text: str) -> str:
    """Return as much of an explanation as fits on a phone."""
    return text.partition(". ")[0].rstrip(".") + "."


def looked_back(t: Text, table: Table, role: str) -> Shown:
    """Return what came of the game beside what could have been, and what this role may ask the others."""
    found = table.debrief
    if not found:
        return Shown(t(f"helm_role.{role}"), lines=(t("seat.ended"),), again=LOOK, kept=t("seat.nothing_kept"))
    facts = []
    for i, outcome in enumerate(JUDGED):
        own, nothing, team = (t.amount(float(found.found[name][0][i]), OUTCOMES[outcome].unit) for name in (OWN, NOTHING, TEAM))
        facts.append((told_as(t, outcome), own, t("seat.against", nothing=nothing, team=team)))
    return Shown(
        t("helm.debrief"),
        facts=tuple(facts),
        lines=(t(f"seat_question.{role}"), t("seat.talk")),
        again=LOOK,
        kept=t("seat.nothing_kept"),
    )


def at_table(table: Table, voter: str, address: str, form: Mapping[str, list[str]]) -> str:
    """Take a seat, or hear a proposal; one for an earlier quarter is not heard."""
    if not voter:
        return "cookie"
    if role := form.get("role", [""])[0]:
        return "" if table.sit(voter, address, role) else "taken"
    quarter, _, what = form.get("propose", [""])[0].partition(".")
    if not (quarter.isascii() and quarter.isdigit()) or len(quarter) > 2 or not what:
        return "not_counted"
    table.propose(voter, int(quarter), what)
    return ""
