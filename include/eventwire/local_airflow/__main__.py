"""Command line of the local Airflow: `python -m include.eventwire.local_airflow run`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from rich.console import Console

from include.eventwire.local_airflow import sessions
from include.eventwire.local_airflow.api import AirflowApiError
from include.eventwire.local_airflow.components import ComponentError
from include.eventwire.local_airflow.home import DEFAULT_HOME, prepare_home
from include.eventwire.settings import SettingsError

_HOME_VARIABLE: Final = "EVENTWIRE_AIRFLOW_HOME"


def main(arguments: Sequence[str]) -> int:
    """Do what `arguments` ask for and return the exit status."""
    chosen = _make_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(soft_wrap=True)
    try:
        return _act(chosen, console)
    except KeyboardInterrupt:
        console.print("stopped")
        return 0 if chosen.action == "up" else 130  # `up` is ended in no other way
    except (ComponentError, AirflowApiError, SettingsError) as error:
        Console(stderr=True, soft_wrap=True).print(f"error: {error}", markup=False, highlight=False)
        return 1


def _act(chosen: argparse.Namespace, console: Console) -> int:
    home = prepare_home(chosen.home)
    if chosen.action == "run":
        return 0 if sessions.run_landed_days(home, console, chosen.days) else 1
    if chosen.action == "cli":
        return sessions.call_airflow(home, chosen.arguments)
    if chosen.action == "up":
        sessions.serve(home, console, chosen.port)
    else:
        sessions.stop(home, console)
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m include.eventwire.local_airflow", description="Airflow on this machine."
    )
    parser.add_argument(
        "--home",
        type=Path,
        default=Path(os.environ.get(_HOME_VARIABLE) or DEFAULT_HOME),
        help=f"folder of its state (default: {_HOME_VARIABLE}, else .airflow)",
    )
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("run", help="run the DAG for the days of the landing area")
    run.add_argument("days", nargs="*", metavar="YYYY-MM-DD", help="only these days")
    up = actions.add_parser("up", help="start Airflow with its UI and stay in the foreground")
    up.add_argument("--port", type=int, help="port of the UI (default: any free one)")
    actions.add_parser("down", help="stop the Airflow that `up` or `run` started")
    cli = actions.add_parser("cli", help="call Airflow's own command line")
    cli.add_argument("arguments", nargs=argparse.REMAINDER, help="such as: dags list")
    return parser


def _interrupt(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as called
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
