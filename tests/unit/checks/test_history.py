from datetime import date, timedelta

import pytest

from include.eventwire.batches.plan import BatchRequest
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.checks.history import find_missing_days, read_history
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import make_receipt
from tests.unit.made_batches import article, land, make_batch, make_settings

DAY = date(2018, 4, 24)
PROFILE = BatchProfile({"wire": SourceCounts(3)}, {"ASSAULT": 1})


def before(days):
    return DAY - timedelta(days=days)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def write(layout, day, batch="daily", profile=PROFILE):
    receipt = make_receipt(batch, day=day, profile=profile and profile.to_json())
    path = layout.receipt_file(day, batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(receipt.to_json())
    return path


def test_reads_the_days_before_and_no_other(layout):
    for days in (0, 1, 28, 29):
        write(layout, before(days))
    write(layout, before(2), "hand-0123456789")
    write(layout, before(-1))
    assert read_history(layout, DAY, "daily") == {before(28): PROFILE, before(1): PROFILE}


def test_receipts_without_counts_and_damaged_ones_are_no_past(layout):
    write(layout, before(1), profile=None)
    write(layout, before(2)).write_text("{")
    assert read_history(layout, DAY, "daily") == {}


def test_days_between_others_are_missing_and_those_before_the_first_are_not(layout):
    for days in (5, 3):
        write(layout, before(days))
    assert find_missing_days(layout, before(1), "daily") == [before(4), before(2), before(1)]


def test_a_lake_without_days_misses_none(layout):
    write(layout, DAY, "hand-0123456789")
    assert find_missing_days(layout, DAY, "daily") == []


def test_a_day_is_compared_with_the_days_before_it_in_the_lake(tmp_path, monkeypatch):
    settings = make_settings(tmp_path, monkeypatch, articles_per_shard=100)
    layout = LakeLayout(settings.lake)
    usual = BatchProfile({"wire": SourceCounts(40), "post": SourceCounts(12)})
    for days in range(1, 15):
        write(layout, before(days), profile=usual)
    land(settings, "a.jsonl", [article(number) for number in range(5)])
    receipt = make_batch(settings)
    warnings = {check.name: check.examples for check in receipt.checks if not check.passed}
    assert warnings["sources_present"][0]["source"] == "post"
    assert warnings["sources_volume"][0]["articles"] == "5"
    assert receipt.profile == {
        "sources": {"wire": {"articles": 5, "undated": 5, "rejects": {}}},
        "event_types": {},
    }


def test_a_batch_of_its_own_is_compared_with_nothing(tmp_path, monkeypatch):
    settings = make_settings(tmp_path, monkeypatch)
    layout = LakeLayout(settings.lake)
    for days in range(1, 15):
        write(layout, before(days), "mine")
    path = land(settings, "a.jsonl", [article(1)])
    receipt = make_batch(settings, BatchRequest(DAY, (str(path),), batch="mine"))
    assert "sources_present" not in {check.name for check in receipt.checks}
    assert receipt.profile is not None
