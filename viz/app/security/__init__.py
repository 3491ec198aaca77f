"""Access to the app and the messages it takes: names, codes, messages, time limits."""
