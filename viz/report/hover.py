"""Values under the pointer: titles of the marks of an SVG, as browsers show them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from xml.sax.saxutils import escape

MARK = re.compile(r"<use ([^>]*)/>")


def titled(titles: Iterator[str], mark: re.Match[str]) -> str:
    """Return a mark with the next of these titles."""
    return f"<use {mark[1]}><title>{escape(next(titles))}</title></use>"


def hovering(svg: str, told: Mapping[str, Sequence[str]]) -> str:
    """Return an SVG whose marks say something.

    Parameters
    ----------
    svg : as Matplotlib writes it.
    told : id of an artist (`set_gid`) that draws marks -> what each of its marks says, in their order.
    """
    for name, titles in told.items():
        begin = svg.find(f'<g id="{name}">')
        if begin < 0:
            continue
        svg = svg[:begin] + MARK.sub(partial(titled, iter(titles)), svg[begin:], count=len(titles))
    return svg
