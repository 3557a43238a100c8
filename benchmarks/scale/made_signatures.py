"""Measures de-duplication on signatures that are made at random, each in a process of its own.

Random signatures have no near copies; a tenth of the new texts repeats one of the days before. What
depends on the number of articles (reading, sorting, joining) is as with real ones.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.near_duplicates import peak_megabytes
from benchmarks.scale.workload import count_passes
from include.eventwire.batches.staging import chunk_file, signature_file
from include.eventwire.deduplication.clusters import find_duplicates, read_keys, read_sketches
from include.eventwire.deduplication.earlier_batches import ComparedBatch
from include.eventwire.deduplication.earlier_copies import find_earlier_copies
from include.eventwire.deduplication.signatures import BAND_COLUMNS, N_PERMUTATIONS, SPEC
from include.eventwire.lake.layout import BatchKey
from include.eventwire.lake.parquet_files import file_schema
from include.eventwire.settings import PROJECT_ROOT

_DAY: Final = date(2020, 1, 8)
_N_DAYS: Final = 7
_CHUNK: Final = 2_000
# Articles of the batch, and of each day before: three to learn from, and one to check that.
_SIZES: Final = ((100_000, 0), (100_000, 100_000), (100_000, 200_000), (200_000, 200_000))


def record_deduplication() -> dict[str, float]:
    """Return what an article of a batch, and a signature of the days before, cost.

    For every 100,000 texts of the batch the days before are read once; that is the size of the
    batches here, so that the keys which are held in memory are as many as in a large day. The last
    figures tell how well this holds for a batch of twice the size.
    """
    alone, compared, longer, checked = (measure(*sizes) for sizes in _SIZES)
    n_articles, n_earlier = _SIZES[0][0], _N_DAYS * (_SIZES[2][1] - _SIZES[1][1])
    read = max(0.0, longer["seconds"] - compared["seconds"]) / n_earlier
    work = (compared["seconds"] - read * _count_read(*_SIZES[1])) / n_articles
    work = max(work, alone["seconds"] / n_articles)
    memory = (checked["bytes"] - longer["bytes"]) / (_SIZES[3][0] - n_articles)
    return {
        "deduplicate_seconds_per_article": work,
        "deduplicate_seconds_per_signature": read,
        "deduplicate_bytes_per_article": memory,
        "deduplicate_bytes": longer["bytes"] - memory * n_articles,
        "deduplicate_checked_articles": _SIZES[3][0],
        "deduplicate_checked_earlier": _N_DAYS * _SIZES[3][1],
        "deduplicate_checked_expected_seconds": work * _SIZES[3][0]
        + read * _count_read(*_SIZES[3]),
        "deduplicate_checked_seconds": checked["seconds"],
    }


def _count_read(n_articles: int, n_earlier: int) -> int:
    return _N_DAYS * n_earlier * count_passes(n_articles)


def measure(n_articles: int, n_earlier: int) -> dict[str, float]:
    """Return seconds and bytes that it takes to de-duplicate a batch, in a process of its own.

    Args:
        n_articles: Articles of the batch.
        n_earlier: Articles of each of the seven days before.
    """
    with tempfile.TemporaryDirectory(prefix="eventwire-scale-") as folder:
        _make_batch(Path(folder), n_articles)
        for day in range(_N_DAYS if n_earlier else 0):
            _write_signatures(Path(folder) / f"day-{day}.parquet", day + 1, n_earlier)
        command = [sys.executable, "-m", "benchmarks.scale.made_signatures", folder]
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True
        )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _make_batch(folder: Path, n_articles: int) -> None:
    for number, first in enumerate(range(0, n_articles, _CHUNK)):
        chunk = f"00000/articles-{number:05d}"
        path = chunk_file(folder, chunk)
        path.parent.mkdir(parents=True, exist_ok=True)
        n_rows = min(_CHUNK, n_articles - first)
        # One chunk in ten repeats texts of the day before.
        day = 1 if number % 10 == 9 else 0
        ids = _write_signatures(signature_file(folder, chunk), day, n_rows, first)
        columns = {
            "article_id": ids,
            "published_at": [datetime(2020, 1, 8, tzinfo=UTC)] * n_rows,
            "input_uri": ["made"] * n_rows,
            "record_number": list(range(1, n_rows + 1)),
        }
        pq.write_table(pa.table(columns), path)


def _write_signatures(path: Path, day: int, n_rows: int, first: int = 0) -> list[str]:
    """Write made signatures; return the ids of their articles.

    The same day and number always give the same text.
    """
    parts = [_make_rows(day, start, min(_CHUNK, n_rows)) for start in _starts(first, n_rows)]
    table = pa.concat_tables(parts).slice(0, n_rows)
    pq.write_table(table, path, compression="zstd")
    ids: list[str] = table["article_id"].to_pylist()
    return ids


def _starts(first: int, n_rows: int) -> Iterator[int]:
    return iter(range(first, first + n_rows, _CHUNK))


def _make_rows(day: int, first: int, n_rows: int) -> pa.Table:
    random = np.random.default_rng([day, first])
    signatures = random.integers(0, 256, (n_rows, N_PERMUTATIONS), dtype=np.uint8)
    bands = random.integers(-(2**31), 2**31, (n_rows, len(BAND_COLUMNS)), dtype=np.int32)
    ids = [f"{day:08x}{first + row:056x}" for row in range(n_rows)]
    columns = {
        "article_id": ids,
        "cluster_id": ids,
        "normalised_sha256": [key[::-1] for key in ids],
        "n_words": [300] * n_rows,
        **{name: [value] * n_rows for name, value in SPEC.items()},
        "signature": [base64.b64encode(row.tobytes()).decode() for row in signatures],
        **dict(zip(BAND_COLUMNS, bands.T, strict=True)),
    }
    return pa.table(columns).cast(file_schema("signatures"))


def _deduplicate(folder: Path) -> dict[str, float]:
    chunks = [
        f"00000/{path.stem}" for path in sorted((folder / "ingest" / "00000").glob("articles-*"))
    ]
    earlier = [
        ComparedBatch(BatchKey(_DAY - timedelta(days=number + 1), "daily"), path, "")
        for number, path in enumerate(sorted(folder.glob("day-*.parquet")))
    ]
    before = peak_megabytes()
    began = time.process_time()
    copies = find_earlier_copies([signature_file(folder, chunk) for chunk in chunks], earlier)
    find_duplicates(list(read_keys(folder, chunks)), read_sketches(folder, chunks), copies)
    return {
        "seconds": time.process_time() - began,
        "bytes": peak_megabytes() * 1e6,
        "bytes_before": before * 1e6,
        "copies": len(copies),
    }


if __name__ == "__main__":
    print(json.dumps(_deduplicate(Path(sys.argv[1]))))
