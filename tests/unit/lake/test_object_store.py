import pytest

from include.eventwire.lake.locations import is_of_store
from include.eventwire.lake.object_store import explain_failure


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("AWS Error NO_SUCH_BUCKET during ListObjectsV2 operation", "make it, or name another"),
        ("AWS Error ACCESS_DENIED during ListObjectsV2 operation", "AWS_SECRET_ACCESS_KEY"),
        ("AWS Error SIGNATURE_DOES_NOT_MATCH during PutObject operation", "AWS_ACCESS_KEY_ID"),
        ("AWS Error UNKNOWN (HTTP status 403) during HeadBucket operation", "refuses access"),
        ("AWS Error NETWORK_CONNECTION during HeadBucket operation", "see AWS_ENDPOINT_URL"),
        ("AWS Error SLOW_DOWN during PutObject operation", "SLOW_DOWN"),
    ],
)
def test_what_the_store_says_is_told_with_what_to_look_at(said, told, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.example:9000")
    assert told in explain_failure(OSError(f"When listing objects: {said}: no body"))


def test_the_address_is_told_that_cannot_be_reached(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.example:9000")
    error = OSError("AWS Error NETWORK_CONNECTION during HeadBucket operation: curlCode: 7")
    assert explain_failure(error).startswith("http://store.example:9000 cannot be reached")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError("AWS Error NETWORK_CONNECTION during GetObject operation"), True),
        (OSError("AWS Error UNKNOWN (HTTP status 500) during GetObject operation"), True),
        (OSError("AWS Error SLOW_DOWN during GetObject operation"), True),
        (OSError("AWS Error ACCESS_DENIED during GetObject operation"), False),
        (OSError("AWS Error NO_SUCH_KEY during GetObject operation"), False),
        (FileNotFoundError(2, "Path does not exist 'bucket/key'"), False),
        (OSError("Couldn't deserialize thrift"), False),
        (ValueError("AWS Error"), False),
    ],
)
def test_what_may_go_well_the_next_time(error, expected):
    assert is_of_store(error) is expected
