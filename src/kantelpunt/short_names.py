"""Short names in a clone: ``model`` is ``kantelpunt.model``, loaded once; so are ``experiments`` and ``viz``."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from types import ModuleType

shortened: set[str] = set()


def shorten(name: str) -> None:
    """Let the module ``name``, and all that is in it, be those of ``kantelpunt``."""
    if not shortened:
        sys.meta_path.insert(0, ShortNames())
    shortened.add(name)
    sys.modules[name] = import_module(f"kantelpunt.{name}")


class ShortNames(MetaPathFinder, Loader):
    """Finds ``model.week`` as ``kantelpunt.model.week``."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return a specification if the name is a short one and its module exists."""
        package, _, rest = fullname.partition(".")
        if package in shortened and rest and find_spec(f"kantelpunt.{fullname}"):
            return spec_from_loader(fullname, self)
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Put the one module in the place of the empty one that Python made for the short name."""
        sys.modules[module.__name__] = import_module(f"kantelpunt.{module.__name__}")
