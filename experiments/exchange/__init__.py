"""Handing over: archives and other tools."""
