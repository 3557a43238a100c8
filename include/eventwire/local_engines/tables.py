"""The tables that an engine wrote, as hashes of their files, and in what they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath

import pyarrow.parquet as pq
from pyarrow.fs import FileSelector, FileSystem


def hash_tables(store: FileSystem, lake: str) -> dict[str, str]:
    """Return the SHA-256 of every Parquet file that is published in a lake.

    Args:
        store: File system of the lake.
        lake: Its path there.

    Returns:
        By path from the lake's root, `events/dt=2018-04-24/daily.parquet`.
    """
    hashes = {}
    for path in _published(store, lake):
        with store.open_input_stream(f"{lake}/{path}", compression=None) as file:
            hashes[path] = hashlib.sha256(file.read()).hexdigest()
    return hashes


def count_rows(store: FileSystem, lake: str) -> int:
    """Return the rows of all published tables of a lake."""
    return sum(
        pq.read_metadata(f"{lake}/{path}", filesystem=store).num_rows
        for path in _published(store, lake)
    )


def differences(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Return a line for each file that is missing, was not expected or has other bytes."""
    lines = []
    for path in sorted(expected.keys() | found.keys()):
        if path not in found:
            lines.append(f"{path} is missing")
        elif path not in expected:
            lines.append(f"{path} was not expected")
        elif expected[path] != found[path]:
            lines.append(f"{path} has other bytes")
    return lines


def _published(store: FileSystem, lake: str) -> list[str]:
    found = store.get_file_info(FileSelector(lake, recursive=True, allow_not_found=True))
    paths = [PurePosixPath(info.path).relative_to(lake) for info in found if info.is_file]
    return sorted(
        str(path)
        for path in paths
        if path.suffix == ".parquet" and not path.parts[0].startswith("_")
    )
