"""What can be taken along: report, figures, data, the question as a file."""

import base64
import tempfile
from html import escape
from pathlib import Path

import solara
from markdown_it import MarkdownIt

from viz.desk import Desk
from viz.figures import draw
from viz.text import Text
from viz.thorough import Check

from .basics import tag

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#16252e}}
table{{border-collapse:collapse}}img{{max-width:100%}}
td,th{{padding:.3rem .8rem .3rem 0;border-bottom:1px solid #d5dce0;text-align:left}}</style>
{body}</html>
"""


def figures(check: Check) -> dict[str, bytes]:
    """Return the figures of a study by the name of their file."""
    with tempfile.TemporaryDirectory() as folder:
        draw(check.study, Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def report(check: Check) -> str:
    """Return the answer as one page of HTML that needs no other file."""
    answer = check.answer
    if answer is None:
        return ""
    image = base64.b64encode(figures(check)["figure.png"]).decode()
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(answer.page())
    body = body.replace('src="figure.png"', f'src="data:image/png;base64,{image}"')
    return PAGE.format(title=escape(check.plan.heading), body=body)


@solara.component
def Downloads(t: Text, desk: Desk, check: Check) -> None:
    """Offer report, figures and data of a check."""
    with tag("div", class_="bar downloads"):
        solara.FileDownload(lambda: report(check), "kantelpunt.html", label=t("download.report"), mime_type="text/html")
        solara.FileDownload(lambda: figures(check)["figure.svg"], "kantelpunt.svg", label="SVG", mime_type="image/svg+xml")
        solara.FileDownload(lambda: figures(check)["figure.png"], "kantelpunt.png", label="PNG", mime_type="image/png")
        table = check.study.runs
        solara.FileDownload(lambda: table.to_csv(index=False), "kantelpunt.csv", label=t("download.data"), mime_type="text/csv")
