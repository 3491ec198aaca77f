"""The commands ``run`` and ``app``: they parse, call and print.  Heavy imports stand in the command that needs them."""

import json
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kantelpunt.experiments.rounding import amount, digits_of
from kantelpunt.model.errors import InputError, Phrase

from ..consoles import console, messages
from ..text import Text
from . import options
from .catalogue import assumptions, figure
from .options import named_area, speaking, taking, whole
from .study_output import tell_not_kept, warm_up

if TYPE_CHECKING:
    from kantelpunt.model.scenario import Scenario
    from kantelpunt.model.simulation import Run

PATIENCE = 2.0  # seconds before progress is shown
CHUNK = SEASON = 13  # weeks between two looks at the clock, and weeks that a number in the summary is a mean of
KEY_OUTCOMES = (
    "involved_youths", "recruited", "members", "trust_institutions", "trust_frontline", "norm_enemy", "fear", "cohesion",
    "unsafe", "incidents", "reports", "silent", "prospects", "crime_hold",
)  # fmt: skip

commands = typer.Typer(rich_markup_mode=None)


@dataclass(frozen=True)
class WhatIf:
    """One world that is asked for: where, who, what is done and with which luck."""

    area: options.Area = None
    situation: options.Situation = None
    years: Annotated[int | None, whole(1, 50, "Years of 52 weeks.")] = None
    people: options.People = None
    seed: options.Seed = 1
    intervention: Annotated[
        list[str] | None, typer.Option(metavar="KIND=INTENSITY", help="Add one, at a share from 0 to 1; may be repeated.")
    ] = None
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="RULE.PARAMETER=VALUE", help="Set one; may be repeated.")] = (
        None
    )
    lang: options.Language = options.ENGLISH

    def scenario(self, file: Path | None) -> "Scenario":
        """Return the scenario of a file, or the ordinary one, with what the options change."""
        from kantelpunt.model.scenario import Scenario

        base = Scenario.from_toml(file) if file else Scenario()
        changes: dict[str, Any] = {} if self.years is None else {"years": self.years}
        if self.situation is not None:
            changes["situation"] = self.situation
        if self.area is not None:
            changes["area"], changes["area_file"] = named_area(self.area)
        if self.intervention:
            changes["interventions"] = (*base.interventions, *(added(text) for text in self.intervention))
        if self.set_:
            changes["parameters"] = {**base.parameters, **dict(setting(text) for text in self.set_)}
        changed = base.changed(**changes) if changes else base
        return changed if self.people is None else changed.scaled(self.people)


ScenarioFile = Annotated[Path | None, typer.Argument(help="A scenario file (TOML). Default: no interventions.")]


@commands.command()
@taking(WhatIf)
def run(
    scenario: ScenarioFile = None,
    as_json: options.Json = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the weekly outcomes to this file.")] = None,
    force: options.Force = False,
    *,
    asked: WhatIf,
) -> None:
    """Run one simulation and summarise the outcome."""
    from kantelpunt.experiments.exchange.spreadsheet import as_csv
    from kantelpunt.experiments.running import destination
    from kantelpunt.experiments.running.files import write

    what_if = asked.scenario(scenario)
    place = out and destination.destination(out, destination.is_weeks, force=force)
    result, t = lived(what_if, asked.seed, asked.lang), Text(asked.lang)
    found = summary(result)
    if as_json:
        typer.echo(json.dumps(found, indent=2, allow_nan=False, default=str))
    else:
        show(found, t)
    if place:
        table = as_csv(result.weeks, index_label="week").encode()
        write(place, lambda file: file.write(table))
        messages.print(t("command.every_week", file=str(out)), markup=False, highlight=False)


def added(text: str) -> Any:
    """Return the intervention that KIND or KIND=INTENSITY means."""
    from kantelpunt.model.interventions import build

    kind, _, intensity = text.partition("=")
    try:
        return build({"kind": kind.strip(), "intensity": as_number(intensity) if intensity else 1.0})
    except InputError as error:
        error.place = f"--intervention {text}"
        raise


def as_number(text: str) -> float | str:
    """Return the number that a text holds, or the text where it holds none."""
    try:
        return float(text)
    except ValueError:
        return text


def setting(text: str) -> tuple[str, float]:
    """Return the parameter and value that RULE.PARAMETER=VALUE means."""
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise InputError("option.no_number", place="--set", value=text, allowed=Phrase("allowed.setting")) from None


