"""Chance as a function: the same question always gets the same answer.

A draw is a pure function of (seed, decision, week, who, whom).  There is no generator with a state, so the order in
which agents are asked cannot matter, and two worlds that differ in one intervention keep the same luck everywhere
else.  It is made in two steps, because a rule asks everybody the same question in the same week:

    dice = key(seed, Draw.LEAVING, week)     once a rule and week: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011)
    happens(hazard, dice, person.id)         once a person: a SplitMix64 step (Steele, Lea and Flood 2014) over who
    happens(hazard, dice, person.id, k)      and one more over whom: the other person, or the occasion

Philox makes unrelated keys out of related counters; SplitMix64 runs from such a key, and again from what it gave for
somebody.  A whole Philox call for every person costs about five times as much (DECISIONS.md, D2).
"""

from enum import IntEnum

import numpy as np

from .arithmetic import exp
from .compiled import njit

MASK = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLY_0 = np.uint64(0xD2511F53)
MULTIPLY_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53

MAX_SEED = 2**63 - 1


class Draw(IntEnum):
    """A decision of chance.  Frozen numbers: append, never renumber, never reuse."""

    # the start: who lives here
    DWELLING = 1
    LAYOUT = 2
    MEMBER = 3
    LEVELS = 4
    FRIEND = 5
    FAMILY = 6
    CREW = 7
    STAFF = 8
    TIE = 9
    PLACE_SIZE = 10
    # the weeks
    MOVE = 20
    NEWCOMER = 21
    NEW_IDENTITY = 22
    VITAL = 23
    KIN = 24
    NEARBY = 25
    EVICTION = 26
    VISIT = 30
    VISIT_CANDIDATE = 31
    ROUTINE = 32
    ACTIVITY = 33
    LESSON = 34
    IN_CLASS = 35
    EXPLORATION = 36
    DOOR = 37
    INITIATIVE = 38
    LEAD = 39
    CONTACT = 40
    DESK = 41
    OPPORTUNITY = 50
    DEBT_RELIEF = 51
    STUDY = 52
    RECRUITMENT = 60
    FOR_WORK = 62  # 61 decided which crew reaches somebody
    OFFER = 63
    SUPPORT = 65
    REACH = 66
    LEAVING = 70
    OFFENCE = 80
    OFFENCE_PLACE = 81
    NOTICE = 90
    SIGNAL = 91
    WORRY = 92
    CASE_IDENTITY = 99
    PICKUP = 100
    HANDOVER = 101
    HANDLING = 102
    PICTURE = 103
    ARREST = 110
    RAID = 111
    CREW_LIFE = 112
    HARM = 113
    FRONT_DOOR = 114
    STAFF_LIFE = 120
    MEETING = 121
    PROMISE = 125
    PROMISE_DONE = 126
    PROMISE_SEEN = 127
    STORY = 128
    SANCTION = 129
    SURVEY = 130
    TRIAL = 140
    INDICATOR = 141
    TOLD = 142


@njit
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10 on six unsigned words below 2**32 (held in 64 bits); returns four such words."""
    for _ in range(10):
        product_0 = MULTIPLY_0 * c0
        product_1 = MULTIPLY_1 * c2
        c0 = (product_1 >> HALF) ^ c1 ^ k0
        c2 = (product_0 >> HALF) ^ c3 ^ k1
        c1 = product_1 & MASK
        c3 = product_0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@njit
def key(seed, decision, week):
    """Return the 64-bit key of one decision in one week of one world."""
    world = np.uint64(seed)
    a, b, _, _ = philox(np.uint64(week) & MASK, np.uint64(decision + 0), np.uint64(0), np.uint64(0), world & MASK, world >> HALF)
    return (a << HALF) | b


@njit
def splitmix(state):
    """Return the output of SplitMix64 for this state (the state after its step)."""
    z = (state ^ (state >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@njit
def bits(dice, who, whom=0):
    """Return 64 random bits for this person (and, where two are involved, the other one)."""
    own = splitmix(np.uint64(dice) + GAMMA * np.uint64(who + 1))
    return own if whom == 0 else splitmix(own + GAMMA * np.uint64(whom + 1))


@njit
def uniform(dice, who, whom=0):
    """Return a number in [0, 1) with 53 random bits."""
    return float(bits(dice, who, whom) >> np.uint64(11)) * TO_UNIT


@njit
def fill(dice, who, whom, out):
    """Fill an array with such a number for each of these people."""
    for i in range(who.size):
        out[i] = uniform(dice, who[i], whom)


def uniforms(dice: int, who: np.ndarray, whom: int = 0) -> np.ndarray:
    """Return such a number for each of these people."""
    out = np.empty(who.size)
    fill(np.uint64(dice), np.ascontiguousarray(who), whom, out)
    return out


@njit
def happens(probability, dice, who, whom=0):
    """Decide whether something of this probability happens; below 0 counts as 0, above 1 as 1."""
    if probability <= 0.0:
        return False
    return uniform(dice, who, whom) < probability


@njit
def choose(n, dice, who, whom=0):
    """Choose one of 0 .. n-1, each equally likely to within 2**-53 * n (a multiplication: no modulo bias)."""
    return int(uniform(dice, who, whom) * n)


@njit
def identity(dice, who, whom=0):
    """Return a new non-negative 63-bit identity, the same in every world where this occasion arises."""
    return np.int64(bits(dice, who, whom) >> np.uint64(1))


@njit
def count(mean, dice, who, whom=0):
    """Return a Poisson-distributed count with this mean, by inverse distribution function (means below about 30)."""
    if mean <= 0.0:
        return 0
    u = uniform(dice, who, whom)
    if u < 1.0 - mean:  # and so below exp(-mean)
        return 0
    p = exp(-mean)
    total = p
    k = 0
    while u > total and k < 1000:
        k += 1
        p *= mean / k
        total += p
    return k
