"""What runs tell: sensitivity, discovery, robust choice, tipping, loops, calibration."""
