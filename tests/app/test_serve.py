"""The command that serves the app: its errors come before anything starts."""

import socket

import pytest
from typer.testing import CliRunner

from kantelpunt.model.errors import InputError
from kantelpunt.viz.app.server import listen
from kantelpunt.viz.cli.main import app as commands


def test_a_port_that_is_taken_is_an_input_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=str(port)):
            listen("127.0.0.1", port)


def test_a_host_that_is_not_of_this_machine_is_an_input_error() -> None:
    with pytest.raises(InputError, match="--host"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize("options", [["--lang", "de"], ["--port", "70000"], ["--port", "x"]])
def test_options_are_checked_before_anything_starts(options: list[str]) -> None:
    found = CliRunner().invoke(commands, ["app", *options])
    assert found.exit_code == 2
    assert options[1] in found.output
