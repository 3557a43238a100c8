"""Lets requests that change a database with one writer take turns, in Airflow's API server.

Airflow writes its audit log in the event loop of the API server, and with SQLite waits there for
the writer before. When that is a request whose answer is made but not yet committed, which needs
the event loop, both wait for each other until the database gives up, and all tasks with them: two
people who start a run at the same moment are enough.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_Scope = MutableMapping[str, Any]
_App = Callable[[_Scope, Any, Any], Awaitable[None]]


class WritesInTurn:
    """ASGI middleware: of the requests that may change something one is answered at a time."""

    def __init__(self, app: _App) -> None:
        """Take the app that answers."""
        self._app = app
        self._turn = asyncio.Lock()

    async def __call__(self, scope: _Scope, receive: Any, send: Any) -> None:
        """Answer a request, when it is its turn."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        async with self._turn:
            await self._app(scope, receive, send)
