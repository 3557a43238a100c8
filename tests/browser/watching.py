"""A browser that notes whatever a page does that it should not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.eventwire.settings import PROJECT_ROOT

DESKTOP = (1280, 900)
PHONE = (360, 740)

# Every violation that axe-core knows fails the tests, but for these, by id: each with its reason.
WAIVED: dict[str, str] = {}

_CHARTS_STAND = """() => [...document.querySelectorAll("figure.chart[data-chart]")].every(
    (figure) => figure.dataset.drawn || figure.querySelector(".chart-failed"))"""
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@dataclass
class Watch:
    """What pages of one context did.

    Attributes:
        origin: Where everything must come from.
        below: Path below which pages are ours; others may write to the console as they like.
        strangers: Addresses that were asked for and lie elsewhere.
        errors: Errors of scripts, of the console and of the content security policy.
        refusals: Answers of 400 and above.
    """

    origin: str
    below: str = "/"
    strangers: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def follow(self, context: Any) -> None:
        """Note what the pages of a context do from now on; nothing leaves this machine."""
        context.add_init_script(_TELL_VIOLATIONS)
        context.route(lambda url: not self._is_ours(url), self._stop)
        context.on("request", lambda request: self._note(request.url))
        context.on("response", self._note_answer)
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def check(self) -> None:
        """Fail if a page did what it should not."""
        assert self.strangers == []
        assert self.errors == []
        assert self.refusals == []

    def _is_ours(self, url: str) -> bool:
        return url.startswith((f"{self.origin}/", "data:", "blob:")) or url == self.origin

    def _stop(self, route: Any) -> None:
        route.abort()

    def _note(self, url: str) -> None:
        if not self._is_ours(url):
            self.strangers.append(url)

    def _note_answer(self, answer: Any) -> None:
        if answer.status >= 400 and urlsplit(answer.url).path.startswith(self.below):
            self.refusals.append(f"{answer.status} {answer.url}")

    def _note_message(self, message: Any) -> None:
        where = urlsplit(message.location.get("url", "")).path
        if message.type == "error" and (where.startswith(self.below) or "policy:" in message.text):
            self.errors.append(f"{where}: {message.text}")


def wait_for_charts(page: Any) -> None:
    """Wait until every chart of a page is drawn or has said why it is not."""
    page.wait_for_function(_CHARTS_STAND)
    told = page.locator(".chart-failed").all_inner_texts()
    assert not any("could not be" in text for text in told), told


def check_access(page: Any) -> None:
    """Fail if axe-core finds a violation that is not waived."""
    from axe_playwright_python.sync_playwright import Axe

    results = Axe().run(page)
    found = {
        f"{violation['id']} ({violation['impact']})": [node["html"] for node in violation["nodes"]]
        for violation in results.response["violations"]
        if violation["id"] not in WAIVED
    }
    assert found == {}, f"{page.url}: {found}"


def keep(page: Any, name: str, *, whole: bool = True) -> Path:
    """Keep a picture of a page for people to look at; return its file."""
    folder = Path(os.environ.get("EVENTWIRE_SCREENSHOTS") or PROJECT_ROOT / "build/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    return path
