"""From the chunks of a batch to its tables as they will be published, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from include.eventwire.batches.plan import Plan
from include.eventwire.batches.staging import (
    chunk_file,
    coded_folder,
    ingest_folder,
    list_chunks,
    list_reject_files,
    read_json,
)
from include.eventwire.lake.parquet_files import (
    concatenate_files,
    count_all_rows,
    read_columns,
    write_rows,
)


def assemble_tables(plan: Plan, staging: Path, tables: Mapping[str, Path]) -> dict[str, int]:
    """Put the tables of a batch together in the files `tables`; return the number of rows of each.

    Rows stand in the order of the plan, whatever the order in which its parts were done. In
    `rejects` come first the inputs that were never opened, then what reading refused, then what
    later stages did.
    """
    chunks = list_chunks(staging, len(plan.shards))
    planned = staging / "planned-rejects.parquet"
    write_rows(planned, "rejects", plan.rejects)
    before = {"rejects": [planned, *list_reject_files(staging, len(plan.shards))]}
    n_rows: dict[str, int] = {}
    for table, path in tables.items():
        coded = [coded_folder(staging, chunk) / f"{table}.parquet" for chunk in chunks]
        n_rows[table] = concatenate_files([*before.get(table, []), *coded], path, table)
    return n_rows


def count_records(plan: Plan, staging: Path) -> int:
    """Return how many records came in, counted before anything was done to them.

    An input that was refused as a whole counts as one.
    """
    n_shards = len(plan.shards)
    articles = [chunk_file(staging, chunk) for chunk in list_chunks(staging, n_shards)]
    rejects = list_reject_files(staging, n_shards)
    return len(plan.rejects) + count_all_rows([*articles, *rejects])


def count_copies(articles: Path) -> int:
    """Return how many of the articles in a file are copies of others."""
    is_canonical = read_columns(articles, ["is_canonical"])["is_canonical"]
    return int(is_canonical.to_pylist().count(False))


def count_reused(plan: Plan, staging: Path) -> int:
    """Return how many articles were not coded, because the same versions had done so before."""
    files = [
        coded_folder(staging, chunk) / "reused.json"
        for chunk in list_chunks(staging, len(plan.shards))
    ]
    # A batch that is coded again counts none.
    return sum(read_json(file) for file in files if file.exists())


def describe_inputs(plan: Plan, staging: Path) -> tuple[dict[str, object], ...]:
    """Return name, size and SHA-256 of each file that was opened, in the order of the plan.

    With a limit the last files may not have been needed. A hash is None where the file could not
    be read.
    """
    hashes: dict[str, str | None] = {}
    for shard in range(len(plan.shards)):
        hashes |= read_json(ingest_folder(staging, shard) / "inputs.json")
    return tuple(
        {"uri": file.uri, "size": file.size, "sha256": hashes[file.uri]}
        for file in plan.files
        if file.uri in hashes
    )
