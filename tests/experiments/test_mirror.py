"""The mirror finds what was planted, says nothing where nothing is, and scores a forecast as it deserves."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from kantelpunt.experiments.analysis import mirror
from kantelpunt.experiments.analysis.mirror import Panel, split
from kantelpunt.experiments.analysis.panel_statistics import crps, rank, slope
from kantelpunt.experiments.exchange.police_tables import Recorded
from kantelpunt.model.errors import InputError

YEARS = (2011, 2012, 2013, 2014)


def planted(areas: int, rho: float, seed: int, by_ownership: float = -0.03) -> Panel:
    """Return areas whose logs of rates go together by rho between model and record, and fall with ownership in the record."""
    rng = np.random.default_rng(seed)
    both = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=areas)
    figures = pd.DataFrame({name: rng.uniform(20, 80, areas) for name in mirror.FIGURES})
    figures["owned"] = 50 + 20 * both[:, 1] + 5 * rng.standard_normal(areas)
    record = np.exp(2 + 0.5 * both[:, 1])[:, None] * np.exp(0.05 * rng.standard_normal((areas, len(YEARS))))
    model = np.exp(2 + 0.5 * both[:, 0])[:, None, None] * np.exp(0.05 * rng.standard_normal((areas, 3, len(YEARS))))
    months = rng.poisson(5.0, (areas, len(YEARS), 12)).astype(float)
    return Panel(
        tuple(f"WK{i:06d}" for i in range(areas)), YEARS, model, record, figures, np.full(areas, 0.2), 0.5,
        rng.poisson(5.0, (areas, 3, len(YEARS), 13)), months, np.zeros(areas, bool),
    )  # fmt: skip


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_the_interval_of_a_rank_correlation_covers_the_planted_one(rho):
    truth = 6 / math.pi * math.asin(rho / 2)  # Spearman's, of two normal numbers
    found = [rank(each.model.mean(axis=(1, 2)), each.recorded.mean(axis=1)) for each in (planted(20, rho, s) for s in range(600))]
    assert 0.92 <= np.mean([each.low <= truth <= each.high for each in found]) <= 0.985
    assert np.mean([each.mean for each in found]) == pytest.approx(truth, abs=0.04)


def test_the_interval_of_a_slope_covers_the_planted_one():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(600):
        owned = rng.uniform(10, 90, 32)
        found.append(slope(owned, 20 - 0.15 * owned + (1 + owned / 30) * rng.standard_normal(32)))
    assert 0.92 <= np.mean([each.low <= -1.5 <= each.high for each in found]) <= 0.985


def test_a_planted_panel_is_seen_as_it_is():
    table = mirror.compared(planted(52, 0.8, 3)).set_index(["what", "set"])
    assert table.loc[("rank", "all"), "n"] == 52 and table.loc[("rank", "judge"), "n"] == 20
    assert table.loc[("rank", "all"), "model"] == pytest.approx(0.8, abs=0.12)
    assert table.loc[("rank_owned", "judge"), "model"] > 0.9, "ownership makes the record"
    assert table.loc[("persistence", "all"), "recorded"] > 0.95
    assert table.loc[("stays_worst", "all"), "recorded"] > 0.85 and table.loc[("worst_to_best", "all"), "recorded"] == 0
    for side in ("model", "recorded"):
        assert table.loc[("dispersion", "all"), side] == pytest.approx(1.0, abs=0.15), "counts are Poisson"
        assert table.loc[("change_p50", "all"), side] == pytest.approx(1.0, abs=0.05)
    ends = table[["low", "model", "high"]].dropna()
    assert len(ends) > 40 and (ends["low"] <= ends["model"] + 1e-12).all() and (ends["model"] <= ends["high"] + 1e-12).all()


def test_areas_judge_by_a_hash_of_their_codes_alone():
    codes = [f"WK{i:06d}" for i in range(52)]
    found = split(codes)
    assert list(found.values()).count("judge") == 20
    assert found == split(reversed(codes))


def test_a_score_is_that_of_the_textbook_and_best_for_somebody_who_knows():
    normal = mirror.stats.norm.ppf((np.arange(2_000) + 0.5) / 2_000)
    value = 0.7
    z = mirror.stats.norm
    closed = value * (2 * z.cdf(value) - 1) + 2 * z.pdf(value) - 1 / math.sqrt(math.pi)  # Gneiting and Raftery 2007
    assert crps(normal, value) == pytest.approx(closed, abs=2e-3)
    assert crps(np.array([3.0]), 5.0) == 2.0
    good, bad = planted(52, 0.99, 5), planted(52, 0.0, 5)
    scored = [mirror.scores(each).set_index("forecast")["crps"] for each in (good, bad)]
    assert scored[0]["model"] < scored[0]["regression"] < scored[1]["model"]
    assert scored[0]["last_year"] < scored[0]["regression"], "these areas hardly change"


def test_few_worlds_do_not_make_a_fair_score_worse():
    rng = np.random.default_rng(2)
    few, many = (np.mean([crps(rng.standard_normal(n), rng.standard_normal()) for _ in range(4_000)]) for n in (3, 60))
    assert few == pytest.approx(many, abs=0.03)


@pytest.mark.slow
def test_nothing_is_said_where_nothing_varies():
    same = planted(26, 0.5, 1)._replace(model=np.zeros((26, 3, len(YEARS))), model_months=np.zeros((26, 3, len(YEARS), 13)))
    table = mirror.compared(same).set_index(["what", "set"])
    assert math.isnan(table.loc[("rank", "all"), "model"])
    assert math.isnan(table.loc[("change_p50", "all"), "model"]) or table.loc[("change_p50", "all"), "model"] == 1.0
    assert math.isnan(table.loc[("dispersion", "all"), "model"])


def test_too_few_areas_and_outcomes_that_are_no_counts_are_refused():
    with pytest.raises(InputError, match="too few areas"):
        mirror.study(Recorded(pd.DataFrame({2016: [1.0]}, index=["WK051801"]), pd.DataFrame(), ()), None)
    with pytest.raises(InputError, match="not a count"):
        mirror.as_count("trust_institutions")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return a police table and figures of thirteen areas, made here."""
    folder = tmp_path_factory.mktemp("areas")
    codes = [f"WK0999{i:02d}" for i in range(13)]
    head = "gwb_code,regio,a_inw,a_00_14,a_15_24,a_25_44,a_45_64,a_65_oo,p_koopw,p_ink_li,p_arb_pp,p_opl_hbo_wo"
    lines = [
        f"{code},Area {i},1000,170,120,260,250,200,{20 + 4 * i},{55 - i * i % 11},{55 + i * i % 17},{20 + i % 7}"
        for i, code in enumerate(codes)
    ]
    (folder / "figures.csv").write_text("\n".join([head, *lines]) + "\n")
    counts = [f"{code},{year},{20 - i + year % 3}" for i, code in enumerate(codes) for year in (2016, 2017)]
    (folder / "police.csv").write_text("\n".join(["code,year,count", *counts]) + "\n")
    return folder


