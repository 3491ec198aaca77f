"""Lists of which one is chosen: outcomes, by theme, and situations to begin from."""

from collections.abc import Callable
from typing import Any

from kantelpunt.model.interventions import catalogue
from kantelpunt.model.outcomes import OUTCOMES, by_theme
from kantelpunt.model.population.situations import situations
from kantelpunt.viz.report.wording import outcome_name
from kantelpunt.viz.text import Text

from .html import choice, grouped_choice

MEASURES = {  # theme -> measures, in the order in which they are listed; what stands nowhere comes last
    "street": (
        "visible_presence", "contact_seeking", "small_visible_actions", "intervention_professional", "place_improvement",
        "hot_spot_enforcement", "safe_places", "raid",
    ),
    "youths": (
        "youth_activities", "mentoring", "group_programme", "legal_opportunities", "person_centred", "family_approach",
        "debt_relief", "aftercare", "awareness_lesson",
    ),
    "residents": ("reachable_municipality", "awareness", "norms_dialogue", "co_creation", "key_figures", "normalisation"),
    "professionals": (
        "frontline_team", "systemic_working", "backing", "training_on_the_job", "staff_selection", "sirenelunch", "covenant",
        "pact", "process_facilitator", "quick_scan", "neighbourhood_exploration",
    ),
    "headwind": (
        "budget_cuts", "staff_turnover", "reorganisation", "incident", "market_demand", "population_growth", "national_trust",
        "eviction",
    ),
}  # fmt: skip


def measures(t: Text) -> dict[str, dict[str, str]]:
    """Return theme -> measure -> how it is called, of all that there are."""
    placed = {kind for kinds in MEASURES.values() for kind in kinds}
    themes = {**MEASURES, "other": tuple(kind for kind in catalogue() if kind not in placed)}
    named = {}
    for theme, kinds in themes.items():
        named[t(f"measures.{theme}")] = {kind: card_name(t, kind) for kind in kinds if kind in catalogue()}
    return {theme: some for theme, some in named.items() if some}


def card_name(t: Text, kind: str) -> str:
    """Return how an intervention is called."""
    return t.named("intervention", kind, kind.replace("_", " ").capitalize())


def explained(t: Text, kind: str) -> str:
    """Return what an intervention is, in a line or two."""
    return t.named("explained", kind, (catalogue()[kind].__doc__ or "").partition("\n")[0])


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
