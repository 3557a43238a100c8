"""Which articles of a batch repeat those of earlier days: a join of signatures, without texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import numpy as np

from include.eventwire.deduplication.signatures import (
    BAND_COLUMNS,
    N_BANDS,
    SPEC,
    decode_signatures,
    estimate_jaccard,
)
from include.eventwire.lake import BatchKey, LakeError, LakeLayout
from include.eventwire.parquet_files import exact_pattern
from include.eventwire.plan import DAILY
from include.eventwire.publishing import lock_batch
from include.eventwire.receipts import read_receipt

# From this estimated Jaccard index on two texts are near copies.
NEAR: Final = 0.7

# Beyond this the database works from its temporary folder.
_MEMORY_LIMIT: Final = "200MB"
_CANDIDATES_AT_ONCE: Final = 10_000

_BANDS: Final = ", ".join(BAND_COLUMNS)
_SPEC: Final = ", ".join(SPEC)
_TODAY: Final = "CREATE VIEW today AS FROM read_parquet(getvariable('batch_files'))"
# `place` orders the articles of earlier days: by day, the daily batch first, by name, by row.
_EARLIER: Final = f"""
    CREATE VIEW earlier AS
    SELECT position * 1_000_000_000 + file_row_number AS place, rows.*
    FROM read_parquet(getvariable('earlier_files'), filename = true, file_row_number = true,
        union_by_name = true) AS rows
    JOIN positions USING (filename)
    SEMI JOIN (SELECT DISTINCT {_SPEC} FROM today) USING ({_SPEC})
"""  # noqa: S608 - made of names of columns
_EXACT: Final = """
    SELECT normalised_sha256, arg_min(earlier.cluster_id, place)
    FROM earlier SEMI JOIN today USING (normalised_sha256)
    GROUP BY normalised_sha256 ORDER BY normalised_sha256
"""
# The texts that are still to be compared: numbers, because hashes would fill the memory.
_OPEN: Final = f"""
    CREATE TABLE open AS
    SELECT row_number() OVER () AS text, normalised_sha256, any_value(signature) AS signature,
        {", ".join(f"any_value({column}) AS {column}" for column in BAND_COLUMNS)}
    FROM today ANTI JOIN exact USING (normalised_sha256)
    WHERE signature IS NOT NULL GROUP BY normalised_sha256
"""  # noqa: S608 - made of names of columns
_KEYS: Final = f"unnest(range({N_BANDS})::TINYINT[]) AS band, unnest([{_BANDS}]) AS key"
_OPEN_KEYS: Final = f"CREATE TABLE open_keys AS SELECT text, {_KEYS} FROM open"  # noqa: S608
# Of a cluster one article stands for all with the same key: of ten thousand copies of a template
# every new one is compared with some, not with all.
_PAIRS: Final = f"""
    CREATE TABLE pairs AS
    WITH met AS (
        SELECT band, key, cluster_id, min(place) AS place
        FROM (SELECT place, cluster_id, {_KEYS} FROM earlier WHERE signature IS NOT NULL)
        SEMI JOIN open_keys USING (band, key) GROUP BY ALL
    )
    SELECT DISTINCT text, place FROM met JOIN open_keys USING (band, key)
"""  # noqa: S608 - made of names of columns
_CANDIDATES: Final = """
    SELECT open.normalised_sha256, open.signature, place, earlier.signature, cluster_id
    FROM pairs JOIN open USING (text) JOIN earlier USING (place)
    ORDER BY open.normalised_sha256, place
