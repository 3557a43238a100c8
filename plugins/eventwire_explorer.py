"""Shows the lake within Airflow: pages in the navigation, and a run's batch from the run's page.

Every process of Airflow loads this file, but only the API server answers requests. So the app, and
the libraries that it reads the lake with, come into being with the first one.
"""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI

_PREFIX = "/eventwire"
# Airflow may be served below a path, which its UI does not put before what a plugin names.
_HREF = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/") + _PREFIX


class LazyExplorer:
    """The app as the API server mounts it; see `include.eventwire.explorer.access`."""

    def __init__(self) -> None:
        """Make nothing yet; `app` is None until the first request."""
        self.app: FastAPI | None = None
        self._lock = Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if self.app is None:
            await asyncio.to_thread(self._make)
        assert self.app is not None
        await self.app(scope, receive, send)

    def _make(self) -> None:
        with self._lock:
            if self.app is None:
                from include.eventwire.explorer.access import make_guarded_app

                self.app = make_guarded_app()


class EventwireExplorer(AirflowPlugin):
    """Pages over the lake, for those who may see runs of `code_news`."""

    name = "eventwire_explorer"
    fastapi_apps = [  # noqa: RUF012 - as Airflow declares it
        {"app": LazyExplorer(), "url_prefix": _PREFIX, "name": "Eventwire"}
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "Eventwire",
            "href": f"{_HREF}/",
            "destination": "nav",
            "url_route": "eventwire",
            "icon": f"{_HREF}/static/icon.svg",
        },
        {
            "name": "Batch report",
            "href": f"{_HREF}/runs/by-run?dag_id={{DAG_ID}}&run_id={{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "eventwire-batch",
        },
    ]
