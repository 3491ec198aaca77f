"""Check the English of pages and docstrings: `uv run python -m docs.language [FILE ...]`, by default all that people read.

It finds sentences that begin with What, Who, Whoever or Whatever as a noun, and the phrases of `language.toml`.
Headings, tables, code and questions are left alone.  Spelling is checked by codespell (`pyproject.toml`).
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("*.md", "docs/*.md", "docs/[!_gn]*/*.md", "model/*.md", "experiments/README.md", "viz/README.md", "tests/README.md")
CODE_FOLDERS = ("model", "experiments", "viz", "src", "docs")  # whose docstrings are read
FENCE = re.compile(r"^(```|:::|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
GENERATED = re.compile(r"^<!-- table: .*?^<!-- end -->$", re.MULTILINE | re.DOTALL)  # of the ODD, from code
CODE = re.compile(r"`[^`\n]*`")
SENTENCE = re.compile(r"(?:^|(?<=[.!?:;])\s+|^\s*[-*\d.]+\s+|\*\*\s+)([A-Z][^.!?]*[.!?]?)", re.MULTILINE)
NOUN = re.compile(r"(?:What|Who|Whoever|Whatever)\b")


@cache
def phrases() -> list[tuple[re.Pattern, str]]:
    """Return what is not written, and what is written instead."""
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        return [(re.compile(each["found"], re.IGNORECASE), each["better"]) for each in tomllib.load(file)["phrase"]]


def prose(text: str) -> str:
    """Return a page with all that is no prose blanked out, each line where it was."""
    for aside in (GENERATED, FENCE):
        text = aside.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = text.splitlines()
    return "\n".join("" if line.startswith(("#", "|", "    ", "<!--")) else CODE.sub("x", line) for line in lines)


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and fault of everything that a native editor would write otherwise."""
    page = prose(text)
    for found in SENTENCE.finditer(page):
        sentence = found[1]
        if NOUN.match(sentence) and not sentence.rstrip().endswith("?"):
            yield page.count("\n", 0, found.start(1)) + 1, f"begins with {sentence.split()[0]!r} as a noun: {shown(sentence)}"
    for number, line in enumerate(page.splitlines(), 1):
        for pattern, better in phrases():
            if found := pattern.search(line):
                yield number, f"{found[0]!r}: write {better!r}"


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of every docstring of a file; `Who:` in front of a target group is a label."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text.replace("Who:", "For:")


def of_file(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and fault of a page, or of the docstrings of code."""
    text = path.read_text(encoding="utf-8")
    for first, part in docstrings(text) if path.suffix == ".py" else [(1, text)]:
        yield from ((first + line - 1, fault) for line, fault in faults(part))


def shown(sentence: str) -> str:
    """Return the beginning of a sentence on one line."""
    return " ".join(sentence.split())[:70]


def main(names: list[str]) -> int:
    """Print every fault of some pages; return 1 where there is one."""
    pages = {path for pattern in PAGES for path in ROOT.glob(pattern)}
    code = {path for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*.py")}
    files = [Path(name) for name in names] or sorted(pages | code)
    told = [f"{path}:{line}: {fault}" for path in files for line, fault in of_file(path)]
    print("\n".join(told) or f"{len(files)} files read, no fault found")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
