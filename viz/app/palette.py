"""Colours that differ for colour-blind eyes too (Okabe and Ito 2008), and carry text with a contrast of 4.5 or more."""

LEFT, RIGHT = "#3d5a80", "#b3480a"  # the two worlds, in maps' frames, charts and words
STAGES = ("#16252e", "#e8c400", "#e69f00", "#d55e00", "#8b1048")  # none, exposed, small favours, runner or dealer, tied in
ADULT, PROFESSIONAL = "#6d7b84", "#0072b2"
LOW, HIGH = "#f7fafa", "#1d7a6d"  # a layer of the map, from 0 to 1; in between, mixed
REGIMES = ("#7d4a5b", "#d9b44a", "#1d7a6d")  # stuck, halfway, resilient
