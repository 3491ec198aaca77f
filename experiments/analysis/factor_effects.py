"""Effects of each choice of a grid: one level of a factor against its first one, averaged over all else that was chosen.

The cells of both levels that agree in every other factor are compared within a world, so luck and what nobody knows are
shared; verdicts allow for all of these comparisons together (Holm).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..results import StudyResults
from ..statistics import Effect, effect, judged


class FactorEffect(NamedTuple):
    """A level of a factor against another level, in the block of a baseline."""

    baseline: str
    factor: str
    level: Any
    reference: Any
    effect: Effect


def factor_effects(study: StudyResults) -> list[FactorEffect]:
    """Return what every level of every choice does to the outcomes that decide, block by block; none without a grid."""
    found = [each for asked in study.question.decides for each in of_outcome(study, asked.outcome)]
    better = {each.outcome: each.better for each in study.question.decides}
    verdicts = judged([each.effect for each in found], better)
    return [each._replace(effect=one) for each, one in zip(found, verdicts, strict=True)]


def of_outcome(study: StudyResults, outcome: str) -> Iterator[FactorEffect]:
    """Give what every level does to one outcome, without verdicts."""
    table, matters, way = study.by_world(outcome), study.question.matters_of(outcome), study.way(outcome)
    for base, names in study.plan.blocks.items():
        cells = {name: study.plan.cells.get(name, {}) for name in names}
        for factor in dict.fromkeys(key for cell in cells.values() for key in cell):
            levels = list(dict.fromkeys(cell[factor] for cell in cells.values() if factor in cell))
            for level in levels[1:]:
                ours, theirs = (matched(cells, factor, one) for one in (level, levels[0]))
                pairs = [(ours[rest], theirs[rest]) for rest in ours if rest in theirs]
                whole = table[[name for pair in pairs for name in pair]].dropna()
                if pairs and len(whole):
                    one, other = (whole[list(side)].mean(axis=1) for side in zip(*pairs, strict=True))
                    compared = effect(f"{factor} {level} {base}", outcome, one, other, way, matters)
                    yield FactorEffect(base, factor, level, levels[0], compared)


def matched(cells: dict[str, dict[str, Any]], factor: str, level: Any) -> dict[tuple[tuple[str, str], ...], str]:
    """Return what else is chosen -> the scenario that has this level of a factor."""
    return {
        tuple(sorted((key, str(value)) for key, value in cell.items() if key != factor)): name
        for name, cell in cells.items()
        if cell.get(factor) == level
    }
