"""The page Compare: packages of measures, an answer at once."""
