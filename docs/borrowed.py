"""Pages of the site that stand elsewhere in the project: READMEs, guides, the ODD, notebooks.

Each text has one place.  The site copies it when it is built, and lets its links lead to pages of the site; a link to a
file that is no page becomes its path.
"""

import posixpath
import re
import shutil
from pathlib import Path

from kantelpunt.model.protocol.odd import BLOCK

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
OUTSIDE = ("http://", "https://", "mailto:")
NOTEBOOKS = ROOT / "experiments" / "notebooks"

WHOLE = {  # file of the project -> page
    "CHANGELOG.md": "generated/changelog",
    "CODE_OF_CONDUCT.md": "generated/code-of-conduct",
    "CONTRIBUTING.md": "generated/contributing",
    "SECURITY.md": "generated/security",
    "experiments/README.md": "generated/studies",
    "model/DECISIONS.md": "generated/decisions",
    "model/README.md": "generated/model",
    "model/ODD.md": "generated/odd",
    "results/README.md": "generated/results",
    "tests/README.md": "generated/tests",
    "viz/README.md": "generated/app",
    "viz/text/guide_en.md": "generated/trainers",
    "viz/text/guide_nl.md": "generated/trainers-nl",
}
SECTIONS = {  # section of README.md -> page
    "For researchers": "generated/researchers",
    "For policy makers": "generated/policy-makers",
    "Adding to it": "generated/adding",
    "Where things live": "generated/where-things-live",
    "What it is not": "generated/what-it-is-not",
}
WRITTEN: set[Path] = set()  # pages that this build knows
ELSEWHERE = {"README.md": "index", "experiments/notebooks": "gallery"}


def page_of(path: str, fragment: str) -> str | None:
    """Return the page that a file of the project is, or that shows it, or a section of the README."""
    for heading, page in SECTIONS.items():
        if path == "README.md" and fragment == heading.lower().replace(" ", "-"):
            return page
    own = path.removeprefix("docs/").removesuffix(".md") if path.startswith("docs/") and path.endswith(".md") else None
    return WHOLE.get(path) or ELSEWHERE.get(path) or own


def relinked(text: str, source: str, page: str) -> str:
    """Return a text of the project with its links as they have to be on a page of the site."""

    def link(found: re.Match) -> str:
        picture, words, target = found.groups()
        if target.startswith((*OUTSIDE, "#")):
            return found[0]
        path, _, fragment = target.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if picture:
            return f"![{words}]({posixpath.relpath(path, posixpath.dirname(f'docs/{page}'))})"
        to = page_of(path, fragment)
        if to:
            return f"[{words}]({posixpath.relpath(to, posixpath.dirname(page))}.md)"
        if not (ROOT / path).exists():
            raise FileNotFoundError(f"{source} links to {target}, which is not there")
        return f"`{path}`" if words.strip("`") in (path, Path(path).name, target) else f"{words} (`{path}`)"

    return LINK.sub(link, text)


def section(text: str, heading: str) -> str:
    """Return a section of a page, its heading as that of a page of its own."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"there is no section {heading!r}")
    return f"# {heading}\n{found[1]}"


def without_tables(odd: str) -> str:
    """Return the protocol as it is written by hand, with a link where a table made from the code stands."""
    return BLOCK.sub(lambda block: f"*Made from the code:* [{block[2]}](odd-{block[2]}.md).\n", odd)


def write(folder: Path) -> None:
    """Write all borrowed pages into a folder, and the notebooks."""
    folder.mkdir(exist_ok=True)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {page: (source, (ROOT / source).read_text(encoding="utf-8")) for source, page in WHOLE.items()}
    pages |= {page: ("README.md", section(readme, heading)) for heading, page in SECTIONS.items()}
    for page, (source, text) in pages.items():
        text = relinked(text, source, page)
        put(folder.parent / f"{page}.md", without_tables(text) if source == "model/ODD.md" else text)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        shutil.copyfile(path, folder / path.name)


def put(path: Path, text: str) -> None:
    """Write a page unless it stands there already, so that Sphinx reads only what has changed."""
    WRITTEN.add(path)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
