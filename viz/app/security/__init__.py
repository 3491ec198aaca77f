"""Who gets in and what may be sent: names, codes, messages, time limits."""
