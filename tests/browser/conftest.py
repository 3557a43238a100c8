"""The pages in a real browser: the system's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import Depends, HTTPException
from starlette.requests import Request

from include.eventwire.explorer.app import make_app
from tests.browser.news import publish_news
from tests.browser.watching import DESKTOP, Watch, wait_for_charts

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SECONDS_TO_START = 30
_SECONDS_TO_ANSWER = 20


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the system's Chromium; skip where there is none, or no Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed: apt install chromium fonts-dejavu-core")
    with playwright.sync_playwright() as driver:
        # Its sandbox needs rights that the user of a container, root, does not have.
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the pages over a week of news to whoever has a session; give their address."""
    lake = publish_news(tmp_path_factory.mktemp("browser") / "lake")
    app = make_app(str(lake.root), dependencies=[Depends(_ask_for_session)])
    with _serve(app) as address:
        yield address
    app.state.reader.close()


@pytest.fixture
def visit(browser, explorer):
    """Return a function that opens a page of the explorer and waits for its charts.

    Whatever the page does meanwhile that it should not fails the test at its end.
    """
    watches, contexts = [], []

    def open_page(path: str = "/", *, size=DESKTOP, scheme="light", wait=True, **options):
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        context.set_default_timeout(_SECONDS_TO_ANSWER * 1000)
        context.add_cookies([{"name": "_token", "value": "session", "url": explorer}])
        watch = Watch(explorer)
        watch.follow(context)
        watches.append(watch)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{explorer}{path}")
        if wait:
            wait_for_charts(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    for watch in watches:
        watch.check()


def _ask_for_session(request: Request) -> None:
    if request.cookies.get("_token") != "session":
        raise HTTPException(401, "Not authenticated")


@contextmanager
def _serve(app: Any) -> Iterator[str]:
    import uvicorn

    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            # The system takes requests from now on, and they wait until the server runs.
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_SECONDS_TO_START)
