"""The cost of all packages together, beside the budget that there is."""

import solara

from kantelpunt.model.errors import InputError
from kantelpunt.viz.text import Text

from ..widgets.choices import card_name
from ..widgets.html import swatch, tag
from .what_if import Package, Question

SHADES = ("#173f4f", "#2f6f86", "#5b9bb0", "#9cc5d3", "#7b8a91", "#c3cdd2")  # of parts only: packages and worlds have others


@solara.component
def BudgetBar(t: Text, question: Question, package: Package) -> None:
    """Draw the cost of each intervention as a part of one bar; what goes over the budget is said in words too."""
    try:
        scenario = question.scenario(package)
    except InputError:
        return
    parts = [(card_name(t, each.kind), each.cost(scenario.residents, scenario.horizon)) for each in package.interventions]
    total = sum(cost for _, cost in parts)
    whole = max(total, question.budget, 1.0)
    with tag("div", class_="budget", role="img", aria_label=t("compare.cost_of", name=package.name, cost=t.euros(total))):
        for i, (_, cost) in enumerate(parts):
            width = f"width:{100 * cost / whole:.2f}%;background:{SHADES[i % len(SHADES)]}"
            tag("i", style=width)
        if question.budget:
            tag("b", style=f"left:{100 * question.budget / whole:.2f}%")
    with tag("ul", class_="quiet parts"):
        for i, (name, cost) in enumerate(parts):
            tag("li", swatch(SHADES[i % len(SHADES)]), f"{name}: {t.euros(cost)}")
    over = total - question.budget
    words = t("compare.total", cost=t.euros(total), year=t.euros(total / question.years))
    if question.budget:
        words += " " + (t("compare.over", over=t.euros(over)) if over > 0 else t("compare.within", left=t.euros(-over)))
    tag("p", words, class_="wrong" if question.budget and over > 0 else "quiet")
