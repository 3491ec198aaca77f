"""The command line is loaded before a test patches what it imports."""

from kantelpunt.viz.cli import analyses, calibration, instruments, studies, tipping  # noqa: F401
