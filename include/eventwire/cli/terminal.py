"""What commands write: results to standard output, progress and errors to standard error.

Text from articles may hold characters that would steer the terminal: a mark is shown for each.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from typing import Final

from rich.console import Console

_REPLACEMENT: Final = "\ufffd"
# Wide enough that no cell of a table is broken where nobody needs it to fit a screen.
_WIDTH_OF_FILES: Final = 300


def make_console() -> Console:
    """Return a console for results; it colours on a terminal only and never cuts a line."""
    width = None if sys.stdout.isatty() else _WIDTH_OF_FILES
    return Console(width=width, soft_wrap=True, highlight=False, markup=False, emoji=False)


def make_error_console() -> Console:
    """Return a console for progress and errors."""
    return Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)


def print_json(content: object) -> None:
    """Write `content` for machines, on one line; days and times become text."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")


def print_error(message: str, *, lines: bool = False) -> None:
    """Write an error, on one line unless it has `lines`."""
    text = message if lines else " ".join(message.split())
    make_error_console().print(f"error: {printable(text)}", style="red")


def silence_output() -> None:
    """Let what is still to be written to standard output go nowhere: its reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def printable(text: str) -> str:
    r"""Return `text`, as long as before, without characters that steer a terminal.

    Line ends and tabs stay; escape sequences, other controls and those that turn the direction of
    writing ("\u202e") go.
    """
    return "".join(_REPLACEMENT if _steers(char) else char for char in text)


def _steers(char: str) -> bool:
    if char in "\n\t":
        return False
    category = unicodedata.category(char)
    return category in ("Cc", "Cs") or unicodedata.bidirectional(char) in (
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    )  # fmt: skip
