"""The tasks of a batch, one after the other, with a stand-in for the coder and its model."""

import errno
import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from include.eventwire import jobs
from include.eventwire.batches import planning
from include.eventwire.batches.careful_coding import CodingError
from include.eventwire.batches.plan import BatchRequest, PlanError
from include.eventwire.inputs.selection import InputError
from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.locations import remove_folder, to_location
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lexicon import LexiconError
from include.eventwire.schemas import TABLES, VERSION_MARK, SchemaVersionError
from include.eventwire.versions import ModelNotFoundError
from tests.unit.made_batches import (
    DAY,
    ENGLISH,
    article,
    hashes_of,
    land,
    make_batch,
    make_settings,
    rows_of,
)

FRENCH = "Les ministres des affaires étrangères se sont réunis mardi dans la capitale pour parler. "


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def test_every_record_is_an_article_or_a_reject(settings):
    land(settings, "a.jsonl", [article(1), "{broken", article(2), {"title": "no text"}])
    land(settings, "b.jsonl", [article(1), article(3), {"text": "make the coder fail"}])
    land(settings, "c.docx", ["?"])
    receipt = make_batch(settings)
    assert [row.source_id for row in rows_of(settings, "articles")] == ["1", "2", "3"]
    assert [
        (row.input_uri.rpartition("/")[2], row.record_number, row.stage, row.reason)
        for row in rows_of(settings, "rejects")
    ] == [
        ("c.docx", None, "read", "unknown_format"),
        ("a.jsonl", 2, "read", "broken_record"),
        ("a.jsonl", 4, "check", "empty_text"),
        ("b.jsonl", 1, "deduplicate", "duplicate_article"),
        ("b.jsonl", 3, "code", "unexpected_error"),
    ]
    assert receipt.counts["records_in"] == 8
    assert receipt.counts["articles"] == 3
    assert receipt.counts["rejects"] == 5


def test_articles_in_other_languages_are_stored_and_not_coded(settings):
    land(settings, "a.jsonl", [article(1), {"id": "2", "text": FRENCH}])
    make_batch(settings)
    english, french = rows_of(settings, "articles")
    assert (english.language, french.language) == ("en", "fr")
    assert (english.n_tokens, french.n_tokens) == (1, None)
    assert [row.article_id for row in rows_of(settings, "mentions")] == [english.article_id]


def test_copies_are_kept_and_clustered_across_files(settings):
    land(settings, "a.jsonl", [article(1), {"id": "late", "date": "2018-04-24", "text": ENGLISH}])
    land(settings, "b.jsonl", [{"id": "early", "date": "2018-04-23", "text": ENGLISH}])
    make_batch(settings)
    first, late, early = rows_of(settings, "articles")
    assert [row.duplicate_kind for row in (first, late, early)] == [None, "exact", None]
    assert late.cluster_id == early.cluster_id == early.article_id
    assert first.cluster_id == first.article_id


def test_bytes_do_not_depend_on_how_the_work_is_cut(settings, monkeypatch):
    for name in "abc":
        records = [article(f"{name}{number}") for number in range(7)]
        land(settings, f"{name}.jsonl", [*records, "{broken", article("a1")])
    seen = []
    for articles_per_shard, shard_files in [(2, 2_000), (3, 1), (100, 2)]:
        monkeypatch.setattr("include.eventwire.batches.plan._SHARD_FILES", shard_files)
        make_batch(replace(settings, articles_per_shard=articles_per_shard))
        seen.append(hashes_of(settings))
    assert seen[0] == seen[1] == seen[2]
    assert [row.source_id for row in rows_of(settings, "articles")][:8] == [
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "b0",
    ]  # fmt: skip


def test_the_limit_counts_over_files(settings):
    for name in "abc":
        land(settings, f"{name}.jsonl", [article(f"{name}{number}") for number in range(2)])
    receipt = make_batch(settings, BatchRequest(DAY, batch="trial", limit=3))
    ids = [row.source_id for row in rows_of(settings, "articles", "trial")]
    assert ids == ["a0", "a1", "b0"]
    assert [Path(str(file["uri"])).name for file in receipt.inputs] == ["a.jsonl", "b.jsonl"]


