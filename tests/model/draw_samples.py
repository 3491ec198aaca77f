"""Many draws at once, compiled: what the tests of chance look at."""

import numba
import numpy as np

from kantelpunt.model.draws import bits, choose, count, happens, identity, key, philox, splitmix, uniform

AXES = ("seed", "decision", "week", "who", "whom")
WIDTH = {"seed": 63, "decision": 16, "week": 32, "who": 63, "whom": 63}  # bits of each index that a run may use


@numba.njit
def each_bits(seed, decision, week, who, whom):
    """Return the 64 bits of each row of indices; five (n,) arrays of int64."""
    out = np.empty(who.size, np.uint64)
    for i in range(who.size):
        out[i] = bits(key(seed[i], decision[i], week[i]), who[i], whom[i])
    return out


@numba.njit
def each_of_dice(dice, n, mean, probability):
    """Return, for each of many dice, what every kind of draw makes of it: (5, n) floats and (n,) identities."""
    out = np.empty((5, dice.size))
    identities = np.empty(dice.size, np.int64)
    for i in range(dice.size):
        out[0, i] = uniform(dice[i], 0)
        out[1, i] = choose(n, dice[i], 0)
        out[2, i] = happens(probability, dice[i], 0)
        out[3, i] = count(mean, dice[i], 0)
        out[4, i] = uniform(dice[i], 0, 1)
        identities[i] = identity(dice[i], 0)
    return out, identities


@numba.njit
def each_choice(n, dice, size):
    """Return what `size` people choose out of n with the same dice."""
    return np.array([choose(n, dice, who) for who in range(size)])


@numba.njit
def each_count(mean, dice, size):
    """Return the counts and the uniform numbers that they were made of, for `size` people."""
    counts = np.empty(size, np.int64)
    levels = np.empty(size)
    for who in range(size):
        counts[who] = count(mean, dice, who)
        levels[who] = uniform(dice, who)
    return counts, levels


@numba.njit
def each_identity(dice, size):
    """Return `size` new identities."""
    return np.array([identity(dice, who) for who in range(size)])


@numba.njit
def each_happening(probability, dice, size):
    """Return for `size` people whether something of this probability happens."""
    return np.array([happens(probability, dice, who) for who in range(size)])


@numba.njit
def splitmix_outputs(start, size):
    """Return the first outputs of SplitMix64 seeded with `start`."""
    out = np.empty(size, np.uint64)
    state = np.uint64(start)
    for i in range(size):
        state = state + np.uint64(0x9E3779B97F4A7C15)
        out[i] = splitmix(state)
    return out


@numba.njit
def philox_block(words):
    """Return one block of Philox4x32-10 for six words: four of the counter, two of the key."""
    return philox(words[0], words[1], words[2], words[3], words[4], words[5])


@numba.njit
def philox_keys(seed, decision, week):
    """Return the key of each row of indices; three (n,) arrays of int64."""
    out = np.empty(seed.size, np.uint64)
    for i in range(seed.size):
        out[i] = key(seed[i], decision[i], week[i])
    return out


def spread(i: np.ndarray, axis: str) -> np.ndarray:
    """Return distinct identities for i, all over the range of this index: as `identity` makes them, or hashed weeks."""
    if WIDTH[axis] == 63:
        return each_identity(np.uint64(20_260_105), i.size)
    return (i * 0x9E3779B1) % 2 ** WIDTH[axis]  # an odd multiplier: no two alike below 2**WIDTH


def along(axis: str, size: int, hashed: bool = False) -> np.ndarray:
    """Return the draws while one index runs and the others stand still: (size,) unsigned words of 64 bits."""
    i = np.arange(size, dtype=np.int64)
    fixed = {"seed": 1, "decision": 60, "week": 26, "who": 1_000, "whom": 0}
    values = {name: np.full(size, value, np.int64) for name, value in fixed.items()}
    values[axis] = spread(i, axis) if hashed else i
    return each_bits(*(values[name] for name in AXES))


def all_different(words: np.ndarray) -> bool:
    """Return whether no two of these numbers are the same."""
    ordered = np.sort(words, axis=None)
    return bool((ordered[1:] != ordered[:-1]).all())


def transcript() -> list:
    """Return a small sample of every function of `draws.py`, to hold against plain Python."""
    rows = [along(axis, 64, hashed).tolist() for axis in AXES for hashed in (False, True)]
    dice = along("seed", 200)
    values, identities = each_of_dice(dice, 1_000, 3.5, 0.3)
    return [*rows, dice.tolist(), values.tolist(), identities.tolist(), splitmix_outputs(7, 50).tolist()]
