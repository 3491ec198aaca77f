"""How a neighbourhood stands over the years: in how many worlds it is stuck, halfway or resilient."""

from collections.abc import Mapping

import numpy as np
import solara

from kantelpunt.model.regime import REGIMES
from kantelpunt.viz.text import Text

from .. import palette
from .html import tag


@solara.component
def Standing(t: Text, counted: Mapping[str, np.ndarray], worlds: int) -> None:
    """Draw a strip for every plan, with a column for every year that is filled by worlds, and tell the last year in words."""
    with tag("div", class_="verdict standing"):
        tag("p", tag("b", t("compare.regimes")))
        with tag("ul", class_="quiet regimes"):
            for regime, colour in zip(REGIMES, palette.REGIMES, strict=True):
                tag(
                    "li",
                    tag("i", style=f"background:{colour}"),
                    tag("b", t(f"regime.{regime}")),
                    ": ",
                    t(f"regime.{regime}_hint"),
                )
        for name, years in counted.items():
            last = in_words(t, years[-1], worlds)
            with tag("div", class_="strip"):
                tag("span", name or t("scenario.today"))
                with tag("div", class_="years", role="img", aria_label=last):
                    for year, counts in enumerate(years, 1):
                        column(t, year, counts)
                tag("span", last, class_="quiet")


def column(t: Text, year: int, counts: np.ndarray) -> None:
    """Draw one year: as high a part in a colour as there are worlds in that regime."""
    parts = [tag("b", style=f"flex:{n};background:{colour}") for n, colour in zip(counts, palette.REGIMES, strict=True) if n]
    tag("i", *parts, title=t("learn.in_year", year=year))


def in_words(t: Text, counts: np.ndarray, worlds: int) -> str:
    """Return how many worlds are in each regime."""
    found = zip(REGIMES, counts.tolist(), strict=True)
    parts = [t("compare.regime_in", regime=t(f"regime.{each}"), n=n) for each, n in found if n]
    return t("compare.regimes_in", parts=", ".join(parts), worlds=worlds)
