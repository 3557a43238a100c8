"""Whole batches, task by task, with a stand-in for the coder and its model."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from include.eventwire import jobs
from include.eventwire.batches import planning
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.records import Mention, Reject
from include.eventwire.schemas import TABLES
from include.eventwire.settings import Settings

DAY = date(2018, 4, 24)
ENGLISH = "The foreign ministers of both countries met in the capital on Tuesday for talks. "


def code_articles(articles, plan, on_progress=None):
    """Find the first word of each English article as a mention; fail on what asks for it."""
    rows = {table: [] for table in TABLES}
    for coded in articles:
        if "make the coder fail" in coded.text:
            rows["rejects"].append(
                Reject(coded.input_uri, coded.record_number, "code", "unexpected_error", "boom")
            )
            continue
        if coded.language not in plan.settings.coded_languages:
            rows["articles"].append(coded)
            continue
        word = coded.text.split()[0]
        rows["articles"].append(replace(coded, n_tokens=1, n_sentences=1))
        rows["mentions"].append(Mention(coded.article_id, 0, 0, 0, len(word), word, "ORG"))
    if on_progress is not None:
        on_progress(len(articles))
    return rows


def make_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Settings:
    """Return settings for a lake and a landing area of their own, with the stand-in in place."""
    stand_in = SimpleNamespace(code_articles=code_articles)
    monkeypatch.setitem(sys.modules, "include.eventwire.batches.chunk_coding", stand_in)
    monkeypatch.setattr(planning, "load_lexicon", lambda: None)
    landing = tmp_path / "landing"
    landing.mkdir()
    settings = Settings(
        lake=tmp_path / "lake", landing=landing, allowed_roots=(landing,), articles_per_shard=2
    )
    return replace(settings, **changes)


def land(
    settings: Settings,
    name: str,
    records: Sequence[str | dict[str, Any]],
    source: str = "wire",
    day: date = DAY,
) -> Path:
    """Write records (or broken lines) where files of the day arrive."""
    path = settings.landing / source / f"dt={day.isoformat()}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines))
    return path


def make_batch(settings: Settings, request: BatchRequest | None = None, **options: Any) -> Receipt:
    """Run all tasks; return the receipt."""
    plan_path = jobs.plan_batch(request or BatchRequest(DAY), settings, **options)
    for shard in reversed(jobs.list_shards(plan_path)):
        jobs.ingest_shard(plan_path, shard)
    for chunk in reversed(jobs.deduplicate_batch(plan_path)):
        jobs.code_shard(plan_path, chunk)
    return read_receipt(to_location(jobs.publish_batch(jobs.audit_batch(plan_path))))


def rows_of(settings: Settings, table: str, batch: str = "daily", day: date = DAY) -> list[Any]:
    """Return the published rows of a table of a batch."""
    return list(read_rows(LakeLayout(settings.lake).table_file(table, day, batch), table))


def hashes_of(settings: Settings, batch: str = "daily", day: date = DAY) -> dict[str, str]:
    """Return the SHA-256 of each published file of a batch."""
    layout = LakeLayout(settings.lake)
    files = {table: layout.table_file(table, day, batch) for table in TABLES}
    return {table: hashlib.sha256(path.read_bytes()).hexdigest() for table, path in files.items()}


def article(number: object, **fields: Any) -> dict[str, Any]:
    """Return the record of an article that is unlike those of other numbers."""
    return {"id": str(number), "text": f"{ENGLISH}Number {number}.", **fields}
