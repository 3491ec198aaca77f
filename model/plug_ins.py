"""Installed plug-ins: packages that add interventions, outcomes or stopping rules under an entry point of ours.

    [project.entry-points."kantelpunt.interventions"]
    summer_camp = "their_package.summer_camp"

Loading the module registers what its decorators add (`additions.py`).
"""

import warnings
from functools import cache
from importlib.metadata import entry_points


class PlugInNotLoaded(UserWarning):
    """A plug-in that is installed cannot be loaded; all else goes on without it."""


@cache
def load(group: str) -> None:
    """Load every plug-in of a group, once; one that cannot be loaded is named in a warning."""
    for each in sorted(entry_points(group=group)):
        try:
            each.load()
        except Exception as error:  # it is code of somebody else
            message = f"the plug-in {each.name!r} ({each.value}) of {group} cannot be loaded: {type(error).__name__}: {error}"
            warnings.warn(message, PlugInNotLoaded, stacklevel=2)
