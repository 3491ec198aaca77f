"""The page Learn: two worlds side by side, and lessons."""
