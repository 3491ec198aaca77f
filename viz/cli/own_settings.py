"""Libraries take their settings from the user, not from the folder in which the user stands: it may be a stranger's.

Numba's are kept out where it is imported (`model/machine_code`).
"""

import os
from contextlib import chdir, suppress
from pathlib import Path

OF_MATPLOTLIB = "matplotlibrc"


def pass_over_settings_here() -> None:
    """Have Matplotlib read no file in this folder: it looks for one when it is imported, and fails at what it cannot read."""
    if os.path.lexists(OF_MATPLOTLIB):
        with chdir(Path(__file__).parent), suppress(ImportError):
            import matplotlib  # noqa: F401
