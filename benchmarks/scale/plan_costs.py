"""Measures what files that every task of a batch reads cost it: the plan, the marks of copies."""

from __future__ import annotations

import tempfile
import time
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Final

from include.eventwire.batches.plan import Plan, cut_shards, read_plan, write_plan
from include.eventwire.deduplication.clusters import Duplicates
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.deduplication.marking import read_duplicates, write_duplicates
from include.eventwire.inputs.selection import InputFile
from include.eventwire.settings import Settings

_FILES: Final = 20_000
_COPIES: Final = 50_000


def record_plans() -> dict[str, float]:
    """Return bytes on disk, bytes in memory and seconds for each file that a plan names."""
    with tempfile.TemporaryDirectory(prefix="eventwire-scale-") as folder:
        path = Path(folder) / "plan.json"
        write_plan(_make_plan(), path)
        began = time.process_time()
        read_plan(path)
        seconds = time.process_time() - began
        tracemalloc.start()
        read_plan(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return {
            "plan_bytes_per_file": path.stat().st_size / _FILES,
            "plan_memory_bytes_per_file": peak / _FILES,
            "plan_seconds_per_file": seconds / _FILES,
        }


def record_marks() -> dict[str, float]:
    """Return bytes in memory for each copy that `duplicates.json` names, seconds for its bytes."""
    copies = {f"{n:064x}": Copy(f"{-n & 2**255:064x}", "near") for n in range(_COPIES)}
    with tempfile.TemporaryDirectory(prefix="eventwire-scale-") as folder:
        write_duplicates(Path(folder), Duplicates({}, copies))
        n_bytes = sum(path.stat().st_size for path in Path(folder).iterdir())
        began = time.process_time()
        read_duplicates(Path(folder))
        seconds = time.process_time() - began
        tracemalloc.start()
        read_duplicates(Path(folder))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return {
        "duplicates_bytes_per_copy": n_bytes / _COPIES,
        "duplicates_memory_bytes_per_copy": peak / _COPIES,
        "json_seconds_per_byte": seconds / n_bytes,
    }


def _make_plan() -> Plan:
    names = [f"a_wire/dt=2020-01-01/{number:012d}.xml" for number in range(_FILES)]
    files = tuple(
        InputFile(Path("/srv/landing") / name, name, 5_000, "newsml_g2") for name in names
    )
    shards = cut_shards(files, None)
    created_at = "2020-01-02T00:00:00+00:00"
    return Plan(
        date(2020, 1, 1), "daily", "0", Settings(), files, shards, (), None, None, created_at
    )
