"""Files of a bucket, fetched ahead one after the other."""

import pytest

from include.eventwire.lake.locations import LostFileError, fetch_in_turn


def test_files_are_fetched_in_their_order_and_gone_afterwards(bucket):
    paths = [bucket / f"{number}.txt" for number in range(20)]
    for number, path in enumerate(paths):
        path.write_bytes(b"%d" % number)
    copies = []
    read = []
    for copy in fetch_in_turn(paths):
        copies.append(copy)
        read.append(int(copy.read_bytes()))
    assert read == list(range(20))
    assert not any(copy.exists() for copy in copies)


def test_files_of_this_machine_are_themselves_and_stay(bucket, here):
    (bucket / "far.txt").write_bytes(b"far")
    near = here / "near.txt"
    near.write_bytes(b"near")
    paths = [near, bucket / "far.txt", near]
    assert [copy.read_bytes() for copy in fetch_in_turn(paths)] == [b"near", b"far", b"near"]
    assert near.exists()


def test_a_file_that_is_gone_is_told_when_its_turn_comes(bucket):
    (bucket / "a.txt").write_bytes(b"a")
    fetched = fetch_in_turn([bucket / "a.txt", bucket / "b.txt"])
    assert next(fetched).read_bytes() == b"a"
    with pytest.raises(LostFileError, match=r"b\.txt"):
        next(fetched)
