"""The tasks after coding: tables put together, checked, published and told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.batches.assembly import (
    assemble_tables,
    count_copies,
    count_records,
    count_reused,
    describe_inputs,
)
from include.eventwire.batches.origins import read_origin
from include.eventwire.batches.plan import (
    DAILY,
    Plan,
    PlanError,
    open_plan,
)
from include.eventwire.batches.staging import (
    read_json,
    staged_tables,
    tables_folder,
    write_json,
    written_folder,
)
from include.eventwire.checks.audit import CheckResult, audit_tables
from include.eventwire.checks.batch_profile import BatchProfile, measure_batch
from include.eventwire.checks.history import read_history
from include.eventwire.checks.history_checks import compare_with_history
from include.eventwire.comparison.replaced import describe_replaced
from include.eventwire.deduplication.marking import (
    read_duplicates,
)
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.observability.task_logs import (
    tell_counts,
)
from include.eventwire.schemas import TABLES, TOLD_TABLES
from include.eventwire.versions import current_versions

_LOG: Final = logging.getLogger(__name__)


def audit_batch(plan_path: str) -> str:
    """Put the tables of a batch together in staging and check them; return the plan's path.

    Raises:
        AuditError: A check failed; nothing is published.
    """
    plan, staging = open_plan(plan_path)
    with written_folder(tables_folder(staging)) as folder:
        tables = {table: folder / f"{table}.parquet" for table in TABLES}
        n_rows = assemble_tables(plan, staging, tables)
        counts = {
            "records_in": count_records(plan, staging),
            **n_rows,
            "copies": count_copies(tables["articles"]),
            "articles_reused": count_reused(plan, staging),
        }
        earlier_clusters = read_duplicates(staging).earlier_clusters
        checks = audit_tables(tables, counts["records_in"], earlier_clusters)
        profile = measure_batch(tables)
    checks += _compare_with_days_before(plan, profile)
    warnings = [check for check in checks if not check.passed]
    _LOG.info(
        "%s: audited: %s; %s checks, %s warnings",
        *(plan.label(), tell_counts(n_rows), len(checks), len(warnings)),
    )
    for check in warnings:
        _LOG.info("%s: warning: %s", plan.label(), check.describe())
    write_json(staging / "counts.json", counts)
    write_json(staging / "profile.json", profile.to_json())
    write_json(staging / "checks.json", [check.to_json() for check in checks])
    return plan_path


def publish_batch(plan_path: str, run: Mapping[str, str] | None = None) -> str:
    """Put an audited batch into the lake; return the path of its receipt.

    When another try at the same task has published, and swept the staging that they share, this one
    finds the receipt and has nothing left to do: it was killed after that, or is still running.

    Args:
        plan_path: Path of the plan.
        run: What the receipt tells of the run (dag_id, run_id).

    Raises:
        LakeError: The lake cannot be written; or the batch was coded again, and the one that its
            articles were taken from has been replaced meanwhile.
    """
    if (published := _find_receipt(to_location(plan_path))) is not None:
        return str(published)
    try:
        return _publish(plan_path, run or {})
    except (OSError, PlanError):
        # Of a staging that is being swept the plan may still stand.
        if (published := _find_own_receipt(to_location(plan_path))) is None:
            raise
        return str(published)


def report_batch(receipt_path: str) -> str:
    """Return one line on a published batch: what came in and what came out."""
    receipt = read_receipt(to_location(receipt_path))
    rows = ", ".join(f"{receipt.tables[table].rows:,} {table}" for table in TOLD_TABLES)
    warnings = sum(not check.passed for check in receipt.checks)
    return (
        f"{receipt.day} {receipt.batch}: {receipt.counts['records_in']:,} records in "
        f"{len(receipt.inputs)} files gave {rows}; copies: {receipt.counts.get('copies', 0):,}; "
        f"warnings: {warnings}"
    )


def _publish(plan_path: str, run: Mapping[str, str]) -> str:
    plan, staging = open_plan(plan_path)
    if (origin := read_origin(staging)) is not None:
        origin.check_unchanged(plan, staged_tables(staging)["articles"])
    receipt = Receipt(
        day=plan.day,
        batch=plan.batch,
        inputs=origin.inputs if origin else describe_inputs(plan, staging),
        versions=current_versions(plan.settings.model),
        tables={},
        compared=read_json(staging / "compared.json"),
        counts=read_json(staging / "counts.json"),
        checks=tuple(CheckResult.from_json(check) for check in read_json(staging / "checks.json")),
        run={
            "attempt": plan.run,
            "planned_at": plan.created_at,
            "published_at": _now(),
            **run,
        },
        recoded_from=origin.describe() if origin else None,
        profile=read_json(staging / "profile.json"),
        replaced=_describe_replaced(plan, staging),
    )
    layout, tables = LakeLayout(plan.settings.lake), staged_tables(staging)
    path = publish_tables(layout, plan.day, plan.batch, tables, receipt)
    _LOG.info("%s: published: %s", plan.label(), path)
    return str(path)


def _compare_with_days_before(plan: Plan, profile: BatchProfile) -> list[CheckResult]:
    """Return warnings about what differs from the days before; batches of other kinds have none."""
    if plan.batch != DAILY:
        return []
    history = read_history(LakeLayout(plan.settings.lake), plan.day, plan.batch)
    return [*compare_with_history(plan.day, profile, history)]


def _describe_replaced(plan: Plan, staging: Path) -> dict[str, Any] | None:
    """Return what the batch replaces; a second try still tells what stood there at the first."""
    path = staging / "replaced.json"
    if not path.exists():
        key = BatchKey(plan.day, plan.batch)
        layout, tables = LakeLayout(plan.settings.lake), staged_tables(staging)
        write_json(path, describe_replaced(layout, key, tables))
    return cast("dict[str, Any] | None", read_json(path))


def _find_receipt(plan_path: Path) -> Path | None:
    """Return the receipt of the attempt whose plan is gone from `plan_path`, else None."""
    return None if plan_path.exists() else _find_own_receipt(plan_path)


def _find_own_receipt(plan_path: Path) -> Path | None:
    """Return the receipt of the batch if it is of the attempt whose plan is at `plan_path`."""
    path = LakeLayout.of_plan(plan_path).receipt_of(plan_path)
    is_of_attempt = path.exists() and read_receipt(path).run.get("attempt") == plan_path.parent.name
    return path if is_of_attempt else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
