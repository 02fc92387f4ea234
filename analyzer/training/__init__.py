"""Offline code that learns the weights the analysis ships with; never imported at run time."""
