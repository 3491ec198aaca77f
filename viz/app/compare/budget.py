"""The cost of all interventions of a package together, and year by year, beside the budget that there is."""

from collections.abc import Sequence

import numpy as np
import solara

from kantelpunt.model.errors import InputError
from kantelpunt.model.interventions import Intervention
from kantelpunt.model.scenario import Scenario
from kantelpunt.viz.text import Text

from ..widgets.choices import card_name
from ..widgets.html import swatch, tag
from .what_if import Package, Question

LIGHT = ("#173f4f", "#2f6f86", "#5b9bb0", "#9cc5d3", "#7b8a91", "#c3cdd2")  # of parts only: packages and worlds have others
DARK = ("#cfe6ee", "#9cc5d3", "#5b9bb0", "#3d7d95", "#a9b8c0", "#6d7b84")
HIGH = 56  # pixels of the dearest year


@solara.component
def BudgetBar(t: Text, question: Question, package: Package) -> None:
    """Draw the cost of each intervention as a part of one bar, and of the bar of each year; what goes over is said in words."""
    try:
        scenario = question.scenario(package)
    except InputError:
        return
    by_year = [yearly(each, scenario, question.years) for each in package.interventions]
    parts = [(card_name(t, each.kind), costs.sum()) for each, costs in zip(package.interventions, by_year, strict=True)]
    total = sum(cost for _, cost in parts)
    whole = max(total, question.budget, 1.0)
    with tag("div", class_="budget", role="img", aria_label=t("compare.cost_of", name=package.name, cost=t.euros(total))):
        for i, (_, cost) in enumerate(parts):
            width = f"width:{100 * cost / whole:.2f}%;background:{shade(i)}"
            tag("i", style=width)
        if question.budget:
            tag("b", style=f"left:{100 * question.budget / whole:.2f}%")
    with tag("ul", class_="quiet parts"):
        for i, (name, cost) in enumerate(parts):
            tag("li", swatch(shade(i)), f"{name}: {t.euros(cost)}")
    over = total - question.budget
    words = t("compare.total", cost=t.euros(total), year=t.euros(total / question.years))
    if question.budget:
        words += " " + (t("compare.over", over=t.euros(over)) if over > 0 else t("compare.within", left=t.euros(-over)))
    tag("p", words, class_="wrong" if question.budget and over > 0 else "quiet")
    if total:
        Years(t, by_year, scenario.horizon.start.year)


@solara.component
def Years(t: Text, by_year: Sequence[np.ndarray], first: int) -> None:
    """Draw a bar for the cost of every year."""
    sums = np.sum(by_year, axis=0)
    with tag("div", class_="yearly"):
        tag("p", t("compare.per_year", most=t.euros(sums.max())), class_="quiet")
        with tag("div", class_="bars"):
            for year, total in enumerate(sums):
                with tag("span", title=f"{first + year}: {t.euros(total)}"):
                    with tag("i"):
                        for i, costs in enumerate(by_year):
                            if costs[year]:
                                tag("b", style=f"height:{HIGH * costs[year] / sums.max():.1f}px;background:{shade(i)}")
                    tag("small", str(first + year)[-2:], aria_label=f"{first + year}: {t.euros(total)}")


def yearly(card: Intervention, scenario: Scenario, years: int) -> np.ndarray:
    """Return what an intervention costs in each year, in euros: its cost over the days on which it runs."""
    days = card.runs(scenario.horizon)[1:].reshape(years, -1).sum(axis=1)
    return card.cost(scenario.residents, scenario.horizon) * days / max(days.sum(), 1)


def shade(i: int) -> str:
    """Return the colour of a part."""
    at = i % len(LIGHT)
    return f"light-dark({LIGHT[at]}, {DARK[at]})"
