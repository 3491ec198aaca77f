"""Screening: which numbers targets can feel, and which nothing can feel.

Every parameter is held against every target by its rank correlation over points that vary all of them at once.  The reach of luck
alone is known from the same table with its rows shuffled: all parameters of a Latin hypercube are alike there.  A parameter that
moves a target up as far as down from the middle of its range is not seen.

    target, correlation     the target that a parameter moves most, and which way
    p                       chance of as large a one, over all targets, of a parameter that moves nothing
    noise                   what such a parameter stays below in 95 of 100 cases
    felt                    surely (more than the largest of all parameters in 95 of 100 shuffles), perhaps (p up to 0.05), or no
"""

import numpy as np
import pandas as pd

LEVEL = 0.05
SHUFFLES = 100
COLUMNS = ("target", "correlation", "p", "noise", "felt")


def standard(values: pd.DataFrame) -> pd.DataFrame:
    """Return the ranks of columns that vary, with mean 0 and length 1; where a value lacks, it says nothing."""
    varied = values.loc[:, values.nunique() > 1].rank()
    ranks = (varied - varied.mean()).fillna(0.0)
    return ranks / (ranks**2).sum() ** 0.5


def screened(points: pd.DataFrame, values: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Return what every parameter moves, the strongest first: target, correlation, p, noise, felt, and a column a target."""
    theirs, ours = standard(points), standard(values)
    table = (theirs.T @ ours).rename_axis("parameter")
    if table.empty:
        return pd.DataFrame(columns=list(COLUMNS)).rename_axis("parameter")
    rng, fixed = np.random.default_rng(seed), theirs.to_numpy().T
    by_luck = [np.abs(fixed @ rng.permutation(ours.to_numpy())).max(axis=1) for _ in range(SHUFFLES)]  # targets stay together
    largest, luck = np.quantile([each.max() for each in by_luck], 1 - LEVEL), np.sort(np.concatenate(by_luck))
    size, target = table.abs().max(axis=1), table.abs().idxmax(axis=1)
    p = 1.0 - np.searchsorted(luck, size.to_numpy()) / luck.size
    felt = np.where(size > largest, "surely", np.where(p <= LEVEL, "perhaps", "no"))
    strongest = table.to_numpy()[np.arange(len(table)), table.columns.get_indexer(pd.Index(target))]
    told = (target, strongest, p, np.quantile(luck, 1 - LEVEL), felt)
    found = pd.DataFrame(dict(zip(COLUMNS, told, strict=True)), index=table.index).join(table)
    return found.loc[size.sort_values(ascending=False, kind="stable").index]
