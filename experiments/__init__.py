"""Questions asked of the model: designs, runs in paired worlds, and what they say with how much certainty."""
