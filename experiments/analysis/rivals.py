"""Rival choices in the model that any question can be asked under: each cuts one causal loop (`loops.toml`).

A verdict that turns under a rival rests on a choice that the runs of a study cannot settle.  The usual rivals cut three
loops between people to which the model owes recruits (`results/reference/loops.csv`), and without which there is still
recruitment and still a way out: the peer group, the role model and normalisation.
"""

from ..design.plan import Plan
from .loops import cuts

USUAL = ("R6", "R7", "R16")
WITHOUT = "without_"


def usual() -> dict[str, dict[str, float]]:
    """Return name -> parameters of the usual rivals, as a plan holds them."""
    return {f"{WITHOUT}{loop}": cuts([loop]) for loop in USUAL}


def under_usual(plan: Plan) -> Plan:
    """Return a plan with its own rival choices, or else with the usual ones; all of it is then lived again under each."""
    known = {name: getattr(plan, name) for name in type(plan).model_fields}
    return plan if plan.rival else Plan(**{**known, "rival": usual()})
