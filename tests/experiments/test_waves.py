"""Calibration in waves: a planted set is found again, emulators know how far off they are, and what judges stays outside."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments import Study
from kantelpunt.experiments.analysis.calibration import RULED_OUT, TARGETS, Target, across, matched, measured
from kantelpunt.experiments.analysis.calibration.emulation import allowed, coverage, emulators
from kantelpunt.experiments.analysis.calibration.screening import COLUMNS, screened
from kantelpunt.experiments.analysis.calibration.waves import Part, after, waves
from kantelpunt.experiments.analysis.mirror import split
from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.design.sampling import points, uncertain
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES
from kantelpunt.model.scenario import read_toml

NAMES = list(OUTCOMES)
VARIED = list(uncertain())[:20]
MOVING = VARIED[:3]
KNOWN = [Target(outcome="unsafe", value=36.0, tolerance=0.7), Target(outcome="cohesion", value=5.0, tolerance=0.2)]


def place(table):
    """Return where the moving parameters lie in their ranges, from -1 to 1."""
    known = uncertain()
    return [2 * (table[name] - known[name].low) / (known[name].high - known[name].low) - 1 for name in MOVING]


def truth(table):
    """Return unsafety and cohesion at settings: quadratic functions of three parameters."""
    x, y, z = place(table)
    return 30 + 8 * x + 2 * (y + 1) ** 2, 5 + 2 * z + x


def work(job):
    """Return a history that a setting gives, with luck."""
    history = np.zeros((job.scenario.weeks + 1, len(NAMES)))
    luck = np.random.default_rng(job.seed).normal(0, 0.3, 2) * (1, 0.3)
    for name, value, error in zip(("unsafe", "cohesion"), truth(job.scenario.parameters), luck, strict=True):
        history[1:, NAMES.index(name)] = value + error
    return history


def plan(n=80, **keys):
    table = {"people": 120, "years": 1, "points": n, "worlds": 2, "spread": 1.0, "series": 0, "scenario": {"today": {}}}
    return Plan.read({**table, "vary": VARIED, **keys})


def done(study):
    return study.run(quiet=True)


def planted(tmp_path, n=4):
    return waves([Part(plan(), KNOWN)], tmp_path / "w", n, done, work=work)


def is_true(table):
    """Return which settings no target rules out, were nothing left to luck."""
    values = truth(table)
    return (
        np.max([np.abs(value - each.value) / each.tolerance for value, each in zip(values, KNOWN, strict=True)], axis=0)
        <= RULED_OUT
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return planted(tmp_path_factory.mktemp("planted"))


def test_waves_close_in_on_the_planted_set(found):
    table = found.waves
    assert len(table) >= 2 and found.first == 80
    assert table["left"].iloc[-1] < 0.5 * table["left"].iloc[0] or table["left"].iloc[0] < 0.3
    assert table["kept"].iloc[1:].mean() > 2 * table["kept"].iloc[0], "later waves look where nothing is ruled out"
    assert set(found.screening.index[found.screening["felt"] == "surely"]) <= set(MOVING)
    assert set(MOVING) <= set(found.screening.index[found.screening["felt"] != "no"])
    fresh = points(4_000, 7, 1.0, {name: uncertain()[name] for name in VARIED})
    known = emulators(found.found, found.screening.drop(columns=list(COLUMNS)))
    left, true = allowed(known, fresh), is_true(fresh)
    assert left[true].mean() > 0.97, "what is true is not lost"
    assert left[~true].mean() < 0.05, "and hardly anything else is left"


def test_what_no_target_feels_is_narrowed_nowhere(found):
    kept = found.found.parameters.loc[matched(found.found).kept.index]
    known = uncertain()
    for name in found.screening.index[found.screening["felt"] == "no"]:
        below = (kept[name] < known[name].default).mean()
        assert abs(below - 0.5) < 4 * 0.5 / len(kept) ** 0.5, name


def test_an_emulator_knows_how_far_off_it_is():
    rng, inside = np.random.default_rng(1), []
    known = {name: uncertain()[name] for name in VARIED}

    def came_to(n, seed):
        settings = points(n, seed, 1.0, known)
        values = {each.name: value + 0.5 * rng.standard_normal(n) for each, value in zip(KNOWN, truth(settings), strict=True)}
        means = pd.DataFrame(values, index=settings.index)
        return found_of(means, settings)

    for seed in range(4):
        seen = came_to(70, seed)
        moves = screened(seen.parameters, seen.means).drop(columns=list(COLUMNS))
        inside.append(coverage(emulators(seen, moves), came_to(400, 100 + seed)))
    assert 0.88 <= np.mean(inside) <= 0.99


def found_of(means, settings):
    from kantelpunt.experiments.analysis.calibration import Found

    return Found(means, 0 * means, {each.name: each for each in KNOWN}, settings)


def test_screening_tells_noise_from_what_moves():
    rng = np.random.default_rng(2)
    settings = points(200, 3, 1.0, uncertain())
    values = pd.DataFrame({"a": rng.standard_normal(200), "b": rng.standard_normal(200)}, index=settings.index)
    nothing = screened(settings, values)
    assert 0.01 < (nothing["p"] <= 0.05).mean() < 0.1
    assert (nothing["felt"] == "surely").sum() <= 1
    x = settings[MOVING[0]].rank() / 200
    values["b"] += 2 * x
    values.loc[:20, "b"] = np.nan
    told = screened(settings, values)
    assert told.index[0] == MOVING[0] and told["target"].iloc[0] == "b" and told["felt"].iloc[0] == "surely"
    assert screened(settings, 0 * values).empty


def test_a_calibration_that_was_stopped_goes_on_where_it_was(tmp_path):
    ran = []

    def counted(study):
        ran.append(study.size - (study.done if study.begun else 0))
        return done(study)

    def dies(study):
        if "wave-2" in study.folder.parts:
            study.store.make()
            study.store.write_question(study.plan.asked().to_toml())  # and killed before points were written
            raise KeyboardInterrupt
        return counted(study)

    parts = [Part(plan(30), KNOWN), Part(plan(1), KNOWN, "areas")]
    both = [parts[0], parts[1]._replace(targets=[Target(outcome="unsafe", value=36.0, tolerance=0.7, summary="median")])]
    with pytest.raises(KeyboardInterrupt):
        waves(both, tmp_path / "w", 2, dies, work=work)
    first = waves(both, tmp_path / "w", 2, counted, work=work)
    again = waves(both, tmp_path / "w", 2, counted, work=work)
    assert ran == [60, 60, 0, 0, 30, 30, 0, 0, 0, 0]
    pd.testing.assert_frame_equal(first.found.means, again.found.means)
    assert set(first.found.targets) == {"unsafe@today", "cohesion@today", "unsafe@median"}
    assert first.found.parameters.index.is_unique and len(first.found.means) == 45


def test_waves_end_where_nothing_is_left_or_felt(tmp_path):
    far = [Target(outcome="unsafe", value=500.0, tolerance=0.1)]
    gone = waves([Part(plan(), far)], tmp_path / "far", 5, done, work=work)
    assert len(gone.waves) == 1 and gone.waves["left"].iloc[0] == 0.0 and matched(gone.found).kept.empty
    flat = waves([Part(plan(24), [Target(outcome="fear", value=0.0, tolerance=1.0)])], tmp_path / "flat", 5, done, work=work)
    assert len(flat.waves) == 1 and flat.screening.empty


@pytest.fixture(autouse=True)
def few_candidates(monkeypatch):
    monkeypatch.setattr("kantelpunt.experiments.analysis.calibration.waves.CANDIDATES", 4_000)


def test_what_came_later_is_numbered_on(found):
    twice = after(found.found, found.found)
    assert len(twice.means) == 2 * len(found.found.means) and twice.means.index.is_unique
    assert twice.means.iloc[0].equals(twice.means.iloc[len(found.found.means)].rename(0))


# many areas

HEAD = "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,p_koopw,p_ink_li,p_arb_pp,p_opl_hbo_wo"
CODES = [f"WK0999{i:02d}" for i in range(16)]


@pytest.fixture
def tables(tmp_path):
    """Return figures and a police table of sixteen areas, made here."""
    lines = [f"{code},Area {i},1000,170,120,260,250,200,{20 + 4 * i},{60 - 2 * i},55,25" for i, code in enumerate(CODES)]
    (tmp_path / "figures.csv").write_text("\n".join([HEAD, *lines]) + "\n")
    counts = [f"{code},{year},{30 - i}" for i, code in enumerate(CODES) for year in (2016, 2017)]
    (tmp_path / "police.csv").write_text("\n".join(["code,year,count", *counts]) + "\n")
    return tmp_path


def targets_in(tables, sets=None):
    record = across.fitting(tables / "police.csv", CODES, (), sets)
    asked = across.plan_of([str(code) for code in record.years.index], tables / "figures.csv")
    return asked, across.targets_across(read_toml(TARGETS)["across"], record, asked)


def test_areas_that_judge_are_neither_simulated_nor_read(tables):
    judging = {code for code, part in split(CODES).items() if part == "judge"}
    asked, targets = targets_in(tables)
    assert len(judging) == 6 and set(asked.scenarios) == set(CODES) - judging
    text = (tables / "police.csv").read_text()
    for i, code in enumerate(CODES):
        if code in judging:
            text = text.replace(f"{code},2016,{30 - i}", f"{code},2016,999")
    (tables / "police.csv").write_text(text)
    assert targets_in(tables)[1] == targets
    sets = {code: "fit" if i < 9 else "judge" for i, code in enumerate(CODES[:-1])}
    assert set(targets_in(tables, sets)[0].scenarios) == set(CODES[:9])
    with pytest.raises(InputError, match="too few areas"):
        targets_in(tables, dict.fromkeys(CODES, "judge"))


def test_targets_across_areas_are_what_was_recorded_there(tables):
    sets = dict.fromkeys(CODES, "fit")
    _, targets = targets_in(tables, sets)
    by_summary = {each.summary: each for each in targets}
    assert by_summary["median"].value == pytest.approx(np.median([30 - i for i in range(16)]))
    assert by_summary["slope_owned"].value == pytest.approx(-2.5), "one less for four points"
    assert by_summary["slope_low_income"].value == pytest.approx(5.0)
    assert by_summary["slope_owned"].tolerance == pytest.approx(0.0, abs=1e-9) or by_summary["slope_owned"].tolerance > 0
    assert 0.5 < by_summary["median"].tolerance < 4
    assert by_summary["median"].variance == pytest.approx(by_summary["median"].tolerance ** 2 + (0.15 * 22.5) ** 2)
    assert 0 < by_summary["without"].value < 1


def test_a_summary_is_over_all_scenarios_of_a_plan(tmp_path):
    def counted(job):
        history = np.zeros((job.scenario.weeks + 1, len(NAMES)))
        area = job.scenario.resolved_area()
        history[1:, NAMES.index("unsafe")] = 100 - area.figure("owned")
        history[1:, NAMES.index("reports")] = float(area.figure("owned") < 50)
        return history

    names = {"a": "tilburg-noord", "b": "contrast", "c": "small-town"}
    study = Study("areas", folder=tmp_path / "s", people=120, years=1, work=counted)
    study.scenarios(**{name: {"area": area} for name, area in names.items()}).points(2, vary=(VARIED[0],)).worlds(2).run(
        quiet=True
    )
    owned = sorted(100 - study.plan.scenarios[name].resolved_area().figure("owned") for name in names)

    def of(outcome, summary):
        return measured(study, Target(outcome=outcome, value=1, tolerance=1, summary=summary), "a").tolist()

    assert of("unsafe", "median") == pytest.approx([owned[1]] * 4)
    assert of("unsafe", "slope_owned") == pytest.approx([-10.0] * 4)
    assert of("reports", "without") == pytest.approx([sum(each <= 50 for each in owned) / 3] * 4)


def test_a_list_of_sets_that_is_none_is_refused(tmp_path):
    (tmp_path / "list.csv").write_text("code,group\nWK1,fit\n")
    for file in ("list.csv", "absent.csv"):
        with pytest.raises(InputError, match=r"code and set"):
            across.listed(tmp_path / file)


def test_a_list_of_sets_is_read_however_it_is_saved_and_says_one_thing_about_each_area(tmp_path):
    file = tmp_path / "list.csv"
    for content in ("code,set\nWK1,fit\nWK2,judge\n", "sep=;\r\nnaam;code;set\r\n’t Zand;WK1;Fit \r\nSúd;WK2;judge\r\n"):
        file.write_bytes(content.encode("cp1252"))
        assert across.listed(file) == {"WK1": "fit", "WK2": "judge"}
    refused = {"WK1,fit\nWK1,judge": "this occurs twice", "WK1,fitt": "not one of the choices", "WK1": "not one"}
    for content, said in refused.items():
        file.write_text(f"code,set\n{content}\n")
        with pytest.raises(InputError, match=said):
            across.listed(file)


def test_calibrating_areas_without_a_police_table_is_refused(call, tables):
    code, _, told = call("calibrate", "--areas", tables / "figures.csv")
    assert code == 2 and "--mirror" in told
    code, _, told = call("calibrate", "--search", 3, "--waves", 2, "--lang", "en")
    assert code == 2 and "--search cannot be combined" in told


PLAN = 'title = "Tiny"\npeople = 100\nyears = 1\npoints = 24\nworlds = 2\nspread = 1.0\n[scenario.focus]\n'
TARGETS_HERE = """
[[target]]
outcome = "trust_institutions"
value = 0.55
tolerance = 0.02
[[across]]
summary = "median"
outcome = "registered_violence_vandalism"
per = "people"
times = 1000
discrepancy = 0.5
[[across]]
summary = "mean"
outcome = "cohesion"
value = 5.0
tolerance = 5.0
"""


def lived(job):
    """Return a history with luck, in which trust goes with one parameter; crime is as recorded."""
    history = np.zeros((job.scenario.weeks + 1, len(NAMES)))
    (x, *_), people, luck = place(job.scenario.parameters), job.scenario.n_people, np.random.default_rng(job.seed).random()
    crime = 22.5 * people / 1_000 / 52
    known = {"people": people, "trust_institutions": 0.5 + 0.4 * x + 0.02 * luck, "cohesion": 5 + luck}
    for name, value in {**known, "registered_violence_vandalism": crime}.items():
        history[1:, NAMES.index(name)] = value
    return history


def test_the_command_matches_areas_in_waves_and_publishes(call, tables, monkeypatch):
    monkeypatch.chdir(tables)
    monkeypatch.setattr("kantelpunt.viz.cli.study_output.warm_up", lambda _: None)
    monkeypatch.setattr("kantelpunt.experiments.analysis.calibration.waves.waves", partial(waves, work=lived))
    (tables / "plan.toml").write_text(PLAN)
    (tables / "targets.toml").write_text(TARGETS_HERE)
    asked = ("calibrate", "plan.toml", "targets.toml", "--mirror", "police.csv", "--areas", "figures.csv", "--people", 100)
    code, out, told = call(*asked, "--waves", 2, "--out", "c", "--publish", "p", "--json")
    assert code == 0, told
    found = json.loads(out)
    assert "10 areas fit" in told and "Wave 2: 12 settings" in told
    labels = {row["target"] for row in found["targets"]}
    assert labels == {"trust_institutions@focus", "registered_violence_vandalism/people@median", "cohesion@mean"}
    assert [row["points"] for row in found["waves"]] == [24, 12]
    assert found["waves"][1]["kept"] > found["waves"][0]["kept"] and found["screening"][0]["parameter"] == MOVING[0]
    for name in ("plausible.csv", "plausible.json", "targets.csv", "waves.csv", "screening.csv", "plausible.png"):
        assert (tables / "p" / name).is_file()
    judging = {code for code, part in split(CODES).items() if part == "judge"}
    for folder in ("c/areas", "c/wave-2/areas"):
        assert not any(code in (tables / folder / "study.toml").read_text() for code in judging)
    assert json.loads((tables / "p" / "plausible.json").read_text())["waves"] == 2
