"""From figures of an area to a synthetic population: reading, households, dwellings, the starting world."""
