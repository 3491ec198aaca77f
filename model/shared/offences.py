"""The books of the police: an offence is entered once, when it is first reported or when police come upon it."""

from ..compiled import njit
from ..state.codes import DISTURBANCE, VIOLENCE


@njit
def is_crime(kind):
    """Return whether an offence of this kind is a crime rather than nuisance."""
    return kind != DISTURBANCE


@njit
def does_harm(kind):
    """Return whether an offence of this kind is done to somebody or to their things: violence, threat or vandalism."""
    return kind == VIOLENCE


@njit
def register(offence, patch, tally):
    """Enter an offence of this neighbourhood in the books; further reports about it add nothing."""
    if offence.registered == 1:
        return
    offence.registered = 1
    tally.registered += 1
    tally.registered_crimes += 1 if is_crime(offence.kind) else 0
    tally.registered_violence_vandalism += 1 if does_harm(offence.kind) else 0
    patch.registered += 1 if is_crime(offence.kind) else 0