"""


@dataclass(frozen=True, slots=True)
class ComparedBatch:
    """A published batch whose signatures a new one is compared with.

    Attributes:
        sha256: Hash of the file of signatures, from the batch's receipt.
    """

    key: BatchKey
    path: Path
    sha256: str

    def to_json(self) -> dict[str, str]:
        """Return what a receipt says of it."""
        day = self.key.day.isoformat()
        return {"day": day, "batch": self.key.batch, "signatures_sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Copy:
    """What a text that stands for no cluster is a copy of.

    Attributes:
        cluster_id: Cluster of the article that it copies.
        kind: "exact" or "near".
    """

    cluster_id: str
    kind: str


@contextmanager
def earlier_batches(
    layout: LakeLayout, new: BatchKey, n_days: int
) -> Iterator[list[ComparedBatch]]:
    """Yield the batches that `new` is compared with, the earliest first; none changes meanwhile.

    These are all batches of the `n_days` days before, and for a batch other than the daily one also
    the daily one of its day. So no batch is ever compared with itself, and no two with each other.
    Only complete batches count; those of schema version 1 have no signatures.

    Args:
        layout: The lake.
        new: The batch that is made.
        n_days: How many days before its own; with 0 it is compared with none at all.

    Raises:
        ReceiptError: The receipt of one of them cannot be read.
        LakeError: A file of signatures is not that of its receipt.
    """
    wanted = [key for key, _ in layout.receipts() if _is_compared(key, new, n_days)]
    wanted.sort(key=lambda key: (key.day, key.batch != DAILY, key.batch))
    with ExitStack() as locks:
        found = []
        for key in wanted:
            locks.enter_context(lock_batch(layout, key.day, key.batch, shared=True))
            if (batch := _find_signatures(layout, key)) is not None:
                found.append(batch)
        yield found


def find_earlier_copies(
    batch_files: Sequence[Path], earlier: Sequence[ComparedBatch]
) -> dict[str, Copy]:
    """Return the texts that stood in the lake already, by the hash of their words.

    A text is in the cluster of the earliest article with the same words, else in that of the
    article most like it, the earlier one of equals. Only signatures made in the same way are
    compared.

    Args:
        batch_files: Signatures of the new batch.
        earlier: The batches to compare with, the earliest first.
    """
    if not batch_files or not earlier:
        return {}
    with _connect(batch_files, earlier) as connection:
        connection.execute(f"CREATE TABLE exact AS {_EXACT}")
        exact = connection.execute("FROM exact").fetchall()
        for statement in (_OPEN, _OPEN_KEYS, _PAIRS):
            connection.execute(statement)
        candidates = connection.execute(_CANDIDATES)
        best: dict[str, tuple[float, Copy]] = {}
        while rows := candidates.fetchmany(_CANDIDATES_AT_ONCE):
            _keep_best(rows, best)
    copies = {text: Copy(cluster_id, "exact") for text, cluster_id in exact}
    return copies | {text: copy for text, (_, copy) in best.items()}


def _is_compared(key: BatchKey, new: BatchKey, n_days: int) -> bool:
    if key.day == new.day:
        return n_days > 0 and key.batch == DAILY != new.batch
    return 0 < (new.day - key.day).days <= n_days


def _find_signatures(layout: LakeLayout, key: BatchKey) -> ComparedBatch | None:
    """Return the signatures of a batch; None when it is being replaced, or too old to have any."""
    receipt_path = layout.receipt_file(key.day, key.batch)
    if not receipt_path.exists():
        return None
    file = read_receipt(receipt_path).tables.get("signatures")
    if file is None:
        return None
    path = layout.table_file("signatures", key.day, key.batch)
    if not path.exists() or path.stat().st_size != file.bytes:
        raise LakeError(f"{path}: not the file of its receipt; verify the lake and run {key} again")
    return ComparedBatch(key, path, file.sha256)


@contextmanager
def _connect(
    batch_files: Sequence[Path], earlier: Sequence[ComparedBatch]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="eventwire-copies-") as folder:
        connection = duckdb.connect(
            config={"memory_limit": _MEMORY_LIMIT, "temp_directory": folder}
        )
        with connection:
            paths = [batch.path for batch in earlier]
            for name, files in (("earlier_files", paths), ("batch_files", batch_files)):
                connection.execute(f"SET VARIABLE {name} = ?", [[*map(exact_pattern, files)]])
            connection.execute(
                "CREATE TABLE positions AS SELECT unnest(?::VARCHAR[]) AS filename, "
                "unnest(range(?::BIGINT)) AS position",
                [[*map(str, paths)], len(paths)],
            )
            connection.execute(_TODAY)
            connection.execute(_EARLIER)
            yield connection


def _keep_best(rows: Sequence[tuple[Any, ...]], best: dict[str, tuple[float, Copy]]) -> None:
    """Add to `best` each text whose candidate is a near copy and more alike than those before."""
    new = decode_signatures([row[1] for row in rows])
    old = decode_signatures([row[3] for row in rows])
    alike = estimate_jaccard(new, old)
    for number in np.flatnonzero(alike >= NEAR).tolist():
        text, *_, cluster_id = rows[number]
        if text not in best or alike[number] > best[text][0]:
            best[text] = (float(alike[number]), Copy(cluster_id, "near"))
