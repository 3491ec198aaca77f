"""Choose an area: by name, municipality or code; and say so where it is more than a neighbourhood."""

from collections.abc import Mapping

import solara

from kantelpunt.model.population.areas import PRESETS
from kantelpunt.viz.text import Text

from ..widgets.html import choice, field, tag
from .session import CompareSession
from .what_if import NEIGHBOURHOOD

MANY, MOST_FOUND = 30, 200  # areas from which on there is something to seek, and of those found how many are listed


def having(areas: Mapping[str, str], sought: str) -> dict[str, str]:
    """Return the areas that have every word of a text in their name, municipality or code."""
    words = sought.casefold().split()
    return {code: name for code, name in areas.items() if all(word in f"{name} {code}".casefold() for word in words)}


def in_small(t: Text, code: str, name: str) -> str:
    """Return the name of an area; of one that has fewer people here than live there, also how many."""
    built_in = PRESETS.get(code)
    return t("compare.in_small", name=name, n=built_in.people) if built_in else name


@solara.component
def AreaChoice(t: Text, desk: CompareSession, change: int) -> None:
    """Choose an area, of an upload too; which of several an upload is about is asked."""
    sought, set_sought = solara.use_state("")
    now, choosing = desk.question.area, desk.choosing
    areas = {code: in_small(t, code, name) for code, name in desk.areas.items()}
    found = dict(list(having(areas, sought).items())[:MOST_FOUND])
    if choosing:
        found = {"": t("compare.choose_area"), **found}
    elif now in areas:
        found = {now: areas[now], **found}

    def choose(code: str) -> None:
        if code:
            desk.choose_area(code)

    with tag("div", class_="stack area"):
        if len(areas) > MANY:
            field(t("compare.search_area"), sought, lambda text: set_sought(text.strip()), hint=t("compare.search_hint"))
        choice(t("compare.area"), found, "" if choosing else now, choose)
        if sought:
            tag("p", t("compare.areas_found", n=len(having(areas, sought))), class_="quiet", role="status")
        if choosing:
            tag("p", t("compare.which_area", n=len(areas)), class_="wrong", role="status")
        elif desk.question.people > NEIGHBOURHOOD:
            tag("p", t("compare.large_area", n=desk.question.people), class_="wrong", role="status")
