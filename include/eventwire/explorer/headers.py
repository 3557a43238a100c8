"""Headers that bind the browser, on every answer of the app."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing is loaded but from this server, and no script or style that stands in a page is obeyed:
# Airflow's cookie can be read by scripts, so a script in an article's text must never run.
# Airflow shows the pages in a frame of its own.
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Whoever logs out shall not leave pages behind; scripts and styles hold nothing of the lake.
_PAGES: Final = "private, no-store"
_STATIC: Final = "private, max-age=3600"


class GuardingHeaders:
    """Adds the headers to the answers of an app."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                is_static = "/static/" in scope["path"] and message["status"] < 400
                headers["Cache-Control"] = _STATIC if is_static else _PAGES
            await send(message)

        await self._app(scope, receive, send_guarded)
