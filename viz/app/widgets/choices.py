"""Lists of which one is chosen: outcomes, by theme, and situations to begin from."""

from collections.abc import Callable
from typing import Any

from kantelpunt.model.outcomes import OUTCOMES, by_theme
from kantelpunt.model.situations import situations
from kantelpunt.viz.report.wording import outcome_name
from kantelpunt.viz.text import Text

from .html import choice, grouped_choice


def outcome_choice(t: Text, value: str, on_value: Callable[[str], None], judged: bool = False) -> Any:
    """Return the list of outcomes; ``judged`` leaves out those of which neither higher nor lower is better."""
    groups = {}
    for theme, names in by_theme().items():
        shown = {name: outcome_name(t, name) for name in names if not (judged and OUTCOMES[name].better == "neither")}
        if shown:
            groups[t(f"theme.{theme}")] = dict(sorted(shown.items(), key=lambda item: item[1].casefold()))
    return grouped_choice(t("compare.outcome"), groups, value, on_value)


def situation_choice(t: Text, value: str, on_value: Callable[[str], None]) -> Any:
    """Return the list of situations to begin from, the usual one first."""
    names = {name: t.named("situation", name, each.says) for name, each in situations().items()}
    return choice(t("compare.situation"), {"": t("compare.usual"), **names}, value, on_value)
