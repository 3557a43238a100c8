"""Articles leave a lake, and do not come back."""

import json
from datetime import timedelta

import pytest

from include.eventwire import jobs, recoding
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.tombstones import DETAIL, ForgottenArticleError
from include.eventwire.maintenance import forgetting
from include.eventwire.maintenance.forgetting import (
    ForgetError,
    ForgetRequest,
    forget,
    forget_all,
)
from include.eventwire.maintenance.jobs import tell_forgotten
from include.eventwire.recoding import RecodeRequest
from include.eventwire.schemas import TABLES
from tests.lake_rows import make_batch as make_rows
from tests.lake_rows import make_receipt, make_reject, stage_run
from tests.unit.made_batches import DAY, article, hashes_of, land, make_batch, rows_of
from tests.unit.maintenance.lakes import (
    NEAR,
    STORY,
    errors,
    record,
    run_by_hand,
    source_ids,
    stored,
)

NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=2)


@pytest.fixture
def layout(settings):
    return LakeLayout(settings.lake)


def id_of(settings, source_id):
    """Return the id of the article that its input calls `source_id`."""
    return next(
        row.article_id
        for rows in stored(settings).values()
        for row in rows
        if row.source_id == source_id
    )


def test_the_article_leaves_every_table_of_every_day(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    land(settings, "a.jsonl", [article(2), article(3)], day=NEXT)
    make_batch(settings)
    make_batch(settings, BatchRequest(NEXT))
    run_by_hand(settings, "trial", article(2))
    wanted = id_of(settings, "2")
    done = forget(layout, ForgetRequest(wanted))
    assert [str(key) for key in done.batches] == [
        "2018-04-24 daily", "2018-04-24 trial", "2018-04-25 daily",
    ]  # fmt: skip
    assert source_ids(settings) == {
        "2018-04-24 daily": ["1"],
        "2018-04-24 trial": [],
        "2018-04-25 daily": ["3"],
    }
    for table in set(TABLES) - {"rejects"}:
        ids = {row.article_id for rows in stored(settings, table).values() for row in rows}
        assert wanted not in ids, table
    assert errors(settings) == []
    content = b"".join(path.read_bytes() for path in layout.root.rglob("*.json"))
    assert b"Number 2" not in content


def test_its_place_is_taken_by_a_reject_that_says_nothing_of_it(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    forget(layout, ForgetRequest(id_of(settings, "2"), reason="asked by letter"))
    (reject,) = rows_of(settings, "rejects")
    assert (reject.record_number, reject.reason, reject.detail) == (2, "forgotten", DETAIL)
    receipt = read_receipt(layout.receipt_file(DAY, "daily"))
    assert (receipt.counts["records_in"], receipt.counts["articles"]) == (2, 1)
    assert (receipt.counts["rejects"], receipt.counts["forgotten"]) == (1, 1)
    assert receipt.profile["sources"]["wire"]["articles"] == 1


def test_the_tombstone_holds_nothing_of_the_content(settings, layout):
    land(settings, "a.jsonl", [article(1, url="https://example.org/story")])
    make_batch(settings)
    wanted = id_of(settings, "1")
    forget(layout, ForgetRequest(wanted, reason="asked by letter"))
    told = json.loads((layout.root / "_tombstones" / f"{wanted}.json").read_text())
    assert told.keys() == {"article_id", "url_sha256", "forgotten_at", "reason"}
    assert told["reason"] == "asked by letter"
    assert "example" not in str(told)


def test_a_later_run_of_the_same_inputs_gives_the_same_articles(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    forget(layout, ForgetRequest(id_of(settings, "2")))
    before = hashes_of(settings)
    make_batch(settings)
    assert hashes_of(settings) == before
    run_by_hand(settings, "trial", article(2), article(3))
    assert source_ids(settings)["2018-04-24 trial"] == ["3"]


def test_coding_into_another_lake_leaves_out_what_is_forgotten_there(settings, layout, tmp_path):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    other = LakeLayout(tmp_path / "other")

    def recode():
        request = RecodeRequest(into=other.root, force=True)
        plan_path = recoding.plan_recode(next(layout.receipts())[0], request, settings)
        for chunk in recoding.cut_batch(plan_path):
            recoding.recode_chunk(plan_path, chunk)
        return jobs.publish_batch(jobs.audit_batch(plan_path))

    recode()
    forget(other, ForgetRequest(id_of(settings, "2")))
    recode()
    receipt = read_receipt(other.receipt_file(DAY, "daily"))
    assert (receipt.tables["articles"].rows, receipt.tables["rejects"].rows) == (1, 1)
    assert source_ids(settings)["2018-04-24 daily"] == ["1", "2"]


def test_an_address_takes_all_its_articles_and_those_to_come(settings, layout):
    url = "https://example.org/story"
    land(settings, "a.jsonl", [article(1, url=url), article(2, url=f"{url}?utm_source=x")])
    land(settings, "b.jsonl", [article(3, url="https://example.org/other")])
    make_batch(settings)
    done = forget(layout, ForgetRequest(url.upper().replace("STORY", "story")))
    assert len(done.article_ids) == 2
    assert source_ids(settings) == {"2018-04-24 daily": ["3"]}
    run_by_hand(settings, "trial", article(4, url=url), article(5))
    assert source_ids(settings)["2018-04-24 trial"] == ["5"]


def test_copies_stay_and_the_earliest_stands_for_them(settings, layout):
    land(settings, "a.jsonl", [record("first"), article(9)])
    make_batch(settings)
    for number, day in ((2, NEXT), (3, LATER)):
        land(settings, "a.jsonl", [record(number, NEAR)], day=day)
        make_batch(settings, BatchRequest(day))
    wanted = id_of(settings, "first")
    done = forget(layout, ForgetRequest(wanted))
    second, third = id_of(settings, "2"), id_of(settings, "3")
    assert {article_id for article_id, _ in done.copies} == {second, third}
    assert [str(key) for key in done.uncoded] == ["2018-04-25 daily"]
    (row,) = rows_of(settings, "articles", day=NEXT)
    assert (row.cluster_id, row.is_canonical, row.duplicate_kind) == (second, True, None)
    (row,) = rows_of(settings, "articles", day=LATER)
    assert (row.cluster_id, row.is_canonical, row.duplicate_kind) == (second, False, "exact")
    clusters = {row.cluster_id for rows in stored(settings, "signatures").values() for row in rows}
    assert wanted not in clusters
    assert any("recode --force --day 2018-04-25" in line for line in tell_forgotten(done))
    for _, path in layout.receipts():
        failed = {check.name for check in read_receipt(path).checks if not check.passed}
        assert "copies_have_canonical" not in failed


def test_copies_go_too_when_that_is_asked(settings, layout):
    land(settings, "a.jsonl", [record("first"), article(9)])
    land(settings, "a.jsonl", [record(2, NEAR), article(8)], day=NEXT)
    make_batch(settings)
    make_batch(settings, BatchRequest(NEXT))
    # A copy leads to the canonical article, as that leads to the copy.
    done = forget(layout, ForgetRequest(id_of(settings, "2"), with_copies=True))
    assert len(done.article_ids) == 2
    assert source_ids(settings) == {"2018-04-24 daily": ["9"], "2018-04-25 daily": ["8"]}
    assert len(list((layout.root / "_tombstones").iterdir())) == 2


def test_copies_unlike_one_another_become_two_clusters(settings, layout):
    words = STORY.split()

    def changed(*positions):
        return " ".join("maybe" if n in positions else word for n, word in enumerate(words))

    land(settings, "a.jsonl", [record("first")])
    make_batch(settings)
    land(
        settings,
        "a.jsonl",
        [record(2, changed(10)), record(3, changed(30)), record(4, changed(50))],
        day=NEXT,
    )
    make_batch(settings, BatchRequest(NEXT))
    before = {row.source_id: row.cluster_id for row in rows_of(settings, "articles", day=NEXT)}
    assert set(before.values()) == {id_of(settings, "first")}
    forget(layout, ForgetRequest(id_of(settings, "first")))
    rows = {row.source_id: row for row in rows_of(settings, "articles", day=NEXT)}
    assert rows["2"].is_canonical
    for row in rows.values():
        head = next(other for other in rows.values() if other.article_id == row.cluster_id)
        assert head.is_canonical
        assert row.is_canonical or row.duplicate_kind == "near"


def test_a_reject_that_may_quote_it_says_nothing_any_more(settings, layout):
    rows = make_rows()
    (quoted,) = rows["articles"]
    rows["rejects"] = [
        make_reject(record_number=quoted.record_number, detail="China met Japan"),
        make_reject(record_number=7, detail="of another record"),
    ]
    rows["articles"] = [quoted]
    receipt = make_receipt(counts={"records_in": 3})
    publish_tables(layout, DAY, "daily", stage_run(layout, rows, "one"), receipt)
    forget(layout, ForgetRequest(quoted.article_id))
    found = [(row.record_number, row.reason, row.detail) for row in rows_of(settings, "rejects")]
    assert found == [
        (1, "forgotten", DETAIL),
        (7, "empty_text", "of another record"),
        (1, "forgotten", DETAIL),
    ]


def test_staging_that_holds_it_is_removed_and_other_staging_stays(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    wanted = id_of(settings, "2")
    planned = []
    for name, number in (("holding", 2), ("other", 3)):
        path = settings.landing / f"{name}.jsonl"
        path.write_text(json.dumps(article(number)))
        request = BatchRequest(DAY, inputs=(str(path),), batch=name)
        planned.append(jobs.plan_batch(request, settings))
        jobs.ingest_shard(planned[-1], 0)
    done = forget(layout, ForgetRequest(wanted))
    assert [path.parent.name for path in done.staging] == ["holding"]
    assert [path.parent.name for path in layout.staging_runs()] == ["other"]


def test_a_run_that_read_it_before_cannot_publish_it(settings, layout, monkeypatch):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan_path, 0)
    for chunk in jobs.deduplicate_batch(plan_path):
        jobs.code_shard(plan_path, chunk)
    jobs.audit_batch(plan_path)
    monkeypatch.setattr(forgetting, "_remove_staging", lambda *_: [])  # a moment too late
    forget(layout, ForgetRequest(id_of(settings, "2")))
    with pytest.raises(ForgottenArticleError, match="start a new run"):
        jobs.publish_batch(plan_path)
    assert list(layout.staging_runs()) == []
    assert source_ids(settings) == {"2018-04-24 daily": ["1"]}


def test_what_was_cut_short_is_done_by_the_next_call(settings, layout, monkeypatch):
    for day in (DAY, NEXT, LATER):
        land(settings, "a.jsonl", [record("first"), article(day.day)], day=day)
        land(settings, "b.jsonl", [record("copy", NEAR)], day=day)
        make_batch(settings, BatchRequest(day))
    wanted, copy = id_of(settings, "first"), id_of(settings, "copy")
    rewrite, n_done = forgetting.rewrite_batch, 0

    def die_after_one(*arguments):
        nonlocal n_done
        if n_done:
            raise KeyboardInterrupt
        n_done += 1
        return rewrite(*arguments)

    monkeypatch.setattr(forgetting, "rewrite_batch", die_after_one)
    with pytest.raises(KeyboardInterrupt):
        forget(layout, ForgetRequest(wanted))
    monkeypatch.undo()
    assert forget_all(layout) is not None
    rows = [row for rows in stored(settings).values() for row in rows]
    assert wanted not in {row.article_id for row in rows}
    assert {row.cluster_id for row in rows if row.source_id == "copy"} == {copy}
    assert [row.is_canonical for row in rows if row.source_id == "copy"] == [True, False, False]
    assert forget_all(layout) is None
    assert errors(settings) == []


def test_forgetting_twice_changes_nothing(settings, layout):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    wanted = id_of(settings, "2")
    forget(layout, ForgetRequest(wanted, reason="first"))
    before = {path: path.read_bytes() for path in layout.root.rglob("*") if path.is_file()}
    assert forget(layout, ForgetRequest(wanted, reason="second")).batches == ()
    assert {path: path.read_bytes() for path in layout.root.rglob("*") if path.is_file()} == before


def test_the_files_that_it_came_from_are_named(settings, layout):
    path = land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    done = forget(layout, ForgetRequest(id_of(settings, "1")))
    assert len(done.inputs) == 1
    assert done.inputs[0].endswith("a.jsonl")
    assert path.exists()


@pytest.mark.parametrize("wanted", ["", "abc", "0" * 31, "0" * 31 + "*", "../" + "0" * 29, "file:"])
def test_what_names_no_article_is_refused(wanted):
    with pytest.raises(ForgetError, match="neither the id"):
        ForgetRequest(wanted)


@pytest.mark.parametrize("wanted", ["0" * 32, "https://example.org/none"])
def test_what_is_not_there_is_told(settings, layout, wanted):
    land(settings, "a.jsonl", [article(1)])
    make_batch(settings)
    with pytest.raises(NotFoundError, match="no article there"):
        forget(layout, ForgetRequest(wanted))
    assert not (layout.root / "_tombstones").exists()


def test_a_batch_of_before_there_were_signatures_gets_them(settings, layout):
    rows = make_rows()
    write_path = publish_tables(
        layout, DAY, "daily", stage_run(layout, rows, "one"), make_receipt()
    )
    content = json.loads(write_path.read_text())
    del content["tables"]["signatures"]
    write_path.write_text(json.dumps(content))
    layout.table_file("signatures", DAY, "daily").unlink()
    forget(layout, ForgetRequest(rows["articles"][0].article_id))
    assert rows_of(settings, "signatures") == []
    assert errors(settings) == []
