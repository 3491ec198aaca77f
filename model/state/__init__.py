"""State: every field of a record, the world that holds the records, what their numbers stand for."""
