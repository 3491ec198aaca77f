"""Draw the house: folders, and the one way in which they import.  `uv run python docs/house.py` writes docs/house.svg."""

from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
ROOMS = {
    "viz": "command line, reports, app",
    "experiments": "studies and analyses",
    "model": "the neighbourhood, week by week",
}
WIDE, HIGH, GAP = 700, 100, 34  # pixels: of a floor, and between two
TEXT = "font-family='sans-serif' fill='#222'"


def folders(room: Path) -> list[str]:
    """Return the packages in a folder."""
    return sorted(each.name for each in room.iterdir() if (each / "__init__.py").is_file())


def floor(name: str, does: str, y: int) -> list[str]:
    """Return one floor: its name, and the folders in it."""
    inside = "   ".join(f"{each}/" for each in folders(HERE.parent / name))
    return [
        f"<rect x='10' y='{y}' width='{WIDE - 20}' height='{HIGH}' rx='8' fill='#eef3f7' stroke='#35607f'/>",
        f"<text x='28' y='{y + 34}' font-size='20' font-weight='bold' {TEXT}>{name}/</text>",
        f"<text x='180' y='{y + 34}' font-size='16' {TEXT}>{escape(does)}</text>",
        f"<text x='28' y='{y + 76}' font-size='14' xml:space='preserve' {TEXT}>{escape(inside)}</text>",
    ]


def arrow(y: int) -> str:
    """Return an arrow from a floor to the one below."""
    return (
        f"<path d='M{WIDE // 2} {y} v{GAP - 12} m-7 -2 l7 12 l7 -12 z' stroke='#35607f' fill='#35607f' stroke-width='2'/>"
        f"<text x='{WIDE // 2 + 16}' y='{y + 22}' font-size='14' {TEXT}>imports</text>"
    )


def house() -> str:
    """Return the picture as SVG."""
    lines, y = (
        [f"<text x='28' y='34' font-size='16' {TEXT}>import kantelpunt (src/kantelpunt): one name for all three</text>"],
        50,
    )
    for i, (name, does) in enumerate(ROOMS.items()):
        lines += ([arrow(y - GAP)] if i else []) + floor(name, does, y)
        y += HIGH + GAP
    size = f"width='{WIDE}' height='{y - GAP + 10}' viewBox='0 0 {WIDE} {y - GAP + 10}'"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' aria-label='viz imports experiments imports model'>"
    return "\n".join([head, f"<rect width='{WIDE}' height='{y}' fill='white'/>", *lines, "</svg>", ""])


if __name__ == "__main__":
    (HERE / "house.svg").write_text(house(), encoding="utf-8")
