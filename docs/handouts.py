"""Hand-outs of the lessons that play in the gallery: recorded where the build runs the notebooks too."""

from collections.abc import Callable
from pathlib import Path

from docs.borrowed import put
from kantelpunt.viz.app.learn.lessons import Lesson, lessons
from kantelpunt.viz.text import Text

SEED = 2  # as `kantelpunt handout` has it
NONE = """This build holds none. `uv run sphinx-build -W -q -D nb_execution_mode=force docs docs/_build/html` records them, and
`kantelpunt handout LESSON` writes one of them as a file."""
SOME = """Each is one file that needs no server and no network: press play, change the dose, read what happened.
`kantelpunt handout LESSON` writes it."""
FRAME = """## {title}

```{{raw}} html
<iframe src="../hand-outs/{name}.html" title="{title}" loading="lazy" style="width: 100%; height: 46rem; border: 0"></iframe>
<p><a href="../hand-outs/{name}.html">{title}, on a page of its own</a></p>
```
"""

Recorder = Callable[[str, Lesson], str]


def record(name: str, lesson: Lesson) -> str:
    """Return the hand-out of a lesson, in English."""
    from kantelpunt.viz.handout.page import page

    return page(name, lesson, SEED, "en")


def write(folder: Path, beside: Path, recorder: Recorder | None) -> None:
    """Write the page of hand-outs into a folder, and the hand-outs, if somebody records them, into one for files as they are."""
    files = beside / "hand-outs"
    files.mkdir(parents=True, exist_ok=True)
    t = Text("en")
    frames = [FRAME.format(name=name, title=t(f"lesson.{name}.title")) for name in lessons()] if recorder else []
    if recorder:
        for name, lesson in lessons().items():
            (files / f"{name}.html").write_text(recorder(name, lesson), encoding="utf-8")
    put(folder / "hand-outs.md", "\n\n".join(["# Lessons that play", SOME if recorder else NONE, *frames]) + "\n")