def test_a_day_whose_input_is_gone_becomes_empty(settings):
    path = land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    path.unlink()
    receipt = make_batch(settings)
    assert receipt.counts["records_in"] == 0
    assert all(rows_of(settings, table) == [] for table in TABLES)


def test_only_the_day_of_the_request_is_read_and_no_hidden_folder(settings):
    land(settings, "a.jsonl", [article(1)])
    land(settings, "a.jsonl", [article(2)], day=date(2018, 4, 25))
    land(settings, "a.jsonl", [article(3)], source=".fetching")
    make_batch(settings)
    assert [row.source_id for row in rows_of(settings, "articles")] == ["1"]


def test_tasks_that_are_tried_again_change_nothing(settings):
    land(settings, "a.jsonl", [article(number) for number in range(5)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    for _ in range(2):
        jobs.ingest_shard(plan_path, 0)
        chunks = jobs.deduplicate_batch(plan_path)
        assert jobs.count_articles(plan_path) == 5
        for chunk in chunks:
            jobs.code_shard(plan_path, chunk)
        jobs.audit_batch(plan_path)
    jobs.publish_batch(plan_path)
    assert len(rows_of(settings, "articles")) == 5


def test_a_task_of_a_batch_that_was_published_says_so(settings):
    land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan_path, 0)
    for chunk in jobs.deduplicate_batch(plan_path):
        jobs.code_shard(plan_path, chunk)
    jobs.audit_batch(plan_path)
    jobs.publish_batch(plan_path)
    with pytest.raises(PlanError, match="was published"):
        jobs.audit_batch(plan_path)


def test_publishing_again_what_was_published_finds_the_receipt(settings):
    land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan_path, 0)
    for chunk in jobs.deduplicate_batch(plan_path):
        jobs.code_shard(plan_path, chunk)
    jobs.audit_batch(plan_path)
    plan = to_location(plan_path)
    written = plan.read_bytes()
    receipt = jobs.publish_batch(plan_path)
    content = to_location(receipt).read_bytes()
    assert jobs.publish_batch(plan_path) == receipt
    # The twin that published has swept all of the staging but the plan as yet.
    plan.parent.mkdir(parents=True)
    plan.write_bytes(written)
    assert jobs.publish_batch(plan_path) == receipt
    assert to_location(receipt).read_bytes() == content


def test_an_attempt_that_another_one_overtook_is_not_taken_for_published(settings):
    land(settings, "a.jsonl", [article(1)])
    plan_path = to_location(jobs.plan_batch(BatchRequest(DAY), settings))
    remove_folder(plan_path.parent)
    make_batch(settings)
    with pytest.raises(PlanError):
        jobs.publish_batch(str(plan_path))


def test_report_tells_what_came_in_and_what_came_out(settings):
    land(settings, "a.jsonl", [article(1), "{broken"])
    make_batch(settings)
    receipt_path = LakeLayout(settings.lake).receipt_file(DAY, "daily")
    report = jobs.report_batch(str(receipt_path))
    assert report.startswith("2018-04-24 daily: 2 records in 1 files gave 1 articles, 1 mentions")


