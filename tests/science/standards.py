"""What is usual in Dutch wijken: `uv run python -m tests.science.standards KWB`, with figures of all wijken (CBS, KWB 2022).

It prints mean and standard deviation of each figure that an index of an area is made of, over inhabitants of the wijken with at
least 1,000 of them, and the standard deviation of the mean of the standardised figures of each index.  They stand in
`model/population/standing.py`.
"""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from kantelpunt.model.population import areas, standing

SMALLEST = 1_000  # inhabitants


def standards(file: Path) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Return mean and spread of each figure, and the spread of the mean of the standardised figures of each index."""
    wijken = [each for each in areas.areas(file) if each.people >= SMALLEST and "owned" not in each.missing]
    people = np.array([each.people for each in wijken], float)

    def mean(values: np.ndarray) -> float:
        return float(np.average(values, weights=people))

    usual, spread = {}, {}
    figures = {name: np.array([figure(each) for each in wijken]) for name, figure in standing.FIGURES.items()}
    for name, values in figures.items():
        usual[name] = mean(values), float(np.sqrt(mean((values - mean(values)) ** 2)))
    for index, parts in standing.PARTS.items():
        both = sum(sign * (figures[name] - usual[name][0]) / usual[name][1] for name, sign in parts.items()) / len(parts)
        spread[index] = float(np.sqrt(mean(both**2)))
    return usual, spread


def main(file: Annotated[Path, typer.Argument(help="figures of all wijken (KWB)")]) -> None:
    """Print what is usual."""
    for found in standards(file):
        for name, numbers in found.items():
            typer.echo(f"{name}: {np.round(numbers, 3)}")


if __name__ == "__main__":
    typer.run(main)
