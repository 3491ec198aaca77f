"""Draws look like chance, along each of their five indices and across them.

Every check ends in a p-value and fails below ALPHA or, where too good is as suspicious, above 1 - ALPHA.  Good chance
would fail one check with probability 2e-6 at most, and the whole file (about 250 checks) with less than 1e-3.  The
indices are fixed, so the outcome is the same every time: a failure is the hash, not bad luck.
"""

import numpy as np
import pytest
from scipy import stats

from tests.model import draw_samples as sample

ALPHA = 1e-6
SIZE = 2**20
TWO, ONE = [(axis, False) for axis in sample.AXES], [(axis, True) for axis in sample.AXES if axis != "whom"]  # steps of a draw
LAGS = (1, 2, 64, 1_024)
STREAMS = [(axis, hashed) for axis in sample.AXES for hashed in (False, True) if not (axis == "decision" and hashed)]


def plausible(p: float, what: str, two_sided: bool = True) -> None:
    """Fail where this p-value would be a miracle."""
    assert p > ALPHA and (not two_sided or p < 1 - ALPHA), f"{what}: p = {p:.3g}"


def smallest_of(p: np.ndarray) -> float:
    """Return the p-value of the smallest of many independent p-values."""
    return float(-np.expm1(p.size * np.log1p(-p.min())))


def evenly(table: np.ndarray, what: str) -> None:
    """Fail where counts in equally likely boxes are uneven, or evener than chance would make them."""
    plausible(stats.chisquare(table.ravel()).pvalue, what)


def unit(words: np.ndarray) -> np.ndarray:
    return (words >> np.uint64(11)) * 2.0**-53


def ones(words: np.ndarray) -> np.ndarray:
    """Return how often each of the 64 bits is set."""
    return np.array([int(((words >> np.uint64(b)) & np.uint64(1)).sum()) for b in range(64)])


def pairs(first: np.ndarray, second: np.ndarray, shift: int = 60) -> np.ndarray:
    """Return a 16 x 16 table of four bits of one draw against four bits of another."""
    four = np.uint64(15)
    box = ((first >> np.uint64(shift)) & four) << np.uint64(4) | (second >> np.uint64(shift)) & four
    return np.bincount(box.astype(np.int64), minlength=256)


def unrelated(first: np.ndarray, second: np.ndarray, what: str) -> None:
    """Fail where two series of draws have to do with each other: boxes high and low in the word, correlation."""
    evenly(pairs(first, second), f"{what}, high bits")
    evenly(pairs(first, second, shift=11), f"{what}, low bits")
    product = np.sqrt(12 * 12 / first.size) * np.dot(unit(first) - 0.5, unit(second) - 0.5)
    plausible(2 * stats.norm.sf(abs(product)), f"{what}, correlation", two_sided=False)


@pytest.mark.parametrize(("axis", "hashed"), STREAMS)
def test_draws_are_uniform_and_unrelated_along_each_index(axis, hashed):
    words = sample.along(axis, SIZE, hashed)
    evenly(np.bincount((words >> np.uint64(54)).astype(np.int64), minlength=1_024), f"uniform along {axis}")
    plausible(stats.kstest(unit(words), "uniform").pvalue, f"distribution along {axis}")
    balance = 2 * stats.norm.sf(np.abs(ones(words) - SIZE / 2) / np.sqrt(SIZE / 4))
    plausible(smallest_of(balance), f"bit balance along {axis}")
    for lag in LAGS:
        apart = words.reshape(-1, 2, lag)
        unrelated(apart[:, 0].ravel(), apart[:, 1].ravel(), f"{axis} and {axis} + {lag}")


@pytest.mark.parametrize(("axis", "alone"), TWO + ONE)
@pytest.mark.parametrize("runner", ["who", "week"])
def test_neighbouring_worlds_weeks_decisions_and_people_have_their_own_luck(axis, alone, runner):
    """The same people (or weeks) under two values of another index: two unrelated series."""
    if axis == runner:
        return
    size = SIZE // 4
    i = np.arange(size, dtype=np.int64)
    series = []
    for value in (7, 8):
        indices = {name: np.full(size, 3, np.int64) for name in sample.AXES} | {runner: i, axis: np.full(size, value)}
        indices |= {"whom": np.zeros(size, np.int64)} if alone else {}
        series.append(sample.each_bits(*(indices[name] for name in sample.AXES)))
    unrelated(*series, f"{axis} 7 and 8 over {runner}")


