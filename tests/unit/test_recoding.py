"""Stored articles coded again, with a stand-in for the coder and its model."""

import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from include.eventwire import jobs, recoding
from include.eventwire.batches.careful_coding import CodingError
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import hash_file, to_location
from include.eventwire.lake.parquet_files import read_rows, write_rows
from include.eventwire.lake.receipts import TableFile, read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.recoding import RecodeError, RecodeRequest
from include.eventwire.records import Mention, Reject
from include.eventwire.schemas import TABLES
from include.eventwire.versions import ModelNotFoundError
from tests.unit.made_batches import (
    DAY,
    ENGLISH,
    article,
    code_articles,
    hashes_of,
    land,
    make_batch,
    make_settings,
    rows_of,
)

KEY = BatchKey(DAY, "daily")
FORCED = RecodeRequest(force=True)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture
def renew(monkeypatch):
    """Return a function that puts another coder in place, of version 99.

    It finds the last character of an article and fails where that one was "harbour." before.
    """

    def code(articles, plan, on_progress=None):
        hard = [row for row in articles if row.text.endswith("harbour.")]
        rows = code_articles([row for row in articles if row not in hard], plan, on_progress)
        rows["rejects"] += [
            Reject(row.input_uri, row.record_number, "code", "took_too_long", "ten seconds")
            for row in hard
        ]
        rows["mentions"] = [
            Mention(row.article_id, 0, 0, row.n_chars - 1, row.n_chars, row.text[-1], "ORG")
            for row in rows["articles"]
            if row.n_tokens
        ]
        return rows

    def put_in_place():
        stand_in = SimpleNamespace(code_articles=code)
        monkeypatch.setitem(sys.modules, "include.eventwire.batches.chunk_coding", stand_in)
        monkeypatch.setattr("include.eventwire.versions.CODER_VERSION", "99")

    return put_in_place


def recode(settings, request=None, key=KEY):
    """Run all tasks for one batch; return the receipt."""
    plan_path = recoding.plan_recode(key, request or RecodeRequest(), settings)
    for chunk in reversed(recoding.cut_batch(plan_path)):
        recoding.recode_chunk(plan_path, chunk)
    return read_receipt(to_location(jobs.publish_batch(jobs.audit_batch(plan_path))))


def cut_short(layout):
    """Leave a batch as a kill does before its receipt is written."""
    layout.publishing_file(DAY, "daily").write_bytes(layout.receipt_file(DAY, "daily").read_bytes())
    layout.receipt_file(DAY, "daily").unlink()


def land_a_day(settings):
    """Land articles, a copy, one in French, repeated, broken and failing records."""
    french = "Les ministres des affaires étrangères se sont réunis mardi dans la capitale. "
    land(
        settings,
        "a.jsonl",
        [
            article(1),
            article(2),
            {"id": "copy", "text": article(2)["text"].upper()},
            "{broken",
            article(1),
            {"id": "french", "text": french},
            {"text": "make the coder fail"},
        ],
    )


def test_the_same_versions_give_the_same_bytes_without_the_inputs(settings):
    land_a_day(settings)
    before = make_batch(settings)
    hashes = hashes_of(settings)
    (settings.landing / "wire" / "dt=2018-04-24" / "a.jsonl").unlink()
    for articles_per_shard in (1, 100):
        after = recode(replace(settings, articles_per_shard=articles_per_shard), FORCED)
        assert hashes_of(settings) == hashes
    assert (after.inputs, after.counts, after.checks) == (
        before.inputs,
        before.counts,
        before.checks,
    )
    assert verify_lake(LakeLayout(settings.lake)) == []


def test_the_new_coder_is_used_and_all_else_stays(settings, renew):
    land_a_day(settings)
    make_batch(settings)
    kept = {table: rows_of(settings, table) for table in ("articles", "rejects", "signatures")}
    assert [row.text for row in rows_of(settings, "mentions")] == ["The", "The"]
    renew()
    recode(settings)
    assert [row.text for row in rows_of(settings, "mentions")] == [".", "."]
    assert {table: rows_of(settings, table) for table in kept} == kept


