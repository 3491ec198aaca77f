"""Pictures of the Concepts pages, drawn as SVG when the site is built."""

from pathlib import Path
from xml.sax.saxutils import escape

from docs.borrowed import put
from kantelpunt.model import week
from kantelpunt.model.protocol import odd

TEXT = "font-family='sans-serif' fill='#222'"
BLUE, ORANGE, PAPER, LINE = "#35607f", "#c8601a", "#eef3f7", "#889aa8"


def words(x: float, y: float, text: str, size: int = 15, look: str = "") -> str:
    """Return a line of text."""
    return f"<text x='{x}' y='{y}' font-size='{size}' {TEXT} {look}>{escape(text)}</text>"


def path(points: list[tuple[float, float]], colour: str, look: str = "") -> str:
    """Return a line through points."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"<polyline points='{line}' fill='none' stroke='{colour}' stroke-width='3' {look}/>"


def drawing(wide: int, high: int, label: str, parts: list[str]) -> str:
    """Return parts as one SVG on a white ground, with what it shows in words."""
    head = f"<svg xmlns='http://www.w3.org/2000/svg' width='{wide}' height='{high}' viewBox='0 0 {wide} {high}' role='img'"
    return "\n".join(
        [f"{head} aria-label='{escape(label)}'>", f"<rect width='{wide}' height='{high}' fill='white'/>", *parts, "</svg>", ""]
    )


def one_week() -> str:
    """Draw the rules of a week in the order in which they act."""
    names = [name for name, _ in odd.steps(week.run)]
    across, wide, high = 5, 162, 58
    parts = []
    for i, name in enumerate(names):
        row, column = divmod(i, across)
        x, y = 16 + column * wide, 16 + row * high
        parts.append(f"<rect x='{x}' y='{y}' width='{wide - 16}' height='40' rx='6' fill='{PAPER}' stroke='{BLUE}'/>")
        parts.append(words(x + 8, y + 25, f"{i + 1}  {name.replace('_', ' ')}", 12))
    rows = -(-len(names) // across)
    return drawing(16 + across * wide, 24 + rows * high, "The rules of a week, in order: " + ", ".join(names), parts)


def twin_worlds() -> str:
    """Draw two courses that share all luck until a measure begins."""
    shared = [(40 + 12 * i, 170 - 2 * i - 14 * ((i * 7) % 5 - 2) / 2) for i in range(20)]
    without = shared + [(280 + 12 * i, 132 - 0.4 * i - 14 * ((i * 7) % 5 - 2) / 2) for i in range(24)]
    having = [shared[-1]] + [(280 + 12 * i, 132 - 3.2 * i - 14 * ((i * 7) % 5 - 2) / 2) for i in range(24)]
    parts = [
        f"<line x1='40' y1='230' x2='600' y2='230' stroke='{LINE}'/>",
        f"<line x1='274' y1='30' x2='274' y2='230' stroke='{LINE}' stroke-dasharray='5 5'/>",
        path(without, ORANGE), path(having, BLUE), path(shared, "#444"),
        words(40, 40, "same people, same luck"), words(284, 224, "the measure begins", 13),
        words(572, 122, "without", 14), words(572, 52, "with", 14), words(565, 250, "weeks", 13),
        "<line x1='556' y1='68' x2='556' y2='116' stroke='#222' stroke-width='2'/>", words(470, 96, "difference", 13),
    ]  # fmt: skip
    return drawing(660, 264, "One world lived twice: equal until the measure begins, apart afterwards", parts)


def uncertainty() -> str:
    """Draw the design of a study: plausible points by draws of luck, all scenarios in each."""
    parts = [
        words(50, 30, "points: plausible settings of the uncertain parameters →"),
        words(24, 216, "worlds: draws of luck →", 15, "transform='rotate(-90 30 216)'"),
    ]
    for column in range(8):
        for row in range(3):
            x, y = 50 + column * 70, 48 + row * 58
            parts.append(f"<rect x='{x}' y='{y}' width='58' height='46' rx='5' fill='{PAPER}' stroke='{LINE}'/>")
            for cx, colour in ((x + 18, ORANGE), (x + 40, BLUE)):
                parts.append(f"<circle cx='{cx}' cy='{y + 23}' r='8' fill='{colour}'/>")
    parts.append(words(50, 246, "today and the plan live in every cell; each cell gives one difference", 14))
    return drawing(640, 262, "A grid of points and worlds; both scenarios live in every cell", parts)


def tipping() -> str:
    """Draw the way up and the way down of a system with memory (a sketch, no result)."""
    up = [(60 + 5 * i, 210 - 150 / (1 + 2.718 ** (-(i - 62) / 5))) for i in range(100)]
    down = [(60 + 5 * i, 210 - 150 / (1 + 2.718 ** (-(i - 34) / 5))) for i in range(100)]
    parts = [
        f"<line x1='60' y1='216' x2='570' y2='216' stroke='{LINE}'/><line x1='60' y1='40' x2='60' y2='216' stroke='{LINE}'/>",
        path(up, BLUE), path(down, ORANGE, "stroke-dasharray='8 5'"),
        words(70, 32, "where the neighbourhood settles"), words(440, 236, "dose of the measure", 14),
        words(384, 150, "from the start", 14), words(120, 100, "after a full dose", 14),
    ]  # fmt: skip
    return drawing(620, 250, "A sketch of hysteresis: the way back lies left of the way up", parts)


PICTURES = {"one-week": one_week, "twin-worlds": twin_worlds, "uncertainty": uncertainty, "tipping": tipping}


def write(folder: Path) -> None:
    """Write all pictures into a folder."""
    folder.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        put(folder / f"{name}.svg", draw())
