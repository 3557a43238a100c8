"""One request and its response: guarded, paced, within limits, redirects followed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Url, parse_url

from include.eventwire.fetching.bodies import read_body
from include.eventwire.fetching.connections import Deadline, GuardedPools
from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.guard import Guard
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.pacing import Pacer, parse_retry_after

_REDIRECTS: Final = (301, 302, 303, 307, 308)
_ASK_LATER: Final = (429, 503)
_PORTS: Final = {"http": 80, "https": 443}

CheckResponse = Callable[[str, Mapping[str, str]], None]
"""Raises a FetchError when the body of a response need not be read; takes address and headers."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its response.

    Attributes:
        url: Address of the response, after redirects.
        status: HTTP status: 200 or, for a conditional request, 304.
        reason: Words of the status.
        headers: Headers of the response.
        body: Its body, decompressed; empty with status 304.
        received_bytes: Bytes of the body on the network.
        request_headers: Headers of the request.
        received_at: When the response was complete, in UTC.
        redirects: Addresses that led here, the first that was asked for first.
    """

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    received_bytes: int
    request_headers: Mapping[str, str]
    received_at: datetime
    redirects: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """Return the value of the first header called `name`, in any case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(slots=True)
class _Place:
    """Where a request goes."""

    url: str
    parts: Url = field(init=False)
    host: str = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.parts = parse_url(self.url)
        except LocationParseError as error:
            raise FetchError("bad_address", f"{self.url!r}: {error}") from error
        if self.parts.scheme not in _PORTS or not self.parts.host:
            raise FetchError("bad_address", f"{self.url!r} does not begin with http or https")
        if self.parts.auth is not None:
            raise FetchError("bad_address", f"{self.parts.host}: user names cannot be used")
        self.url = self.parts._replace(fragment=None).url
        self.host = self.parts.host.strip("[]")
        self.port = self.parts.port or _PORTS[self.parts.scheme]


class Client:
    """Makes the requests of one source, one at a time."""

    def __init__(self, guard: Guard, limits: FetchLimits, pacer: Pacer) -> None:
        """Make a client without connections; `close` it in the end."""
        self._guard = guard
        self._limits = limits
        self._pacer = pacer
        self._deadline = Deadline(limits)
        self._pools = GuardedPools(guard, self._deadline, limits)

    def close(self) -> None:
        """Close all connections."""
        self._pools.clear()

    def get(
        self,
        url: str,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        before: Callable[[str], None] | None = None,
        check: CheckResponse | None = None,
    ) -> Exchange:
        """Return the response of `url`; a redirect is followed as long as it is allowed.

        Args:
            url: Address; its fragment is not sent.
            max_bytes: Budget of the body.
            headers: Further headers, such as those of a conditional request.
            before: Called with each address before it is asked, redirects included; raises a
                FetchError when it must not be.
            check: Called once the headers of the last response are there.

        Raises:
            FetchError: There is no such response, or it is not allowed.
        """
        sent = {
            "User-Agent": self._limits.user_agent,
            "Accept-Encoding": "gzip",
            **(headers or {}),
        }
        passed: list[str] = []
        place = _Place(url)
        while True:
            if before is not None:
                before(place.url)
            response = self._ask(place, sent)
            try:
                target = _redirect_of(response, place)
                if target is None:
                    return self._receive(place, response, sent, max_bytes, check, tuple(passed))
            finally:
                response.close()
            passed.append(place.url)
            if len(passed) > self._limits.max_redirects:
                raise FetchError("redirects", f"more than {self._limits.max_redirects} from {url}")
            place = _Place(target)

    def _ask(self, place: _Place, headers: Mapping[str, str]) -> BaseHTTPResponse:
        """Return a response of which only the headers have been read; wait for it if asked to."""
        for is_last in (False, True):
            self._guard.check_port(place.host, place.port)
            self._pacer.wait(place.host)
            response = self._send(place, headers)
            if response.status not in _ASK_LATER:
                return response
            response.close()
            asked = parse_retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            if asked is None or asked > self._limits.max_wait_seconds or is_last:
                break
            self._pacer.rest(place.host, asked)
        raise FetchError(
            "not_now",
            f"{place.host} answered {response.status}, Retry-After "
            f"{response.headers.get('Retry-After', 'not stated')[:40]}",
            status=response.status,
            wait_seconds=asked,
        )

    def _send(self, place: _Place, headers: Mapping[str, str]) -> BaseHTTPResponse:
        self._deadline.start()
        with _Translated(place.host, self._limits):
            return self._pools.urlopen(
                "GET",
                place.url,
                headers=dict(headers),
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )

    def _receive(
        self,
        place: _Place,
        response: BaseHTTPResponse,
        sent: Mapping[str, str],
        max_bytes: int,
        check: CheckResponse | None,
        passed: tuple[str, ...],
    ) -> Exchange:
        is_unchanged = response.status == 304 and any(
            name in sent for name in ("If-None-Match", "If-Modified-Since")
        )
        if response.status != 200 and not is_unchanged:
            raise FetchError(
                "bad_status",
                f"{place.host} answered {response.status} {(response.reason or '')[:80]}".rstrip(),
                status=response.status,
            )
        if check is not None and not is_unchanged:
            check(place.url, response.headers)
        with _Translated(place.host, self._limits):
            body, n_bytes = (b"", 0) if is_unchanged else read_body(response, max_bytes)
        return Exchange(
            url=place.url,
            status=response.status,
            reason=response.reason or "",
            headers=tuple(response.headers.iteritems()),
            body=body,
            received_bytes=n_bytes,
            request_headers=dict(sent),
            received_at=datetime.now(UTC),
            redirects=passed,
        )


class _Translated:
    """Turns what goes wrong in urllib3 into a FetchError."""

    def __init__(self, host: str, limits: FetchLimits) -> None:
        self._host = host
        self._limits = limits

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Translate the error, if any."""
        if not isinstance(error, HTTPError | OSError):
            return
        reason = _reason_of(error)
        # Of a timeout urllib3 tells its own limit, which is not the one that was reached.
        told = self._slowness() if reason == "timeout" else _last_words(error)
        raise FetchError(reason, f"{self._host}: {told}") from error

    def _slowness(self) -> str:
        limits = self._limits
        return (
            f"nothing came for {limits.read_seconds:g} seconds, or the whole took longer than "
            f"{limits.total_seconds:g}"
        )


def _reason_of(error: Exception) -> str:
    if isinstance(error, TimeoutError | ReadTimeoutError | ConnectTimeoutError):
        return "timeout"
    if isinstance(error, SSLError):
        return "bad_certificate"
    return "bad_response"


def _last_words(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _redirect_of(response: BaseHTTPResponse, place: _Place) -> str | None:
    location = response.headers.get("Location")
    if response.status not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(place.url, location.strip())
    except ValueError as error:
        raise FetchError("bad_address", f"a redirect to {location[:200]!r}: {error}") from error
