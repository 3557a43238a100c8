"""Writes the accepted rows anew: `make golden`. Review the difference like code."""

from __future__ import annotations

import sys

from tests.golden.rows import SOURCES, golden_file, make_rows


def main() -> int:
    """Write the file of every source."""
    for source in SOURCES:
        golden_file(source).write_text(make_rows(source), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
