"""Results per head do not depend on how many people, tiles or crews a map holds (N6)."""

import numpy as np

from kantelpunt.model.simulation import simulate

from .measure import Shown, pattern
from .scenarios import scenario_of
from .worlds import FOCUS, Numbers

SIZES = (1_000, 2_000, 3_000, 5_000, 20_000)  # one tile of so many, and more tiles
USUAL, SMALL = 2_000, 500
TOGETHER = 10_000  # people over whom a size is measured, in as many worlds as that asks for
YEARS = 6
OUTCOMES = {"crimes": 0.10, "members": 0.10, "trust_institutions": 0.10, "recruited": 0.15}  # how far apart they may lie
FEW: dict[str, int] = {"most": 16, "again": 12}  # one world is 80,000 people; in few the most is luck
WORLDS = 100  # seeds that one measurement may use


def per_head(people: int, seeds: list[int], world: int) -> dict[str, float]:
    """Return the outcomes of worlds of one size, per 1,000 people and week, or as a mean level."""
    weeks = [simulate(scenario_of(world, area=FOCUS, people=people, years=YEARS), seed).weeks.iloc[1:] for seed in seeds]
    lived = sum(each["people"].sum() for each in weeks) / 1_000
    found = {name: float(sum(each[name].sum() for each in weeks) / lived) for name in ("crimes", "members", "recruited")}
    return found | {"trust_institutions": float(np.mean([each["trust_institutions"].mean() for each in weeks]))}


def sizes(seed: int) -> Numbers:
    """Return the outcomes per head by size, over other worlds for every seed."""
    numbers: Numbers = {}
    for people in (SMALL, *SIZES):
        seeds = [WORLDS * seed + k for k in range(max(1, TOGETHER // people))]
        numbers |= {f"{name}_{people}": value for name, value in per_head(people, seeds, seed).items()}
    return numbers


def apart(shown: Shown, name: str, sizes: tuple[int, ...] = SIZES) -> float:
    """Return by how many % the size that differs most lies from the usual one."""
    means = np.array([shown[f"{name}_{people}"].mean() for people in sizes])
    return 100 * float(np.abs(means / shown[f"{name}_{USUAL}"].mean() - 1).max())


def same(id: str, text: str, name: str) -> None:
    """Register how far results per head lie apart over sizes."""
    most = 100 * OUTCOMES[name]
    sentence = f"{text} per head, 1,000 to 20,000 people: the size that differs most from 2,000"

    @pattern(id, sentence, "%", sizes, f"at most {most:g}", 0, most, **FEW)
    def far(shown: Shown) -> float:
        return apart(shown, name)


same("N6a", "crimes", "crimes")
same("N6b", "members", "members")
same("N6c", "trust in institutions", "trust_institutions")
same("N6d", "recruits", "recruited")


@pattern("N6e", "recruits per head where 500 people live, against 2,000", "%", sizes, **FEW)
def small(shown: Shown) -> float:
    return 100 * float(shown[f"recruited_{SMALL}"].mean() / shown[f"recruited_{USUAL}"].mean() - 1)
