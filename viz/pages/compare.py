"""The page Compare."""

import solara

from viz.components.basics import Button, choice, slider, tag
from viz.components.frame import use_text


@solara.component
def Compare() -> None:
    """Draw the page."""
    t = use_text()
    n, set_n = solara.use_state(0)
    tag("h1", t("frame.compare") + str(n))
    Button("plus", lambda: set_n(n + 1))
    slider("Maat", n, 0, 10, 1, set_n, shown=str(n))
    choice("Keus", {"0": "nul", "1": "een"}, str(n), lambda x: set_n(int(x)))
