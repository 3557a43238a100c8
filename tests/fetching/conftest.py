"""A web server of its own on the loopback interface, and sources that are fetched from it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from include.eventwire.fetching.guard import Guard
from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.pacing import Pacer
from include.eventwire.fetching.runs import SourceRun
from include.eventwire.inputs.sources import SourceProfile

RUN_AT = datetime(2026, 3, 2, 8, 7, tzinfo=UTC)
PUBLIC = "93.184.216.34"


@dataclass
class Answer:
    """What the server answers; `body` may be a function that writes to the socket itself."""

    body: bytes | Callable[[BaseHTTPRequestHandler], None] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None


@dataclass
class Site:
    """A server and what it was asked.

    Attributes:
        answers: By path. Without one for it, a path is answered with 404.
        asked: Paths with the headers that came, in order.
    """

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def paths(self):
        return [path for path, _ in self.asked]

    def page(self, path, title="A page", **more):
        html = f"<html><head><title>{title}</title></head><body><p>{title}.</p></body></html>"
        headers = {"Content-Type": "text/html; charset=utf-8"}
        self.answers[path] = Answer(html.encode(), headers=headers, **more)

    def feed(self, links, path="/feed", **more):
        self.answers[path] = Answer(
            make_rss(links), headers={"Content-Type": "application/rss+xml"}, **more
        )


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self):
        self.site.asked.append((self.path, dict(self.headers)))
        answer = self.site.answers.get(self.path, Answer(b"nothing here", 404))
        if callable(answer.body):
            self.close_connection = True
            answer.body(self)
            return
        is_known = answer.etag is not None and self.headers.get("If-None-Match") == answer.etag
        self.send_response(304 if is_known else answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.etag:
            self.send_header("ETag", answer.etag)
        self.send_header("Content-Length", "0" if is_known else str(len(answer.body)))
        self.end_headers()
        if not is_known:
            self.wfile.write(answer.body)

    def log_message(self, *_):
        """Say nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Say nothing: a client that hangs up is what some tests are about."""


@pytest.fixture
def site():
    """Start a server; it stops after the test."""
    server = Server(("127.0.0.1", 0), Handler)
    site = Site(server.server_address[1])
    server.RequestHandlerClass = type("SiteHandler", (Handler,), {"site": site})
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


class Clock:
    """A clock that only moves when somebody waits, and says how long was waited."""

    def __init__(self):
        self.seconds = 0.0
        self.waits = []

    def sleep(self, seconds):
        self.waits.append(round(seconds, 3))
        self.seconds += seconds

    def pacer(self, pause=0.0):
        return Pacer(pause, sleep=self.sleep, now=lambda: self.seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits():
    """Limits of a test: a server on this machine that does not answer at once never will."""
    return FetchLimits(connect_seconds=5, read_seconds=5, total_seconds=10)


@pytest.fixture
def landing(tmp_path):
    return tmp_path / "landing"


@pytest.fixture
def fetch(site, landing, limits, clock):
    """Fetch a local source once; return its report."""

    def fetch(*, run_at=RUN_AT, now=RUN_AT, guard=None, max_pages=None, limits=limits, **profile):
        return make_run(
            site, landing, limits, clock, run_at, now, guard, max_pages, **profile
        ).fetch()[0]

    return fetch


def make_run(site, landing, limits, clock, run_at, now, guard, max_pages, **profile):
    source = SourceProfile(name="wire", feeds=(site.url("/feed"),), local=True, publisher="wire")
    source = replace(source, **profile)
    return SourceRun(
        source,
        landing,
        run_at,
        limits,
        max_pages=max_pages,
        guard=guard,
        pacer=clock.pacer(source.seconds_between_requests if profile else 0.0),
        now=lambda: now,
    )


def make_rss(links, title="Wire"):
    """Return an RSS feed whose items lead to `links`, the newest first."""
    items = "".join(
        f"<item><title>Headline of {link.rsplit('/', 1)[1]}</title><link>{link}</link>"
        f"<guid>{link}</guid><pubDate>Mon, 02 Mar 2026 08:{59 - number % 60:02}:00 GMT</pubDate>"
        f"<description>Ministers met in Nairobi.</description></item>"
        for number, link in enumerate(links)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>http://wire.example/</link><description>News</description>{items}</channel></rss>"
    ).encode()


def public_guard(site, *, names=None, **more):
    """Return a guard without local addresses; names resolve to a public address.

    Connections to that address end at the server of the test. `names` maps other names to lists
    of addresses, one list for each time that the name is resolved, the last for all further times.
    """
    table = {name: list(answers) for name, answers in (names or {}).items()}

    def resolve(host, port):
        if host in table:
            answers = table[host]
            addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        elif host.replace(".", "").isdigit() or ":" in host:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        else:
            addresses = [PUBLIC]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    def connect(sock, place):
        assert place[0] == PUBLIC, f"connects to {place}"
        sock.connect(("127.0.0.1", site.port))

    return Guard(resolve=resolve, connect=connect, **more)


def read_warc(path):
    """Return the records of a WARC file: type, address, content type and block."""
    with path.open("rb") as file:
        return [
            (
                record.record_type,
                record.headers.get("WARC-Target-URI"),
                record.headers.get("Content-Type"),
                record.reader.read(),
            )
            for record in ArchiveIterator(
                file, record_types=WarcRecordType.any_type, parse_http=False
            )
        ]


def responses(path):
    """Return the addresses of the responses in a WARC file, in order."""
    return [url for kind, url, _, _ in read_warc(path) if kind == WarcRecordType.response]
