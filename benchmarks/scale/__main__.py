"""What a day of news takes on many machines, and what breaks first.

python -m benchmarks.scale            simulates, from the recorded costs
python -m benchmarks.scale record     records the costs on this machine
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

# Before NumPy is loaded: one thread a process, as in the workers.
os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})

from rich.console import Console

from benchmarks.scale.costs import RECORDED, load_costs, read_recorded


def main(arguments: Sequence[str]) -> int:
    """Record or simulate."""
    chosen = _make_parser().parse_args(arguments)
    if chosen.command == "record":
        from benchmarks.scale.record import record_costs

        recorded = record_costs(chosen.articles, chosen.airflow, read_recorded())
        RECORDED.write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")
        return 0
    from benchmarks.scale.report import DOCUMENT, print_report, write_tables

    costs = load_costs()
    if chosen.command == "write":
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(write_tables(text, costs), encoding="utf-8")
    else:
        print_report(costs, Console(width=chosen.width))
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--width", type=int, default=140, help="of the printed tables")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("write", help="write the tables into docs/scale.md")
    record = commands.add_parser("record", help="record the costs on this machine")
    record.add_argument("--articles", type=int, default=3_000, help="to read and code (3000)")
    record.add_argument(
        "--airflow", help="address of an Airflow database with runs of code_news (SQLAlchemy's)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
