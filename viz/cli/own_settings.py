"""Libraries take their settings from the user, not from the folder in which the user stands: it may be a stranger's.

Numba's are kept out where it is imported (`model/machine_code`).
"""

import os
import sys
from contextlib import chdir, suppress
from pathlib import Path

OF_MATPLOTLIB = "matplotlibrc"
READS_FILES = "dotenv"
NO_PROGRAMS_HERE = "NoDefaultCurrentDirectoryInExePath"  # as Windows calls it, which else looks for git in this folder first


def pass_over_settings_here() -> None:
    """Have no library read a file in this folder, or run a program of it.

    Matplotlib looks for a file when it is imported, and fails at what it cannot read.  Solara, where the library that reads
    such files is installed, takes over the environment from a file ``.env`` in any folder above its own.
    """
    os.environ[NO_PROGRAMS_HERE] = "1"
    sys.modules[READS_FILES] = None  # type: ignore[assignment]  # "it is not installed"
    if os.path.lexists(OF_MATPLOTLIB):
        with chdir(Path(__file__).parent), suppress(ImportError):
            import matplotlib  # noqa: F401
