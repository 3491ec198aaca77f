"""One command that puts the present version on record: `uv run python -m tests.science.record POLICE --areas KWB`.

POLICE is a table of threat, assault and vandalism by month and buurt, KWB the figures of its wijken.  Neither comes with the
project; `results/reference/wijken.csv` says which wijken fit and which judge.  It rewrites, in `results/reference`:

    record.csv      id, what, value, low, high, target, holds, used_for_fitting: the mirror on the wijken that judge (N2-N5),
                    youth suspects (N1), and real trials done in the model (N10-N12); and `version1`, what version 1 came to
    record.png      both beside each other, as far as they are judged
    mirror.csv, mirror.png, scores.csv      all that the mirror says

`version1.csv` has the same columns for version 1, before anything was changed for it, and stays as it is.
"""

import csv
import tempfile
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
import typer

from kantelpunt.experiments.analysis import mirror, trial
from kantelpunt.experiments.analysis.panel_statistics import resampled
from kantelpunt.experiments.exchange.police_tables import recorded
from kantelpunt.experiments.running import engines
from kantelpunt.viz.report.figures import Picture, save, styled
from kantelpunt.viz.report.instrument_figures import scatter
from kantelpunt.viz.text import Text

from . import offences
from .measure import shown, used_for_fitting
from .worlds import CONTRAST, FOCUS, Numbers

REFERENCE = Path(__file__).parents[2] / "results" / "reference"
WIJKEN = REFERENCE / "wijken.csv"
VERSION_1 = REFERENCE / "version1.csv"
KINDS = ("threat", "assault", "vandalism")
YEARS = 10  # years that are lived
WORLDS, PEOPLE = 40, 4_000  # of a trial
READING = "none: to read beside the others"


class Row(NamedTuple):
    """A figure on record; ``holds`` is yes, no, or empty where there is no target."""

    id: str
    what: str
    value: float
    low: float
    high: float
    target: str
    holds: str
    used_for_fitting: str


def row(id: str, what: str, numbers: Any, target: str = READING, low: float = -np.inf, high: float = np.inf) -> Row:
    """Return a figure with its interval, judged by the bounds that the target has, if any."""
    value, *ends = (float(f"{each:.4g}") for each in numbers)
    judged = "" if np.isinf([low, high]).all() else "yes" if low <= value <= high else "no"
    return Row(id, what, value, *ends, target, judged, used_for_fitting(id))


def suspects(seed: int) -> Numbers:
    """Return distinct youth suspects and youths of one world, each summed over years: of a focus area and of a contrast area."""
    return {area: np.array(offences.suspects(area, YEARS, seed)) for area in (FOCUS, CONTRAST)}


def youth(seeds: int) -> list[Row]:
    """Return N1: youth suspects per 100 of 12-24 a year."""
    found = shown(suspects, seeds)

    def rate(area: str, some: np.ndarray) -> float:
        return 100 * found[area][some, 0].sum() / found[area][some, 1].sum()

    def ratio(some: np.ndarray) -> float:
        contrast = rate(CONTRAST, some)
        return rate(FOCUS, some) / contrast if contrast else float("nan")

    focus, contrast = (resampled(lambda some, area=area: rate(area, some), seeds) for area in (FOCUS, CONTRAST))
    what = "distinct youth suspects per 100 of 12-24 a year, nothing done"
    return [
        row("N1", f"{what}: focus", focus),
        row("N1", f"{what}: contrast", contrast, "above 0", 1e-9),
        row("N1", f"{what}: ratio", resampled(ratio, seeds), "1.5-4", 1.5, 4),
    ]


