"""What people look at: figures, reports, the app."""

if __name__ == "viz":  # in a clone, by its short name
    from kantelpunt.short_names import shorten

    shorten(__name__)
