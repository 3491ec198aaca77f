"""The page At the helm: a room steers one neighbourhood, quarter by quarter."""
