"""The commands ``run`` and ``app``: they parse, call and print.  Heavy imports stand in the command that needs them."""

import json
import math
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kantelpunt.model.errors import InputError

from ..text import Text
from . import options
from .catalogue import assumptions
from .options import console, messages, named_area, speaking, whole
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

runs = typer.Typer()


@runs.command()
def run(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario file (TOML); left out: no interventions.")] = None,
    area: options.Area = None,
    situation: options.Situation = None,
    years: Annotated[int | None, whole(1, 50, "Years of 52 weeks.")] = None,
    people: options.People = None,
    seed: options.Seed = 1,
    intervention: Annotated[list[str] | None, typer.Option(metavar="KIND=INTENSITY", help="Add one; may be repeated.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="RULE.PARAMETER=VALUE", help="May be repeated.")] = None,
    as_json: options.Json = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write every week's outcomes here.")] = None,
    force: options.Force = False,
) -> None:
    """Let one world live, and show what became of it."""
    from kantelpunt.experiments.exchange.spreadsheet import as_csv
    from kantelpunt.experiments.running import destination
    from kantelpunt.experiments.running.files import write

    what_if = asked(scenario, area, situation, years, people, intervention or [], set_ or [])
    place = out and destination.destination(out, destination.is_weeks, force=force)
    result = lived(what_if, seed)
    found = summary(result)
    if as_json:
        typer.echo(json.dumps(found, indent=2, allow_nan=False, default=str))
    else:
        show(found)
    if place:
        table = as_csv(result.weeks, index_label="week").encode()
        write(place, lambda file: file.write(table))
        messages.print(f"Every week is in {out}", markup=False, highlight=False)


def asked(
    file: Path | None,
    area: str | None,
    situation: str | None,
    years: int | None,
    people: int | None,
    interventions: list[str],
    settings: list[str],
) -> "Scenario":
    """Return the scenario of a file, or the ordinary one, with what the options change."""
    from kantelpunt.model.scenario import Scenario

    base = Scenario.from_toml(file) if file else Scenario()
    changes: dict[str, Any] = {} if years is None else {"years": years}
    if situation is not None:
        changes["situation"] = situation
    if area is not None:
        changes["area"], changes["area_file"] = named_area(area)
    if interventions:
        changes["interventions"] = (*base.interventions, *(added(text) for text in interventions))
    if settings:
        changes["parameters"] = {**base.parameters, **dict(setting(text) for text in settings)}
    changed = base.changed(**changes) if changes else base
    return changed if people is None else changed.scaled(people)


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
        raise InputError("no number", place="--set", value=text, allowed="rule.parameter=number, as norms.sanction=0.8") from None


def lived(scenario: "Scenario", seed: int) -> "Run":
    """Let the weeks pass, and show on standard error what takes more than a moment."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from kantelpunt.experiments.running.engines import cores
    from kantelpunt.model import compiled
    from kantelpunt.model.simulation import Run, Simulation

    waiting: AbstractContextManager[Any] = nullcontext()
    if not compiled.kept():
        text = Text(options.ENGLISH)("run.first")
        messages.print(text)
        waiting = messages.status(text)
    with waiting:
        simulation = Simulation(scenario, seed, threads=cores())
        simulation.advance()
    tell_not_kept(options.ENGLISH)
    begin = monotonic()
    columns = TextColumn("week {task.completed} of {task.total}"), BarColumn(), TimeRemainingColumn()
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


def show(found: dict[str, Any]) -> None:
    """Print a summary in words and a table."""
    over = "1 year" if found["years"] == 1 else f"{found['years']} years"
    title = f"{found['area']}, {found['people']:,} residents, {over}, world {found['seed']}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Every number is a mean over 13 weeks")
    for heading in ("unit", "start", "middle", "end", "better is"):
        table.add_column(heading, justify="left" if heading in ("unit", "better is") else "right")
    for outcome in found["outcomes"].values():
        numbers = (readable(outcome[part]) for part in ("start", "middle", "end"))
        table.add_row(outcome["definition"], outcome["unit"], *numbers, outcome["better"])
    console.print(table)
    kinds = ", ".join(f"{each['kind']} ({each.get('intensity', 1.0):.0%})" for each in found["interventions"]) or "none"
    for line in (
        f"Interventions: {kinds}; together {found['cost']:,.0f} euros over {over}.",
        f"Youths recruited in {over}: {found['recruited']:,}.",
        f"The neighbourhood is {found['regime']['words']} (a year's trust and hold of crime, against the middle).",
        f"Without a figure in the source, and assumed: {', '.join(found['assumed']) or 'nothing'}.",
        *(
            f"The people differ from the source in {name.replace('_', ' ')}: {each['got']:g} in place of {each['asked']:g}."
            for name, each in found["deviations"].items()
        ),
        "One world is one possible course, not a forecast. To weigh what interventions do: kantelpunt compare.",
    ):
        console.print(line, markup=False, highlight=False)


def readable(number: float | None) -> str:
    """Return a number with as many digits as it deserves."""
    if number is None:
        return "-"
    return f"{number:,.2f}" if abs(number) < 10 else f"{number:,.1f}" if abs(number) < 100 else f"{number:,.0f}"


@runs.command("app")
def serve_app(
    port: Annotated[int, whole(0, 65_535, "Where it listens; 0 takes a free port.")] = 8765,
    host: Annotated[str, typer.Option(help="Who may look: 127.0.0.1 this machine only, 0.0.0.0 the network.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A further name of the app, as app.example.org; may be repeated.")
    ] = None,
    root_path: Annotated[str, typer.Option(metavar="PATH", help="Its path at a proxy, as /kantelpunt.")] = "",
    code: Annotated[bool, typer.Option("--code", help="Ask for a code in the address on this machine too.")] = False,
    lang: Annotated[str, speaking("For whoever has not chosen one.")] = options.DUTCH,
    open_: Annotated[bool, typer.Option("--open", help="Open a browser.")] = False,
) -> None:
    """Show two worlds side by side, and what-if at once, in a browser."""
    from ..app.security.access import Door, checked_names, checked_root, new_code
    from ..app.server import at_home, listen, serve
    from .welcome import welcome

    names, root = checked_names(allow_host or []), checked_root(root_path)
    listening = listen(host, port)
    door = Door(names, root, new_code() if code or not at_home(listening) else "")
    warm_up(lang)
    serve(listening, door, lang, open_, lambda address: welcome(address, listening, lang))
