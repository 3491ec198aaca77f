"""Names of an earlier version: each is understood for one release more, and a warning gives the name of now.

Parameters that became one with another, and those that are gone, stand below; others that were renamed are in `registry.py`,
outcomes in `outcomes.py`, fields of records in `state/fields.py`.
"""

import warnings
from collections.abc import Mapping
from typing import Any

from .errors import Phrase

MERGED = {  # former name: the parameter that has its meaning now
    "aftermath.slams": "aftermath.opens", "casework.fit_floor": "casework.floor", "casework.given_up": "routing.vanish",
    "casework.through_floor": "casework.floor", "crews.least": "crews.size", "encounters.elsewhere": "routines.displaced",
    "encounters.pressed": "prospects.hardship", "enforcement.arrest_deterrence": "enforcement.deterrence",
    "hiring.fte_enforcement": "hiring.fte_police", "hiring.newcomer_skill": "hiring.skill",
    "initiatives.gain": "promises.gain",
    "mentoring_and_plans.exposed": "reporting.exposed", "mentoring_and_plans.in_debt": "prospects.hardship",
    "norms.home_floor": "norms.floor", "norms.school_floor": "norms.floor",
    "offending.girls": "recruitment.female", "opportunity.disturbance": "opportunity.decay",
    "opportunity.legal_mess": "opportunity.legal_stigma", "opportunity.stepping_in": "opportunity.gaze",
    "presence.enforcing": "presence.seeking", "promises.broken": "trust.bad_weight", "promises.looks": "presence.looks",
    "prospects.activity": "prospects.support", "prospects.applying": "mentoring_and_plans.reach",
    "prospects.domain": "prospects.support", "prospects.luxury": "prospects.show", "prospects.mentor": "prospects.support",
    "prospects.plan_relief": "prospects.settlement", "recruitment.core_share": "initialisation.core",
    "reporting.facts": "reporting.discern", "reporting.shielded": "encounters.shield",
    "stories.bad": "trust.bad_weight", "trust.cohesion_mess": "trust.unease",
    "trust.cohesion_pace": "trust.pace", "trust.fear_hold": "trust.unease", "trust.fear_mess": "trust.unease",
    "trust.fear_pace": "trust.pace", "trust.grudge": "trust.worry", "trust.mess": "trust.hold",
    "workforce.drain": "workforce.rest", "casework.misled": "casework.shared_view", "workforce.dispersing": "workforce.alone",
}  # fmt: skip

GONE = {  # rule: names of its parameters that a simpler rule does without
    "aftermath": ("stays", "healed", "in_shock"), "casework": ("behind_door", "guided", "told_no"), "crews": ("proven", "rise"),
    "demography": ("strange",), "desistance": ("late_plan", "older", "thin_plan"),
    "enforcement": ("pressing", "radius"),
    "initialisation": ("adults_disadvantage", "crews_disadvantage", "crime_disadvantage", "hold_reach", "youths_disadvantage"),
    "initiatives": ("hours", "let_down"), "mentoring_and_plans": ("mentor_stays",),
    "norms": ("further", "home_uncle", "radius"),
    "offending": ("code", "hidden", "runner", "square"), "opportunity": ("control_pace",),
    "presence": ("carry", "driving", "hotspot_force"), "promises": ("late", "regard"), "prospects": ("new_job", "reach"),
    "recruitment": ("idle_from", "known"), "reporting": ("intend_use", "lies_social", "neighbours", "nuisance_safety"),
    "routines": ("centre", "kept_in", "shop"), "routing": ("sharing",), "stories": ("contact", "home", "outcome", "warning"),
    "trust": ("turnout",), "workforce": ("skill_gain",),
}  # fmt: skip

CONSTANT = {  # rule: names of its parameters that next to no outcome felt; they are constants of the rule now (D140)
    "aftermath": ("entry", "heals", "shuts", "useful", "window"),
    "casework": ("agreed", "at_home", "breakthrough", "early_help", "facts_right", "lets_go", "network", "repressive",
        "team_through", "unaided"),
    "crews": ("core_weight", "fade", "pace"),
    "demography": ("selective",),
    "desistance": ("debt", "family", "given_up", "victim"),
    "encounters": ("friction", "recognition", "relatives", "seeing"),
    "enforcement": ("acted", "behind_door", "heavier", "kin_shock", "left", "passed_on", "shock", "spares"),
    "evictions": ("close",),
    "hiring": ("grip", "pull", "reflecting", "taught"),
    "mentoring_and_plans": ("befriends", "poor", "unhealthy"),
    "norms": ("avoids", "home_brother", "home_open", "leaks", "looks", "pace", "school_loose", "threat"),
    "offending": ("alarmed", "following", "getting_used", "lesson", "lingers"),
    "presence": ("daring", "learning"),
    "promises": ("again", "news", "patience", "term"),
    "prospects": ("bond_peers", "earner", "health", "interest", "job", "job_loss", "misfit", "parted", "peers", "rejection",
        "remains", "settled_job", "unfit", "wrong_study"),
    "recruitment": ("deeper_later", "rel_debt", "rel_trauma", "years_apart"),
    "reporting": ("confide", "retaliation", "shy", "sign", "threatened"),
    "routines": ("season", "truant", "unwatched", "uptake", "window"),
    "routing": ("mandate", "network", "spared"),
    "stories": ("close", "near", "retold"),
    "trust": ("character", "missed", "voice", "word"),
    "workforce": ("coached_practice", "fixation", "haste", "lunch_turnout", "paperwork", "practice", "skill_loss", "tie_loss"),
}  # fmt: skip


class Renamed(FutureWarning):
    """Somebody used the name of an earlier version."""

    def __init__(self, old: str, new: str) -> None:
        """Hold both names."""
        self.words = Phrase("name.renamed", old=old, new=new)
        super().__init__(str(self.words))


class Aliased(dict[str, Any]):
    """A dictionary that understands names of an earlier version too."""

    def __init__(self, items: Mapping[str, Any], renamed: Mapping[str, str]) -> None:
        """Hold the items under their names of now."""
        super().__init__(items)
        self.renamed = renamed

    def __missing__(self, name: str) -> Any:
        """Return what stands under the name of now; raises KeyError for a name that never was."""
        if name not in self.renamed:
            raise KeyError(name)
        return self[current(name, self.renamed)]


def current(name: Any, renamed: Mapping[str, str]) -> Any:
    """Return the name of now for one of an earlier version, with a warning; anything else as it is."""
    if not isinstance(name, str) or name not in renamed:
        return name
    warnings.warn(Renamed(name, renamed[name]), stacklevel=2)
    return renamed[name]
