"""The tables of the ODD are those of the code."""

from kantelpunt.model.protocol.odd import PAGE, fresh


def test_the_tables_of_the_odd_are_fresh():
    page = PAGE.read_text(encoding="utf-8")
    assert fresh(page) == page, "make them anew: uv run python -m kantelpunt.model.protocol.odd"
