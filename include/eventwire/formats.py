"""Which reader a file is for, by the end of its name. Reads no file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from include.eventwire.compression import CODECS

# Suffixes of each reader in `READERS`; those of compression may follow where a reader streams.
SUFFIXES: Final = {
    "csv": (".csv", ".tsv"),
    "jsonl": (".jsonl", ".ndjson"),
    "parquet": (".parquet", ".pq"),
    "plain_text": (".txt", ".text"),
}


class UnknownFormatError(ValueError):
    """No reader is known for a file or by a name."""


def detect_format(path: Path) -> str:
    """Return the name of the reader for a file called `path`.

    Raises:
        UnknownFormatError: No reader has the suffix; the message lists those that there are.
    """
    suffix = content_suffix(path)
    for format_, suffixes in SUFFIXES.items():
        if suffix in suffixes:
            return format_
    known = ", ".join(sorted(suffix for suffixes in SUFFIXES.values() for suffix in suffixes))
    raise UnknownFormatError(
        f"{path.name} has no known format; known are {known} (also with .gz or .zst). "
        "Rename the file or name its format"
    )


def check_format(name: str) -> str:
    """Return `name` when a reader is called so.

    Raises:
        UnknownFormatError: There is none; the message lists those that there are.
    """
    if name not in SUFFIXES:
        raise UnknownFormatError(f"unknown format {name!r}; known are {', '.join(SUFFIXES)}")
    return name


def content_suffix(path: Path) -> str:
    """Return the lower-cased suffix of `path` beneath that of its compression."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in CODECS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
