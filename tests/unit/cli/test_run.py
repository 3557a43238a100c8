import json
from datetime import UTC, date, datetime

import pytest

from include.eventwire.batches.plan import BatchRequest
from include.eventwire.cli import run as run_command
from include.eventwire.cli.run import find_day
from tests.lake_rows import make_batch, make_reject


@pytest.fixture
def calls(monkeypatch, publish):
    """Let `run` publish a batch without coding anything; return what it was asked for."""
    asked = []

    def run_batch(request, settings, reporter, *, workers):
        asked.append((request, settings, workers))
        reporter.start("coding", 10)
        reporter.advance(10)
        batch = make_batch()
        rejects = [make_reject(), make_reject(record_number=3), make_reject(reason="bad_date")]
        layout = publish({**batch, "rejects": rejects}, day=request.day, name=request.batch)
        return layout.receipt_file(request.day, request.batch)

    monkeypatch.setattr(run_command, "run_batch", run_batch)
    return asked


def test_asks_for_the_batch_that_the_arguments_name(call, calls, tmp_path):
    status, _, _ = call(
        "run", "a.jsonl", "b", "--lake", tmp_path / "lake", "--day", "2018-04-24", "--batch",
        "mine", "--workers", "3", "--format", "jsonl", "--publisher", "xinhua", "--limit", "5",
        "--model", "en_core_web_md",
    )  # fmt: skip
    assert status == 0
    ((request, settings, workers),) = calls
    assert request == BatchRequest(
        date(2018, 4, 24), ("a.jsonl", "b"), "mine", "jsonl", "xinhua", 5, "en_core_web_md"
    )
    assert settings.lake == tmp_path / "lake"
    assert workers == 3


@pytest.mark.parametrize(
    ("variable", "options", "code_copies"),
    [("false", [], False), ("false", ["--code-copies"], True), ("true", [], True)],
)
def test_copies_are_coded_when_the_option_or_the_environment_says_so(
    call, calls, tmp_path, monkeypatch, variable, options, code_copies
):
    monkeypatch.setenv("EVENTWIRE_CODE_COPIES", variable)
    call("run", "a.jsonl", "--lake", tmp_path / "lake", *options)
    ((_, settings, _),) = calls
    assert settings.code_copies is code_copies


def test_the_batch_is_daily_unless_named(call, calls, tmp_path):
    call("run", "a.jsonl", "--lake", tmp_path / "lake")
    ((request, _, workers),) = calls
    assert request.batch == "daily"
    assert request.format is request.limit is request.model is workers is None


def test_says_what_came_out_and_how_to_go_on(call, calls, tmp_path):
    _, output, progress = call("run", "a.jsonl", "--lake", tmp_path / "lake", "--day", "2018-04-24")
    assert "2018-04-24 daily: 2 records in 1 files gave 1 articles" in output
    assert "rejects: 2 empty_text, 1 bad_date" in output
    assert "_receipts/dt=2018-04-24/daily.json" in output
    assert f"summary {tmp_path / 'lake'}" in output
    assert "coding 10" in progress


def test_json_is_one_object_with_counts(call, calls, tmp_path):
    _, output, _ = call(
        "run", "a.jsonl", "--lake", tmp_path / "lake", "--day", "2018-04-24", "--json"
    )
    assert output.count("\n") == 1
    told = json.loads(output)
    assert (told["day"], told["batch"], told["records_in"]) == ("2018-04-24", "daily", 2)
    assert told["rows"] == {
        "articles": 1, "mentions": 2, "events": 1, "event_parties": 2, "rejects": 3,
        "signatures": 1,
    }  # fmt: skip
    assert told["receipt"].endswith("daily.json")


@pytest.mark.parametrize(
    ("inputs", "day"),
    [
        (["landing/wire/dt=2018-04-24"], date(2018, 4, 24)),
        (["landing/wire/dt=2018-04-24/a.jsonl", "other/dt=2018-04-24/*.csv"], date(2018, 4, 24)),
        (["lake/dt=2017-01-01/copy/dt=2018-04-24/a.jsonl"], date(2018, 4, 24)),
        (["wire/dt=2018-04-24", "wire/dt=2018-04-25"], None),
        (["wire/dt=2018-04-24", "a.jsonl"], None),
        (["a.jsonl"], None),
        (["wire/dt=2018-04-24-old/a.jsonl"], None),
    ],
)
def test_the_day_is_that_of_the_folder_of_all_inputs(inputs, day):
    assert find_day(inputs) == day


def test_the_day_is_today_when_no_input_names_one_and_it_is_said(call, calls, tmp_path):
    before = datetime.now(UTC).date()
    _, output, _ = call("run", "a.jsonl", "--lake", tmp_path / "lake")
    ((request, _, _),) = calls
    assert request.day in (before, datetime.now(UTC).date())
    assert f"add --day {request.day}" in output
    assert "--day" not in call("run", "dt=2018-04-24/a.jsonl", "--lake", tmp_path / "lake")[1]


def test_a_folder_of_a_day_that_does_not_exist_is_wrong_usage(call, tmp_path):
    folder = tmp_path / "dt=2018-02-30"
    folder.mkdir()
    status, _, errors = call("run", folder, "--lake", tmp_path / "lake")
    assert status == 2
    assert "2018-02-30" in errors
