import json
from datetime import date

from tests.lake_rows import make_batch


def test_reports_on_the_newest_day(call, publish):
    layout = publish()
    publish(day=date(2018, 4, 25))
    publish({table: [] for table in make_batch()}, day=date(2018, 4, 25), name="trial")
    status, output, _ = call("report", layout.root, "--print-path")
    assert status == 0
    folder = layout.root / "_reports" / "dt=2018-04-25"
    assert output.splitlines() == [str(folder / "daily.html"), str(folder / "trial.html")]
    assert sorted(folder.iterdir()) == [folder / "daily.html", folder / "trial.html"]


def test_the_days_and_the_batch_can_be_named(call, publish):
    layout = publish()
    for number in (25, 26):
        publish(day=date(2018, 4, number))
    days = ("--day", "2018-04-24", "--last-day", "2018-04-25")
    status, output, _ = call("report", layout.root, *days, "--batch", "daily", "--json")
    assert status == 0
    told = json.loads(output)["reports"]
    assert [(one["day"], one["batch"]) for one in told] == [
        ("2018-04-24", "daily"), ("2018-04-25", "daily"),
    ]  # fmt: skip
    assert told[0]["path"] == str(layout.report_file(date(2018, 4, 24), "daily"))


def test_says_what_came_in_and_where_the_report_lies(call, publish):
    layout = publish()
    output = call("report", layout.root)[1]
    assert "2018-04-24 daily: 2 records in 1 files gave 1 articles" in output
    assert str(layout.report_file(date(2018, 4, 24), "daily")) in output


def test_a_batch_that_is_not_there_is_an_error(call, publish):
    layout = publish()
    status, _, errors = call("report", layout.root, "--day", "2018-04-25")
    assert status == 1
    assert "no complete batch there is the one that was named" in errors
