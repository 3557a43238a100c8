"""Reports follow what becomes of their batches: run again, forgotten, put together."""

import logging
from datetime import timedelta

import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.maintenance.compaction import compact_lake, finish_compactions
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from include.eventwire.maintenance.jobs import heal_lake, join_batches, tell_forgotten
from include.eventwire.observability import reporting
from include.eventwire.reports.files import find_stale, write_report
from tests.unit.made_batches import DAY, article, land, make_batch, make_settings
from tests.unit.maintenance.lakes import run_by_hand, stored

KEY = BatchKey(DAY, "daily")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture
def layout(settings):
    return LakeLayout(settings.lake)


def read(layout, key=KEY):
    return layout.report_file(key.day, key.batch).read_text(encoding="utf-8")


def id_of(settings, source_id):
    rows = stored(settings)["2018-04-24 daily"]
    return next(row.article_id for row in rows if row.source_id == source_id)


def test_the_report_is_written_at_the_end_of_a_run(settings, layout, monkeypatch):
    monkeypatch.setattr(reporting, "flush_metrics", lambda: None)
    land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    line = reporting.report_batch(str(layout.receipt_file(DAY, "daily")))
    assert line == jobs.report_batch(str(layout.receipt_file(DAY, "daily")))
    assert "1 records in 1 files" in read(layout)


def test_a_report_that_cannot_be_written_stops_nothing_and_is_told(
    settings, layout, monkeypatch, caplog
):
    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(reporting, "write_report", fail)
    monkeypatch.setattr(reporting, "flush_metrics", lambda: None)
    land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    line = reporting.report_batch(str(layout.receipt_file(DAY, "daily")))
    assert line.endswith("; its report could not be written, see the log")
    (record,) = (one for one in caplog.records if one.levelno == logging.ERROR)
    assert "no space left" in record.exc_text


def test_a_forgotten_article_leaves_the_reports(settings, layout):
    land(settings, "a.jsonl", [article(1, publisher="secret gazette"), article(2)])
    make_batch(settings)
    write_report(layout, KEY)
    assert "secret gazette" in read(layout)
    done = forget(layout, ForgetRequest(id_of(settings, "1")))
    assert done.reports == (KEY,)
    assert "reported on anew: 2018-04-24 daily" in tell_forgotten(done)
    assert "secret gazette" not in read(layout)
    assert "1 articles were forgotten on request" in read(layout)
    assert find_stale(layout) == []


def test_an_old_report_that_quotes_the_article_goes_too(settings, layout):
    """The batch was made again without the article, and its report was not."""
    land(settings, "a.jsonl", [article(1, publisher="secret gazette"), article(2)])
    land(settings, "a.jsonl", [article(1, publisher="secret gazette")], day=DAY + timedelta(days=1))
    make_batch(settings)
    make_batch(settings, BatchRequest(DAY + timedelta(days=1)))
    wanted = id_of(settings, "1")
    write_report(layout, KEY)
    land(settings, "a.jsonl", [article(2)])
    make_batch(settings)
    assert "secret gazette" in read(layout)
    forget(layout, ForgetRequest(wanted))
    assert "secret gazette" not in read(layout)


def test_a_batch_without_a_report_gets_none_by_forgetting(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    assert forget(layout, ForgetRequest(id_of(settings, "1"))).reports == ()
    assert list(layout.reports()) == []


def test_killed_while_forgetting_no_report_is_left_that_quotes(settings, layout, monkeypatch):
    from include.eventwire.maintenance import forgetting

    land(settings, "a.jsonl", [article(1, publisher="secret gazette"), article(2)])
    make_batch(settings)
    write_report(layout, KEY)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "rewrite_batch", die)
        with pytest.raises(KeyboardInterrupt):
            forget(layout, ForgetRequest(id_of(settings, "1")))
    assert list(layout.reports()) == []
    heal_lake(layout)
    assert "1" not in [row.source_id for row in stored(settings)["2018-04-24 daily"]]


def test_a_batch_that_became_part_of_another_has_no_report(settings, layout):
    for name in ("a", "b"):
        run_by_hand(settings, name, article(name))
        write_report(layout, BatchKey(DAY, name))
    settings = type(settings)(lake=settings.lake, landing=settings.landing, compact_above=1)
    join_batches(layout, settings)
    joined = BatchKey(DAY, "compacted")
    assert [key for key, _ in layout.reports()] == [joined]
    assert "2 records in 2 files" in read(layout, joined)
    assert find_stale(layout) == []


def test_a_compaction_that_was_killed_takes_the_reports_along_later(settings, layout):
    for name in ("a", "b"):
        run_by_hand(settings, name, article(name))
    compact_lake(layout, 1)
    path = layout.report_file(DAY, "a")
    path.parent.mkdir(parents=True)
    path.write_text("left behind")
    finish_compactions(layout)
    assert list(layout.reports()) == []


def test_upkeep_writes_stale_reports_anew(settings, layout):
    land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    write_report(layout, KEY)
    land(settings, "a.jsonl", [article(1), article(2), "{broken"])
    make_batch(settings)
    assert heal_lake(layout) == ["2018-04-24 daily: its report was written anew"]
    assert "3 records in 1 files" in read(layout)
    assert heal_lake(layout) == []


def test_the_receipt_tells_what_the_batch_replaced(settings, layout):
    land(settings, "a.jsonl", [article(1)])
    first = make_batch(settings)
    assert first.replaced is None
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    told = read_receipt(layout.receipt_file(DAY, "daily")).replaced
    assert told["published_at"] == first.run["published_at"]
    assert told["versions"] == dict(first.versions)
    assert (told["rows"]["articles"], told["articles_in_both"]) == (1, 1)
    assert told["events"] == {"a": 0, "b": 0, "gained": 0, "lost": 0, "changed": 0}
