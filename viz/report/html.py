"""The report for the one who decides: one page of HTML that needs no other file, in Dutch or English, ready to print.

It says what was asked, the answer in words, how sure it is, what it costs, where it fails, what is assumed and what may not
be concluded.  Every number comes from the study; every sentence from `viz/text`.
"""

import base64
import io
import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kantelpunt.experiments.design.plan import Plan
from kantelpunt.experiments.results import StudyResults
from kantelpunt.model.errors import typed

from ..text import Text
from . import figures
from .advice import advice
from .answer import Answer
from .decision_figures import drawn, has_picture
from .decisions import Section, kept, made_of, sections
from .front import front
from .wording import credited

PICTURES = {"effects": figures.effects, "course": figures.course}


def html(study: StudyResults, language: str = "en") -> str:
    """Return the report of a study that has a question, as one page of HTML."""
    return page(Answer(study, Text(language)))


def commands(study: StudyResults) -> str:
    """Return the commands that make a report again beside its study."""
    folder, question = typed(str(study.folder)), typed(str(study.folder / "study.toml"))
    return f"kantelpunt verify {folder}\nkantelpunt compare {question} --out …"


def page(answer: Answer, question: str = "", told: Mapping[str, Any] | None = None, command: str = "") -> str:
    """Return an answer as one page of HTML.

    Parameters
    ----------
    question : the file in which somebody keeps the question; left out where the study itself is kept.
    told : analysis ("worth", "parts" or "best") -> its numbers, where they are not kept beside the study.
    command : what makes it again, where that is more than a comparison.
    """
    from importlib.metadata import version

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined)
    manifest = answer.study.store.manifest()
    t, analysed = answer.t, kept(answer.study, told)
    analyses = sections(answer.study, t, analysed)
    with made_of(answer.study, *analysed):
        first = front(answer, analysed)
        advised = advice(answer.study, t, analysed) if "best" in analysed else None
    race = next((each for each in analyses if each.kind == "best"), None)
    parts: dict[str, Any] = {
        "t": t,
        "language": t.language,
        "title": answer.heading,
        "question": answer.asked(),
        "setting": answer.setting(),
        "summary": answer.summary(),
        "cards": answer.cards(),
        "front": first,
        "measures": answer.rows.measures(),
        "assumed": answer.rows.assumed(),
        "area_source": credited(t, *sources(answer.plan)),
        "limits": answer.limits(),
        "advice": advised,
        "advised": pictured(race, answer.study, t) if race else None,
        "sections": [(each, None if each is race else pictured(each, answer.study, t)) for each in analyses],
        "commands": command or f"kantelpunt compare {question} --out …" if question else commands(answer.study),
        "again": t("report.again_question", file=question) if question else t("report.again_text"),
        "made": t("report.made", date=t.day(manifest["made"]), version=version("kantelpunt")),
        "facts": facts(answer, manifest),
    }
    if answer.effects:
        parts |= {
            "pictures": pictures(answer),
            "numbers": answer.rows.numbers(),
            "trust": answer.rows.trust(),
            "factors": answer.rows.factors() if answer.plan.cells else [],
            "rivals": answer.rows.rivals() if answer.plan.rival else [],
            "futures_text": t("report.futures_text", against=answer.rows.baselines),
            "futures": answer.futures,
            "costs": answer.rows.costs(),
            "others": answer.rows.others(),
        }
    return environment.get_template("report.html.j2").render(parts).replace("€ ", "€\N{NO-BREAK SPACE}")


def sources(plan: Plan) -> list[str]:
    """Return where the figures of each area come from."""
    return [plan.scenarios[base].resolved_area().source for base in plan.blocks]


def facts(answer: Answer, manifest: dict[str, Any]) -> str:
    """Return what made the numbers."""
    git, versions, t = manifest["git"], manifest["versions"], answer.t
    commit = t("report.no_commit") if git is None else git["commit"][:12]
    if git and git["changed"]:
        commit = t("report.changed", commit=commit)
    shown = {name: versions[name] for name in ("python", "numpy", "numba")}
    return t("report.facts", model=manifest["model"][:12], commit=commit, seed=str(answer.plan.seed), **shown)


def pictures(answer: Answer) -> dict[str, str]:
    """Return the figures as addresses that hold them, or "" in place of one that cannot be drawn."""
    return {name: embedded(make, answer.study, answer.t) for name, make in PICTURES.items()}


def pictured(section: Section, study: StudyResults, t: Text) -> str | None:
    """Return the figure of what an analysis found as an address; None where there is nothing to draw."""
    return embedded(partial(drawn, section), study, t) if has_picture(section) else None


def embedded(make: Callable[[StudyResults, Text], figures.Picture], study: StudyResults, t: Text) -> str:
    """Return a figure as a data address: an SVG that needs no font."""
    file = io.BytesIO()
    try:
        make(study, t).savefig(file, style={"svg.fonttype": "path"}, format="svg", metadata={"Date": None})
    except Exception as error:  # the page says so in its place
        logging.getLogger(__name__).error("a figure of the report could not be drawn", exc_info=error)
        return ""
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()
