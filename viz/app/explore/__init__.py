"""The page Explore: studies on disk."""
