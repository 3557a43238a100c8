"""Batches of a day that were started by hand become one, and no row is changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from include.eventwire import jobs, recoding
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import BatchKey, BatchNameError, CompactedBatchError, LakeLayout
from include.eventwire.lake.publishing import publish_tables, write_synced
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.maintenance import compaction, rewriting
from include.eventwire.maintenance.compaction import compact_lake
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from include.eventwire.maintenance.jobs import heal_lake, join_batches
from include.eventwire.recoding import RecodeRequest
from include.eventwire.schemas import TABLES
from tests.unit.made_batches import DAY, article, hashes_of, land, make_batch, rows_of
from tests.unit.maintenance.lakes import errors, record, run_by_hand, source_ids, stored

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def layout(settings):
    return LakeLayout(settings.lake)


@pytest.fixture
def three(settings):
    """A day with a daily batch and three that were started by hand."""
    make_three(settings)


def make_three(settings):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    run_by_hand(settings, "b", article(3), "{broken", article(4))
    run_by_hand(settings, "a", article(1), article(2))
    run_by_hand(settings, "c", article(5))


def test_the_rows_stay_what_they_were_in_the_order_of_the_batches(settings, layout, three):
    before = {
        table: [row for key in "abc" for row in rows_of(settings, table, key)] for table in TABLES
    }
    daily = hashes_of(settings)
    (done,) = compact_lake(layout, 2)
    assert (done.joined, dict(done.apart)) == (("a", "b", "c"), {})
    assert {table: rows_of(settings, table, "compacted") for table in TABLES} == before
    assert source_ids(settings) == {
        "2018-04-24 compacted": ["1", "2", "3", "4", "5"],
        "2018-04-24 daily": ["0"],
    }
    assert hashes_of(settings) == daily
    assert errors(settings) == []
    assert list(layout.staging_runs()) == []


def test_the_receipt_tells_all_inputs_and_sums(settings, layout, three):
    compact_lake(layout, 2)
    receipt = read_receipt(layout.receipt_file(DAY, "compacted"))
    assert [str(file["uri"]).rpartition("/")[2] for file in receipt.inputs] == [
        "a.jsonl", "b.jsonl", "c.jsonl",
    ]  # fmt: skip
    assert (receipt.counts["records_in"], receipt.counts["articles"]) == (6, 5)
    assert receipt.counts["rejects"] == 1
    assert [named["batch"] for named in receipt.compared] == ["daily"]
    assert receipt.run["joined"] == "a b c"


@pytest.mark.parametrize(("above", "n_left"), [(2, 2), (3, 4)])
def test_only_days_with_more_batches_than_that(settings, layout, three, above, n_left):
    run_by_hand(settings, "x", article(9), day=NEXT)
    compact_lake(layout, above)
    assert len(list(layout.receipts())) == n_left + 1


def test_the_bytes_are_the_same_whoever_makes_them(settings, layout, three, tmp_path):
    compact_lake(layout, 2)
    first = hashes_of(settings, "compacted")
    again = replace(settings, lake=tmp_path / "again")
    for name, numbers in (("c", [5]), ("a", [1, 2]), ("b", [3, 4])):
        records = [article(number) for number in numbers]
        run_by_hand(again, name, *(records if name != "b" else [records[0], "{broken", records[1]]))
    compact_lake(LakeLayout(again.lake), 2)
    assert hashes_of(again, "compacted") == first


def test_batches_that_come_later_join_the_compacted_one(settings, layout, three):
    compact_lake(layout, 2)
    run_by_hand(settings, "aa", article(6))
    (done,) = compact_lake(layout, 1)
    assert done.joined == ("compacted", "aa")
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "3", "4", "5", "6"]
    assert errors(settings) == []


def test_batches_of_other_versions_stay_apart(settings, layout, three):
    path = layout.receipt_file(DAY, "b")
    receipt = read_receipt(path)
    changed = replace(receipt, versions={**receipt.versions, "lexicon": "another"})
    write_synced(path, changed.to_json())
    (done,) = compact_lake(layout, 2)
    assert done.joined == ("a", "c")
    assert dict(done.apart) == {"b": "made by other versions; recode it first"}
    assert source_ids(settings).keys() == {
        "2018-04-24 b", "2018-04-24 compacted", "2018-04-24 daily",
    }  # fmt: skip


def test_batches_that_share_an_article_stay_apart(settings, layout, three):
    run_by_hand(settings, "d", article(5), article(6))
    lines = join_batches(layout, replace(settings, compact_above=2))
    assert lines == [
        "2018-04-24: 3 batches became one",
        "2018-04-24 d: holds an article that c holds too",
    ]
    assert source_ids(settings)["2018-04-24 d"] == ["5", "6"]


def test_a_batch_that_became_part_of_another_is_not_made_again(settings, layout, three):
    path = settings.landing / "a.jsonl"
    planned = jobs.plan_batch(BatchRequest(DAY, inputs=(str(path),), batch="a"), settings)
    jobs.ingest_shard(planned, 0)
    for chunk in jobs.deduplicate_batch(planned):
        jobs.code_shard(planned, chunk)
    jobs.audit_batch(planned)
    compact_lake(layout, 2)
    before = stored(settings)
    with pytest.raises(CompactedBatchError, match="became part of the batch `compacted`"):
        jobs.publish_batch(planned)
    with pytest.raises(CompactedBatchError, match="2018-04-24 a"):
        run_by_hand(settings, "a", article(1))
    assert stored(settings) == before


def test_the_name_is_kept_for_the_upkeep():
    with pytest.raises(BatchNameError, match="kept for the upkeep"):
        BatchRequest(DAY, batch="compacted")


def test_a_damaged_batch_stops_it_before_anything_leaves(settings, layout, three):
    path = layout.table_file("events", DAY, "b")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(OSError, match=r"not the file of its receipt.*run 2018-04-24 b again"):
        compact_lake(layout, 2)
    assert len(source_ids(settings)) == 4
    assert list(layout.compactions()) == []


class KilledError(BaseException):
    """The process ends here."""


def steps(monkeypatch, step):
    """Let the process end before step number `step` of those that change the lake."""
    n_done = 0

    def dying(function):
        def call(*arguments, **options):
            nonlocal n_done
            if n_done == step:
                raise KilledError
            n_done += 1
            return function(*arguments, **options)

        return call

    for name in ("write_synced", "publish_tables", "_remove_batch", "_remove_files"):
        monkeypatch.setattr(compaction, name, dying(getattr(compaction, name)))


@pytest.mark.parametrize("step", range(8))
def test_killed_at_any_step_it_is_finished_by_the_next_upkeep(
    settings, layout, three, monkeypatch, step
):
    before = sorted(row.article_id for rows in stored(settings).values() for row in rows)
    steps(monkeypatch, step)
    with pytest.raises(KilledError):
        compact_lake(layout, 2)
    monkeypatch.undo()
    if step > 1:
        with pytest.raises(CompactedBatchError):
            jobs.plan_batch(BatchRequest(DAY, inputs=("b.jsonl",), batch="b"), settings)
    heal_lake(layout)
    after = sorted(row.article_id for rows in stored(settings).values() for row in rows)
    assert after == before
    assert errors(settings) == []
    assert list(layout.compactions()) == []
    assert (len(source_ids(settings)) == 2) is (step > 1)
    compact_lake(layout, 2)
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "3", "4", "5"]


def test_what_a_later_day_was_compared_with_is_found_in_the_compacted_batch(settings, layout):
    for number, name in enumerate("abc"):
        run_by_hand(settings, name, record(number, text=article(number)["text"] * 9))
    land(settings, "a.jsonl", [record(1, text=article(1)["text"] * 9)], day=NEXT)
    make_batch(settings, BatchRequest(NEXT))
    compact_lake(layout, 2)
    # The same record on a later day is a copy of itself, which coding it again must still know.
    plan_path = recoding.plan_recode(BatchKey(NEXT, "daily"), RecodeRequest(force=True), settings)
    for chunk in recoding.cut_batch(plan_path):
        recoding.recode_chunk(plan_path, chunk)
    jobs.publish_batch(jobs.audit_batch(plan_path))
    (row,) = rows_of(settings, "articles", day=NEXT)
    assert (row.is_canonical, row.duplicate_kind) == (False, "exact")


def test_an_article_is_forgotten_in_a_compacted_batch(settings, layout, three):
    compact_lake(layout, 2)
    (wanted,) = [
        row.article_id for row in rows_of(settings, "articles", "compacted") if row.source_id == "3"
    ]
    forget(layout, ForgetRequest(wanted))
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "4", "5"]
    assert wanted.encode() not in layout.compacted_file(DAY, "b").read_bytes()
    assert errors(settings) == []


def test_a_batch_that_was_replaced_while_it_was_rewritten_is_left_alone(
    settings, layout, three, monkeypatch
):
    def publish_later(*arguments, **options):
        run_by_hand(settings, "c", article(5), article(7))
        return publish_tables(*arguments, **options)

    monkeypatch.setattr(rewriting, "publish_tables", publish_later)
    (wanted,) = [row.article_id for row in rows_of(settings, "articles", "c")]
    with pytest.raises(ValueError, match="was replaced meanwhile"):
        forget(layout, ForgetRequest(wanted))
    assert source_ids(settings)["2018-04-24 c"] == ["7"]
