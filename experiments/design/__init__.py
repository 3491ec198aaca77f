"""The design of a study: the plan, its question, its sample of points and worlds."""
