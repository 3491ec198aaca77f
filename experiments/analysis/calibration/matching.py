"""Calibration: which settings of the uncertain numbers are not ruled out by what is known.

Known is a list of targets: what an outcome came to, and how far off a model may be (measurement and what it leaves out).

    wave = history_match(study, targets)        # points that no target rules out (Craig e.a. 1997, Vernon e.a. 2010)
    found = waves(parts, folder, n, run)        # the same in waves, with an emulator (`waves.py`), also over many areas
    best = optimise(plan, targets, folder)      # the least implausible point that Optuna can find

    implausibility = |mean of the worlds of a point - target| / sqrt(variance of what may be off + variance of that mean by luck)

A point is ruled out where a target has more than 3 (Pukelsheim's rule), or no value: a ratio to nothing in all its worlds, which
`undefined` counts.  The settings that remain are not the truth: others may do as well.

    kantelpunt calibrate                            the built-in plan and targets (`calibration.toml`, `targets.toml`)
    kantelpunt calibrate --mirror POLICE --areas KWB --waves 5      and targets over many areas, in waves
    kantelpunt compare --plausible plausible.csv    a question asked under what is not ruled out
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, NamedTuple

import pandas as pd
from pydantic import BeforeValidator, Field
from scipy import stats

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.outcomes import is_total
from kantelpunt.model.registry import quantities
from kantelpunt.model.validation import StrictModel

from ... import provenance
from ...design.plan import Plan
from ...design.question import as_outcome
from ...design.sampling import bounds, uncertain
from ...exchange.spreadsheet import as_csv
from ...optional import extra
from ...running.destination import destination, is_plausible
from ...running.files import inside, write
from ...running.jobs import RunFunction, run_job
from ...running.store import POINTS, Store, refuse_foreign
from ...statistics import without_gaps
from ...study import Study
from .summaries import SUMMARIES, figures, summarised

RULED_OUT = 3.0
PUBLISHED = ("plausible.csv", "plausible.json", "targets.csv", "waves.csv", "screening.csv")
PLAN, TARGETS = (Path(__file__).with_name(f"{name}.toml") for name in ("calibration", "targets"))
QUARTERS = [0.25, 0.5, 0.75]


class Target(StrictModel):
    """A known value of an outcome: the value (a total for counts, the last year's mean for levels) and a tolerance.

    With ``per`` it is a ratio of two outcomes; a count per level is that of a year (reports per inhabitant and year).  With
    ``summary`` it is about all scenarios of the plan together, each of them an area.
    """

    outcome: Annotated[str, BeforeValidator(as_outcome)] = Field(description="an outcome")
    value: float = Field(allow_inf_nan=False, description="what it came to")
    tolerance: float = Field(gt=0.0, allow_inf_nan=False, description="one standard deviation of what may be off, above 0")
    discrepancy: float = Field(
        0.0, ge=0.0, allow_inf_nan=False, description="and of what the model leaves out, as a share of the value"
    )
    why: str = Field("", description="what the model leaves out")
    per: Annotated[str, BeforeValidator(as_outcome)] | None = Field(None, description="an outcome to divide it by")
    times: float = Field(1.0, gt=0.0, allow_inf_nan=False, description="and to multiply that by, as 1000 for per thousand")
    scenario: str = Field("", description="under which scenario; left out, the first one")
    summary: Literal["", *SUMMARIES] = Field("", description="of all scenarios together, as areas")  # type: ignore[valid-type]
    pattern: str = Field("", description="the pattern of the evidence that it comes from")
    source: str = Field("", description="who measured it, and when")

    @property
    def name(self) -> str:
        """Return what is measured, in short."""
        return f"{self.outcome}/{self.per}" if self.per else self.outcome

    @property
    def variance(self) -> float:
        """Return the variance of what may be off: measurement, and what the model leaves out."""
        return self.tolerance**2 + (self.discrepancy * self.value) ** 2

    def label(self, plan: Plan) -> str:
        """Return the name that it has in tables: what is measured, and where."""
        return f"{self.name}@{self.summary or self.scenario or plan.first}"


class Found(NamedTuple):
    """Outcomes of settings: one row per point, one column per target; and the parameters of the points."""

    means: pd.DataFrame  # over the worlds of a point; not a number where the target has no value
    luck: pd.DataFrame  # variance of these means by luck
    targets: dict[str, Target]
    parameters: pd.DataFrame

    @property
    def implausibility(self) -> pd.DataFrame:
        """Return how implausible every point is in the light of every target."""
        columns = {
            name: (self.means[name] - each.value).abs() / (each.variance + self.luck[name]) ** 0.5
            for name, each in self.targets.items()
        }
        return pd.DataFrame(columns, index=self.means.index)


class Wave(NamedTuple):
    """Points with the implausibility of every target and ``worst`` (not a number: without a value); the share not ruled out."""

    points: pd.DataFrame
    share: float

    @property
    def kept(self) -> pd.DataFrame:
        """Return the points that no target rules out, the least implausible first."""
        return self.points[self.points["worst"] <= RULED_OUT].sort_values("worst")

    @property
    def worst(self) -> float:
        """Return the worst implausibility of the defaults, which are point 0."""
        return float(self.points["worst"].loc[0])

    @property
    def worst_target(self) -> str:
        """Return the target by which the defaults are least plausible; one without a value counts as that."""
        return str(self.points.loc[0].drop("worst").fillna(float("inf")).idxmax())

    @property
    def verdict(self) -> Literal["ruled_out", "not_ruled_out", "undefined"]:
        """Return whether any target rules the defaults out, or has no value there."""
        if pd.isna(self.worst):
            return "undefined"
        return "ruled_out" if self.worst > RULED_OUT else "not_ruled_out"

    @property
    def undefined(self) -> dict[str, int]:
        """Return target -> at how many points it has no value; targets that have one everywhere are left out."""
        missing = self.points.drop(columns="worst").isna().sum()
        return {str(name): int(n) for name, n in missing.items() if n}


def targets_of(tables: list[dict[str, Any]], place: str = "") -> list[Target]:
    """Return targets from the tables of a file; raises InputError where there is none, or something in one cannot be used."""
    if not isinstance(tables, list) or not tables:
        raise InputError("target.none", place=place, allowed=Phrase("allowed.target_tables"))
    return [Target.read(table, place=f"{place}: target[{i}]") for i, table in enumerate(tables)]


def history_match(study: Study, targets: list[Target]) -> Wave:
    """Return how implausible every point of a study is; where a point has one world, luck is that of all points together."""
    return matched(found(study, targets))


def matched(found: Found) -> Wave:
    """Return how implausible every point is by its worst target."""
    table = found.implausibility
    table["worst"] = table.max(axis=1, skipna=False)
    return Wave(table, float((table["worst"] <= RULED_OUT).mean()))


def refuse_unfit(plan: Plan, targets: list[Target]) -> None:
    """Raise InputError where the worlds that a plan asks for cannot be held against these targets."""
    if not targets:
        raise InputError("target.none", place="target", allowed=Phrase("allowed.targets"))
    for i, each in enumerate(targets):
        if each.scenario and each.scenario not in plan.scenarios:
            raise InputError("scenario.unknown", place=f"target[{i}].scenario", value=each.scenario, allowed=plan.scenarios)
        if (label := each.label(plan)) in [other.label(plan) for other in targets[:i]]:
            raise InputError("name.duplicate", place=f"target[{i}]", value=label, allowed=Phrase("allowed.one_of_them"))
    if plan.until is None and plan.worlds < 2:
        raise InputError("luck.unknown", place="worlds", value=plan.worlds, allowed=Phrase("allowed.two_worlds_a_point"))


def found(study: Study, targets: list[Target]) -> Found:
    """Return what every point of a study came to in the light of targets; raises InputError where luck is not known."""
    refuse_unfit(study.plan, targets)
    columns = {each.label(study.plan): by_point(study, each) for each in targets}
    means, luck = (pd.DataFrame({name: pair[i] for name, pair in columns.items()}) for i in (0, 1))
    return Found(means, luck, dict(zip(columns, targets, strict=True)), study.parameters)


def implausibility(study: Study, target: Target) -> pd.Series:
    """Return how implausible every point is in the light of one target; not a number where the target has no value."""
    return found(study, [target]).implausibility.iloc[:, 0]


def by_point(study: Study, target: Target) -> tuple[pd.Series, pd.Series]:
    """Return what a target is about at every point, the mean of its worlds, and the variance of that mean by luck."""
    name = target.scenario or study.plan.first
    done = without_gaps(study.by_world(target.outcome)[name]).groupby(level="point").size()
    if done.max() < 2:
        raise InputError("luck.unknown", place="worlds", value=1, allowed=Phrase("allowed.two_worlds_a_point"))
    groups = measured(study, target, name).dropna().groupby(level="point")
    luck = groups.var(ddof=1).mean() / groups.size()
    return groups.mean().reindex(done.index), luck.reindex(done.index)


def measured(study: Study, target: Target, name: str) -> pd.Series:
    """Return what a target is about, in every world; not a number where it is a ratio to nothing."""
    values = target.times * study.by_world(target.outcome)
    if target.per is not None:
        years = study.plan.years if is_total(target.outcome) and not is_total(target.per) else 1
        values = values / years / study.by_world(target.per).replace(0.0, float("nan"))
    return summarised(values, target.summary, figures(study.plan)) if target.summary else values[name]


def by_target(wave: Wave) -> pd.DataFrame:
    """Return a row a target, and ``worst``: implausibility of the defaults (point 0), its median, % of points ruled out by it."""
    out = 100.0 * (~(wave.points <= RULED_OUT)).mean()
    rows = {"defaults": wave.points.loc[0], "median": wave.points.median(), "ruled_out": out}
    return pd.DataFrame(rows).rename_axis("target")


def told(found: Found) -> pd.DataFrame:
    """Return a row a target: its pattern, value, tolerance, and what the defaults come to; then the columns of `by_target`."""
    rows = {
        name: {"pattern": each.pattern, "value": each.value, "tolerance": each.variance**0.5, "found": found.means[name].loc[0]}
        for name, each in found.targets.items()
    }
    sources = pd.Series({name: each.source for name, each in found.targets.items()}, name="source")
    table = by_target(matched(found)).drop(index="worst")
    return pd.DataFrame.from_dict(rows, orient="index").join(table).join(sources).rename_axis("target")


def publish(study: Study, found: Found, folder: Path, tables: Mapping[str, pd.DataFrame] | None = None, **facts: Any) -> None:
    """Write plausible.csv (the points that are not ruled out, all parameters that were varied) and where it comes from.

    ``tables`` are written beside it, as NAME.csv, and ``facts`` told with the origin.
    """
    wave = matched(found)
    kept = wave.kept[["worst"]].join(found.parameters)
    known = provenance.manifest(
        study=study.plan.heading, seed=study.plan.seed, runs=study.size, points=len(wave.points), share=wave.share,
        spread=study.plan.spread, worlds=study.plan.worlds, people=study.plan.people, years=study.plan.years,
        defaults={name: None if pd.isna(value) else round(value, 3) for name, value in wave.points.loc[0].items()},
        undefined=wave.undefined, targets=[each.model_dump(exclude_defaults=True) for each in found.targets.values()], **facts,
    )  # fmt: skip
    texts = {"plausible.csv": as_csv(kept), "plausible.json": provenance.as_json(known)}
    texts |= {f"{name}.csv": as_csv(table) for name, table in (tables or {}).items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        place = folder / name  # in a study a link is replaced, and not followed: somebody else may have put it there
        write(place if folder == study.folder else destination(place, is_plausible, force=True), partial(put, text.encode()))


def put(content: bytes, file: BinaryIO) -> None:
    """Write what was made into a file."""
    file.write(content)


def narrowed(parameters: pd.DataFrame, wave: Wave, first: int | None = None) -> pd.DataFrame:
    """Return where plausible values lie within the range of each parameter, those that are told most about first.

    Columns: low, middle, high (quartiles of plausible values, from 0 at the low end of the range to 1), before (the same of
    the ``first`` points, left out: all; first, second, third), apart (largest distance from those of them that are ruled out,
    Kolmogorov-Smirnov) and p (of luck).
    """
    known, rows = quantities(), {}
    before = wave.points[:first]
    out = before.index[~(before["worst"] <= RULED_OUT)]
    for name, values in parameters.items():
        low, high = known[str(name)].low, known[str(name)].high
        if high > low and values.nunique() > 1:
            every = (values - low) / (high - low)
            kept = every[wave.kept.index]
            found = stats.ks_2samp(kept, every[out]) if len(kept) and len(out) else None
            quarters = dict(zip(("low", "middle", "high"), kept.quantile(QUARTERS), strict=True))
            drawn = dict(zip(("first", "second", "third"), every[before.index].quantile(QUARTERS), strict=True))
            rows[name] = {**quarters, **drawn, "apart": found.statistic if found else 0.0, "p": found.pvalue if found else 1.0}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("parameter").sort_values("apart", ascending=False)


def optimise(
    plan: Plan, targets: list[Target], folder: Path, trials: int = 50, work: RunFunction = run_job, seed: int = 1
) -> pd.DataFrame:
    """Return what Optuna tried, the least implausible first: a row a trial, its parameters, ``worst`` (inf: without a value).

    Every trial is a study of one point in a folder of its own, so what was tried is never tried again: a search goes on from
    these studies.  Raises InputError without Optuna, or where nothing is varied.
    """
    refuse_unfit(plan, targets)
    optuna = searcher()
    known = quantities()
    varied = {name: known[name] for name in plan.vary} or uncertain()
    ends = bounds(plan.spread, varied)
    tried = list(points_tried(folder))
    if not tried:
        refuse_foreign(folder, "--out")
    startup = min(20, max(10, trials // 3))
    sampler = optuna.samplers.TPESampler(seed=seed + len(tried), multivariate=True, n_startup_trials=startup)
    search = optuna.create_study(sampler=sampler)
    for values in tried:
        search.enqueue_trial(values)

    def worst(trial: Any) -> float:
        values = {name: trial.suggest_float(name, low, high) for name, (low, high) in ends.items()}
        study = Study.of(plan, trial_folder(folder, trial.number), work).points(pd.DataFrame([values]))
        return float(history_match(study.run(quiet=True), targets).points["worst"].fillna(float("inf")).iloc[0])

    search.optimize(worst, n_trials=max(trials, len(tried)))
    rows = [{**each.params, "worst": each.value} for each in search.trials if each.value is not None]
    return pd.DataFrame(rows).sort_values("worst", ignore_index=True)


def points_tried(folder: Path) -> Iterator[dict[str, float]]:
    """Give the point of every trial that a search has begun, in order."""
    for number in count():
        store = Store(trial_folder(folder, number))
        if not store.holds(POINTS) or len(points := store.points()) != 1:
            return
        yield {str(name): float(value) for name, value in points.iloc[0].items()}


def trial_folder(folder: Path, number: int) -> Path:
    """Return where a trial lives; raises InputError where a link leads out of the folder of the search."""
    return inside(folder, f"trial-{number:04d}")


def searcher() -> Any:
    """Return Optuna, quiet; raises InputError where it is not installed."""
    with extra("calibration", "Optuna", place="calibration"):
        import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
