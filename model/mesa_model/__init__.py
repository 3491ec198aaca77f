"""The neighbourhood as a Mesa model: agents, grid, property layers."""
