"""Why something could not be fetched."""

from __future__ import annotations

from typing import Final

# Reasons of a FetchError. Those of the first group may be different in the next run.
PASSING_REASONS: Final = {
    "no_connection": "the server cannot be reached",
    "timeout": "the server was too slow",
    "bad_response": "what came is no complete HTTP response",
    "bad_status": "the server answered with an error",
    "not_now": "the server, or its robots.txt, asks to come later",
    "no_time": "the time of the run was over before",
    "resting": "the server asked in an earlier run to be left alone, and was",
}
LASTING_REASONS: Final = {
    "refused_address": "the address is not one of the public internet",
    "bad_address": "the address cannot be requested",
    "bad_certificate": "the server does not prove that it is who it says",
    "redirects": "there are too many redirects",
    "too_large": "the response is larger than allowed",
    "bad_content": "the feed or sitemap cannot be read",
    "wrong_type": "the response is no web page",
    "robots": "robots.txt forbids it",
}


class FetchError(Exception):
    """One address could not be fetched.

    Attributes:
        reason: A key of `PASSING_REASONS` or `LASTING_REASONS`.
        detail: What happened, in words.
        status: HTTP status of the last response, or None.
        wait_seconds: How long the server asks to wait, or None.
    """

    def __init__(
        self,
        reason: str,
        detail: str,
        *,
        status: int | None = None,
        wait_seconds: float | None = None,
    ) -> None:
        """Keep what is said above."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.status = status
        self.wait_seconds = wait_seconds

    @property
    def may_pass(self) -> bool:
        """Whether another attempt in a later run may succeed."""
        return self.reason in PASSING_REASONS


class SourceFailedError(RuntimeError):
    """Nothing of a source could be polled; the message says why."""


class SourceBusyError(OSError):
    """Another run fetches the same source at this moment."""
