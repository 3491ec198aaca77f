"""How commands show a study: what is about to run, how far it is, what it answers, and the exit code they leave with.

Exit codes: 0 fine, 1 a run failed or differs, 2 bad input, 130 stopped by Ctrl-C.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from kantelpunt.model.errors import InputError, typed

from ..consoles import console, messages
from ..text import Text as Texts
from .options import print_table

if TYPE_CHECKING:
    import pandas as pd

    from kantelpunt.experiments.running.engines import Engine
    from kantelpunt.experiments.running.progress import Told, Words
    from kantelpunt.experiments.study import Study

    from ..report.answer import Answer

FAILED, STOPPED = 1, 130


def opening(study: "Study", asked: "pd.DataFrame", engine: "Engine", shard: str, lang: str) -> str:
    """Return what is about to run, and where."""
    t, plan, size, done = Texts(lang), study.plan, len(asked), study.done_of(asked)
    where = t(f"engine.{engine.kind}", n=engine.workers)
    known: dict[str, Any] = {"worlds": len(asked.drop_duplicates(["point", "world"]))}
    known["engine"] = t("engine.shard", engine=where, shard=shard) if shard else where
    known |= {"people": plan.scenarios[plan.first].n_people, "span": t.span(plan.years)}
    known["left"] = t("run.some", left=size - done, size=size) if done else t("run.all", size=size)
    n = len(plan.all_scenarios)
    return t("run.opening", plans=n, **known)


def warm_up(lang: str) -> None:
    """Have the rules compiled before many threads ask for them, and say so where it takes long."""
    from kantelpunt.model import compiled
    from kantelpunt.model.population.areas import SMALLEST
    from kantelpunt.model.scenario import Scenario
    from kantelpunt.model.simulation import simulate

    text = Texts(lang)("run.ready" if compiled.kept() else "run.first")
    if not compiled.kept():
        messages.print(text)
    with messages.status(text):
        simulate(Scenario(people=SMALLEST, years=1))
    tell_not_kept(lang)


def tell_not_kept(lang: str) -> None:
    """Say so where machine code cannot be kept, and why."""
    from kantelpunt.model import compiled

    if reason := compiled.not_kept():
        text = Texts(lang)("run.not_kept", folder=str(compiled.cache_folder()), reason=reason)
        messages.print(text, markup=False, highlight=False, soft_wrap=True)


def run_shown(study: "Study", engine: "Engine", lang: str, told: "Told | None" = None, **how: Any) -> None:
    """Run a study, and show how far it is and what is ``told`` of it so far."""
    from kantelpunt.experiments.running.progress import watching
    from kantelpunt.experiments.study import parsed

    shard = how.get("shard", "")
    parsed(shard)
    asked = study.would_ask(bool(how.get("mix")))
    text = opening(study, asked, engine, shard, lang)  # before anything is written: it raises where the study cannot be
    study.store.make()
    warm_up(lang)
    messages.print(text, highlight=False)
    try:
        with watching(study, messages, words(Texts(lang)), told) as watch:
            study.run(engine=engine, watch=watch, **how)
    except KeyboardInterrupt:  # Ctrl-C for the second time
        leave(study, lang, shard)


def words(t: Texts) -> "Words":
    """Return what is said beside the bar in a language."""
    from kantelpunt.experiments.running.progress import Words

    from ..report.wording import outcome_name, plan_name

    scenario, outcome = partial(plan_name, t), partial(outcome_name, t)
    return Words(t("run.speed"), t("run.shared"), t("run.so_far"), outcome, scenario, t.written)


def tell(study: "Study", as_json: bool, lang: str) -> None:
    """Write the answer into the folder of a study, print it, and leave with what came of it."""
    from ..report.answer import Answer
    from ..report.figures import draw
    from ..report.html import page

    t = Texts(lang)
    answer = Answer(study, t)
    pictures = partial(draw, study, study.folder, t) if answer.effects else bool
    trouble = kept(answer.write, pictures, lambda: study.store.write_text("report.html", page(answer)))
    if as_json:
        typer.echo(json.dumps({**answer.as_dict(), "folder": str(study.folder)}, indent=2, allow_nan=False))
    else:
        show(answer)
    if trouble:
        raise trouble
    for line in (t("run.files", folder=str(study.folder)), t("run.other")):
        messages.print(line, markup=False, highlight=False, soft_wrap=True)
    leave(study, lang)


def kept(*makes: Callable[[], object]) -> InputError | None:
    """Make files beside an answer, and return the first complaint of those that could not be written: the answer comes first."""
    complaints = []
    for make in makes:
        try:
            make()
        except InputError as error:
            complaints.append(error)
    return complaints[0] if complaints else None


def report_progress(study: "Study", as_json: bool, lang: str, shard: str = "", code: bool = True) -> None:
    """Print how far a study is and what to do next, and leave with what came of it (or of one shard of it)."""
    found = study.status()
    if as_json:
        typer.echo(
            json.dumps({"title": study.plan.heading, "folder": str(study.folder), **found._asdict()}, indent=2, default=str)
        )
    else:
        show_progress(study, shard, Texts(lang))
    if code:
        leave(study, lang, shard)


def show_progress(study: "Study", shard: str, t: Texts) -> None:
    """Print in words how far a study is, and what to do next."""
    found = study.status()
    console.print(Text(study.plan.heading, style="bold"))
    counts = {"done": found.done, "asked": found.asked, "failed": found.failed, "left": found.left}
    console.print(t("status.done", **counts), highlight=False)
    if found.computed < found.told:
        console.print(t("status.weeks", computed=found.computed, told=found.told), highlight=False)
    for line in damage(study, t):
        console.print(Text(line), soft_wrap=True)
    if not found.same_model:
        console.print(Text(t("status.changed")))
    if shard and found.left and not study.left(shard):
        console.print(t("status.shard", shard=shard), highlight=False)
    following = "resume" if found.left else "report" if study.plan.compare else "verify"
    console.print(Text(t("status.next", command=following, folder=quoted(study))), soft_wrap=True)


def damage(study: "Study", t: Texts) -> list[str]:
    """Return in words what is damaged or gone in a study, and what becomes of it."""
    found, folder = study.status(), quoted(study)
    parts = [t("status.broken", part=t.error(part)) for part in found.broken]
    return [*parts, *(t("status.damaged", file=str(name), folder=folder) for name in found.damaged)]


def quoted(study: "Study") -> str:
    """Return the folder of a study as one types it after a command."""
    return typed(str(study.folder))


def leave(study: "Study", lang: str, shard: str = "") -> None:
    """Leave with exit code 130 where runs are left (in this shard, if it is one), 1 where some failed."""
    found = study.status()
    if left := study.left(shard):
        line = Texts(lang)("run.stopped", left=left, folder=quoted(study))
        messages.print(line, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(STOPPED)
    if found.failed:
        raise typer.Exit(FAILED)


def show(answer: "Answer") -> None:
    """Print the answer in words and tables."""
    t = answer.t
    console.print(Text(answer.heading, style="bold"))
    for line in (answer.asked(), answer.setting(), *answer.summary()):
        console.print(Text(line))
    for card in answer.cards():
        console.print(Text.assemble("\n", (f"{card['name']}: {card['verdict']}", "bold"), f"\n{card['effect']} {card['money']}"))
    if answer.more():
        console.print(Text(f"\n{answer.more()}"))
    for table in answer.tables():
        heads, *rows = table.rows
        print_table(table.title, heads, rows, words=(heads[0], t("report.model"), t("report.verdict")))
        if table.note:
            console.print(Text(table.note))
    console.print(Text(f"\n{t('report.not_concluded')}", style="bold"))
    for line in answer.limits():
        console.print(Text(f"- {line}"))
