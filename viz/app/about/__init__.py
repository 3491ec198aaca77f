"""The page About: the model and its evidence."""
