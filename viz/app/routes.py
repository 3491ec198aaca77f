"""The app: which page answers which address.  `kantelpunt app` serves it."""

import solara

from .about.page import About
from .compare.page import Compare
from .explore.page import Explore
from .helm.page import Helm
from .learn.page import Learn
from .widgets.frame import Frame

routes = [
    solara.Route(path="/", component=Learn, layout=Frame),
    solara.Route(path="helm", component=Helm),
    solara.Route(path="compare", component=Compare),
    solara.Route(path="explore", component=Explore),
    solara.Route(path="about", component=About),
]
