"""Inputs in a bucket: listed, named, left out and refused as those on a disk."""

import gzip
import io
import json
import zipfile
from dataclasses import replace
from urllib.request import Request, urlopen

import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.inputs.selection import InputError, list_inputs
from include.eventwire.lake import locations
from include.eventwire.lake.locations import LocationError, to_location
from tests.unit.inputs.test_selection import (  # noqa: F401 - collected here
    folder,
    test_a_glob_takes_what_matches,
    test_lists_a_folder_sorted_by_uri_without_hidden_files_and_leftovers,
    test_refuses_two_files_of_one_name,
    test_the_same_file_named_twice_is_listed_once,
    test_uri_is_relative_to_the_landing_area,
)
from tests.unit.made_batches import DAY, article, land, make_batch, make_settings, rows_of


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def lines(*records) -> bytes:
    return "\n".join(map(json.dumps, records)).encode()


def test_what_cannot_be_taken_in_a_folder_is_a_reject(tmp_path, store):
    (tmp_path / "wire" / "picture.jpeg").write_bytes(b"x")
    (tmp_path / "wire" / "empty.txt").write_bytes(b"")
    (tmp_path / "wire" / "good.txt").write_bytes(b"text")
    listed = list_inputs([tmp_path / "wire"])
    assert [(reject.input_uri, reject.reason) for reject in listed.rejects] == [
        ("wire", "empty_text"),
        ("wire/picture.jpeg", "unknown_format"),
    ]
    assert [file.uri for file in listed.files] == ["wire/good.txt"]


def test_hidden_folders_are_left_out(tmp_path):
    for name in ("wire/.feeds/state.txt", "wire/day/a.txt"):
        (tmp_path / name).write_bytes(b"text")
    for spec in (tmp_path / "wire", f"{tmp_path}/wire/**/*.txt"):
        assert [file.uri for file in list_inputs([spec]).files] == ["wire/day/a.txt"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nothing.txt", "no such file"),
        ("*.nothing", "no file matches"),
        ("letter.docx", "known are agency_xml, anpa"),
    ],
)
def test_a_named_input_that_cannot_be_read_is_an_error(tmp_path, spec, message):
    (tmp_path / "letter.docx").write_bytes(b"x")
    with pytest.raises(InputError, match=message):
        list_inputs([tmp_path / spec])


def test_a_bucket_that_does_not_exist_is_told(store):
    with pytest.raises(InputError, match=r"s3://no-such-bucket/day: there is no such bucket"):
        list_inputs(["s3://no-such-bucket/day"])


def test_refuses_what_lies_outside_the_allowed_roots(tmp_path, here):
    (tmp_path / "outside.txt").write_bytes(b"x")
    (tmp_path / "wired" / "a.txt").write_bytes(b"x")
    for spec in (tmp_path / "outside.txt", f"{tmp_path}/*.txt", tmp_path / "wired", here):
        with pytest.raises(InputError, match="EVENTWIRE_ALLOWED_ROOTS"):
            list_inputs([spec], allowed_roots=[tmp_path / "wire"])
    with pytest.raises(InputError, match="EVENTWIRE_ALLOWED_ROOTS"):
        list_inputs([tmp_path / "outside.txt"], allowed_roots=[here])
    with pytest.raises(LocationError):
        list_inputs([f"{tmp_path}/wire/../outside.txt"], allowed_roots=[tmp_path / "wire"])


def test_archives_and_compressed_files_are_read(settings):
    day = settings.landing / "wire" / f"dt={DAY}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/a.jsonl", lines(article(1), article(2)))
    (day / "a.zip").write_bytes(packed.getvalue())
    (day / "b.jsonl.gz").write_bytes(gzip.compress(lines(article(3))))
    receipt = make_batch(settings)
    assert [(row.source_id, row.input_uri) for row in rows_of(settings, "articles")] == [
        ("1", f"wire/dt={DAY}/a.zip!/inner/a.jsonl"),
        ("2", f"wire/dt={DAY}/a.zip!/inner/a.jsonl"),
        ("3", f"wire/dt={DAY}/b.jsonl.gz"),
    ]
    assert all(file["sha256"] for file in receipt.inputs)


def test_the_source_and_its_day_are_told_by_the_place_in_the_bucket(settings, here):
    sources = here / "sources.toml"
    sources.write_text(
        '[[source]]\nname = "wire"\npublisher = "The Wire"\nformat = "plain_text"\n'
        "dated_by_folder = true\n"
    )
    (settings.landing / "wire" / f"dt={DAY}" / "a.txt").write_bytes(b"Ministers met on Tuesday.")
    make_batch(replace(settings, sources=sources))
    (row,) = rows_of(settings, "articles")
    assert row.publisher == "The Wire"
    assert row.published_at.date() == DAY


def test_a_file_that_goes_before_it_is_read_is_a_reject(settings):
    land(settings, "a.jsonl", [article(1)])
    gone = land(settings, "b.jsonl", [article(2)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    gone.unlink()
    jobs.ingest_shard(plan_path, 0)
    for chunk in jobs.deduplicate_batch(plan_path):
        jobs.code_shard(plan_path, chunk)
    jobs.publish_batch(jobs.audit_batch(plan_path))
    (reject,) = rows_of(settings, "rejects")
    assert (reject.input_uri.rpartition("/")[2], reject.reason) == ("b.jsonl", "unreadable_file")


def test_a_store_that_fails_fails_the_task_and_loses_nothing(settings, monkeypatch):
    land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)

    def fail(path):
        raise OSError("AWS Error NETWORK_CONNECTION during GetObject operation")

    with monkeypatch.context() as patched:
        patched.setattr(locations, "open_binary", fail)
        with pytest.raises(OSError, match="NETWORK_CONNECTION"):
            jobs.ingest_shard(plan_path, 0)
    jobs.ingest_shard(plan_path, 0)
    assert jobs.deduplicate_batch(plan_path) == ["00000/articles-00000"]


def test_a_key_that_no_disk_could_have_is_a_reject(bucket, server):
    address = f"{server}/{str(bucket).removeprefix('s3://').strip('/')}"
    for key in ("wire//a.txt", "wire/b.txt"):
        plain = {"Content-Type": "text/plain"}
        urlopen(Request(f"{address}/{key}", b"text", plain, method="PUT")).close()
    listed = list_inputs([to_location(f"{bucket}wire")])
    assert [file.uri for file in listed.files] == ["wire/b.txt"]
    (reject,) = listed.rejects
    assert reject.reason == "unreadable_file"
