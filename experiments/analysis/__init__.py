"""Analyses of runs: sensitivity, discovery, robust choice, tipping, loops, calibration."""
