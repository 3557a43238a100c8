"""The command line, from a landing area in a bucket to a lake in a bucket, as processes."""

import json

import pytest

from include.eventwire.lake.locations import list_files
from include.eventwire.settings import PROJECT_ROOT
from tests.runs.test_command_line import call, hashes
from tests.s3.server import free_port

SAMPLE = PROJECT_ROOT / "data" / "sample_landing"
DAY = "dt=2018-04-24"


@pytest.mark.model
@pytest.mark.slow
def test_a_day_in_a_bucket_has_the_bytes_of_one_on_a_disk(bucket, here):
    landing, lake = bucket / "landing", bucket / "lake"
    for path in SAMPLE.glob(f"*/{DAY}/**/*"):
        if path.is_file():
            (landing / str(path.relative_to(SAMPLE))).write_bytes(path.read_bytes())
    on_disk = call("run", *SAMPLE.glob(f"*/{DAY}"), "--lake", here / "lake", "--workers", 2)
    assert on_disk.returncode == 0, on_disk.stderr
    done = call(
        "run",
        f"{landing}/*/{DAY}/*",
        "--lake",
        lake,
        "--workers",
        2,
        EVENTWIRE_LANDING=str(landing),
    )
    assert done.returncode == 0, done.stderr
    assert hashes(lake) == hashes(here / "lake")
    assert not [path for path, _ in list_files(lake) if "_staging" in str(path)]
    assert "nothing is wrong" in call("verify", lake).stdout
    summary = json.loads(call("summary", lake, "--json").stdout)
    event_id = summary["events"][0]["event_id"]
    explained = call("explain", lake, event_id[:12])
    assert explained.returncode == 0
    assert event_id in explained.stdout
    article_id = summary["events"][0]["article_id"]
    assert article_id in call("show", lake, article_id).stdout


@pytest.mark.parametrize("arguments", [("verify",), ("summary",), ("run", SAMPLE, "--lake")])
@pytest.mark.slow
def test_a_bucket_that_does_not_exist_is_told_in_one_line(store, arguments):
    done = call(*arguments, "s3://no-such-bucket/lake")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "error: s3://no-such-bucket/lake: there is no such bucket; make it, or name another one"
    )


@pytest.mark.slow
def test_a_store_that_does_not_answer_is_told_in_one_line(store):
    address = f"http://127.0.0.1:{free_port()}"
    done = call("verify", "s3://bucket/lake", AWS_ENDPOINT_URL=address)
    assert done.returncode == 1
    assert f"s3://bucket/lake: {address} cannot be reached; see AWS_ENDPOINT_URL" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_what_names_no_bucket_is_wrong_usage(here):
    done = call("verify", "s3://bucket//lake")
    assert done.returncode == 2
    assert "write s3://bucket/prefix" in done.stderr
