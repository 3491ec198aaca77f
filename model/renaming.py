"""Names of an earlier version: each is understood for one release more, and a warning gives the name of now.

Parameters are in `registry.py`, outcomes in `outcomes.py`, fields of records in `state/fields.py`.
"""

import warnings
from collections.abc import Mapping
from typing import Any

from .errors import Phrase


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
