"""The command line, as ``python -m kantelpunt`` and as the command ``kantelpunt``."""

from kantelpunt.viz.cli.main import main

if __name__ == "__main__":
    main()
