"""The app: a folder a page, with its state, its panels and what they draw."""
