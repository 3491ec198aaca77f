"""Questions asked of the model: designs, runs in paired worlds, and what they say with how much certainty.

    from kantelpunt import Study, until

Names are looked up when somebody asks for them, so that the command line starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .study import Study, until

if __name__ == "experiments":  # in a clone, by its short name
    from kantelpunt.short_names import shorten

    shorten(__name__)

__all__ = ["Study", "until"]


def __getattr__(name: str) -> Any:
    """Return a public name from the module that holds it."""
    if name in __all__:
        return getattr(import_module(".study", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
