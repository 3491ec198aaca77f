"""Draws are exact: published vectors, frozen decisions, bounds, and the same answer compiled and in plain Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kantelpunt.model.draws import GAMMA, MIX_1, MIX_2, Draw, key, uniform
from tests.model import draw_samples as sample

ROOT = Path(__file__).parents[2]
WORD = 2**64

# Frozen: a number that once decided something decides it for ever.  Append here what is appended there.
FROZEN = {
    "DWELLING": 1, "LAYOUT": 2, "MEMBER": 3, "LEVELS": 4, "FRIEND": 5, "FAMILY": 6, "CREW": 7, "STAFF": 8, "TIE": 9,
    "MOVE": 20, "NEWCOMER": 21, "NEW_IDENTITY": 22, "VITAL": 23, "VISIT": 30, "VISIT_CANDIDATE": 31, "ROUTINE": 32,
    "CONTACT": 40, "OPPORTUNITY": 50, "RECRUITMENT": 60, "SUPPORT": 65, "LEAVING": 70, "OFFENCE": 80,
    "OFFENCE_PLACE": 81, "NOTICE": 90, "SIGNAL": 91, "CASE_IDENTITY": 99, "PICKUP": 100, "HANDOVER": 101, "HANDLING": 102,
    "ARREST": 110, "RAID": 111, "CREW_LIFE": 112, "HARM": 113, "STAFF_LIFE": 120, "MEETING": 121, "SURVEY": 130,
    "DEBT_RELIEF": 51, "STUDY": 52, "FRONT_DOOR": 114, "TRIAL": 140, "INDICATOR": 141, "WORRY": 92, "REACH": 66, "ACTIVITY": 33,
    "PLACE_SIZE": 10, "KIN": 24, "NEARBY": 25, "FOR_WORK": 62, "OFFER": 63,
    "PROMISE": 125, "PROMISE_DONE": 126, "PROMISE_SEEN": 127, "STORY": 128, "SANCTION": 129, "TOLD": 142, "DESK": 41,
    "PICTURE": 103,
    "EVICTION": 26, "LESSON": 34, "IN_CLASS": 35, "EXPLORATION": 36, "DOOR": 37, "INITIATIVE": 38, "LEAD": 39,
}  # fmt: skip

# Philox4x32-10: counter, key, answer, from the known-answer tests of Random123 (Salmon and others 2011)
PHILOX = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]
SPLITMIX_1234567 = [
    6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
]  # fmt: skip


def unmixed(output: int) -> int:
    """Return the state for which SplitMix64 gives this output (each of its three steps can be undone)."""
    z = output
    for shift, multiplier in ((31, MIX_2), (27, MIX_1), (30, np.uint64(1))):
        x = z
        for _ in range(3):
            x = z ^ (x >> shift)
        z = x * pow(int(multiplier), -1, WORD) % WORD
    return z


def dice_for(outputs: list[int]) -> np.ndarray:
    """Return the dice with which person 0 draws exactly these 64 bits."""
    return np.array([(unmixed(output) - int(GAMMA)) % WORD for output in outputs], np.uint64)


@pytest.mark.parametrize(("counter", "key_words", "answer"), PHILOX)
def test_philox_gives_the_published_answers(counter, key_words, answer):
    assert list(sample.philox_block(np.array(counter + key_words, np.uint64))) == answer


def test_splitmix_gives_the_published_sequence():
    assert sample.splitmix_outputs(1234567, 5).tolist() == SPLITMIX_1234567


def test_a_draw_about_people_of_ascending_numbers_is_the_published_sequence():
    same = np.full(5, 1, np.int64)
    dice = sample.philox_keys(same, same, same)[0]
    drawn = sample.each_bits(same, same, same, np.arange(5), np.zeros(5, np.int64))
    assert (drawn == sample.splitmix_outputs(dice, 5)).all()


def test_decision_numbers_are_frozen_and_unique():
    members = {name: int(draw) for name, draw in Draw.__members__.items()}
    assert len(set(members.values())) == len(members), "two decisions share a number"
    changed = {name: number for name, number in FROZEN.items() if members.get(name) != number}
    assert not changed, f"renumbered, renamed or taken away: {changed}"
    assert not members.keys() - FROZEN.keys(), "freeze the new decisions: add them to FROZEN"


def test_compiled_draws_equal_plain_python():
    code = "import json; from tests.model.draw_samples import transcript; print(json.dumps(transcript()))"
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=plain, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == sample.transcript()


@pytest.mark.parametrize("seed", [1, 7, 11, 12])
def test_a_draw_called_from_python_is_the_draw_of_compiled_code(seed):
    """Keys above and below 2**63: a caller in Python may not get another answer by a sign."""
    dice = np.uint64(key(seed, 2, 3))
    compiled = sample.each_of_dice(np.array([dice], np.uint64), 10, 1.0, 0.5)[0][0, 0]
    assert uniform(dice, 0) == compiled


def test_keys_differ_for_every_seed_decision_and_week():
    seed, decision, week = (axis.ravel() for axis in np.meshgrid(np.arange(60), np.arange(35), np.arange(500)))
    assert sample.all_different(sample.philox_keys(seed, decision, week))  # by chance alike: 3e-8


def test_the_extremes_of_a_draw_stay_in_bounds():
    dice = dice_for([0, WORD - 1])
    for n in (1, 2, 3, 5, 7, 1_000, 2**20 + 1, 2**31 - 1):
        values, identities = sample.each_of_dice(dice, n, 20.0, 1.0)
        assert values[0].tolist() == [0.0, 1.0 - 2.0**-53]
        assert values[1].tolist() == [0, n - 1]
        assert values[2].all(), "what is certain happens, whatever the draw"
        assert np.isfinite(values[3]).all()
        assert identities.tolist() == [0, 2**63 - 1]


@pytest.mark.parametrize("n", [3, 7, 1_000])
def test_choice_has_no_modulo_bias(n):
    """Every option owns the same number of the 2**53 possible draws, give or take two: checked at its borders."""
    options = range(1, n)
    first = [-(-k * 2**53 // n) for k in options]  # the smallest draw that belongs to option k
    for step, lower in ((1, 0), (-2, 1)):
        values, _ = sample.each_of_dice(dice_for([(m + step) << 11 for m in first]), n, 1.0, 0.5)
        assert values[1].tolist() == [k - lower for k in options]


@pytest.mark.parametrize(("probability", "expected"), [(-1.0, False), (0.0, False), (1.0, True), (2.0, True)])
def test_impossible_never_and_certain_always_happens(probability, expected):
    assert (sample.each_happening(probability, np.uint64(1), 10_000) == expected).all()


def test_a_larger_probability_contains_the_smaller():
    less, more = (sample.each_happening(p, np.uint64(5), 100_000) for p in (0.3, 0.4))
    assert (less <= more).all() and less.sum() < more.sum()


def test_identities_are_non_negative_and_never_collide():
    identities = np.concatenate([sample.each_identity(np.uint64(dice), 500_000) for dice in (3, 4)])
    assert identities.min() >= 0
    assert sample.all_different(identities)  # by chance alike: 5e-8


@pytest.mark.parametrize("mean", [0.001, 0.3, 1.0, 5.0, 20.0])
def test_a_count_is_the_inverse_of_the_poisson_distribution(mean):
    counts, levels = sample.each_count(mean, np.uint64(9), 20_000)
    assert (counts == stats.poisson.ppf(levels, mean)).all()


def test_no_count_without_a_mean_and_a_larger_mean_never_counts_less():
    counts = [sample.each_count(mean, np.uint64(9), 20_000)[0] for mean in (-1.0, 0.0, 0.5, 2.0)]
    assert not counts[0].any() and not counts[1].any()
    assert (counts[2] <= counts[3]).all()
