"""A study as a lesson that can be handed out: one of its worlds under two plans, and what all of its worlds say of it."""

from typing import Any, Self

from pydantic import Field

from kantelpunt.experiments.results import StudyResults
from kantelpunt.experiments.statistics import Effect
from kantelpunt.model.calendar import WEEKS_A_YEAR
from kantelpunt.model.errors import InputError
from kantelpunt.model.outcomes import OUTCOMES, formula, is_total
from kantelpunt.model.scenario import Scenario

from ..app.learn.lessons import at_dose
from ..app.learn.own_lessons import MOST_CHARTS, OwnLesson
from ..report.answer import Answer
from ..report.wording import measure_name, outcome_name, plan_name, sentence, timed
from ..text import LANGUAGES, Text

MOST_PEOPLE = 2_000  # of whom a page of a few megabytes can hold ten years
LINE = 160
SAME = 0.1  # relative difference up to which two worlds count as about the same
BESIDE = ("trust_institutions", "unsafe")
LAYER, SPEED = "crime_hold", 13


class StudyLesson(OwnLesson):
    """Two plans of a study, as a lesson: the left world has the plan that the right one is compared with."""

    under: tuple[Scenario, Scenario] = Field(description="what both worlds live under besides interventions")

    @property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Return what both worlds live under."""
        left, right = self.under
        return left.changed(interventions=self.left), right.changed(interventions=self.right)

    def dosed(self, dose: float) -> Self:
        """Return the lesson with a share of what the right plan adds."""
        right = tuple(each if each in self.left else at_dose(each, dose) for each in self.right)
        return self.model_copy(update={"right": right})


def lesson_of(study: StudyResults, scenario: str | None = None) -> StudyLesson:
    """Return a plan of a study, beside the one that it is compared with, as a lesson in both languages.

    Raises InputError for an unknown plan, and for a study of more than ten years or with more measures than a lesson has.

    Parameters
    ----------
    scenario : left out, the first plan that is better, or else the first one.
    """
    effects = {each.scenario: each for each in study.effects() if each.outcome == study.question.outcome}
    better = [name for name, each in effects.items() if each.verdict == "better"]
    scenario = scenario or next(iter([*better, *effects]), "")
    if scenario not in effects:
        raise InputError("scenario.unknown", place="--plan", value=scenario, allowed=effects)
    plan = study.plan.asked(people=min(MOST_PEOPLE, study.plan.scenarios[scenario].n_people))
    sides = plan.scenarios[plan.baseline(scenario)], plan.scenarios[scenario]
    asked = next(part.outcome for part in formula(study.question.outcome).parts if part.outcome in OUTCOMES)
    charts = tuple(dict.fromkeys((asked, *BESIDE)))[:MOST_CHARTS]
    return StudyLesson.read(
        {
            "years": plan.years,
            "left": sides[0].interventions,
            "right": sides[1].interventions,
            "under": sides,
            "asked": {"outcome": asked, "from": 1, "until": plan.years * WEEKS_A_YEAR, "same": SAME},
            "charts": charts,
            "added": tuple(filter(is_total, charts)),
            "layer": LAYER,
            "speed": SPEED,
            "words": {code: words(study, effects[scenario], asked, Text(code)) for code in LANGUAGES},
        },
        place=str(study.folder),
    )


def words(study: StudyResults, effect: Effect, asked: str, t: Text) -> dict[str, Any]:
    """Return all that is said of a plan, in one language: what it does, what is asked, and what all worlds say."""
    answer, plan = Answer(study, t), study.plan
    base, own = plan_name(t, plan.baseline(effect.scenario)), plan_name(t, effect.scenario)
    there = plan.scenarios[plan.baseline(effect.scenario)].interventions
    measures = [
        measure_name(t, each.kind)
        + timed(t, {key: value for key, value in each.table().items() if key in ("from", "until")}, plan.years)
        for each in plan.scenarios[effect.scenario].interventions
        if each not in there
    ]
    means = sentence(t, effect, plan.years, study.question.matters_of(effect.outcome))
    known = {"left": base, "right": own}
    says = t("handout.study_says", worlds=effect.worlds, means=means)
    return {
        "title": answer.heading[:LINE],
        "left": base[:LINE],
        "right": own[:LINE],
        "scene": [t("handout.study_scene", measures=", ".join(measures) or t("report.nothing_done"), **known), answer.setting()],
        "belief": [t("handout.study_belief", **known)],
        "question": [t("handout.study_question", outcome=outcome_name(t, asked), span=t.span(plan.years))],
        "watch": [t("handout.study_watch")],
        **{way: [says] for way in ("lower", "same", "higher")},
        "meaning": [*answer.summary(), t("advice.forecast")],
        "talk": t.lines("handout.study_talk"),
    }
