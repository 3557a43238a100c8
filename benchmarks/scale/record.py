"""Records what the tasks of `code_news` cost on this machine, for the simulation.

A batch goes through the functions of `jobs` in this one process. Times are seconds of processor
time, which a busy machine changes less than those of a clock.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.scale.airflow_times import record_airflow
from benchmarks.scale.made_signatures import record_deduplication
from benchmarks.scale.plan_costs import record_marks, record_plans
from benchmarks.scale.store_requests import record_requests
from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.deduplication.marking import read_duplicates
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import count_rows
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import PROJECT_ROOT, Settings
from include.eventwire.versions import CODER_VERSION, model_version

# News of many publishers beside the project, where it is at hand; else the sample that ships.
_NEWS: Final = PROJECT_ROOT.parent / "shared" / "eval" / "bulk" / "mixed.jsonl.gz"
_DAY: Final = date(2020, 1, 1)

_Result = TypeVar("_Result")


@dataclass(slots=True)
class _Clock:
    """Adds up seconds of processor time by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    def time(self, step: str, call: Callable[[], _Result]) -> _Result:
        began = time.process_time()
        result = call()
        self.seconds[step] = self.seconds.get(step, 0.0) + time.process_time() - began
        return result


def record_costs(
    n_articles: int, database: str | None, before: Mapping[str, object]
) -> dict[str, object]:
    """Return what was measured, by name, each figure in the unit that its name ends in.

    Args:
        n_articles: Most articles that are read and coded.
        database: SQLAlchemy's address of an Airflow database with finished runs of `code_news`;
            None = the figures of Airflow stay those of `before`.
        before: What was recorded before.
    """
    with tempfile.TemporaryDirectory(prefix="eventwire-scale-") as folder:
        figures = _record_batch(Path(folder) / "lake", n_articles)
    figures |= record_plans() | record_marks() | record_deduplication() | record_requests()
    airflow = record_airflow(database) if database else before.get("airflow")
    return {"about": _describe_machine(), "figures": figures, "airflow": airflow}


def _record_batch(lake: Path, n_articles: int) -> dict[str, float]:
    settings = Settings(lake=lake)
    inputs = (str(_NEWS if _NEWS.exists() else settings.landing),)
    request = BatchRequest(_DAY, inputs=inputs, batch="recorded", limit=n_articles)
    clock = _Clock()
    plan = clock.time("plan", lambda: jobs.plan_batch(request, settings, allowed_roots=()))
    for shard in jobs.list_shards(plan):
        clock.time("ingest", partial(jobs.ingest_shard, plan, shard))
    chunks = clock.time("deduplicate", lambda: jobs.deduplicate_batch(plan))
    load_pipeline(settings.model)
    for chunk in chunks:
        clock.time("code", partial(jobs.code_shard, plan, chunk))
    staging = Path(plan).parent
    staged = sum(path.stat().st_size for path in staging.rglob("*.parquet"))
    n_copies = len(read_duplicates(staging).copies)
    clock.time("audit", lambda: jobs.audit_batch(plan))
    receipt = read_receipt(Path(clock.time("publish", lambda: jobs.publish_batch(plan))))
    findings = clock.time("verify", lambda: verify_lake(LakeLayout(lake)))
    if findings:
        raise SystemExit(f"the recorded batch is not whole: {findings}")
    n_coded = receipt.tables["articles"].rows
    return {
        **_per_article(receipt, clock),
        "recorded_articles": n_coded,
        "plan_seconds": clock.seconds["plan"],
        "coder_load_seconds": _time_loading(settings.model),
        "staging_bytes_per_article": staged / n_coded,
        "copies_share": n_copies / n_coded,
        "footer_seconds_per_file": _time_footers(lake),
        "text_bytes_per_article": _text_bytes(lake) / n_coded,
    }


def _per_article(receipt: Receipt, clock: _Clock) -> dict[str, float]:
    n_articles = receipt.tables["articles"].rows
    n_bytes = sum(file.bytes for file in receipt.tables.values())
    return {
        **{
            f"{step}_seconds_per_article": clock.seconds[step] / n_articles
            for step in ("ingest", "code", "audit")
        },
        **{
            f"{step}_seconds_per_byte": clock.seconds[step] / n_bytes
            for step in ("publish", "verify")
        },
        **{f"{name}_rows_per_article": f.rows / n_articles for name, f in receipt.tables.items()},
        **{f"{name}_bytes_per_article": f.bytes / n_articles for name, f in receipt.tables.items()},
    }


def _time_footers(lake: Path) -> float:
    """Return the seconds that reading one footer takes, what a query does with every file."""
    path = LakeLayout(lake).table_file("events", _DAY, "recorded")
    began = time.process_time()
    for _ in range(200):
        count_rows(path)
    return (time.process_time() - began) / 200


def _time_loading(model: str) -> float:
    """Return the seconds that a new process takes to load all that coding needs."""
    code = (
        "import time; from include.eventwire.batches.chunk_coding import load_pipeline; "
        f"load_pipeline({model!r}); print(time.process_time())"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(  # noqa: S603 - our own modules
        command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _text_bytes(lake: Path) -> int:
    """Return the bytes of all texts, uncompressed."""
    path = LakeLayout(lake).table_file("articles", _DAY, "recorded")
    table = pq.read_table(path, columns=["text"], partitioning=None)
    return int(pc.sum(pc.binary_length(table["text"])).as_py())


def _describe_machine() -> dict[str, object]:
    return {
        "recorded_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "coder": CODER_VERSION,
        "model": model_version(Settings().model),
    }
