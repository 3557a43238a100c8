"""What commands write: results to standard output, progress and errors to standard error.

Text from articles may hold characters that would steer the terminal: a mark is shown for each.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Final

from rich.console import Console

_REPLACEMENT: Final = "\ufffd"


def make_console() -> Console:
    """Return a console for results; it colours on a terminal only and never cuts a line."""
    return Console(soft_wrap=True, highlight=False, markup=False, emoji=False)


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
