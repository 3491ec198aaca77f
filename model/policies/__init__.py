"""Policies: who divides a budget, every quarter of a year, by what can be seen.

    policy(quarter, seen) -> {"mentoring": 4_000.0, "visible_presence": {"north-west": 2_500.0}}

A policy is any function of the number of the quarter of a year, counted from 0 at the start of the run, and of what a team can
see then (`Seen`).  It returns a budget: euros for this quarter of a year by kind of intervention, for the whole neighbourhood
or by quarter of it.  Money that is not spent is lost; a week costs the same whatever policy decides.

    equal_parts     the same for all that is on the menu
    lot             all for one kind, drawn anew every quarter of a year
    single          all for one kind that was chosen beforehand
    team            systemic working: a picture of the neighbourhood, trials, and a budget that follows what they show
    Person          somebody who says what to do: in a notebook, or in an app

The first four are named in scenarios, as `policy` of the intervention `systemic_working`; any function can be handed to
`simulate(scenario, seed, policy=...)`; a class of one's own on `SystemicWorking` makes a kind for files and studies.
"""

from .decision import Budget, Policy
from .learning import team
from .plain import Person, equal_parts, lot, single
from .seen import LOOPS, SIGNS, Seen

__all__ = ["LOOPS", "SIGNS", "Budget", "Person", "Policy", "Seen", "equal_parts", "lot", "single", "team"]
