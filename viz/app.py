"""The app: which page answers which address.  `kantelpunt app` serves it."""

import solara

from viz.components.frame import Frame
from viz.pages.about import About
from viz.pages.compare import Compare
from viz.pages.explore import Explore
from viz.pages.learn import Learn

routes = [
    solara.Route(path="/", component=Learn, layout=Frame),
    solara.Route(path="compare", component=Compare),
    solara.Route(path="explore", component=Explore),
    solara.Route(path="about", component=About),
]
