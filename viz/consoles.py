"""The two consoles on which commands and reports speak: answers on standard output, messages on standard error."""

from rich.console import Console

console, messages = Console(), Console(stderr=True)
