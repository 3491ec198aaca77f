"""Pages: one file each; they draw what a state that knows no browser holds."""
