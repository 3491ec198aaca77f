"""The rules of a week, one file each; `model/week.py` says in which order they act."""
