"""Free play: an area and interventions of one's own for the right world."""

from functools import partial

import solara

from kantelpunt.model.population.areas import PRESETS
from kantelpunt.model.scenario import Scenario, as_interventions
from kantelpunt.viz.text import Text

from ..widgets.choices import measures, situation_choice
from ..widgets.html import Button, choice, slider, tag
from .session import LessonSession

FULL, STEP = 100.0, 10.0


@solara.component
def FreePlay(t: Text, room: LessonSession, glance: int) -> None:
    """Choose what the right world does; the left one does nothing."""
    area, set_area = solara.use_state(room.free[0].area)
    situation, set_situation = solara.use_state(room.situation)
    own = (each for each in room.free[1].interventions if each not in room.free[0].interventions)
    doses, set_doses = solara.use_state({each.kind: FULL * each.intensity for each in own})

    def dose(kind: str, share: float) -> None:
        set_doses({**doses, kind: share})

    def begin() -> None:
        left = Scenario(area=area, situation=situation)
        chosen = as_interventions({kind: share / FULL for kind, share in doses.items() if share})
        room.play_freely(left, left.changed(interventions=(*left.interventions, *chosen)), situation)
        room.player.play()

    with tag("section", class_="card lesson"):
        tag("h1", t("learn.free"))
        tag("p", t("learn.free_text"), class_="quiet")
        choice(t("compare.area"), {name: preset.name for name, preset in PRESETS.items()}, area, set_area)
        situation_choice(t, situation, set_situation)
        for i, (theme, kinds) in enumerate(measures(t).items()):
            with tag("details", class_="theme", **({} if i else {"open": "open"})):
                tag("summary", theme)
                with tag("div", class_="doses"):
                    for kind, name in kinds.items():
                        share = doses.get(kind, 0.0)
                        shown = f"{t.number(share, 0)} %" if share else "–"
                        slider(name, share, 0.0, FULL, STEP, partial(dose, kind), shown=shown)
        Button(t("learn.begin"), begin, "strong")
