"""Scenarios of a plan: what a table asks for beyond what all begin from, and the same again under rival choices in the model."""

from collections.abc import Mapping
from typing import Any

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.interventions import catalogue
from kantelpunt.model.scenario import Scenario, as_interventions, as_parameters, spelled_out
from kantelpunt.model.validation import joined

from .question import named

MOST_SCENARIOS, MOST_MEASURES = 5_000, 50_000  # of a plan under all its rival choices: with more, reading it alone takes a minute
OWN_KEYS = ("situation", "interventions", "parameters", "area")  # of a scenario, beside kinds of interventions


def as_rivals(value: object) -> dict[str, dict[str, float]]:
    """Return rival choices by name, each as parameters; raises InputError, naming the rival and its key."""
    if not isinstance(value, Mapping):
        raise InputError("rival.not_tables", value=value, allowed=Phrase("allowed.rival_tables"))
    found = {}
    for name, table in value.items():
        try:
            found[str(name)] = as_parameters(table)
        except InputError as error:
            error.place = joined(str(name), error.place)
            raise
        if not found[str(name)]:
            raise InputError(
                "rival.no_change", place=name, allowed=Phrase("allowed.rival_parameters", example='"norms.sanction" = 0.8')
            )
    return found


def refuse_many(scenarios: object, rivals: object) -> None:
    """Raise InputError where a plan holds more scenarios, or measures in them, than anybody waits for; it is only counted."""
    tables, times = as_table(scenarios), 1 + len(as_table(rivals))
    if (n := times * len(tables)) > MOST_SCENARIOS:
        raise InputError("scenario.too_many", place="scenario", value=n, allowed=Phrase("allowed.at_most", most=MOST_SCENARIOS))
    if (n := times * sum(map(measures_in, tables.values()))) > MOST_MEASURES:
        raise InputError("scenario.too_full", place="scenario", value=n, allowed=Phrase("allowed.at_most", most=MOST_MEASURES))


def as_table(value: object) -> Mapping[str, Any]:
    """Return a table; what is none, as an empty one."""
    return value if isinstance(value, Mapping) else {}


def measures_in(scenario: object) -> int:
    """Return about how many measures the table of a scenario, or of a package, holds."""
    told = as_table(scenario).get("interventions", ())
    return len(as_table(scenario)) + (len(told) if isinstance(told, list | tuple | Mapping) else 0)


def variant(base: Scenario, name: str, table: object) -> Scenario:
    """Return a scenario of a plan; raises InputError, naming the scenario and its key."""
    try:
        if not isinstance(table, Mapping):
            raise InputError("value.not_table", value=table, allowed=Phrase("allowed.kinds_with_intensities"))
        for key in table:
            named(key, (*OWN_KEYS, *catalogue()), "key.neither_key_nor_intervention")
        kinds = {kind: intensity for kind, intensity in table.items() if kind not in OWN_KEYS}
        said = spelled_out({key: table[key] for key in OWN_KEYS if key in table})
        own = base.changed(**{"interventions": (), **said})
        together = (*base.interventions, *own.interventions, *as_interventions(kinds))
        return own.changed(interventions=together, parameters={**base.parameters, **own.parameters})
    except InputError as error:
        error.place = joined("scenario", name, error.place)
        raise


def under_rivals(base: Scenario, scenarios: Mapping[str, Any], rivals: Mapping[str, dict[str, float]]) -> dict[str, Scenario]:
    """Return every scenario under every rival choice; what a scenario sets itself stands.  Raises InputError."""
    found = {}
    for rival, values in rivals.items():
        other = base.changed(parameters={**base.parameters, **values})
        for name, table in scenarios.items():
            called = under(name, rival)
            if called in found or called in scenarios:
                raise InputError("name.duplicate", place="rival", value=called, allowed=Phrase("allowed.another_name"))
            found[called] = variant(other, name, table)
    return found


def under(name: str, rival: str) -> str:
    """Return what a scenario is called under a rival choice; without one, its own name."""
    return f"{name} under {rival}" if rival else name


def spoken(name: str) -> str:
    """Return a name as it is said: without underscores."""
    return name.replace("_", " ")