def test_the_receipt_tells_inputs_versions_and_run(settings):
    path = land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan_path, 0)
    for chunk in jobs.deduplicate_batch(plan_path):
        jobs.code_shard(plan_path, chunk)
    jobs.audit_batch(plan_path)
    receipt = read_receipt(to_location(jobs.publish_batch(plan_path, {"run_id": "manual__1"})))
    assert list(receipt.inputs) == [
        {
            "uri": "wire/dt=2018-04-24/a.jsonl",
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    ]
    assert set(receipt.versions) == {"code", "coder", "lexicon", "model", "schema"}
    assert receipt.run["run_id"] == "manual__1"


def test_a_run_from_the_ui_reads_only_what_is_allowed_and_a_user_all_that_he_can(
    settings, tmp_path
):
    outside = tmp_path / "outside.jsonl"
    outside.write_text(json.dumps(article(1)))
    request = BatchRequest(DAY, inputs=(str(outside),), batch="mine")
    with pytest.raises(InputError, match="EVENTWIRE_ALLOWED_ROOTS"):
        jobs.plan_batch(request, settings)
    make_batch(settings, request, allowed_roots=())
    assert len(rows_of(settings, "articles", "mine")) == 1


def test_an_input_may_be_named_from_the_landing_area(settings):
    land(settings, "a.jsonl", [article(1)])
    request = BatchRequest(DAY, inputs=("wire/dt=*/*.jsonl",), batch="mine")
    make_batch(settings, request)
    assert len(rows_of(settings, "articles", "mine")) == 1


def test_refuses_to_read_the_lake_that_it_writes(settings):
    land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    request = BatchRequest(DAY, inputs=(str(settings.lake.parent),), batch="mine")
    with pytest.raises(InputError, match="keep the lake out"):
        jobs.plan_batch(request, settings, allowed_roots=())


def test_an_unknown_model_is_told_before_anything_is_written(settings):
    with pytest.raises(ModelNotFoundError, match="no_such_model"):
        jobs.plan_batch(BatchRequest(DAY, model="no_such_model"), settings)
    assert not settings.lake.exists()


def test_a_lake_that_cannot_be_written_is_told(settings, monkeypatch):
    def refuse(path, *_, **__):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LakeError, match="Read-only file system"):
        jobs.plan_batch(BatchRequest(DAY), settings)


def test_a_lake_of_a_newer_schema_is_refused_before_the_work(settings):
    settings.lake.mkdir()
    LakeLayout(settings.lake).views.write_text(f"{VERSION_MARK}999\n")
    with pytest.raises(SchemaVersionError, match="999"):
        jobs.plan_batch(BatchRequest(DAY), settings)


def test_a_mistake_in_the_lexicon_is_told_before_anything_is_written(settings, monkeypatch):
    def fail():
        raise LexiconError("assault.csv:17: unknown word class @wepons")

    monkeypatch.setattr(planning, "load_lexicon", fail)
    with pytest.raises(LexiconError, match="unknown word class @wepons"):
        jobs.plan_batch(BatchRequest(DAY), settings)
    assert not settings.lake.exists()


def test_a_coder_that_fails_on_every_article_fails_the_run(settings):
    # One article that makes trouble costs a reject; when all do, the coder is to blame.
    texts = [f"make the coder fail {number}" for number in range(10)]
    land(settings, "a.jsonl", [{"text": text} for text in texts])
    plan_path = jobs.plan_batch(BatchRequest(DAY), replace(settings, articles_per_shard=100))
    jobs.ingest_shard(plan_path, 0)
    (chunk,) = jobs.deduplicate_batch(plan_path)
    with pytest.raises(CodingError, match=r"10 of 10 .*/a\.jsonl record 1: boom"):
        jobs.code_shard(plan_path, chunk)


def test_the_chunks_of_a_batch_are_shared_out_by_the_size_of_their_texts(settings):
    settings = replace(settings, articles_per_shard=1)
    long = {"id": "9", "text": f"{ENGLISH} {'Ministers met again on Tuesday. ' * 300}"}
    land(settings, "a.jsonl", [article(1), article(2), long, article(3)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    for shard in jobs.list_shards(plan_path):
        jobs.ingest_shard(plan_path, shard)
    chunks = jobs.deduplicate_batch(plan_path)
    shares = jobs.share_coding([plan_path], n_slots=2)
    assert [share["plan_path"] for share in shares] == [plan_path, plan_path]
    assert [share["chunks"] for share in shares] == [[chunks[2]], [chunks[0], chunks[1], chunks[3]]]
