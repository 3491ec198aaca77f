"""TOML of others: what makes far more of itself than it seems to hold is refused, and soon."""

import os
import time
from pathlib import Path

import pytest

from kantelpunt.model import toml_files
from kantelpunt.model.errors import InputError
from kantelpunt.model.toml_files import DEEPEST, read_toml, tables

LONG = "f" * 20_000
DOTS = {
    "a chain of keys": ".".join("a" * 16_000) + " = 1",
    "a chain of keys in quotes": ".".join(["''"] * 9_000) + " = 1",
    "a chain of keys with spaces": " . ".join(["ab"] * 9_000) + " = 1",
    "a chain of tables": "[" + ".".join("a" * 16_000) + "]",
    "a chain in a table": "a = {" + ".".join("a" * 16_000) + " = 1}",
    "lists in lists": "a = " + "[" * 50_000,
    "lists in lists that end": "a = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "tables in tables": "a = " + "{a = " * 200 + "1" + "}" * 200,
    "short chains in each other": "a = " + "".join("{" + ".".join("a" * 40) + " = " for _ in range(90)) + "1" + "}" * 90,
}


@pytest.mark.parametrize("content", DOTS.values(), ids=DOTS)
def test_what_lies_too_deep_is_refused_soon(content: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError) as refused:
        tables(content.encode())
    assert refused.value.code == "file.deep_toml"
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize("content", [f"b = 0\na = 0x{LONG}", f"b = 0\na = 0b{'1' * 50_000}", f"b = 0\na = {'9' * 5_000}"])
def test_a_number_that_cannot_be_written_out_is_refused_with_its_line(content: str) -> None:
    with pytest.raises(InputError) as refused:
        tables(content.encode(), "plan.toml")
    assert refused.value.code == "file.not_toml" and refused.value.facts["line"] == 2
    assert "plan.toml" in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff", b"a = 1\na = 2", b"a", b'a = "\xed\xa0\x80"'])
def test_what_is_no_toml_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        tables(content)


def test_what_people_write_is_read() -> None:
    said = 'title = "' + "One. Two. " * 20 + '"\n' + "a.b.c.d = 0xff\n[e.'f.g'.\"h\"]\ni = [[[1]]]\n"
    read = tables(b"\xef\xbb\xbf" + said.replace("\n", "\r\n").encode())
    assert read["a"]["b"]["c"]["d"] == 255 and read["e"]["f.g"]["h"]["i"] == [[[1]]]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device without an end")
def test_a_file_without_an_end_is_not_read_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "device.toml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.toml")  # with nobody who writes
    (tmp_path / "long.toml").write_bytes(b"a = 1\n" + b"#" * 1_000)
    monkeypatch.setattr(toml_files, "MOST", 1_000)
    for name, why in (("device", "system.enodev"), ("pipe", "system.enodev"), ("long", "unreadable.too_large")):
        with pytest.raises(InputError) as refused:
            read_toml(tmp_path / f"{name}.toml")
        assert refused.value.code == "file.unreadable" and why in repr(refused.value.facts)


@pytest.mark.parametrize("text", ["a" * 200_000, '"' * 200_000, "a." * 49 + "\n", "'x'." * 40 + " ", "#\n" * 90_000, '"".' * 3])
def test_looking_takes_no_longer_than_reading(text: str) -> None:
    began = time.process_time()
    with pytest.raises(InputError):
        tables((text * (200_000 // len(text))).encode() + b"=")
    assert time.process_time() - began < 5.0
