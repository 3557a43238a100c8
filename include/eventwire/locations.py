"""Where files are: on a disk, or in the buckets of an object store that speaks S3.

A location is a `pathlib.Path` on this machine, or a path of the same kind into a bucket
(`s3://bucket/prefix`, a `UPath` over Arrow's file system), so that most code need not know which.
What it must know: a bucket has no folders to rename or lock, and a file there comes into being as
a whole, when its upload is complete.

The store is told by the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and
AWS_ENDPOINT_URL for a store that is not Amazon's.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import fsspec
from fsspec.implementations.arrow import ArrowFSWrapper
from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem
from upath import UPath

_SCHEME: Final = "s3://"
_ATTEMPTS: Final = 5
_SECONDS_TO_CONNECT: Final = 10
_SECONDS_TO_ANSWER: Final = 60


class ObjectStore(ArrowFSWrapper):  # type: ignore[misc]
    """Arrow's S3 file system under the interface of fsspec.

    fsspec's own, s3fs, cannot be installed beside a current boto3.
    """

    protocol = ("s3",)
    root_marker = ""

    def __init__(self, **options: object) -> None:
        """Connect as the variables of the environment say; `options` are those of fsspec."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        scheme, _, host = endpoint.rpartition("://")
        super().__init__(
            S3FileSystem(
                endpoint_override=host or None,
                scheme=scheme or "https",
                region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
                connect_timeout=_SECONDS_TO_CONNECT,
                request_timeout=_SECONDS_TO_ANSWER,
                retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
                # An error of the upload is then raised by the write that meets it.
                background_writes=False,
            ),
            **options,
        )

    @classmethod
    def _parent(cls, path: str) -> str:
        # The wrapper's own is a method of the instance, UPath asks the class.
        folder, _, _ = str(cls._strip_protocol(path)).rpartition("/")
        return folder


fsspec.register_implementation("s3", ObjectStore, clobber=True)


def to_location(written: str) -> Path:
    """Return the location that `written` names: a path, or `s3://bucket/prefix`.

    A location in a bucket is no `Path` by its class, but is used like one.
    """
    return cast("Path", UPath(written)) if is_remote(written) else Path(written)


def is_remote(location: str | Path) -> bool:
    """Return whether a location, or what is written of one, lies in a bucket."""
    return str(location).startswith(_SCHEME)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file within the object store; `target` is the old one or the new one, never a part."""
    store = cast("Any", target).fs.fs
    store.copy_file(cast("Any", source).path, cast("Any", target).path)


def connect_duckdb() -> duckdb.DuckDBPyConnection:
    """Return a connection to DuckDB, in memory, that can read what lies in buckets as well."""
    connection = duckdb.connect()
    if os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ACCESS_KEY_ID"):
        connection.register_filesystem(fsspec.filesystem("s3"))
    return connection