@pytest.mark.slow
def test_the_command_tells_all_in_json_and_goes_on_where_it_was(call, tables, tmp_path):
    asked = ("mirror", tables / "police.csv", "--areas", tables / "figures.csv", "--people", 100, "--worlds", 2, "--burn-in", 1)
    code, out, _ = call(*asked, "--json", "--out", tmp_path / "mirror")
    told = json.loads(out)
    assert code == 0 and len(told["areas"]) == 13
    assert {row["set"] for row in told["mirror"]} == {"fit", "judge", "all"}
    assert {row["forecast"] for row in told["scores"]} == {"model", "model_scaled", "regression", "last_year"}
    assert (tmp_path / "mirror" / "mirror.png").is_file() and (tmp_path / "mirror" / "areas.csv").is_file()
    code, again, error = call(*asked, "--json", "--out", tmp_path / "mirror")
    assert json.loads(again) == told and "0 van 26" in error
    for language, words in (("nl", "Voorspellingen van 2017"), ("en", "Forecasts of 2017")):
        assert words in call(*asked, "--lang", language, "--out", tmp_path / "mirror")[1]


@pytest.mark.parametrize(("options", "complaint"), [
    (("--by", "street"), "unknown kind of area"), (("--years", "soon"), "invalid years"),
    (("--outcome", "fear"), "not a count"), (("--kinds", "theft"), "unknown kind of crime"),
    (("--years", "2012-2013"), "has counts for"),
])  # fmt: skip
def test_the_command_refuses_what_it_cannot_use(call, tables, options, complaint):
    code, out, error = call("mirror", tables / "police.csv", "--areas", tables / "figures.csv", "--lang", "en", *options)
    assert (code, out) == (2, "") and complaint in error


def test_an_area_of_a_few_people_is_refused_or_left_out(call, tables, tmp_path):
    lines = (tables / "figures.csv").read_text() + "WK099920,Few,30,5,5,10,5,5,40,40,60,30\n"
    (tmp_path / "figures.csv").write_text(lines)
    (tmp_path / "police.csv").write_text((tables / "police.csv").read_text() + "WK099920,2016,1\nWK099920,2017,0\n")
    asked = (
        "mirror",
        tmp_path / "police.csv",
        "--areas",
        tmp_path / "figures.csv",
        "--people",
        60,
        "--worlds",
        2,
        "--lang",
        "en",
    )
    code, _, error = call(*asked)
    assert code == 2 and "too few people" in error and "WK099920" in error
    code, out, _ = call(*asked, "--skip", "--json", "--out", tmp_path / "mirror")
    assert code == 0 and json.loads(out)["left_out"] == ["WK099920"]
