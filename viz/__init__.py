"""Figures, reports, the command line and the app."""

if __name__ == "viz":  # in a clone, by its short name
    from kantelpunt.short_names import shorten

    shorten(__name__)
