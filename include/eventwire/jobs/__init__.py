"""One function per task: read, call stages, write. The DAGs map them, the command line too.

Each takes and returns paths and small values, may be tried again or run twice at once, and leaves
either all of its result or nothing.
"""

from include.eventwire.jobs.coding import (
    check_failures,
    code_chunks,
    code_once,
    code_shard,
    count_begun,
    find_cut_short,
    load_coder,
    share_coding,
)
from include.eventwire.jobs.publishing import audit_batch, publish_batch, report_batch
from include.eventwire.jobs.reading import (
    batch_label,
    count_articles,
    deduplicate_batch,
    ingest_shard,
    list_shards,
    plan_batch,
)

__all__ = [
    "audit_batch",
    "batch_label",
    "check_failures",
    "code_chunks",
    "code_once",
    "code_shard",
    "count_articles",
    "count_begun",
    "deduplicate_batch",
    "find_cut_short",
    "ingest_shard",
    "list_shards",
    "load_coder",
    "plan_batch",
    "publish_batch",
    "report_batch",
    "share_coding",
]
