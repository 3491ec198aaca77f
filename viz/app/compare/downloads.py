"""Downloads: report, figures, data."""

import io

import solara

from kantelpunt.experiments.exchange.spreadsheet import as_csv
from kantelpunt.viz.report import figures
from kantelpunt.viz.text import Text

from ..background_study import Check
from ..rejection import Refused
from ..widgets.html import tag

SAVED = "kantelpunt.toml"  # how the question is called when it is kept as a file


def figure(t: Text, check: Check, kind: str) -> bytes:
    """Return the figure of a check as svg or png."""
    file = io.BytesIO()
    figures.compared(check.study, t).savefig(file, format=kind, dpi=150)
    return file.getvalue()


@solara.component
def Downloads(t: Text, check: Check, page: bytes | Refused | None) -> None:
    """Offer report (once it is made), figures and data of a check."""
    with tag("div", class_="bar downloads"):
        svg = solara.use_memo(lambda: lambda: figure(t, check, "svg"), [check, t.language])
        png = solara.use_memo(lambda: lambda: figure(t, check, "png"), [check, t.language])
        table = solara.use_memo(lambda: lambda: as_csv(check.study.runs, index=False), [check])
        if isinstance(page, Refused):
            tag("span", page.said(t), class_="wrong", role="alert")
        elif page:
            solara.FileDownload(page, "kantelpunt.html", label=t("download.report"), mime_type="text/html")
        else:
            tag("span", t("download.making"), class_="quiet", role="status")
        solara.FileDownload(svg, "kantelpunt.svg", label="SVG", mime_type="image/svg+xml")
        solara.FileDownload(png, "kantelpunt.png", label="PNG", mime_type="image/png")
        solara.FileDownload(table, "kantelpunt.csv", label=t("download.data"), mime_type="text/csv")
