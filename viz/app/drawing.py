"""The scripts that draw maps and courses, in the app and in hand-outs, and the signs of events on the maps of the app."""

import hashlib
from pathlib import Path

WEB = Path(__file__).parent / "web"
SCRIPT, COURSES, SIGNS = (WEB / name for name in ("drawing.js", "course.js", "marks.js"))


def address_of(script: Path) -> str:
    """Return where the app serves a script, with its edition so that no browser keeps an old one."""
    return f"/static/assets/{script.name}?{hashlib.sha256(script.read_bytes()).hexdigest()[:12]}"


DRAWING, CHARTING, SIGNING = map(address_of, (SCRIPT, COURSES, SIGNS))
