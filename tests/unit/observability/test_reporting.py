import logging
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.observability import reporting
from include.eventwire.settings import Settings
from tests.lake_rows import make_receipt
from tests.unit.made_batches import article, land, make_batch, make_settings


def fill(lake: Path, *days: int) -> None:
    for number in days:
        day = date(2026, 3, number)
        path = LakeLayout(lake).receipt_file(day, "daily")
        path.parent.mkdir(parents=True)
        path.write_text(make_receipt(day=day).to_json())


@pytest.mark.parametrize(
    ("hour", "missing"),
    [
        (5, ["2026-03-03"]),
        (6, ["2026-03-03", "2026-03-05"]),
        (23, ["2026-03-03", "2026-03-05"]),
    ],
)
def test_a_day_is_missed_six_hours_after_its_end(tmp_path, caplog, hour, missing):
    fill(tmp_path, 1, 2, 4)
    run_at = datetime(2026, 3, 6, hour, tzinfo=UTC)
    assert reporting.report_missing_days(Settings(lake=tmp_path), run_at) == missing
    assert "ALERT days_missing" in caplog.text


def test_no_alert_where_all_days_are_there(tmp_path, caplog):
    fill(tmp_path, 1, 2, 3, 4, 5)
    run_at = datetime(2026, 3, 6, 6, tzinfo=UTC)
    assert reporting.report_missing_days(Settings(lake=tmp_path), run_at) == []
    assert "ALERT" not in caplog.text


def test_each_task_logs_what_it_did_and_no_text(tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    settings = make_settings(tmp_path, monkeypatch, articles_per_shard=100)
    failing = article("make the coder fail")
    land(settings, "a.jsonl", [*(article(number) for number in range(4)), failing, "{broken"])
    make_batch(settings)
    said = [re.sub(r"in [\d.]+ s, [\d,.]+ ", "in ... ", line) for line in caplog.messages]
    label = "2018-04-24 daily"
    for line in (
        f"{label}: shard 0 read: 1 files gave 5 articles, 1 rejects (broken_record 1) "
        "in ... records a second",
        f"{label}: compared with 0 batches of the days before: 0 repeated records, 0 copies; "
        "1 chunks to code",
        f"{label}: chunk 00000/articles-00000 coded: 5 articles (0 taken from the batch before) "
        "gave 0 events, 4 mentions, 1 rejects (unexpected_error 1) in ... articles a second",
        f"{label}: published: {LakeLayout(settings.lake).receipt_file(date(2018, 4, 24), 'daily')}",
    ):
        assert line in said
    assert "foreign ministers" not in caplog.text


def test_a_shard_that_was_read_before_says_so_again(tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    settings = make_settings(tmp_path, monkeypatch)
    land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(date(2018, 4, 24)), settings)
    for _ in range(2):
        jobs.ingest_shard(plan_path, 0)
    assert sum("1 files gave 1 articles, 0 rejects" in line for line in caplog.messages) == 2