def areas(table: pd.DataFrame, scores: pd.DataFrame) -> list[Row]:
    """Return N2-N5 of the wijken that judge."""
    found = table[table["set"] == "judge"].set_index("what")
    alone = next(name for name in found.index if name.startswith("rank_"))

    def numbers(what: str) -> list[float]:
        return found.loc[what, ["model", "low", "high"]].tolist()

    def against(what: str) -> list[float]:
        value, *ends = (each / found.loc[what, "recorded"] for each in numbers(what))
        return [value, *sorted(ends)]

    best = found.loc[alone, "model"]
    rows = [
        row("N2", "rank correlation with recorded crime", numbers("rank"), f"at least {best:.2f} ({alone[5:]} alone)", best),
        *(row("N2", f"slope by {name[6:]}, model over record", against(name), "0.5-2", 0.5, 2)
          for name in found.index if name.startswith("slope_")),
        *(row("N2", f"crime a year per 1,000, {name}", numbers(name), f"recorded {found.loc[name, 'recorded']:.3g}")
          for name in ("level", "p05", "p50", "p95")),
        row("N2", "share of wijken without one recruit", numbers("without_recruits"), "0 (principle 3)", 0, 0),
        row("N3", "rank correlation of early and late years", numbers("persistence"), "about 0.9", 0.85, 0.95),
        row("N3", "worst third still there", numbers("stays_worst"), "at least 0.8", 0.8),
        row("N3", "worst third now in the best", numbers("worst_to_best"), "0", 0, 0),
        row("N4", "change against the others, 5 %", numbers("change_p05"), "at least 0.5", 0.5),
        row("N4", "change against the others, 95 %", numbers("change_p95"), "at most 1.7", -np.inf, 1.7),
        row("N5", "variance over mean of counts of four weeks", numbers("dispersion"), "1.2-1.8", 1.2, 1.8),
    ]  # fmt: skip
    for score in scores.itertuples(index=False):
        rows.append(row("N2", f"CRPS of the last year: {score.forecast}", (score.crps, score.low, score.high)))
    return rows


def trials() -> list[Row]:
    """Return N10-N12: trials that the model can do, held to the published interval."""
    numbers = {"peyton_2019": "N10", "sherman_1995": "N12"}
    rows = []
    for each in trial.able():
        for found in trial.done(each, WORLDS, people=PEOPLE, threads=2).itertuples(index=False):
            low, high = found.published_low, found.published_high
            what = f"trial {each.id}, after {found.week} weeks ({each.unit})"
            rows.append(
                row(
                    numbers.get(each.id, "N11"), what, (found.model, found.low, found.high), f"{low:.3g} to {high:.3g}", low, high
                )
            )
    return rows


def with_before(table: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return a record with a column of what version 1 came to; empty where it had no such figure."""
    return table.assign(version1=table["what"].map(before.set_index("what")["value"]))


@styled()
def beside(table: pd.DataFrame) -> Picture:
    """Return a picture of what has a target: this version with its interval, and version 1, each on a scale of its own."""
    rows = table[table["holds"] != ""].reset_index(drop=True)
    figure = Picture(figsize=(9, 0.5 * len(rows) + 1), layout="constrained")
    for axes, row in zip(figure.subplots(len(rows), 1, squeeze=False)[:, 0], rows.itertuples(), strict=True):
        axes.hlines(0, row.low, row.high, color="tab:blue")
        axes.plot(row.value, 0, "o", color="tab:blue", label="this version, with its 95 % interval")
        axes.plot(row.version1, 0, "x", color="tab:orange", label="version 1")
        axes.set_yticks([0], [f"{row.id} {row.what}\n{row.target}"], fontsize=7)
        axes.tick_params(axis="x", labelsize=6)
        axes.set_ylim(-1, 1)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncol=2, frameon=False)
    return figure


def mirrored(police: Path, figures: Path, worlds: int, out: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the mirror says of the wijken on the list, and its scores; they are written, with a picture."""
    with WIJKEN.open(encoding="utf-8") as file:
        codes = [line["code"] for line in csv.DictReader(file)]
    record = recorded(police, codes, KINDS, skip=True)
    with tempfile.TemporaryDirectory() as folder:
        study = mirror.study(record, figures, worlds, folder=Path(folder) / "mirror").run(engine=engines.threads(2))
        panel = mirror.panel(study, record)
    table, scores = mirror.compared(panel), mirror.scores(panel)
    table.round(4).to_csv(out / "mirror.csv", index=False)
    scores.round(4).to_csv(out / "scores.csv", index=False)
    save(lambda: scatter(panel, Text("en")), out, "mirror")
    return table, scores


def main(
    police: Annotated[Path, typer.Argument(help="recorded threat, assault and vandalism by month and buurt")],
    areas_file: Annotated[Path, typer.Option("--areas", help="figures of wijken (KWB)")],
    worlds: Annotated[int, typer.Option(min=2, help="worlds of every wijk")] = 3,
    seeds: Annotated[int, typer.Option(min=2, help="worlds for youth suspects")] = 16,
    out: Annotated[Path, typer.Option(help="folder to write in")] = REFERENCE,
) -> None:
    """Put the present version on record."""
    out.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame([*youth(seeds), *areas(*mirrored(police, areas_file, worlds, out)), *trials()])
    table = with_before(table, pd.read_csv(VERSION_1))
    table.to_csv(out / "record.csv", index=False)
    save(lambda: beside(table), out, "record")
    typer.echo(table.to_string(index=False))


if __name__ == "__main__":
    typer.run(main)
