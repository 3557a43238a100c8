"""Summaries of days of a lake: what they are made of, and that the order makes no difference."""

from datetime import date, timedelta
from itertools import permutations

import duckdb
import pytest

from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.tombstones import ForgottenArticleError, tombstone_of_article
from include.eventwire.lake.verification import verify_lake
from include.eventwire.summaries import jobs
from include.eventwire.summaries.jobs import (
    NoBatchError,
    choose_days,
    is_current,
    summarise_day,
    tell_summary,
)
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES
from tests.unit.summaries.rows import (
    DAM,
    DAY,
    FERRY,
    ORCHESTRA,
    article,
    at,
    hashes_of,
    meeting,
    publish,
    rows_of,
)

DAYS = [DAY + timedelta(days=number) for number in range(3)]
WEEK = 7


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def three_days(layout):
    """Publish a story of three days beside others; return the articles on it."""
    told = [
        article(DAM, day=DAYS[0], publisher="harbour"),
        article(f"{DAM} The crack grew by night.", day=DAYS[1], publisher="wire"),
        article(f"{DAM} By Thursday the school was full.", day=DAYS[2], publisher="post"),
    ]
    for day, text, story in zip(DAYS, (ORCHESTRA, FERRY, ""), told, strict=True):
        others = [article(text, day=day)] if text else []
        publish(layout, [story, *others], [meeting(story)], day=day)
    return told


def summarise(layout, *days, story_days=WEEK):
    """Summarise days and those that look back to them, as a run does."""
    for asked in days:
        for day in choose_days(layout, story_days, [asked]).wanted:
            summarise_day(layout, day, story_days)


def story_of(layout, day, row):
    return next(story for story in rows_of(layout, "stories", day) if row in story.article_ids)


def test_a_story_goes_on_from_day_to_day_under_one_id(layout, three_days):
    summarise(layout, *DAYS)
    ids = [row.article_id for row in three_days]
    found = [story_of(layout, day, row) for day, row in zip(DAYS, ids, strict=True)]
    assert {story.story_id for story in found} == {ids[0]}
    assert [story.article_ids.split(",") for story in found] == [ids[:1], ids[:2], ids]
    assert [(story.n_articles, story.n_new_articles) for story in found] == [(1, 1), (2, 1), (3, 1)]
    assert found[-1].publishers == "harbour,post,wire"
    assert (found[-1].first_date, found[-1].last_date) == (DAYS[0], DAYS[2])
    assert (found[-1].first_published_at, found[-1].first_publisher) == (at(9, DAYS[0]), "harbour")
    assert found[-1].country_codes == "CHN,IGO,JPN"
    assert found[-1].headline == "Engineers shut the sluices of the Harrowgate dam"


def test_its_event_is_counted_once_on_the_first_of_the_days(layout, three_days):
    summarise(layout, *DAYS)
    found = [cluster for day in DAYS for cluster in rows_of(layout, "event_clusters", day)]
    assert len({cluster.event_cluster_id for cluster in found}) == 1
    assert [cluster.n_reports for cluster in found] == [1, 2, 3]
    assert [cluster.first_date == day for cluster, day in zip(found, DAYS, strict=True)] == [
        True, False, False,
    ]  # fmt: skip
    pairs = [rows_of(layout, "actor_pair_days", day) for day in DAYS]
    assert [{row.n_events for row in rows} for rows in pairs] == [{1}, {1}, {1}]
    assert [{row.n_new_events for row in rows} for rows in pairs] == [{1}, {0}, {0}]


def test_every_article_of_the_day_is_in_a_story(layout, three_days):
    summarise(layout, DAYS[0])
    assert len(rows_of(layout, "stories")) == 2
    (source,) = rows_of(layout, "source_days")
    assert (source.source, source.n_articles, source.n_stories, source.n_rejects) == (
        "wire",
        2,
        2,
        1,
    )


def test_days_may_be_summarised_in_any_order(layout, three_days):
    found = set()
    for order in permutations(DAYS):
        for day in DAYS:
            SummaryLayout(layout.root).receipt_file(day, SUMMARY).unlink(missing_ok=True)
        summarise(layout, *order)
        found.add(tuple(tuple(hashes_of(layout, day).values()) for day in DAYS))
    assert len(found) == 1


def test_a_day_that_comes_late_changes_the_days_after_it(layout, three_days):
    summarise(layout, *DAYS)
    before = [hashes_of(layout, day) for day in DAYS]
    late = article(f"{DAM} An early note.", day=DAYS[0], published_at=at(1))
    publish(layout, [late], day=DAYS[0], batch="late")
    assert choose_days(layout, WEEK, [DAYS[0]]).wanted == tuple(DAYS)
    summarise(layout, DAYS[0])
    assert story_of(layout, DAYS[2], three_days[2].article_id).story_id == late.article_id
    # Without the late batch all is as it was.
    for table in ("articles", "events"):
        layout.table_file(table, DAYS[0], "late").unlink()
    layout.receipt_file(DAYS[0], "late").unlink()
    summarise(layout, DAYS[0])
    assert [hashes_of(layout, day) for day in DAYS] == before


def test_a_run_for_a_day_makes_no_summaries_that_were_not_there(layout, three_days):
    assert choose_days(layout, WEEK, [DAYS[0]]).wanted == (DAYS[0],)
    assert choose_days(layout, WEEK).wanted == tuple(DAYS)


def test_what_is_up_to_date_is_left(layout, three_days):
    summarise(layout, *DAYS)
    choice = choose_days(layout, WEEK, DAYS[1:])
    assert (choice.wanted, choice.current) == ((), tuple(DAYS[1:]))
    assert choose_days(layout, WEEK + 1, DAYS[1:]).wanted == tuple(DAYS[1:])
    SummaryLayout(layout.root).table_file("stories", DAYS[2], SUMMARY).write_bytes(b"broken")
    assert not is_current(layout, DAYS[2], WEEK)
    assert choose_days(layout, WEEK, [DAYS[2]]).wanted == (DAYS[2],)


