"""The buckets of an object store that speaks S3, as a file system of fsspec.

Which store it is, and who we are to it: `store_keys`.
"""

from __future__ import annotations

from typing import Any, Final

import fsspec
from fsspec.implementations.arrow import ArrowFSWrapper
from pyarrow.fs import AwsStandardS3RetryStrategy, FileSelector, FileType, S3FileSystem

from include.eventwire.lake.locations import SCHEME
from include.eventwire.lake.store_keys import find_access, tell_place_of_address, tell_place_of_keys

_ATTEMPTS: Final = 5
_SECONDS_TO_CONNECT: Final = 10
_SECONDS_TO_ANSWER: Final = 60
# What the store's answers mean for whoever set it up.
_REFUSALS: Final = (
    "ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH", "INVALID_CLIENT_TOKEN_ID",
    "EXPIRED_TOKEN", "MISSING_AUTHENTICATION_TOKEN", "HTTP status 403", "HTTP status 401",
)  # fmt: skip


class ObjectStore(ArrowFSWrapper):  # type: ignore[misc]
    """Arrow's S3 file system under the interface of fsspec.

    fsspec's own, s3fs, cannot be installed beside a current boto3.
    """

    protocol = ("s3",)
    root_marker = ""

    def __init__(self, **options: object) -> None:
        """Connect as the environment says; `options` are those of fsspec.

        Raises:
            StoreKeysError: The connection that the environment names cannot be used.
        """
        access = find_access()
        scheme, _, host = access.endpoint.rstrip("/").rpartition("://")
        super().__init__(
            S3FileSystem(
                access_key=access.access_key,
                secret_key=access.secret_key,
                session_token=access.session_token,
                endpoint_override=host or None,
                scheme=scheme or "https",
                region=access.region,
                connect_timeout=_SECONDS_TO_CONNECT,
                request_timeout=_SECONDS_TO_ANSWER,
                retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
                # An error of the upload is then raised by the write that meets it.
                background_writes=False,
                # A small file is then one PUT.
                allow_delayed_open=True,
                # Removing a file makes its folder an object where it was the last one in it.
                check_directory_existence_before_creation=True,
            ),
            **options,
        )

    def find(
        self,
        path: str,
        maxdepth: int | None = None,
        withdirs: bool = False,
        detail: bool = False,
        **_: object,
    ) -> Any:
        """Return what lies below `path`, asking for a thousand objects at a time.

        fsspec's own asks folder by folder, and takes a store that does not answer for an empty one.
        """
        path = self._strip_protocol(path)
        depth = path.count("/") + (maxdepth or 0)
        selector = FileSelector(path, allow_not_found=True, recursive=maxdepth != 1)
        found = {
            info.path: self._make_entry(info)
            for info in sorted(self.fs.get_file_info(selector), key=lambda info: info.path)
            if (withdirs or info.type is FileType.File)
            and (maxdepth is None or info.path.count("/") <= depth)
        }
        return found if detail else list(found)

    def isdir(self, path: str) -> bool:
        """Return whether there is such a folder; raise an OSError where the store does not tell."""
        return self._is(path, "directory")

    def isfile(self, path: str) -> bool:
        """Return whether there is such a file; raise an OSError where the store does not tell."""
        return self._is(path, "file")

    def _is(self, path: str, kind: str) -> bool:
        try:
            return bool(self.info(path)["type"] == kind)
        except FileNotFoundError:
            return False

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        # The wrapper's own takes "?" and "#" in a key for parts of an address.
        if isinstance(path, list):
            return [cls._strip_protocol(one) for one in path]
        return str(path).removeprefix(SCHEME).rstrip("/")

    @classmethod
    def _parent(cls, path: str) -> str:
        # The wrapper's own is a method of the instance, UPath asks the class.
        folder, _, _ = str(cls._strip_protocol(path)).rpartition("/")
        return folder


def explain_failure(error: OSError) -> str:
    """Return in words why the store could not do what it was asked, and what to look at."""
    said = str(error)
    if "NO_SUCH_BUCKET" in said:
        return "there is no such bucket; make it, or name another one"
    if any(sign in said for sign in _REFUSALS):
        return (
            f"the object store refuses access; see {tell_place_of_keys()}, and what they give the "
            f"right to ({said})"
        )
    if "NETWORK_CONNECTION" in said:
        address = find_access().endpoint or "Amazon S3"
        return f"{address} cannot be reached; see {tell_place_of_address()} ({said})"
    return said


fsspec.register_implementation("s3", ObjectStore, clobber=True)
