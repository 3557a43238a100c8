"""A bucket for each test, on an S3 server that all tests of a process share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow.fs import S3FileSystem

from include.eventwire.lake.locations import to_location
from include.eventwire.lake.object_store import ObjectStore
from tests.s3.server import set_variables, start_server


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    with start_server(tmp_path_factory.mktemp("s3") / "server.log") as address:
        yield address


@pytest.fixture
def store(server, monkeypatch) -> S3FileSystem:
    """The store as its owner sees it, who may make buckets."""
    set_variables(monkeypatch, server)
    ObjectStore.clear_instance_cache()
    host = server.removeprefix("http://")
    return S3FileSystem(
        endpoint_override=host, scheme="http", region="us-east-1", allow_bucket_creation=True
    )


@pytest.fixture
def bucket(store) -> Path:
    name = f"test-{uuid.uuid4().hex}"
    store.create_dir(name)
    return to_location(f"s3://{name}")


@pytest.fixture
def here(tmp_path_factory) -> Path:
    """A folder of this machine, for tests whose `tmp_path` lies in a bucket."""
    return tmp_path_factory.mktemp("here")


@pytest.fixture
def tmp_path(bucket) -> Path:
    """A place in a bucket: tests that were written for a disk run here on a store."""
    place = bucket / "place"
    place.mkdir()
    return place
