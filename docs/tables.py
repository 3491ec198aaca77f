"""Pages made from the code: tables of the protocol, who writes which field, logs of assumptions and data, commands, terms."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer
import yaml

from docs.bibliography import references
from docs.borrowed import put
from kantelpunt.model import registry
from kantelpunt.model.protocol import odd
from kantelpunt.model.quantity import Quantity
from kantelpunt.model.scenario import Scenario
from kantelpunt.model.state.fields import TABLES
from kantelpunt.viz.app.about import evidence
from kantelpunt.viz.cli.main import app

ROOT = Path(__file__).parents[1]
TITLES = {
    "state": "State: every field",
    "schedule": "Schedule: a week in order",
    "chance": "Decisions of chance",
    "outcomes": "Outcomes",
    "situations": "Situations to begin from",
    "levers": "Levers",
    "interventions": "Interventions",
    "submodels": "Submodels: every rule in its own words",
    "parameters": "Parameters",
    "constants": "Constants",
    "numbers": "How well the parameters are known",
    "mechanisms": "Mechanisms of the field reports",
}


def protocol() -> dict[str, str]:
    """Return page -> text of every table of the ODD."""
    return {f"odd-{name}": f"# {TITLES[name]}\n\n{make()}\n".replace("\n### ", "\n## ") for name, make in odd.TABLES_OF.items()}


def who_writes() -> str:
    """Return every field with the rules that write it and those that read it, in the order of a run."""
    known = registry.rules()
    lines = []
    for table, fields in TABLES.items():
        for field in fields:
            name = f"{table}.{field.name}"
            writes = [rule for rule, module in known.items() if name in module.WRITES]
            reads = [rule for rule, module in known.items() if name in module.READS]
            lines.append((f"`{name}`", odd.code(writes) or "set when the world is built", odd.code(reads) or "-", field.meaning))
    return (
        "# Who writes which field\n\n"
        "The inverse of the [schedule](odd-schedule.md): for every field, the rules that write it and those that read it, as\n"
        "they declare it in `WRITES` and `READS`. A contract test holds the declarations to the compiled code.\n\n"
        + odd.rows("field|written by|read by|meaning", lines)
        + "\n"
    )


def assumptions() -> str:
    """Return the assumptions log: every parameter that rests on judgement, and everything that was fitted."""
    some = registry.quantities()
    assumed = {name: each for name, each in some.items() if each.assumed}
    fitted = {name: each for name, each in some.items() if each.calibrated}
    return (
        "# Assumptions log\n\n"
        "Every number of the model that rests on judgement, at least in part, with the range within which studies vary it.\n"
        "Nobody has measured these; a comparison that leans on one of them says so. Assumptions about structure are argued in\n"
        "the [decisions](decisions.md), and those that other modellers would make otherwise are rival choices in a plan\n"
        "([studies](studies.md)).\n\n"
        f"## Rests on judgement\n\n{log(assumed)}\n\n## Fitted to a pattern\n\n{log(fitted)}\n\n"
        f"## Share by rule\n\n{odd.numbers()}\n"
    )


def data() -> str:
    """Return the data log: every parameter with a source, the figures of areas, the targets of calibration and the trials."""
    measured = {name: each for name, each in registry.quantities().items() if not each.assumed}
    areas = (ROOT / "model/population/data/SOURCE.md").read_text(encoding="utf-8").replace("# ", "## ", 1)
    return (
        "# Data log\n\n"
        "All data that enter the model: figures of areas, and parameters that have a source and no judgement of ours in them.\n"
        "Short names of sources are spelled out under [References](references.md).\n\n"
        f"{areas}\n\n## Parameters with a source\n\n{log(measured)}\n\n"
        "## Data that the model is judged by\n\n"
        "Targets of calibration stand in `experiments/analysis/calibration/targets.toml`, published trials in\n"
        "`experiments/analysis/trials.toml`, each with value, tolerance or standard error, and source.\n"
        "`kantelpunt mirror` reads recorded crime from a file of yours.\n"
    )


def log(some: dict[str, Quantity]) -> str:
    """Return some parameters as a table."""
    lines = (
        (f"`{name}`", each.meaning, f"{each.default:g}", odd.plausible(each), each.unit, each.source)
        for name, each in some.items()
    )
    return odd.rows("parameter|meaning|default|range|unit|source", lines)


def keys_of_scenario() -> str:
    """Return the keys of a scenario."""
    lines = []
    for name, field in Scenario.model_fields.items():
        default = "(none)" if field.default in (None, (), {}) else f"`{field.default}`"
        lines.append((f"`{name}`", default, field.description))
    return "# Keys of a scenario\n\nOf `Scenario(...)`, and of the TOML file that `Scenario.from_toml` reads.\n\n" + odd.rows(
        "key|default|meaning", lines
    )


def commands() -> str:
    """Return what every command says of itself."""
    group: Any = typer.main.get_command(app)
    pages = [
        "# Commands\n\nThe help of every command. Results go to standard output, all else to standard error. Exit code 0: fine,\n"
        "1: a run failed, 2: bad input."
    ]
    context = group.context_class(group, info_name="kantelpunt")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        help_text = command.get_help(command.context_class(command, info_name=f"kantelpunt {name}", max_content_width=110))
        pages.append(f"## {name}\n\n```text\n{help_text}\n```")
    return "\n\n".join(pages) + "\n"


def field_terms() -> str:
    """Return the Dutch terms of the field with their English."""
    return odd.rows("Nederlands|English", told("glossary")) + "\n"


def sources() -> str:
    """Return what each source key stands for."""
    of_loops = ((each, loop.en, loop.path) for each, loop in evidence.loops().items())
    parts: Iterable[tuple[str, str, str, Iterable[Iterable[object]]]] = (
        ("Literature and data", "As they are named in parameters, rules and analyses.", "short name|reference", references()),
        ("p: start values", "Of the evidence that the model was made with.", "key|about|value|range|basis", told("assumptions")),
        ("M: mechanisms", "Of the [field reports](odd-mechanisms.md).", "key|report|says|mechanism", told("mechanisms")),
        ("R and B: causal loops", "Reinforcing and balancing; `kantelpunt loops` cuts each.", "key|loop|through", of_loops),
    )  # fmt: skip
    pages = (f"## {name}\n\n{says}\n\n{odd.rows(header, lines)}" for name, says, header, lines in parts)
    return "# References\n\n" + "\n\n".join(pages) + "\n"


def told(name: str) -> Iterable[tuple[str, ...]]:
    """Return the lines of a table of the evidence."""
    return evidence.table(name).itertuples(index=False, name=None)


def citing() -> str:
    """Return how to cite the version of CITATION.cff, in words and for BibTeX."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    authors, title, version = " and ".join(each["name"] for each in cff["authors"]), cff["title"], cff["version"]
    year = cff["date-released"][:4]
    return (
        "# Citing Kantelpunt\n\n"
        f"{authors} ({year}). *{title}* (version {version}) [Computer software].\n\n"
        "```bibtex\n@software{kantelpunt,\n"
        f"  author = {{{{{authors}}}}},\n  title = {{{{{title}}}}},\n  year = {{{year}}},\n  version = {{{version}}}\n}}\n```\n\n"
        "In your methods section name the area, the number of residents, the number of points and worlds, and the seed. Name\n"
        "the version that you ran (`kantelpunt --version`), and in a clone the commit too (`git rev-parse HEAD`), since numbers\n"
        "may change between two releases. The folder of a study records all of this; `kantelpunt export STUDY` packs it as an\n"
        "archive to publish beside the paper. Describe the model by its [summary ODD](../standards/summary-odd.md), and name\n"
        "the [sources](references.md) of the numbers that your conclusion rests on.\n\n"
        "Figures of areas: Statistics Netherlands (CBS), *Kerncijfers wijken en buurten* 2022 and 2023, CC BY 4.0, adapted.\n"
    )


PAGES = {
    "who-writes": who_writes, "assumptions-log": assumptions, "data-log": data, "scenario-keys": keys_of_scenario,
    "commands": commands, "field-terms": field_terms, "references": sources, "citing": citing,
}  # fmt: skip


def write(folder: Path) -> None:
    """Write all pages made from code into a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in {**protocol(), **{name: make() for name, make in PAGES.items()}}.items():
        put(folder / f"{name}.md", text)