def test_the_receipt_tells_what_was_coded_again(settings, monkeypatch):
    land_a_day(settings)
    before = make_batch(settings)
    monkeypatch.setattr("include.eventwire.versions.CODER_VERSION", "99")
    after = recode(settings)
    assert after.versions == {**before.versions, "coder": "99"}
    assert after.recoded_from == {
        "versions": before.versions,
        "sha256": {
            table: before.tables[table].sha256 for table in ("articles", "rejects", "signatures")
        },
    }
    assert after.compared == before.compared


def test_rejects_of_the_old_coder_are_kept_and_told(settings, caplog):
    land_a_day(settings)
    make_batch(settings)
    recode(settings, FORCED)
    assert [row.stage for row in rows_of(settings, "rejects")] == ["read", "deduplicate", "code"]
    assert "2018-04-24 daily: 1 articles could not be coded when they came in" in caplog.text


def test_an_article_that_the_coder_fails_on_stays_with_a_warning(settings, renew, caplog):
    hard = article(2, text=f"{ENGLISH}They looked at the harbour.")
    land(settings, "a.jsonl", [article(1), hard])
    make_batch(settings)
    undoing = sys.modules["include.eventwire.batches.chunk_coding"]
    renew()
    receipt = recode(settings)
    one, failed = rows_of(settings, "articles")
    assert (one.n_tokens, one.warnings) == (1, None)
    assert (failed.n_tokens, failed.warnings) == (None, "coding_failed")
    assert receipt.counts["rejects"] == 0
    assert "a.jsonl record 2: ten seconds" in caplog.text
    sys.modules["include.eventwire.batches.chunk_coding"] = undoing
    recode(settings, FORCED)
    assert [(row.n_tokens, row.warnings) for row in rows_of(settings, "articles")] == [
        (1, None), (1, None),
    ]  # fmt: skip


def test_a_coder_that_fails_on_most_articles_changes_nothing(settings, renew):
    texts = [f"{ENGLISH}Number {number} at the harbour." for number in range(10)]
    land(settings, "a.jsonl", [{"text": text} for text in texts])
    make_batch(settings)
    hashes = hashes_of(settings)
    renew()
    with pytest.raises(CodingError, match="10 of 10"):
        recode(replace(settings, articles_per_shard=100))
    assert hashes_of(settings) == hashes


def test_batches_that_the_current_versions_coded_are_left(settings, monkeypatch):
    land_a_day(settings)
    make_batch(settings)
    choice = recoding.choose_batches(RecodeRequest(), settings)
    assert (choice.wanted, choice.current) == ((), (KEY,))
    assert recoding.choose_batches(FORCED, settings).wanted == (KEY,)
    monkeypatch.setattr("include.eventwire.versions.CODER_VERSION", "99")
    assert recoding.choose_batches(RecodeRequest(), settings).wanted == (KEY,)
    recode(settings)
    assert recoding.choose_batches(RecodeRequest(), settings).current == (KEY,)


def test_days_and_batch_are_chosen(settings):
    days = [date(2018, 4, number) for number in (23, 24, 25)]
    for day in days:
        land(settings, "a.jsonl", [article(day)], day=day)
        make_batch(settings, BatchRequest(day))
        make_batch(settings, BatchRequest(day, batch="trial", limit=1))

    def wanted(**request):
        choice = recoding.choose_batches(RecodeRequest(force=True, **request), settings)
        return [(key.day.day, key.batch) for key in choice.wanted]

    assert len(wanted()) == 6
    assert wanted(first_day=days[1], last_day=days[1]) == [(24, "daily"), (24, "trial")]
    assert wanted(first_day=days[1], batch="daily") == [(24, "daily"), (25, "daily")]
    assert wanted(last_day=days[0], batch="trial") == [(23, "trial")]
    assert wanted(batch="other") == []
    with pytest.raises(RecodeError, match="lies before"):
        wanted(first_day=days[1], last_day=days[0])


