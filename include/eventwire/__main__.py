"""The command line: `python -m include.eventwire run FOLDER --lake LAKE`."""

from __future__ import annotations

import sys

from include.eventwire.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
