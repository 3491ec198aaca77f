"""Questions asked of the model: studies, runs, comparisons."""