def test_the_result_goes_to_another_lake_and_the_first_is_untouched(settings, tmp_path, renew):
    land_a_day(settings)
    make_batch(settings)
    hashes = hashes_of(settings)
    receipt_path = LakeLayout(settings.lake).receipt_file(DAY, "daily")
    before = receipt_path.read_bytes()
    renew()
    request = RecodeRequest(into=tmp_path / "other")
    assert recoding.choose_batches(request, settings).wanted == (KEY,)
    recode(settings, request)
    assert (hashes_of(settings), receipt_path.read_bytes()) == (hashes, before)
    other = replace(settings, lake=tmp_path / "other")
    assert [row.text for row in rows_of(other, "mentions")] == [".", "."]
    assert rows_of(other, "articles") == rows_of(settings, "articles")
    assert verify_lake(LakeLayout(other.lake)) == []
    assert recoding.choose_batches(request, settings).current == (KEY,)
    # Not after the articles have changed.
    land(settings, "b.jsonl", [article(9)])
    make_batch(settings)
    assert recoding.choose_batches(request, settings).wanted == (KEY,)


def test_another_lake_loses_nothing_of_its_own(settings, tmp_path):
    land_a_day(settings)
    make_batch(settings)
    make_batch(replace(settings, lake=tmp_path / "other"))
    with pytest.raises(RecodeError, match="inputs of its own"):
        recode(settings, RecodeRequest(into=tmp_path / "other"))
    with pytest.raises(RecodeError, match="name another one"):
        recoding.choose_batches(RecodeRequest(into=settings.lake), settings)


def test_copies_of_earlier_days_stay_copies_and_are_no_warning(settings):
    day_before = date(2018, 4, 23)
    land(settings, "a.jsonl", [article(1)], day=day_before)
    make_batch(settings, BatchRequest(day_before))
    land(settings, "a.jsonl", [article(1, title="Again"), article(2)])
    before = make_batch(settings)
    assert [row.is_canonical for row in rows_of(settings, "articles")] == [False, True]
    hashes = hashes_of(settings)
    after = recode(settings, FORCED)
    assert hashes_of(settings) == hashes
    assert after.checks == before.checks


def test_a_lake_from_before_signatures_gets_them(settings):
    land_a_day(settings)
    before = make_batch(settings)
    signatures = rows_of(settings, "signatures")
    layout = LakeLayout(settings.lake)
    tables = {name: file for name, file in before.tables.items() if name != "signatures"}
    layout.receipt_file(DAY, "daily").write_text(replace(before, tables=tables).to_json())
    layout.table_file("signatures", DAY, "daily").unlink()
    recode(settings, FORCED)
    assert rows_of(settings, "signatures") == signatures


def test_tasks_that_are_tried_again_change_nothing(settings):
    land_a_day(settings)
    make_batch(settings)
    hashes = hashes_of(settings)
    plan_path = recoding.plan_recode(KEY, FORCED, settings)
    for _ in range(2):
        chunks = recoding.cut_batch(plan_path)
        assert recoding.count_wanted(plan_path) == 3
        for chunk in chunks:
            recoding.recode_chunk(plan_path, chunk)
        jobs.audit_batch(plan_path)
    receipt = jobs.publish_batch(plan_path)
    assert jobs.publish_batch(plan_path) == receipt
    assert hashes_of(settings) == hashes


