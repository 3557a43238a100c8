"""Who this process is to the object store: by a connection of Airflow, or by the environment.

The variable `EVENTWIRE_S3_CONNECTION` names an Airflow connection of type `aws` (or `generic`,
where Airflow has no provider for Amazon). Of it are read: the login (access key), the password
(secret key), and the extra fields `region_name`, `endpoint_url` and `aws_session_token`. What it
leaves open, and all of it where the variable is not set, comes from the variables of the AWS tools
(AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), their files, or the role
of the machine.

The keys go to Arrow and nowhere else: no plan, receipt, path or message has them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

CONNECTION_VARIABLE: Final = "EVENTWIRE_S3_CONNECTION"
_TYPES: Final = ("aws", "generic", "s3")
# Who asks for these would get other rights than he thinks.
_UNKNOWN: Final = ("role_arn", "assume_role_method", "assume_role_kwargs", "profile_name")


class StoreKeysError(ValueError):
    """The connection to the object store cannot be used; the message names no secret."""


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """How an object store is reached.

    Attributes:
        endpoint: Address of a store that is not Amazon's, or "".
        region: Its region, or None for the one that the bucket tells.
        access_key: Access key; None = as the AWS tools find it.
        secret_key: Secret key that belongs to it.
        session_token: Token of keys that are valid for a time.
    """

    endpoint: str = ""
    region: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)


def find_access() -> StoreAccess:
    """Return how the object store is reached from this process.

    Raises:
        StoreKeysError: The connection is not known, or says what is not understood.
    """
    if not (conn_id := _connection_id()):
        return _of_environment()
    return read_connection(conn_id, _get_connection(conn_id))


def read_connection(conn_id: str, connection: Any) -> StoreAccess:
    """Return what a connection of Airflow says of the store.

    Args:
        conn_id: Its name, for messages.
        connection: The connection, as `airflow.sdk.Connection`.

    Raises:
        StoreKeysError: It is of another type, or says what is not understood.
    """
    if connection.conn_type not in _TYPES:
        raise StoreKeysError(_refusal(conn_id, f"is of type {connection.conn_type!r}, not aws"))
    extra: Mapping[str, Any] = connection.extra_dejson
    if unknown := [name for name in _UNKNOWN if extra.get(name)]:
        why = f"has {', '.join(unknown)}, which is not supported; give it keys, or leave it out "
        raise StoreKeysError(_refusal(conn_id, f"{why}and give the machine the role"))
    if bool(connection.login) != bool(connection.password):
        raise StoreKeysError(_refusal(conn_id, "needs login and password, or neither"))
    usual = _of_environment()
    return StoreAccess(
        endpoint=str(extra.get("endpoint_url") or usual.endpoint),
        region=extra.get("region_name") or usual.region,
        access_key=connection.login or None,
        secret_key=connection.password or None,
        session_token=extra.get("aws_session_token") or None,
    )


def tell_place_of_keys() -> str:
    """Return in words where the keys of this process are to be looked at."""
    if conn_id := _connection_id():
        return f"login and password of the Airflow connection {conn_id}"
    return "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def tell_place_of_address() -> str:
    """Return in words where the address of the store is to be looked at."""
    if conn_id := _connection_id():
        return f"endpoint_url of the Airflow connection {conn_id}, or AWS_ENDPOINT_URL"
    return "AWS_ENDPOINT_URL"


def _connection_id() -> str:
    return os.environ.get(CONNECTION_VARIABLE, "").strip()


def _of_environment() -> StoreAccess:
    # Arrow looks for the keys by itself, as the AWS tools do.
    return StoreAccess(
        endpoint=os.environ.get("AWS_ENDPOINT_URL", ""),
        region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    )


def _get_connection(conn_id: str) -> Any:
    try:
        # Imported here: without that variable nothing needs Airflow.
        from airflow.sdk import Connection

        return Connection.get(conn_id)
    except Exception as error:  # noqa: BLE001 - backends of secrets have many, which may tell some
        why = (
            f"cannot be read ({type(error).__name__}); add it, or, where Airflow's connections are "
            f"out of reach, unset {CONNECTION_VARIABLE} and set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        )
        raise StoreKeysError(_refusal(conn_id, why)) from None


def _refusal(conn_id: str, why: str) -> str:
    return f"the connection {conn_id!r} of {CONNECTION_VARIABLE} {why}"
