"""The command line, called here."""

import sys

import pytest

from kantelpunt.viz.cli import analyses, instruments, studies, tipping  # noqa: F401 (before a test patches what they import)
from kantelpunt.viz.cli.main import main


@pytest.fixture
def call(monkeypatch, capsys):
    """Return a function that runs the command line here and gives exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kantelpunt", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return left.value.code or 0, captured.out, " ".join(captured.err.replace("│", " ").split())

    return run
