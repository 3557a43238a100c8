from datetime import timedelta

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.observability.batch_metrics import Metric, list_metrics, send_metrics
from tests.lake_rows import make_receipt

RUN = {
    "dag_id": "code_news",
    "planned_at": "2026-03-02T00:00:05+00:00",
    "published_at": "2026-03-02T00:02:05+00:00",
}
PROFILE = BatchProfile(
    {
        "wire": SourceCounts(12, 1, {"bad_date": 3, "empty_text": 1}),
        "late, odd=name": SourceCounts(0, 0, {"unreadable_file": 2}),
    },
    {"ASSAULT": 4, "CONSULT": 5},
)


def test_the_counts_of_a_batch_are_told_by_source_reason_and_type():
    warning = CheckResult("sources_volume", "warning", False, "all is as ever")
    receipt = make_receipt(run=RUN, profile=PROFILE.to_json(), checks=(warning, warning))
    run = {"dag_id": "code_news"}
    wire, late = run | {"source": "wire"}, run | {"source": "late__odd_name"}
    assert list(list_metrics(receipt)) == [
        Metric("eventwire.articles", 12, wire),
        Metric("eventwire.rejects", 3, wire | {"reason": "bad_date"}),
        Metric("eventwire.rejects", 1, wire | {"reason": "empty_text"}),
        Metric("eventwire.rejects", 2, late | {"reason": "unreadable_file"}),
        Metric("eventwire.events", 4, run | {"event_type": "ASSAULT"}),
        Metric("eventwire.events", 5, run | {"event_type": "CONSULT"}),
        Metric("eventwire.warnings", 2, run),
        Metric("eventwire.seconds", timedelta(minutes=2), run),
    ]


def test_a_receipt_of_an_earlier_version_tells_its_time():
    receipt = make_receipt(run=RUN)
    assert [metric.name for metric in list_metrics(receipt)] == ["eventwire.seconds"]


def test_counts_are_added_and_times_are_noted():
    told = []

    class Stats:
        @staticmethod
        def incr(stat, count, *, tags):
            told.append(("incr", stat, count, tags))

        @staticmethod
        def timing(stat, dt, *, tags):
            told.append(("timing", stat, dt, tags))

    send_metrics([Metric("a", 3, {"source": "wire"}), Metric("b", timedelta(seconds=2), {})], Stats)
    assert told == [
        ("incr", "a", 3, {"source": "wire"}),
        ("timing", "b", timedelta(seconds=2), {}),
    ]
