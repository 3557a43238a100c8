"""Puts the pages together: routes, static files, headers that bind the browser, errors in words."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
from fastapi import APIRouter, FastAPI, HTTPException
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from include.eventwire.explorer import (
    actors_page,
    article_explain_page,
    article_page,
    events_page,
    export_page,
    map_page,
    overview_page,
    runs_page,
)
from include.eventwire.explorer.exporting import TooManyRowsError
from include.eventwire.explorer.filters import FilterError
from include.eventwire.explorer.headers import GuardingHeaders
from include.eventwire.explorer.lake_reading import (
    BusyError,
    LakeReader,
    SlowQueryError,
)
from include.eventwire.explorer.lake_state import EmptyLakeError
from include.eventwire.explorer.rendering import render
from include.eventwire.lake.layout import LakeError
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.schemas import SchemaVersionError

_LOG: Final = logging.getLogger(__name__)
_STATIC: Final = Path(__file__).parent / "static"
_METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

# The routers of all pages, one line each.
PAGES: Final = (
    overview_page.router,
    events_page.router,
    export_page.router,
    runs_page.router,
    map_page.router,
    article_page.router,
    article_explain_page.router,
    actors_page.router,
)

# What an error is to the browser, and what is told of it: status and heading.
_ERRORS: Final[dict[type[Exception], tuple[int, str]]] = {
    FilterError: (400, "This address asks for what cannot be"),
    TooManyRowsError: (413, "Too many rows for one export"),
    BusyError: (503, "Busy"),
    NotFoundError: (404, "Not in this lake"),
    EmptyLakeError: (404, "Nothing to show yet"),
    SlowQueryError: (503, "This took too long"),
    LakeError: (503, "The lake cannot be read"),
    SchemaVersionError: (503, "The lake cannot be read"),
    duckdb.Error: (503, "The lake cannot be read"),
    OSError: (503, "The lake cannot be read"),
}


def make_app(lake: str, *, dependencies: Sequence[Any] = (), prefix: str = "") -> FastAPI:
    """Return the app that shows a lake.

    Args:
        lake: Folder of the tables, or `s3://bucket/prefix`.
        dependencies: What every route depends on (`fastapi.Depends`), static files and paths that
            do not exist as well: who may see anything.
        prefix: What stands before the path of every page, below where the app is mounted.

    Raises:
        LocationError: `lake` is no location.
        LakeError: `lake` is the address of something else than a bucket.
    """
    # The pages of documentation would be served without the dependencies.
    app = FastAPI(
        title="Eventwire",
        dependencies=list(dependencies),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.reader = LakeReader(to_location(lake))
    app.state.prefix = prefix
    for router in (*PAGES, _make_rest()):
        app.include_router(router, prefix=prefix)
    for error in _ERRORS:
        app.add_exception_handler(error, _tell_error)
    app.add_exception_handler(StarletteHTTPException, _tell_status)
    app.add_middleware(GuardingHeaders)
    return app


def _make_rest() -> APIRouter:
    """Return what is left: static files, and the answer to all that does not exist.

    A mount would not have the dependencies of the app, and neither has a path without a route.
    """
    rest = APIRouter()
    files = StaticFiles(directory=_STATIC)

    @rest.get("/static/{path:path}")
    async def send_file(path: str, request: Request) -> Response:
        return await files.get_response(path or ".", request.scope)

    @rest.api_route("/{path:path}", methods=_METHODS)
    def refuse(path: str, request: Request) -> Response:  # noqa: ARG001 - part of the route
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, "pages are only read here: GET")
        raise HTTPException(404, "there is no such page")

    return rest


def _tell_error(request: Request, error: Exception) -> Response:
    status, heading = next(told for kind, told in _ERRORS.items() if isinstance(error, kind))
    if status >= 500:
        _LOG.error("%s could not be shown", request.url.path, exc_info=error)
    return _answer(request, status, heading, str(error))


def _tell_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    headings = {401: "Log in to Airflow first", 403: "You may not see this", 404: "No such page"}
    heading = headings.get(error.status_code, "This cannot be answered")
    return _answer(request, error.status_code, heading, str(error.detail))


def _answer(request: Request, status: int, heading: str, detail: str) -> Response:
    if "/data/" in request.url.path:
        return JSONResponse({"error": heading, "detail": detail}, status)
    return render(
        request, "error.html", {"heading": heading, "detail": detail, "status": status},
        status=status,
    )  # fmt: skip
