"""The command `recode`; what is done to a batch is tested in tests/unit/test_recoding.py."""

import json
from dataclasses import replace

import pytest

from include.eventwire import jobs, local_runs, recoding
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import to_location
from tests.unit.made_batches import DAY, article, land, make_batch, make_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def no_pool(monkeypatch):
    """Do the work in this process, where the stand-in for the coder is."""

    def recode_batches(keys, request, settings, reporter, *, workers=None):
        for key in keys:
            plan_path = recoding.plan_recode(key, request, settings)
            for chunk in recoding.cut_batch(plan_path):
                recoding.recode_chunk(plan_path, chunk)
            yield to_location(jobs.publish_batch(jobs.audit_batch(plan_path)))

    monkeypatch.setattr("include.eventwire.cli.recode.recode_batches", recode_batches)


@pytest.fixture
def lake(settings):
    land(settings, "a.jsonl", [article(1), article(2)])
    make_batch(settings)
    return settings.lake


def test_nothing_is_done_where_all_is_up_to_date(call, lake):
    status, output, _ = call("recode", lake)
    assert status == 0
    assert output.startswith("1 batches are left as they are")
    assert "--force" in output


def test_tells_each_batch_that_was_coded_again(call, lake):
    status, output, _ = call("recode", lake, "--force", "--day", "2018-04-24")
    assert status == 0
    assert "2018-04-24 daily: 2 records in 1 files gave 2 articles, 2 mentions" in output


def test_json_tells_what_was_done_and_what_was_left(call, lake, tmp_path):
    told = json.loads(call("recode", lake, "--json")[1])
    assert told == {"recoded": [], "current": ["2018-04-24 daily"]}
    told = json.loads(call("recode", lake, "--into", tmp_path / "other", "--json")[1])
    (batch,) = told["recoded"]
    assert (batch["day"], batch["batch"], batch["rows"]["articles"]) == ("2018-04-24", "daily", 2)
    assert batch["recoded_from"]["versions"] == batch["versions"]


def test_another_lake_is_compared_by_the_command_that_is_told(call, lake, tmp_path):
    _, output, _ = call("recode", lake, "--into", tmp_path / "other")
    assert LakeLayout(tmp_path / "other").receipt_file(DAY, "daily").exists()
    command = output.splitlines()[-1].partition("include.eventwire ")[2].split()
    assert call(*command)[0] == 0


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--day", "2018-04-25"], 1, "no batch there"),
        (["--batch", "trial"], 1, "no batch there"),
        (["--batch", "../x"], 2, "batch name"),
        (["--model", "no_such_model"], 2, "no_such_model"),
        (["--day", "2018-04-24", "--last-day", "2018-04-23"], 2, "lies before"),
        (["--day", "24.4."], 2, "write it like"),
    ],
)
def test_what_cannot_be_done_is_told(call, lake, options, status, says):
    found, output, errors = call("recode", lake, *options)
    assert (found, output) == (status, "")
    assert says in errors


def test_a_folder_without_a_lake_has_no_batches(call, tmp_path):
    assert call("recode", tmp_path / "nowhere")[0] == 1


def test_chunks_are_as_small_as_those_of_a_run(settings):
    many = replace(settings, articles_per_shard=5_000)
    assert local_runs._with_small_chunks(many).articles_per_shard == 100
