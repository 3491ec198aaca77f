"""Lives: people to follow in both worlds, their story in words, and why somebody took a step."""