def test_a_batch_that_is_replaced_meanwhile_is_left(settings):
    land_a_day(settings)
    make_batch(settings)
    early, late = (recoding.plan_recode(KEY, FORCED, settings) for _ in range(2))
    for chunk in recoding.cut_batch(early):
        recoding.recode_chunk(early, chunk)
    jobs.audit_batch(early)
    land(settings, "b.jsonl", [article(9)])
    make_batch(settings)
    hashes = hashes_of(settings)
    with pytest.raises(LakeError, match="replaced while it was coded again"):
        jobs.publish_batch(early)
    with pytest.raises(LakeError, match="not the file of its receipt"):
        recoding.cut_batch(late)
    assert hashes_of(settings) == hashes


def test_an_article_that_left_the_lake_meanwhile_is_not_brought_back(settings, renew):
    # The batch is coded again, and then loses an article, while a slower run still has both.
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    renew()
    slow = recoding.plan_recode(KEY, RecodeRequest(), settings)
    for chunk in recoding.cut_batch(slow):
        recoding.recode_chunk(slow, chunk)
    jobs.audit_batch(slow)
    receipt = recode(settings)
    layout = LakeLayout(settings.lake)
    path = layout.table_file("articles", DAY, "daily")
    write_rows(path, "articles", list(read_rows(path, "articles"))[:1])
    file = TableFile(1, path.stat().st_size, hash_file(path))
    shorter = replace(receipt, tables={**receipt.tables, "articles": file})
    layout.receipt_file(DAY, "daily").write_bytes(shorter.to_json().encode())
    with pytest.raises(LakeError, match="replaced while it was coded again"):
        jobs.publish_batch(slow)


def test_two_runs_at_once_both_end_right(settings, renew):
    land_a_day(settings)
    make_batch(settings)
    renew()
    plans = [recoding.plan_recode(KEY, RecodeRequest(), settings) for _ in range(2)]
    for plan_path in plans:
        for chunk in recoding.cut_batch(plan_path):
            recoding.recode_chunk(plan_path, chunk)
        jobs.audit_batch(plan_path)
    for plan_path in plans:
        jobs.publish_batch(plan_path)
    assert [row.text for row in rows_of(settings, "mentions")] == [".", "."]
    assert verify_lake(LakeLayout(settings.lake)) == []


@pytest.mark.parametrize("n_replaced", range(len(TABLES) + 1))
def test_a_publication_that_was_cut_short_is_healed_by_the_next_run(
    settings, renew, tmp_path, n_replaced
):
    # As after a kill between the removal of the old receipt and the making of the new one.
    land_a_day(settings)
    make_batch(settings)
    renew()
    layout = LakeLayout(settings.lake)
    old = {table: layout.table_file(table, DAY, "daily").read_bytes() for table in TABLES}
    recode(settings)
    hashes = hashes_of(settings)
    cut_short(layout)
    for table in list(TABLES)[n_replaced:]:
        layout.table_file(table, DAY, "daily").write_bytes(old[table])
    assert recoding.choose_batches(RecodeRequest(), settings).wanted == (KEY,)
    recode(settings)
    assert hashes_of(settings) == hashes
    assert verify_lake(layout) == []


def test_a_torn_batch_that_is_not_of_a_recoding_is_refused(settings):
    land_a_day(settings)
    make_batch(settings)
    layout = LakeLayout(settings.lake)
    cut_short(layout)
    path = layout.table_file("articles", DAY, "daily")
    write_rows(path, "articles", list(read_rows(path, "articles"))[:1])
    with pytest.raises(LakeError, match="run the batch again from its inputs"):
        recode(settings)


def test_damaged_articles_are_refused(settings):
    land_a_day(settings)
    make_batch(settings)
    path = LakeLayout(settings.lake).table_file("articles", DAY, "daily")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(LakeError, match="verify the lake"):
        recode(settings, FORCED)


def test_what_cannot_be_done_is_told_before_anything_is_written(settings, tmp_path):
    land_a_day(settings)
    make_batch(settings)
    request = RecodeRequest(model="no_such_model", into=tmp_path / "other")
    with pytest.raises(ModelNotFoundError, match="no_such_model"):
        recoding.choose_batches(request, settings)
    assert not (tmp_path / "other").exists()
