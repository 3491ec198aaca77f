"""How the model is described: the ODD protocol and the mechanisms of the field reports."""
