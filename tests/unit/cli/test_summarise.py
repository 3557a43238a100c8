"""The command `summarise`; what a summary is made of is tested in tests/unit/summaries."""

import json
from datetime import date

import pytest

from include.eventwire.summaries.layout import SummaryLayout

DAYS = (date(2018, 4, 24), date(2018, 4, 26))


@pytest.fixture
def layout(publish):
    for day in DAYS:
        layout = publish(day=day)
    return layout


def summarised(layout):
    return [key.day for key, _ in SummaryLayout(layout.root).receipts()]


def test_without_a_day_all_days_of_the_lake_are_summarised_once(call, layout):
    status, output, _ = call("summarise", "--lake", layout.root)
    assert status == 0
    assert output.splitlines() == [
        "2018-04-24 summary: 1 batches gave 3 actor_pair_days, 1 event_clusters, 1 stories, "
        "1 source_days",
        "2018-04-26 summary: 2 batches gave 0 actor_pair_days, 0 event_clusters, 0 stories, "
        "1 source_days",
    ]
    assert summarised(layout) == list(DAYS)
    status, output, _ = call("summarise", "--lake", layout.root)
    assert (status, output) == (0, "2 summaries are left: they are up to date\n")


def test_json_tells_what_was_made_and_what_was_left(call, layout):
    arguments = ("summarise", "--lake", layout.root, "--day", "2018-04-24", "--json")
    (made,) = json.loads(call(*arguments)[1])["summarised"]
    assert (made["day"], made["rows"]["stories"]) == ("2018-04-24", 1)
    assert json.loads(call(*arguments)[1]) == {"summarised": [], "current": ["2018-04-24"]}


def test_some_days_and_another_window(call, layout):
    days = ("--day", "2018-04-25", "--last-day", "2018-04-30")
    status, output, _ = call("summarise", "--lake", layout.root, *days, "--story-days", "1")
    assert (status, output.split(":")[0]) == (0, "2018-04-26 summary")
    assert "1 batches gave" in output
    assert summarised(layout) == [DAYS[1]]


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--day", "2017-01-01"), 1, "no complete batch"),
        (("--last-day", "2018-04-24"), 2, "--last-day needs --day"),
        (("--story-days", "0"), 2, "1 or more"),
    ],
)
def test_what_cannot_be_done_is_told(call, layout, options, status, message):
    found, _, errors = call("summarise", "--lake", layout.root, *options)
    assert (found, message in errors) == (status, True)
    assert summarised(layout) == []
