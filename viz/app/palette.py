"""Colours that differ for colour-blind eyes too (Okabe and Ito 2008), and carry text with a contrast of 4.5 or more."""

LEFT, RIGHT = "#3d5a80", "#b3480a"  # the two worlds, in maps' frames, charts and words
STAGES = ("#16252e", "#e8c400", "#e69f00", "#d55e00", "#8b1048")  # none, exposed, small favours, runner or dealer, tied in
ADULT, PROFESSIONAL = "#6d7b84", "#0072b2"
GOOD, BAD = "#1d7a6d", "#7d4a5b"  # of layers and regimes: what one would want more of, and less of
LOW = "#f7fafa"  # of a layer of the map, at 0; in between, mixed
UNWANTED = ("criminal_opportunity", "disorder", "crime_hold", "fear")  # layers of which one would want less
REGIMES = (BAD, "#d9b44a", GOOD)  # stuck, halfway, resilient


def high(layer: str) -> str:
    """Return the colour of a layer at its most."""
    return BAD if layer in UNWANTED else GOOD
