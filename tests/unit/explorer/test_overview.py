from datetime import UTC, datetime, timedelta

import pytest

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.explorer.lake_reading import LakeReader
from include.eventwire.explorer.overview_queries import OTHER_SOURCES, UNTOLD, read_overview
from include.eventwire.lake.layout import BatchKey, LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import look_at, make_story, publish, rows_of

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def overview_of(layout):
    reader = LakeReader(layout.root)
    try:
        return read_overview(reader.state())
    finally:
        reader.close()


def profile(sources, **event_types):
    return BatchProfile(
        {name: SourceCounts(n, 0, rejects) for name, (n, rejects) in sources.items()}, event_types
    )


def test_adds_up_the_batches_of_a_day(layout):
    publish(
        layout, {}, profile=profile({"wire": (3, {"bad_date": 1})}, ASSAULT=2, AGREE=1),
        counts={"records_in": 4, "articles": 3, "events": 3, "rejects": 1},
        run={"published_at": "2018-04-25T01:00:00+00:00"},
    )  # fmt: skip
    publish(
        layout, {}, name="trial", profile=profile({"desk": (5, {"bad_date": 2})}, ASSAULT=1),
        counts={"records_in": 7, "articles": 5, "events": 1, "rejects": 2},
        run={"published_at": "2018-04-26T01:00:00+00:00"},
    )  # fmt: skip
    publish(layout, {}, day=NEXT, profile=profile({"wire": (4, {})}),
            counts={"records_in": 4, "articles": 4, "events": 0, "rejects": 0})  # fmt: skip
    overview = overview_of(layout)
    first, second = overview.days
    assert (first.day, first.n_records, first.n_articles, first.n_events, first.n_rejects) == (
        DAY, 11, 8, 4, 3,
    )  # fmt: skip
    assert first.event_types == {"ASSAULT": 3, "AGREE": 1}
    assert first.quad_classes == {"material conflict": 3, "verbal cooperation": 1}
    assert second.sources == {"wire": 4}
    assert list(overview.sources.items()) == [("wire", 7), ("desk", 5)]
    assert overview.rejects == {"bad_date": 3}
    assert overview.n_batches == 3
    assert overview.total("n_articles") == 12
    assert overview.published_at == datetime(2018, 4, 26, 1, tzinfo=UTC)


def test_many_sources_are_told_together(layout):
    sources = {f"source {number}": (10 - number, {}) for number in range(10)}
    publish(layout, {}, profile=profile(sources))
    overview = overview_of(layout)
    assert len(overview.sources) == 8
    assert overview.sources[OTHER_SOURCES] == 3 + 2 + 1
    assert overview.days[0].sources == overview.sources


def test_a_source_may_be_called_as_the_rest_is(layout):
    sources = {f"source {number}": (20 - number, {}) for number in range(9)}
    publish(layout, {}, profile=profile({OTHER_SOURCES: (100, {}), **sources}))
    assert sum(overview_of(layout).sources.values()) == 100 + sum(20 - n for n in range(9))


def test_receipts_of_earlier_versions_have_no_profile(layout):
    publish(layout, {}, counts={"records_in": 5, "articles": 3, "rejects": 2})
    overview = overview_of(layout)
    assert overview.sources == {UNTOLD: 3}
    assert overview.rejects == {UNTOLD: 2}
    assert overview.event_types == {}


def test_tells_checks_that_did_not_pass(layout):
    checks = (
        CheckResult("few_rejects", "warning", passed=False, rule="few are rejected", n_rows=2),
        CheckResult("unique", "error", passed=True, rule="ids are unique"),
    )
    publish(layout, {}, checks=checks)
    overview = overview_of(layout)
    (doubt,) = overview.doubts
    assert (doubt.key, doubt.rule, doubt.n_rows) == (BatchKey(DAY, "daily"), "few are rejected", 2)
    assert overview.n_checks == 2


def test_a_receipt_that_cannot_be_read_is_told(layout):
    publish(layout, rows_of(make_story()))
    layout.receipt_file(DAY, "daily").write_text("{")
    assert overview_of(layout).unreadable == (BatchKey(DAY, "daily"),)
    assert "receipt cannot be read of: 2018-04-24 daily" in look_at(layout.root).get("/").text


def test_the_page_shows_the_numbers_and_the_chart_the_same(layout):
    publish(layout, rows_of(make_story(published_at=datetime(2018, 4, 24, 8, 15, tzinfo=UTC))),
            profile=profile({"wire": (1234, {"bad_date": 1})}, CONSULT=1),
            counts={"records_in": 1235, "articles": 1234, "events": 1, "rejects": 1})  # fmt: skip
    client = look_at(layout.root)
    page = client.get("/").text
    assert "1,234" in page
    assert "2018-04-24 08:15 UTC" in page
    assert "The publication date is not a date" in page
    assert client.get(f"/data/overview?from={DAY}&to={NEXT}").json() == {
        "days": ["2018-04-24"],
        "sources": [{"name": "wire", "values": [1234]}],
        "event_types": [{"name": "CONSULT", "values": [1]}],
        "quad_classes": [
            {"name": "verbal cooperation", "values": [1]},
            {"name": "material cooperation", "values": [0]},
            {"name": "verbal conflict", "values": [0]},
            {"name": "material conflict", "values": [0]},
        ],
        "rejects": {"bad_date": 1},
    }
