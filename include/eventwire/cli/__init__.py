"""The command line: one module a command, each with its arguments and what it does."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from types import FrameType
from typing import Final

import duckdb
import pyarrow as pa

from include.eventwire.checks.audit import AuditError
from include.eventwire.cli import (
    diff,
    explain,
    fetch,
    forget,
    maintain,
    recode,
    report,
    run,
    show,
    summarise,
    summary,
    verify,
)
from include.eventwire.cli.terminal import print_error, silence_output
from include.eventwire.inputs.formats import UnknownFormatError
from include.eventwire.inputs.selection import InputError
from include.eventwire.inputs.sources import SourcesError
from include.eventwire.lake.layout import BatchNameError, CompactedBatchError
from include.eventwire.lake.locations import LocationError
from include.eventwire.maintenance.forgetting import ForgetError
from include.eventwire.recoding import RecodeError
from include.eventwire.settings import SettingsError
from include.eventwire.versions import ModelNotFoundError

DONE: Final = 0
FAILED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130

_COMMANDS: Final = (
    *(run, recode, summarise, diff, fetch, verify, maintain, forget),
    *(show, explain, summary, report),
)
# What the user wrote, or set, cannot be done whatever the data.
_USAGE_ERRORS: Final = (
    BatchNameError,
    CompactedBatchError,
    ForgetError,
    InputError,
    LocationError,
    ModelNotFoundError,
    RecodeError,
    SettingsError,
    SourcesError,
    UnknownFormatError,
)
_EXIT_STATUS: Final = """\
exit status: 0 when it is done, 1 when the work failed or `verify` found trouble, 2 when the command
cannot be understood or carried out as it is written, 130 when it was interrupted
"""


def main(arguments: Sequence[str]) -> int:
    """Do what `arguments` ask for and return the exit status."""
    chosen = make_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(chosen.act(chosen))
    except KeyboardInterrupt:
        print_error("stopped; a batch is published as a whole or not at all")
        return INTERRUPTED
    except BrokenPipeError:
        silence_output()
        return DONE
    except _USAGE_ERRORS as error:
        print_error(str(error))
        return WRONG_USAGE
    except (duckdb.Error, pa.ArrowException) as error:
        print_error(f"the lake cannot be read: {error}; verify it")
        return FAILED
    except AuditError as error:
        print_error(str(error), lines=True)
        return FAILED
    except (OSError, ValueError, RuntimeError) as error:
        print_error(str(error))
        return FAILED


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m include.eventwire",
        description="News text in; who did what to whom, where and when out, as Parquet.",
        epilog=_EXIT_STATUS,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_command(commands)
    return parser


def _interrupt(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as called
    raise KeyboardInterrupt
