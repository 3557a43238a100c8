"""Connections of urllib3 that go through the guard and end at a deadline.

urllib3 is told by its own means to use them: `PoolManager._new_pool`, which it means to be
overridden, `ConnectionCls` of a pool and `_new_conn` of a connection. The names of hosts stay as
they are, so that certificates are checked against them. Variables such as HTTP_PROXY, netrc files
and cookies play no part.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from functools import partial
from typing import Any

import certifi
from urllib3 import HTTPConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

from include.eventwire.fetching.guard import Guard
from include.eventwire.fetching.limits import FetchLimits


class Deadline:
    """The moment at which the response that is under way is given up.

    Every connection of one client shares it, since a client makes one request at a time.
    """

    def __init__(self, limits: FetchLimits) -> None:
        """Make one that is over until it is started."""
        self._limits = limits
        self._ends_at = 0.0

    def start(self) -> None:
        """Start the time of a new request."""
        self._ends_at = time.monotonic() + self._limits.total_seconds

    def allowance(self, seconds: float) -> float:
        """Return how long to wait for the next step that may take `seconds` at most.

        Raises:
            TimeoutError: The time is over.
        """
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"it took longer than {self._limits.total_seconds:g} seconds")
        return min(seconds, left)

    def for_connecting(self) -> float:
        """Return how long to wait for a connection."""
        return self.allowance(self._limits.connect_seconds)

    def for_reading(self) -> float:
        """Return how long to wait for the next bytes."""
        return self.allowance(self._limits.read_seconds)


class _TimedStream(io.RawIOBase):
    """What a server sends: each wait for more ends at the deadline at the latest."""

    def __init__(self, sock: socket.socket, stream: io.RawIOBase, deadline: Deadline) -> None:
        self._sock = sock
        self._stream = stream
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.for_reading())
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """A response, the headers of which are read under the deadline as well."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedStream(sock, self.fp.detach(), deadline))


class _GuardedConnection(HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard
        self._deadline = deadline
        self.response_class = partial(_TimedResponse, deadline=deadline)  # type: ignore[assignment]

    def _new_conn(self) -> socket.socket:
        return self._guard.open_socket(
            self._dns_host, self.port, seconds=self._deadline.for_connecting()
        )


class _GuardedTlsConnection(_GuardedConnection, HTTPSConnection):
    """The same under TLS."""


class GuardedPools(PoolManager):
    """Pools of connections for one source."""

    def __init__(self, guard: Guard, deadline: Deadline, limits: FetchLimits) -> None:
        """Make pools, still without connections."""
        super().__init__(
            num_pools=20,
            retries=False,
            timeout=Timeout(connect=limits.connect_seconds, read=limits.read_seconds),
            cert_reqs="CERT_REQUIRED",
            ca_certs=limits.ca_bundle or certifi.where(),
        )
        self._guard = guard
        self._deadline = deadline

    def _new_pool(
        self,
        scheme: str,
        host: str,
        port: int,
        request_context: dict[str, Any] | None = None,
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        kind = _GuardedTlsConnection if scheme == "https" else _GuardedConnection
        make = partial(kind, guard=self._guard, deadline=self._deadline)
        pool.ConnectionCls = make  # type: ignore[assignment]
        return pool
