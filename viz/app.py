"""The app: which page answers which address.  `kantelpunt app` serves it."""

import solara

from .components.frame import Frame
from .pages.about import About
from .pages.compare import Compare
from .pages.explore import Explore
from .pages.learn import Learn

routes = [
    solara.Route(path="/", component=Learn, layout=Frame),
    solara.Route(path="compare", component=Compare),
    solara.Route(path="explore", component=Explore),
    solara.Route(path="about", component=About),
]
