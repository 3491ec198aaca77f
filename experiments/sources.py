"""Which code a result depends on: the files of the model's engine, and of each intervention or outcome that a study uses.

The engine is all of `model/` but interventions, its description and its Mesa surface, and whatever of these it imports
itself.  An intervention or outcome is its own file and what that imports beside it; one of a script or a notebook, which
change all the time, is its own text, and that of all names in the script which it uses.
"""

import ast
import hashlib
import linecache
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from kantelpunt.model.errors import InputError, Phrase
from kantelpunt.model.machine_code.code_cache import NOT_COMPILED

MODEL = Path(__file__).parents[1] / "model"
NAME = "kantelpunt.model"
FILES = ("*.py", "data/*")  # all that can change what a run comes to
SHORT = "model"  # in a clone
MAIN = ("__main__", "__mp_main__")
INSTALLED = [Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")]
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def digest_of(texts: Iterable[bytes]) -> str:
    """Return a hash of texts in their order."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(f"{len(text)} ".encode() + text)
    return digest.hexdigest()


def hashed(paths: Iterable[Path], folder: Path) -> str:
    """Return a hash of files and of what they are called in a folder."""
    return digest_of(part for path in sorted(paths) for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()))


# the model


def engine(folder: Path = MODEL) -> set[Path]:
    """Return the files that every run depends on."""
    files = {path for pattern in FILES for path in folder.rglob(pattern) if path.is_file()}
    own = {path for path in files if path.relative_to(folder).parts[0] not in NOT_COMPILED}
    return own | reached((path for path in own if path.suffix == ".py"), folder, NAME)


def reached(files: Iterable[Path], folder: Path, name: str) -> set[Path]:
    """Return these files and all that they import from a folder, which is the package of this name ("" where it is none)."""
    found: set[Path] = set()
    left = list(files)
    while left:
        path = left.pop()
        if path not in found:
            found.add(path)
            left += [each for module in imported(path, folder, name) for each in [file_of(module, folder, name)] if each]
    return found


def imported(path: Path, folder: Path, name: str) -> set[str]:
    """Return the full names that a file imports, of modules or of what is in them; annotations do not count."""

    def full(found: str) -> str:
        return f"kantelpunt.{found}" if name == NAME and found.partition(".")[0] == SHORT else found

    parts = [*name.split(".") * bool(name), *path.relative_to(folder).with_suffix("").parts]
    package = parts[:-1]  # also of an __init__.py
    found = set()
    for node in statements(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {full(each.name) for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {full(base), *(full(f"{base}.{each.name}" if base else each.name) for each in node.names)}
    return found


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes of a tree but those that only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from statements(node)


def file_of(module: str, folder: Path, name: str) -> Path | None:
    """Return the file of a module in a folder, none where it is not there."""
    if name and not f"{module}.".startswith(f"{name}."):
        return None
    place = folder.joinpath(*module.split(".")[len(name.split(".")) * bool(name) :])
    return next((path for path in (place / "__init__.py", place.with_suffix(".py")) if path.is_file()), None)


# what is added to it


def source_hash(thing: Any) -> str:
    """Return a hash of the code that a class or function depends on, beside the engine.

    Raises InputError where nobody can see its source.
    """
    if thing.__module__ not in MAIN:
        return of_module(thing.__module__)
    return digest_of(text.encode() for text in used_in_main(thing, {}))


def used_in_main(thing: Any, seen: dict[int, Any]) -> Iterator[str]:
    """Give the texts of a class or function of a script or notebook, and of all in it that this uses, each once."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    text, there = text_of(thing), vars(sys.modules[thing.__module__])
    yield text
    for name in sorted({node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} & set(there)):
        value = there[name]
        module = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if isinstance(value, type | FunctionType) and module in MAIN:
            yield from used_in_main(value, seen)
        elif isinstance(value, type | FunctionType | ModuleType):
            yield "" if module is None or is_installed(module) else of_module(module)
        elif name != "__name__":
            yield f"{name} = {written(value)}"


def written(value: Any) -> str:
    """Return a value as text, all of it."""
    whole = value.to_csv() if hasattr(value, "to_csv") else value.tolist() if hasattr(value, "tolist") else value
    return ADDRESS.sub("", repr(sorted(whole, key=repr) if isinstance(whole, set | frozenset) else whole))


def text_of(thing: Any) -> str:
    """Return the text of a class or function of a script or notebook; raises InputError where nobody can see it."""
    codes = [each.__code__ for each in (thing, *vars(thing).values()) if isinstance(each, FunctionType)]
    files = [code.co_filename for code in codes] + [getattr(sys.modules[thing.__module__], "__file__", None)]
    cells = vars(sys.modules[thing.__module__]).get("In", [])[::-1]  # of a notebook, the last one first
    for text in (*("".join(linecache.getlines(file)) for file in files if file), *cells):
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == thing.__name__:
                    return ast.unparse(node)
    raise InputError("addition.no_source", value=thing.__name__, allowed=Phrase("allowed.file_or_cell"))


def path_of(name: str) -> Path | None:
    """Return the file of a module that is loaded, none where it has none."""
    place = getattr(sys.modules.get(name), "__file__", None)
    return Path(place).resolve() if place else None


def is_installed(name: str) -> bool:
    """Return whether a module comes with Python or with a package of others."""
    path = path_of(name)
    return path is None or (not name.startswith("kantelpunt.") and any(path.is_relative_to(folder) for folder in INSTALLED))


@cache
def of_module(name: str) -> str:
    """Return a hash of the file of a module and of what it imports beside it; of our own, of what is no part of the engine."""
    path, top, model = path_of(name), name.partition(".")[0], MODEL.resolve()
    if path is None:
        return ""
    if path.is_relative_to(model):
        return hashed(reached([path], model, NAME) - engine(model), model)
    if top == "kantelpunt":
        return "" if path.is_relative_to(model.parent) else hashed([path], path.parent)
    folder = path.parents[name.count(".") + (path.name == "__init__.py")]
    if folder not in INSTALLED:
        return hashed(reached([path], folder, ""), folder)
    return hashed(reached([path], folder / top, top) if (folder / top).is_dir() else [path], folder)
