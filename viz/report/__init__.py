"""The answer of a study in words, tables and figures, on screen and as a page."""
