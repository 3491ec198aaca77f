"""Helpers that several rules share: persons, places, events, cases, who moves in."""
