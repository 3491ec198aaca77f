"""How Sphinx builds the site.  `uv run sphinx-build -W --keep-going -q docs docs/_build/html`, without any network."""

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs import borrowed, handouts, pictures, tables

project = "Kantelpunt"
author = "Kantelpunt contributors"
copyright = "Kantelpunt contributors, Apache-2.0"
version = release = version_of("kantelpunt")
language = "en"

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "sphinx_design", "myst_nb"]
exclude_patterns = ["_build", "generated/field-terms.md", "generated/as-they-are"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
html_theme = "furo"
html_title = f"Kantelpunt {release}"
html_static_path = ["static"]
html_css_files = ["site.css"]
EXTRA = "generated/as-they-are"  # files that are no pages
html_extra_path = [EXTRA]
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # `-D nb_execution_mode=force` runs the notebooks and keeps what they show
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_merge_streams = True

default_role = "code"  # docstrings have names between single backticks
highlight_language = "default"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
add_module_names = False
napoleon_use_param = napoleon_use_ivar = napoleon_use_rtype = False
copybutton_exclude = ".linenos, .gp, .go"

ITEM = re.compile(r"^([\w*][\w*, ]*) : (.+)$")
SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Notes", "Examples")


def as_numpydoc(app, what, name, thing, options, lines: list[str]) -> None:
    """Lay a docstring out as Sphinx reads it: `name : meaning` on two lines, and indented examples as code."""
    new: list[str] = []
    items = False  # whether parameters are being told
    for line in lines:
        item = ITEM.match(line)
        blank_before = bool(new) and not new[-1].strip()
        if item and new:
            items, line = True, f"{item[1]}\n    {item[2]}"
        elif line in SECTIONS:
            items = False
        elif items and blank_before and line[:1].strip():
            items, line = False, f"Notes\n-----\n{line}"
        elif line.startswith("    ") and blank_before and len(new) > 1 and not new[-2].startswith(" "):
            line = f"::\n\n{line}"
        new += line.split("\n")
    lines[:] = new


def write_pages(app) -> None:
    """Write the pages that come from code and from the READMEs, and remove those of an earlier build that no longer do."""
    folder = Path(app.srcdir) / "generated"
    pictures.write(folder)
    borrowed.write(folder)
    tables.write(folder)
    handouts.write(folder, Path(app.srcdir) / EXTRA, handouts.record if app.config.nb_execution_mode == "force" else None)
    for page in set(folder.glob("*.md")) - borrowed.WRITTEN:
        page.unlink()


def setup(app) -> None:
    """Hang our own steps into the build."""
    app.connect("config-inited", lambda app, config: write_pages(app))
    app.connect("autodoc-process-docstring", as_numpydoc, priority=100)
