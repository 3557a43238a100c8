"""Which articles of a batch repeat those of earlier days: a join of signatures, without texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, cast

import duckdb
import numpy as np
import numpy.typing as npt

from include.eventwire.deduplication.earlier_batches import ComparedBatch
from include.eventwire.deduplication.signatures import (
    BAND_COLUMNS,
    N_BANDS,
    SPEC,
    decode_signatures,
    estimate_jaccard,
)
from include.eventwire.lake.locations import connect_duckdb, on_this_machine
from include.eventwire.lake.parquet_files import exact_pattern

# From this estimated Jaccard index on two texts are near copies.
NEAR: Final = 0.7
# A key that more articles have is one of a template (forecasts, rates): the first of them are
# compared, or ten thousand of a day would have to be compared with ten thousand of each other day.
MOST_PER_KEY: Final = 50

# Beyond this the database works from its temporary folder. What it cannot do without grows with the
# threads, of which two do as well: the join waits for the disk.
_MEMORY_LIMIT: Final = "150MB"
_THREADS: Final = 2
_CANDIDATES_AT_ONCE: Final = 10_000
# Their keys are held in memory; for each so many texts the earlier days are read once.
TEXTS_AT_ONCE: Final = 100_000

_BANDS: Final = ", ".join(BAND_COLUMNS)
_SPEC: Final = ", ".join(SPEC)


def _view(name: str) -> str:
    """Return a view of signature files in which `place` is the order of the rows in all of them."""
    return f"""
        CREATE VIEW {name} AS
        SELECT position * 1_000_000_000 + file_row_number AS place, rows.*
        FROM read_parquet(getvariable('{name}_files'), filename = true, file_row_number = true,
            union_by_name = true) AS rows
        JOIN {name}_positions USING (filename)
    """  # noqa: S608 - names of this file


_COMPARABLE: Final = f"""
    CREATE VIEW comparable AS
    FROM earlier SEMI JOIN (SELECT DISTINCT {_SPEC} FROM today) USING ({_SPEC})
"""  # noqa: S608 - made of names of columns
_EXACT: Final = """
    CREATE TABLE exact AS
    SELECT normalised_sha256, arg_min(comparable.cluster_id, place) AS cluster_id
    FROM comparable SEMI JOIN today USING (normalised_sha256)
    GROUP BY normalised_sha256
"""
# One article of each text that is still to be compared.
_OPEN: Final = """
    CREATE TABLE open AS
    SELECT place, row_number() OVER (ORDER BY place) - 1 AS number FROM (
        SELECT min(place) AS place FROM today ANTI JOIN exact USING (normalised_sha256)
        WHERE signature IS NOT NULL GROUP BY normalised_sha256
    )
"""
_KEYS: Final = f"unnest(range({N_BANDS})::TINYINT[]) AS band, unnest([{_BANDS}]) AS key"
_OPEN_KEYS: Final = f"""
    CREATE OR REPLACE TABLE open_keys AS
    SELECT place AS new_place, {_KEYS} FROM today SEMI JOIN (
        FROM open WHERE number >= $first AND number < $last
    ) USING (place)
"""  # noqa: S608 - made of names of columns
# Of a cluster one article stands for all with the same key: of ten thousand copies of one text
# every new one is compared with some, not with all.
_PAIRS: Final = f"""
    CREATE OR REPLACE TABLE pairs AS
    WITH met AS (
        SELECT band, key, min(place) AS place
        FROM (SELECT place, cluster_id, {_KEYS} FROM comparable WHERE signature IS NOT NULL)
        SEMI JOIN open_keys USING (band, key)
        GROUP BY band, key, cluster_id
        QUALIFY row_number() OVER (PARTITION BY band, key ORDER BY min(place)) <= {MOST_PER_KEY}
    )
    SELECT DISTINCT new_place, place FROM open_keys JOIN met USING (band, key)
"""  # noqa: S608 - made of names of columns
_NEW: Final = """
    SELECT place, normalised_sha256, signature FROM today
    SEMI JOIN pairs ON today.place = pairs.new_place
