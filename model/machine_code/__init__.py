"""Machine code: what becomes machine code, and how it is kept on disk.

Numba reads settings from a file in the folder where somebody stands, which may be that of a stranger: they could have it write
over files, take all memory or compile in other ways.  It is imported here, before anything else of it, without the library that
reads such a file, and never looks for one again.  Settings of the user's own (``NUMBA_...`` in the environment) hold.
"""

import sys
import warnings

FILES = "yaml"
known = sys.modules.get(FILES)
sys.modules[FILES] = None  # type: ignore[assignment]  # "it is not installed"
try:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "A Numba config file is found")
        import numba
        import numba.core.config
finally:
    del sys.modules[FILES]
    if known:
        sys.modules[FILES] = known
numba.core.config._config_fname = ""

__all__ = ["numba"]
