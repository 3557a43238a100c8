"""Which reader a file is for, by the end of its name and, where that is not enough, by its head."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from include.eventwire.inputs.compression import CODECS, SHORT_FORMS, open_stream
from include.eventwire.inputs.recognition import recognise

# Suffixes of the formats that a name tells; those of compression may follow.
SUFFIXES: Final = {
    "csv": (".csv", ".tsv"),
    "email": (".eml",),
    "html": (".html", ".htm", ".xhtml"),
    "jsonl": (".jsonl", ".ndjson"),
    "mbox": (".mbox",),
    "parquet": (".parquet", ".pq"),
    "tar": (".tar", *SHORT_FORMS),
    "warc": (".warc",),
    "zip": (".zip",),
}
# Suffixes that several formats share: the head of the file tells which it is. A text that is
# nothing else is plain text.
SHARED_SUFFIXES: Final = (".txt", ".text", ".xml", ".rss", ".atom", ".json")
_PLAIN: Final = (".txt", ".text")
# Formats that only the head of a file tells.
_BY_HEAD: Final = (
    *("agency_xml", "ap_media", "anpa", "feed", "iptc7901", "json_feed", "json_records"),
    *("newsml_1", "newsml_g2", "ninjs", "nitf", "plain_text", "sitemap"),
)
FORMATS: Final = tuple(sorted((*SUFFIXES, *_BY_HEAD)))

_HEAD_BYTES: Final = 64 * 1024


class UnknownFormatError(ValueError):
    """No reader is known for a file or by a name."""


def detect_format(path: Path, *, declared: str | None = None, max_expansion: int = 200) -> str:
    """Return the name of the reader for the file at `path`.

    A suffix of `SUFFIXES` is believed. Of any other file the first 64 KiB are looked at, unless
    its source declares a format that they would have to tell.

    Args:
        path: The file. It must exist when its suffix does not tell the format.
        declared: Format that the source of the file declares.
        max_expansion: As of `compression.open_stream`.

    Raises:
        UnknownFormatError: Neither name nor head tell a format that can be read.
        OSError: The head cannot be read.
    """
    suffix = content_suffix(path)
    for format_, suffixes in SUFFIXES.items():
        if suffix in suffixes:
            return format_
    if declared in _BY_HEAD:
        return declared
    with open_stream(path, max_expansion=max_expansion) as stream:
        found = recognise(stream.read(_HEAD_BYTES))
    if found is not None:
        return found
    if suffix in _PLAIN:
        return "plain_text"
    if declared is not None and suffix not in SHARED_SUFFIXES:
        return declared
    raise UnknownFormatError(
        f"{path.name} has no known format, neither by its name nor by what it begins with; known "
        f"are {', '.join(FORMATS)} (also with {', '.join(CODECS)}). Name its format"
    )


def check_format(name: str) -> str:
    """Return `name` when a reader is called so.

    Raises:
        UnknownFormatError: There is none; the message lists those that there are.
    """
    if name not in FORMATS:
        raise UnknownFormatError(f"unknown format {name!r}; known are {', '.join(FORMATS)}")
    return name


def content_suffix(path: Path) -> str:
    """Return the lower-cased suffix of `path` beneath that of its compression."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in CODECS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
