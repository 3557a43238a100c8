"""Files of a bucket: they come in whole or not at all; their names; what can go wrong."""

import os

import pytest

from include.eventwire.lake.locations import (
    LocationError,
    LostFileError,
    StoreError,
    check_reachable,
    glob_files,
    hash_file,
    is_of_store,
    is_remote,
    lies_in,
    list_files,
    on_this_machine,
    remove_folder,
    to_location,
    upload_file,
)
from include.eventwire.lake.object_store import ObjectStore
from include.eventwire.lake.parquet_files import write_rows
from tests.lake_rows import make_batch
from tests.s3.failing_store import start_failing_store
from tests.s3.server import free_port

PART = 16 * 1024 * 1024
ODD_NAMES = ["a b.txt", "a#b.txt", "a%20b.txt", "a:b.txt", "a?b=c.txt", "a[1].txt", "新聞.txt"]


@pytest.fixture
def failing(server, bucket, here, monkeypatch):
    """The store of `bucket`, which can be made to fail."""
    with start_failing_store(server, here) as store:
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.address)
        ObjectStore.clear_instance_cache()
        yield store
    ObjectStore.clear_instance_cache()


def large_file(folder, n_bytes=3 * PART):
    path = folder / "large"
    path.write_bytes(os.urandom(n_bytes))
    return path


def test_a_large_file_arrives_as_it_is_and_nothing_beside_it(bucket, here):
    path = large_file(here)
    upload_file(path, bucket / "f" / "large.bin")
    assert hash_file(bucket / "f" / "large.bin") == hash_file(path)
    assert list_files(bucket) == [(bucket / "f" / "large.bin", 3 * PART)]


@pytest.mark.slow  # the client tries several times
@pytest.mark.parametrize("lost", ["partNumber=2", "POST", "PUT"])
def test_a_lost_upload_leaves_the_old_file(bucket, here, failing, lost):
    target = to_location(f"{bucket}large.bin")
    target.write_bytes(b"old")
    failing.fail_at(lost)
    with pytest.raises(OSError, match="AWS Error"):
        upload_file(large_file(here), target)
    failing.fail_at("")
    assert target.read_bytes() == b"old"
    assert list_files(bucket) == [(bucket / "large.bin", 3)]


@pytest.mark.slow
def test_a_lost_upload_of_one_request_leaves_the_old_file(bucket, here, failing):
    target = to_location(f"{bucket}small.bin")
    target.write_bytes(b"old")
    failing.fail_at("PUT")
    with pytest.raises(OSError, match="AWS Error") as raised:
        upload_file(large_file(here, 1000), target)
    failing.fail_at("")
    assert is_of_store(raised.value)
    assert target.read_bytes() == b"old"


def test_a_writer_that_fails_half_way_leaves_the_old_file(bucket):
    target = bucket / "rejects.parquet"
    batch = make_batch()
    write_rows(target, "rejects", batch["rejects"])
    before = target.read_bytes()
    with pytest.raises(ValueError, match="not a Reject"):
        write_rows(target, "rejects", [*batch["rejects"] * 2_000, *batch["events"]])
    assert target.read_bytes() == before
    assert list_files(bucket) == [(target, len(before))]


def test_names_that_mean_something_elsewhere_are_names(bucket):
    folder = bucket / "odd"
    for name in ODD_NAMES:
        (folder / name).write_bytes(name.encode())
    found = list_files(folder)
    assert sorted(path.name for path, _ in found) == sorted(ODD_NAMES)
    for path, size in found:
        assert to_location(str(path)).read_bytes() == path.name.encode()
        assert path.stat().st_size == size
    assert [path.name for path, _ in glob_files(folder / "a[[]*")] == ["a[1].txt"]


def test_a_copy_on_this_machine_has_the_suffixes_and_goes(bucket):
    (bucket / "news.jsonl.gz").write_bytes(b"content")
    with on_this_machine(bucket / "news.jsonl.gz") as copy:
        assert copy.read_bytes() == b"content"
        assert copy.name.endswith(".jsonl.gz")
    assert not copy.exists()


def test_a_file_that_is_gone_is_lost_for_good(bucket):
    with (
        pytest.raises(LostFileError, match=r"/gone\.txt") as raised,
        on_this_machine(bucket / "gone.txt"),
    ):
        pass
    assert not is_of_store(raised.value)


def test_a_folder_is_removed_with_all_in_it_and_nothing_else(bucket):
    for name in ("a/b/1", "a/b/2", "a/bc/3"):
        (bucket / name).write_bytes(b"x")
    remove_folder(bucket / "a" / "b")
    assert [path for path, _ in list_files(bucket)] == [bucket / "a/bc/3"]
    remove_folder(bucket / "a" / "b")


@pytest.mark.parametrize("written", ["s3://", "s3:///a", "s3://b//c", "s3://b/../c", "s3://b/./c"])
def test_what_names_no_place_in_a_bucket_is_refused(written):
    with pytest.raises(LocationError, match="write s3://bucket/prefix"):
        to_location(written)


def test_a_slash_at_the_end_changes_nothing(bucket):
    assert to_location("s3://b/c/") == to_location("s3://b/c")
    assert to_location("s3://b/") == to_location("s3://b")


def test_a_place_on_a_disk_never_lies_in_a_bucket(tmp_path, here):
    assert is_remote(tmp_path)
    assert not is_remote(here)
    assert lies_in(tmp_path / "a" / "b", tmp_path)
    assert not lies_in(tmp_path.parent / "placed", tmp_path)
    assert not lies_in(here, tmp_path)
    assert not lies_in(tmp_path, here)


def test_a_bucket_that_is_empty_can_be_reached(bucket):
    check_reachable(bucket)
    check_reachable(bucket / "nothing" / "here")


def test_an_unknown_bucket_is_told(store):
    with pytest.raises(StoreError, match=r"^s3://no-such-bucket/lake: there is no such bucket"):
        check_reachable(to_location("s3://no-such-bucket/lake"))


@pytest.mark.slow  # the client tries several times
def test_a_store_that_does_not_answer_is_told_with_the_variable(store, monkeypatch):
    address = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    ObjectStore.clear_instance_cache()
    place = to_location("s3://bucket/lake")
    with pytest.raises(StoreError, match=rf"{address} cannot be reached; see AWS_ENDPOINT_URL"):
        check_reachable(place)
    with pytest.raises(OSError, match="AWS Error"):
        place.exists()
    with pytest.raises(OSError, match="AWS Error"):
        place.is_dir()
    ObjectStore.clear_instance_cache()
