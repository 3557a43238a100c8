from dataclasses import replace
from datetime import date, timedelta

import pytest

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.reports.batch_tables import Copies, Language
from include.eventwire.reports.contents import read_report
from tests.lake_rows import DAY, make_reject
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

KEY = BatchKey(DAY, "daily")


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def test_tells_what_the_tables_hold(layout):
    first = make_story(number=1)
    copy = make_story(
        number=2, is_canonical=False, duplicate_kind="near", cluster_id=f"{1:032x}",
        language="de", n_tokens=None, publisher=None,
    )  # fmt: skip
    old = make_story(
        number=3, is_canonical=False, duplicate_kind="exact", cluster_id=f"{99:032x}",
        warnings="date_in_future,text_repaired",
    )  # fmt: skip
    rejects = [make_reject(record_number=number, detail="x" * 900) for number in range(5, 0, -1)]
    rejects.append(make_reject(input_uri="in/b.txt", record_number=None, reason="bad_date"))
    publish(
        layout,
        {**rows_of(first), "rejects": rejects,
         "articles": [first[0], copy[0], old[0]]},
    )  # fmt: skip
    tables = read_report(layout, KEY).tables
    assert [(one.reason, one.n_rejects) for one in tables.reasons] == [
        ("empty_text", 5), ("bad_date", 1),
    ]  # fmt: skip
    assert [one.record_number for one in tables.reasons[0].examples] == [1, 2, 3]
    assert len(tables.reasons[0].examples[0].detail) == 300
    assert tables.reasons[1].examples[0].record_number is None
    assert tables.languages == (Language("en", 2, 2), Language("de", 1, 0))
    assert tables.publishers == {"daily": 2, "not named": 1}
    assert tables.copies == (Copies("exact", 1, 1), Copies("near", 1, 0))
    assert tables.doubts == {"date_in_future": 1, "text_repaired": 1}
    assert (tables.known.events, tables.known.actors, tables.known.countries) == (1, 1, 1)
    (example,) = tables.examples
    assert example.words.startswith('China (GOV) CONSULT Japan (GOV): "met", Tokyo (JPN)')


def test_other_batches_of_the_day_are_not_counted(layout):
    publish(layout, rows_of(make_story(number=1)))
    publish(layout, rows_of(make_story(number=2), make_story(number=3)), name="trial")
    tables = read_report(layout, KEY).tables
    assert tables.known.events == 1
    assert len(tables.examples) == 1


def test_counts_are_those_of_the_receipt(layout):
    profile = BatchProfile(
        {"a": SourceCounts(7, 1, {"bad_date": 2}), "b": SourceCounts(1, 0, {"bad_date": 1})},
        {"AGREE": 1, "ASSAULT": 9},
    )
    check = CheckResult("some_rule", "warning", False, "it is so", 3, ({"finding": "look here"},))
    publish(
        layout, rows_of(make_story()), profile=profile, counts={"records_in": 11},
        checks=(check, replace(check, name="other_rule", passed=True)),
        run={"planned_at": "2018-04-25T00:00:00+00:00",
             "published_at": "2018-04-25T01:01:05+00:00"},
    )  # fmt: skip
    report = read_report(layout, KEY)
    assert report.n_records == 11
    assert report.rejects == {"bad_date": 3}
    assert list(report.event_types.items()) == [("ASSAULT", 9), ("AGREE", 1)]
    assert report.warnings == (check,)
    assert report.duration == timedelta(hours=1, minutes=1, seconds=5)
    assert report.input_bytes == 10


def test_a_receipt_without_counts_is_told_by_its_tables(layout):
    publish(layout, {**rows_of(make_story()), "rejects": [make_reject()]})
    report = read_report(layout, KEY)
    assert report.trailing is None
    assert report.rejects == {"empty_text": 1}
    assert report.event_types == {"CONSULT": 1}


def test_the_days_before_are_those_of_the_same_name(layout):
    for days, name in ((1, "daily"), (2, "daily"), (1, "trial"), (29, "daily")):
        profile = BatchProfile({"wire": SourceCounts(10 * days)}, {})
        publish(layout, {}, day=DAY - timedelta(days=days), name=name, profile=profile)
    publish(layout, {}, profile=BatchProfile({"wire": SourceCounts(12)}, {}))
    trailing = read_report(layout, KEY).trailing
    assert trailing.n_days == 2
    assert trailing.totals[0].usual == 15.0


def test_what_is_not_published_has_no_report(layout):
    publish(layout, {})
    with pytest.raises(NotFoundError, match="2018-04-25 daily has no receipt"):
        read_report(layout, BatchKey(date(2018, 4, 25), "daily"))


def test_a_damaged_table_leaves_what_the_receipt_tells(layout):
    publish(layout, rows_of(make_story()), counts={"records_in": 4})
    layout.table_file("articles", DAY, "daily").write_bytes(b"damaged")
    report = read_report(layout, KEY)
    assert report.tables is None
    assert "verify the lake" in report.trouble
    assert report.n_records == 4


def test_tables_of_another_run_are_not_told_as_the_receipts(layout):
    publish(layout, rows_of(make_story()))
    other = LakeLayout(layout.root.parent / "other")
    publish(other, rows_of(make_story(), make_story(number=2)))
    other.table_file("events", DAY, "daily").replace(layout.table_file("events", DAY, "daily"))
    assert "not those of its receipt" in read_report(layout, KEY).trouble