@pytest.mark.parametrize("hashed", [False, True])
def test_pairs_of_people_have_their_own_luck(hashed):
    """Who with whom, as a table of 1,024 x 1,024: row by row, column by column, and the pair turned round."""
    one = np.full(SIZE, 1, np.int64)
    people = sample.spread(np.arange(1_024), "who") if hashed else np.arange(1_024)
    who, whom = np.repeat(people, 1_024), np.tile(people, 1_024)
    words = sample.each_bits(one, one, one, who, whom).reshape(1_024, 1_024)
    unrelated(words[:, 0::2].ravel(), words[:, 1::2].ravel(), "whom and the next")
    unrelated(words[0::2].ravel(), words[1::2].ravel(), "who and the next")
    upper = np.triu_indices(1_024, 1)
    unrelated(words[upper], words.T[upper], "the pair turned round")
    assert sample.all_different(words)  # by chance alike: 3e-8


@pytest.mark.parametrize(("axis", "alone"), TWO + ONE)
@pytest.mark.parametrize("hashed", [False, True])
def test_one_bit_of_any_index_turns_half_of_the_answer(axis, alone, hashed):
    """Avalanche: for each input bit each of the 64 output bits turns in half of 4,096 cases, independently."""
    size, width = 4_096, sample.WIDTH[axis]
    i = np.arange(size, dtype=np.int64)
    base = {name: sample.spread(i, name) if hashed else (i * (3 + place)) % 4_096 for place, name in enumerate(sample.AXES)}
    base |= {"whom": np.zeros(size, np.int64)} if alone else {}
    before = sample.each_bits(*(base[name] for name in sample.AXES))
    turned = np.empty((width, 64))
    weights = np.zeros(65)
    for bit in range(width):
        flipped = base | {axis: base[axis] ^ np.int64(1 << bit)}
        change = before ^ sample.each_bits(*(flipped[name] for name in sample.AXES))
        turned[bit] = ones(change)
        weights += np.bincount(np.bitwise_count(change), minlength=65)
    z = (turned - size / 2) / np.sqrt(size / 4)
    plausible(smallest_of(2 * stats.norm.sf(np.abs(z))), f"the worst bit of {axis}")
    if hashed:  # small numbers differ in few bits, so a flip makes the same pair twice: their z are not independent
        plausible(stats.chi2.sf((z**2).sum(), z.size), f"all bits of {axis}")
        expected = stats.binom.pmf(np.arange(65), 64, 0.5) * size * width
        kept = expected > 10
        observed = np.append(weights[kept], weights[~kept].sum())
        plausible(
            stats.chisquare(observed, np.append(expected[kept], expected[~kept].sum())).pvalue, f"bits turned at once by {axis}"
        )


@pytest.mark.parametrize("n", [3, 7, 1_000])
def test_choices_are_equally_likely(n):
    evenly(np.bincount(sample.each_choice(n, np.uint64(17), SIZE), minlength=n), f"one of {n}")


@pytest.mark.parametrize("probability", [0.0007, 0.05, 0.5, 0.97])
def test_things_happen_as_often_as_their_probability_says(probability):
    happened = int(sample.each_happening(probability, np.uint64(19), SIZE).sum())
    plausible(stats.binomtest(happened, SIZE, probability).pvalue, f"probability {probability}", two_sided=False)


@pytest.mark.parametrize("mean", [0.01, 0.3, 1.0, 5.0, 20.0])
def test_counts_follow_the_poisson_distribution(mean):
    counts, _ = sample.each_count(mean, np.uint64(23), SIZE)
    plausible(2 * stats.norm.sf(abs(counts.mean() - mean) / np.sqrt(mean / SIZE)), f"mean {mean}", two_sided=False)
    spread = np.sqrt((mean + 2 * mean**2) / SIZE)  # of the sample variance of a Poisson count
    plausible(2 * stats.norm.sf(abs(counts.var() - mean) / spread), f"variance at mean {mean}", two_sided=False)
    k = np.arange(counts.max() + 1)
    distance = np.abs(np.bincount(counts).cumsum() / SIZE - stats.poisson.cdf(k, mean)).max()
    plausible(stats.kstwobign.sf(distance * np.sqrt(SIZE)), f"distribution at mean {mean}", two_sided=False)
    expected = stats.poisson.pmf(k, mean) * SIZE
    kept = expected > 10
    tail = SIZE - expected[kept].sum()
    observed = np.append(np.bincount(counts)[kept], (~kept[counts]).sum())
    if tail > 5:
        plausible(stats.chisquare(observed, np.append(expected[kept], tail)).pvalue, f"boxes at mean {mean}")