def test_the_window_ends_where_the_setting_says(layout, three_days):
    summarise(layout, DAYS[2], story_days=1)
    assert story_of(layout, DAYS[2], three_days[2].article_id).n_articles == 1
    receipt = read_receipt(SummaryLayout(layout.root).receipt_file(DAYS[2], SUMMARY))
    assert [named["day"] for named in receipt.inputs] == [DAYS[2].isoformat()]
    assert receipt.versions["story_days"] == "1"
    assert tell_summary(str(SummaryLayout(layout.root).receipt_file(DAYS[2], SUMMARY))) == (
        "2018-04-26 summary: 1 batches gave 3 actor_pair_days, 1 event_clusters, 1 stories, "
        "1 source_days"
    )


def test_an_article_in_two_batches_counts_once(layout):
    twice = article(DAM)
    publish(layout, [twice], [meeting(twice)])
    publish(layout, [twice], [meeting(twice, trigger="talks")], batch="trial")
    summarise(layout, DAY)
    (story,), (cluster,) = rows_of(layout, "stories"), rows_of(layout, "event_clusters")
    assert (story.n_articles, cluster.n_reports) == (1, 1)
    assert "," not in cluster.event_ids
    (source,) = rows_of(layout, "source_days")
    assert (source.n_articles, source.n_events) == (1, 1)


def test_an_article_that_only_another_batch_coded_has_the_events_of_that(layout):
    twice = article(DAM)
    publish(layout, [article(DAM, n_tokens=None)])
    publish(layout, [twice], [meeting(twice)], batch="trial")
    summarise(layout, DAY)
    assert len(rows_of(layout, "event_clusters")) == 1


def test_copies_go_with_what_they_are_copies_of(layout):
    first = article(DAM, publisher="harbour")
    copy = article(
        f"{DAM} Copied.", publisher="post", published_at=at(10), n_tokens=None,
        cluster_id=first.article_id, is_canonical=False, duplicate_kind="near",
    )  # fmt: skip
    publish(layout, [first, copy], [meeting(first)])
    summarise(layout, DAY)
    (story,), (cluster,) = rows_of(layout, "stories"), rows_of(layout, "event_clusters")
    assert (story.n_articles, story.n_publishers, story.n_independent_publishers) == (2, 2, 1)
    assert cluster.article_ids == f"{first.article_id},{copy.article_id}"
    assert cluster.n_independent_publishers == 1


def test_a_day_without_articles_has_a_summary_without_stories(layout):
    publish(layout, [])
    summarise(layout, DAY)
    assert [len(rows_of(layout, table)) for table in SUMMARY_TABLES] == [0, 0, 0, 1]


def test_the_lake_verifies_and_its_views_have_the_summaries(layout, three_days):
    assert "VIEW stories" not in layout.views.read_text()
    summarise(layout, *DAYS)
    assert verify_lake(layout) == []
    publish(layout, [article(FERRY, day=DAYS[2])], day=DAYS[2], batch="more")
    with duckdb.connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.chdir(layout.root)
        connection.execute(layout.views.read_text())
        found = connection.execute("SELECT dt, count(*) FROM stories GROUP BY dt ORDER BY dt")
        assert found.fetchall() == [(DAYS[0], 2), (DAYS[1], 2), (DAYS[2], 1)]
        for table in SUMMARY_TABLES:
            connection.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"nothing"), "corrupt"),
        (lambda path: path.with_name("other.txt").write_text("x"), "foreign"),
        (lambda path: path.with_name("other.parquet").hardlink_to(path), "unreceipted"),
    ],
)
def test_verify_tells_what_is_wrong_with_a_summary(layout, three_days, damage, kind):
    summarise(layout, DAY)
    damage(SummaryLayout(layout.root).table_file("stories", DAY, SUMMARY))
    (finding,) = verify_lake(layout)
    assert finding.kind == kind
    assert finding.path.startswith("stories/dt=2018-04-24/")


def test_a_day_that_is_not_there_is_refused(layout, three_days):
    with pytest.raises(NoBatchError, match="no complete batch"):
        choose_days(layout, WEEK, [date(2017, 1, 1)])
    with pytest.raises(NoBatchError, match="code the day first"):
        summarise_day(layout, date(2018, 4, 27), WEEK)


def test_a_damaged_batch_is_not_summarised(layout, three_days):
    layout.table_file("articles", DAYS[0], "daily").write_bytes(b"broken")
    with pytest.raises(LakeError, match="replaced while it was read, or damaged"):
        summarise_day(layout, DAYS[1], WEEK)
    assert list(SummaryLayout(layout.root).staging_runs()) == []
    layout.table_file("articles", DAYS[0], "daily").unlink()
    with pytest.raises(LakeError, match="gone"):
        summarise_day(layout, DAYS[1], WEEK)


def test_what_was_forgotten_meanwhile_is_not_published(layout, three_days, monkeypatch):
    def read_then_forget(*arguments):
        window = read_window(*arguments)
        path = tombstone_of_article(layout, three_days[0].article_id)
        path.parent.mkdir()
        path.write_text("{}")
        return window

    read_window = jobs.read_window
    monkeypatch.setattr(jobs, "read_window", read_then_forget)
    with pytest.raises(ForgottenArticleError):
        summarise_day(layout, DAYS[0], WEEK)
    assert list(SummaryLayout(layout.root).receipts()) == []
    assert list(SummaryLayout(layout.root).staging_runs()) == []
