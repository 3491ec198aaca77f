"""The script that draws maps and courses, in the app and in hand-outs: `web/drawing.js`."""

import hashlib
from pathlib import Path

SCRIPT = Path(__file__).parent / "web" / "drawing.js"
EDITION = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()[:12]  # so that no browser keeps an old one
DRAWING = f"/static/assets/drawing.js?{EDITION}"