def lived(scenario: "Scenario", seed: int, lang: str, events: bool = False) -> "Run":
    """Let the weeks pass, with a log of events or without, and show on standard error what takes more than a moment."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from kantelpunt.experiments.running.engines import cores
    from kantelpunt.model import compiled
    from kantelpunt.model.simulation import Run, Simulation

    t = Text(lang)
    waiting: AbstractContextManager[Any] = nullcontext()
    if not compiled.kept():
        text = t("run.first")
        messages.print(text)
        waiting = messages.status(text)
    with waiting:
        simulation = Simulation(scenario, seed, events, threads=cores())
        simulation.advance()
    tell_not_kept(lang)
    begin = monotonic()
    columns = TextColumn(t("command.week", week="{task.completed}", weeks="{task.total}")), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=messages, transient=True) as progress:
        task = progress.add_task("", total=scenario.weeks, visible=False)
        while simulation.week < scenario.weeks:
            simulation.advance(min(CHUNK, scenario.weeks - simulation.week))
            progress.update(task, completed=simulation.week, visible=monotonic() - begin > PATIENCE)
    return Run(scenario, simulation.seed, simulation.world)


def summary(run: "Run") -> dict[str, Any]:
    """Return what a run came to, in plain numbers: the key outcomes as means over 13 weeks."""
    from kantelpunt.model.outcomes import OUTCOMES

    weeks, scenario = run.weeks, run.scenario
    middle = 1 + (len(weeks) - SEASON) // 2
    rows = {"start": weeks.iloc[1 : 1 + SEASON], "middle": weeks.iloc[middle : middle + SEASON], "end": weeks.iloc[-SEASON:]}
    means = {part: {name: known(mean) for name, mean in some.mean().items()} for part, some in rows.items()}
    return {
        "area": scenario.resolved_area().name,
        "people": scenario.n_people,
        "years": scenario.years,
        "seed": run.seed,
        "interventions": [intervention.table() for intervention in scenario.interventions],
        "parameters": scenario.parameters,
        "assumed": assumptions(scenario.resolved_area()),
        "deviations": {name: {"asked": asked, "got": got} for name, (asked, got) in run.deviations.items()},
        "cost": scenario.cost(),
        "recruited": int(weeks["recruited"].iloc[1:].sum()),
        "regime": {"words": str(run.regime), "course": [{"week": week, "regime": name} for week, name in run.regime.course]},
        "outcomes": {name: {**OUTCOMES[name]._asdict(), **{part: means[part][name] for part in means}} for name in KEY_OUTCOMES},
        "scenario": scenario.key,
        "digest": run.digest,
    }


def known(number: float) -> float | None:
    """Return a number that JSON can hold: none where there is nothing to say."""
    return float(number) if math.isfinite(number) else None


def show(found: dict[str, Any], t: Text) -> None:
    """Print a summary in words and a table."""
    table = Table(title=title(found, t), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(t("world.mean"))
    for heading in ("unit", "start", "middle", "end", "better"):
        table.add_column(t(f"world.{heading}"), justify="left" if heading in ("unit", "better") else "right")
    for name, outcome in found["outcomes"].items():
        numbers = [math.nan if outcome[part] is None else outcome[part] for part in ("start", "middle", "end")]
        digits = digits_of((each for each in numbers if not math.isnan(each)), name)
        shown = [t.written(amount(each, name, digits)) for each in numbers]
        unit = t.named("units", outcome["unit"], outcome["unit"])
        table.add_row(t.named("outcome", name, outcome["definition"]), unit, *shown, t(f"better.{outcome['better']}"))
    console.print(table)
    for line in told(found, t):
        console.print(line, markup=False, highlight=False)


def title(found: dict[str, Any], t: Text) -> str:
    """Return which world this is."""
    return t(
        "world.title",
        area=found["area"],
        people=t.number(found["people"]),
        span=t.span(found["years"]),
        world=str(found["seed"]),
    )


def told(found: dict[str, Any], t: Text) -> list[str]:
    """Return in words what a run came to."""
    span = t.span(found["years"])
    kinds = ", ".join(programme(each, t) for each in found["interventions"]) or t("command.none")
    assumed = ", ".join(figure(name, t) for name in found["assumed"]) or t("command.nothing")
    return [
        t("world.interventions", kinds=kinds, cost=t.written(f"{found['cost']:,.0f}"), span=span),
        t("world.recruited", span=span, n=found["recruited"]),
        t("world.regime", course=course(found["regime"]["course"], t)),
        t("world.assumed", figures=assumed),
        *(
            t("world.deviation", figure=figure(name, t), got=t.written(f"{each['got']:g}"), asked=t.written(f"{each['asked']:g}"))
            for name, each in found["deviations"].items()
        ),
        t("world.one"),
    ]


def programme(table: dict[str, Any], t: Text) -> str:
    """Return what an intervention is called, and how much of it there is."""
    kind = table["kind"]
    return f"{t.named('intervention', kind, kind)} ({table.get('intensity', 1.0):.0%})"


def course(regimes: list[dict[str, Any]], t: Text) -> str:
    """Return the course of a neighbourhood in words."""
    first, *later = [(each["week"], t(f"regime.{each['regime']}")) for each in regimes]
    if not later:
        return t("course.all_along", regime=first[1])
    return "; ".join(
        [t("course.first", regime=first[1]), *(t("course.later", regime=name, week=str(week)) for week, name in later)]
    )


@commands.command("app")
def serve_app(
    port: Annotated[int, whole(0, 65_535, "Port to listen on; 0 picks a free one.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Where to listen: 127.0.0.1 is this machine only, 0.0.0.0 the network.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Another name of the app, such as app.example.org; may be repeated."),
    ] = None,
    root_path: Annotated[str, typer.Option(metavar="PATH", help="Path of the app behind a proxy, such as /kantelpunt.")] = "",
    code: Annotated[bool, typer.Option("--code", help="Require a code in the address on this machine too.")] = False,
    lang: Annotated[str, speaking("Language for visitors who have not chosen one.")] = options.DUTCH,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Start the app in a browser: two worlds side by side, and quick what-if comparisons."""
    from ..app.security.access import Door, checked_names, checked_root, new_code
    from ..app.server import at_home, listen, serve
    from .welcome import welcome

    names, root = checked_names(allow_host or []), checked_root(root_path)
    listening = listen(host, port)
    door = Door(names, root, new_code() if code or not at_home(listening) else "")
    warm_up(lang)
    serve(listening, door, lang, open_, lambda address: welcome(address, listening, lang))
