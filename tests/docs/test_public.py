"""Public names say all that a user needs: every parameter, what is returned, what goes wrong, and an example that runs."""

import doctest
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import kantelpunt

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
DIRECTIVE = re.compile(r"^\.\. auto(\w+):: ([\w.]+)\n(?:   :members: (.+))?", re.MULTILINE)
SECTION = re.compile(r"^(\w+)\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"^(\w[\w*, ]*) : (\S.+)$", re.MULTILINE)
TABLES = {"INTERVENTIONS", "OUTCOMES", "QUANTITIES"}


def found(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def told() -> dict[str, Any]:
    """Return path -> object of everything that the page of public names shows, members included."""
    things: dict[str, Any] = {}
    for _, path, members in DIRECTIVE.findall(PAGE):
        things[path] = found(path)
        for name in members.split(", ") if members else ():
            things[f"{path}.{name}"] = inspect.getattr_static(things[path], name)
    return things


THINGS = told()
CALLED = {path: thing for path, thing in THINGS.items() if callable(getattr(thing, "__func__", thing))}


def sections(thing: Any) -> dict[str, str]:
    return dict(SECTION.findall(inspect.getdoc(thing) or ""))


def items(text: str) -> dict[str, str]:
    return {name: meaning for names, meaning in ITEM.findall(text) for name in names.split(", ")}


def parameters(thing: Any) -> set[str]:
    """Return what a call takes; of a model the keys that say what they are."""
    if fields := getattr(thing, "model_fields", None):
        return {field.alias or name for name, field in fields.items() if field.description}
    thing = getattr(thing, "__func__", thing)
    return set(inspect.signature(thing).parameters) - {"self", "cls"}


def lacks(thing: Any) -> set[str]:
    """Return what the docstring of something callable leaves out."""
    there = sections(thing)
    missing = parameters(thing) - items(there.get("Parameters", "")).keys()
    hints = getattr(getattr(thing, "__func__", thing), "__annotations__", {})
    returns = hints.get("return") is not None and not isinstance(thing, type)
    if returns and not items(there.get("Returns", "") + there.get("Yields", "")):
        missing.add("Returns")
    return missing


def test_every_public_name_is_on_the_page():
    names = {path.rpartition(".")[2] for _, path, _ in DIRECTIVE.findall(PAGE)}
    assert set(kantelpunt.__all__) - TABLES <= names
    assert all(f"`{name}`" in PAGE for name in TABLES)


@pytest.mark.parametrize("path", THINGS)
def test_a_public_name_begins_with_one_sentence(path):
    first, _, rest = (inspect.getdoc(THINGS[path]) or "").partition("\n")
    assert first and (not rest or rest.startswith("\n"))


@pytest.mark.parametrize("path", CALLED)
def test_every_parameter_and_result_is_told(path):
    assert not lacks(CALLED[path])


@pytest.mark.parametrize("path", CALLED)
def test_nothing_is_told_that_is_not_taken(path):
    assert not items(sections(CALLED[path]).get("Parameters", "")).keys() - parameters(CALLED[path])


def test_a_parameter_that_is_left_out_would_be_noticed():
    def both(one: int, other: int) -> int:
        return one + other

    both.__doc__ = "Add.\n\nParameters\n----------\none : a number.\n"
    assert lacks(both) == {"other", "Returns"}


@pytest.mark.parametrize("path", CALLED)
def test_its_example_runs(path, forgotten, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    thing = getattr(CALLED[path], "__func__", CALLED[path])
    names = {"__name__": "example", **vars(import_module(thing.__module__))}
    if not parameters(thing):
        return  # nothing to choose: its sentence says it
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(thing) or "", names, path, None, 0)
    assert example.examples, "wants an example"
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert not result.failed, "".join(said)