"""
_CANDIDATES: Final = """
    SELECT new_place, place, signature, cluster_id FROM earlier JOIN pairs USING (place)
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a text that stands for no cluster is a copy of.

    Attributes:
        cluster_id: Cluster of the article that it copies.
        kind: "exact" or "near".
    """

    cluster_id: str
    kind: str


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
    with ExitStack() as copies:
        files = [copies.enter_context(on_this_machine(path)) for path in batch_files]
        connection = copies.enter_context(_connect(files, earlier))
        for statement in (_COMPARABLE, _EXACT, _OPEN):
            connection.execute(statement)
        exact = connection.execute("FROM exact ORDER BY normalised_sha256").fetchall()
        near = _find_near(connection)
    return {text: Copy(cluster_id, "exact") for text, cluster_id in exact} | near


@contextmanager
def _connect(
    batch_files: Sequence[Path], earlier: Sequence[ComparedBatch]
) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="eventwire-copies-") as folder:
        paths = [batch.path for batch in earlier]
        connection = connect_duckdb(
            memory_limit=_MEMORY_LIMIT, temp_directory=folder, threads=_THREADS
        )
        with connection:
            # A join holds its right side in memory. The database would choose by its estimates of
            # how many rows there are, which are wrong for keys: it chose the earlier days.
            connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
            _list_files(connection, "earlier", paths)
            _list_files(connection, "today", batch_files)
            yield connection


def _list_files(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    """Make the view `name` of the rows of `files`, in their order."""
    connection.execute(f"SET VARIABLE {name}_files = ?", [[*map(exact_pattern, files)]])
    connection.execute(
        f"CREATE TABLE {name}_positions AS SELECT unnest(?::VARCHAR[]) AS filename, "
        "unnest(range(?::BIGINT)) AS position",
        [[*map(str, files)], len(files)],
    )
    connection.execute(_view(name))


def _find_near(connection: duckdb.DuckDBPyConnection) -> dict[str, Copy]:
    """Return the near copies among the texts in `open`, by the hash of their words."""
    (n_open,) = cast("tuple[int]", connection.execute("SELECT count(*) FROM open").fetchone())
    near: dict[str, Copy] = {}
    for first in range(0, n_open, TEXTS_AT_ONCE):
        connection.execute(_OPEN_KEYS, {"first": first, "last": first + TEXTS_AT_ONCE})
        connection.execute(_PAIRS)
        places, texts, signatures = _read_new(connection)
        best: dict[int, _Candidate] = {}
        candidates = connection.execute(_CANDIDATES)
        while rows := candidates.fetchmany(_CANDIDATES_AT_ONCE):
            numbers = [places[row[0]] for row in rows]
            alike = estimate_jaccard(
                signatures[numbers], decode_signatures([row[2] for row in rows])
            )
            for row in np.flatnonzero(alike >= NEAR).tolist():
                _, place, _, cluster_id = rows[row]
                candidate = _Candidate(-float(alike[row]), place, cluster_id)
                best[numbers[row]] = min(best.get(numbers[row], candidate), candidate)
        near |= {texts[number]: Copy(found.cluster_id, "near") for number, found in best.items()}
    return near


class _Candidate(NamedTuple):
    """A near copy; the least of several is the most alike, of equals the earliest."""

    unlike: float
    place: int
    cluster_id: str


def _read_new(
    connection: duckdb.DuckDBPyConnection,
) -> tuple[dict[int, int], list[str], npt.NDArray[np.uint8]]:
    """Return the texts in `pairs`: their numbers by place, hashes and signatures."""
    places: dict[int, int] = {}
    texts: list[str] = []
    signatures = [decode_signatures([])]
    found = connection.execute(_NEW)
    while rows := found.fetchmany(_CANDIDATES_AT_ONCE):
        places |= {row[0]: number for number, row in enumerate(rows, len(places))}
        texts += [row[1] for row in rows]
        signatures.append(decode_signatures([row[2] for row in rows]))
    return places, texts, np.concatenate(signatures)
