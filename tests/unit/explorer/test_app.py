import re
from datetime import timedelta

import pytest
from fastapi import Depends, HTTPException
from fastapi.routing import APIRoute

from include.eventwire.explorer.app import make_app
from include.eventwire.explorer.rendering import safe_href
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY, make_reject
from tests.unit.explorer.made_lakes import TEXT, look_at, make_story, publish, rows_of

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def refuse():
    raise HTTPException(401, "Not authenticated")


def paths_of(app):
    """Return an address for each route of the app, and some that have none."""
    routes = [route.path for route in app.routes if isinstance(route, APIRoute)]
    filled = [re.sub(r"\{[^}]*\}", "x", path) for path in routes]
    return [*filled, "/static/explorer.css", "/static/vendor/echarts/LICENSE", "/nothing/here",
            "/docs", "/openapi.json", "/redoc", "//", "/static/../app.py"]  # fmt: skip


def test_every_route_asks_who_is_there(layout):
    app = make_app(str(layout.root), dependencies=[Depends(refuse)])
    client = look_at(layout.root, dependencies=[Depends(refuse)])
    paths = paths_of(app)
    assert len(paths) > 12
    for path in paths:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = client.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert "echarts" not in answer.text.lower()


def test_there_are_no_routes_beside_those_that_have_the_dependencies(layout):
    app = make_app(str(layout.root))
    assert all(isinstance(route, APIRoute) for route in app.routes)


def test_pages_are_only_read(layout):
    publish(layout, rows_of(make_story()))
    client = look_at(layout.root)
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert client.request(method, "/events").status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/events", "/nothing", "/static/explorer.css", "/events?type=x"]
)
def test_every_answer_binds_the_browser(layout, path):
    publish(layout, rows_of(make_story()))
    headers = look_at(layout.root).get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"].startswith("private")
    if path in ("/", "/events"):
        assert "no-store" in headers["cache-control"]


def test_all_that_an_article_says_is_escaped(layout):
    article, event, parties = make_story(
        HOSTILE + " " + TEXT + HOSTILE,
        headline=HOSTILE,
        publisher=HOSTILE,
        url="javascript:alert(3)",
    )
    publish(layout, {**rows_of((article, event, parties)),
                     "rejects": [make_reject(input_uri=HOSTILE, detail=HOSTILE)]})  # fmt: skip
    client = look_at(layout.root)
    for path in ("/", "/events", f"/events?publisher={HOSTILE}", f"/events?text={HOSTILE}"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert "<script>" not in page.text
        assert "javascript:" not in page.text
    assert "&lt;script&gt;" in client.get("/events").text


def test_what_an_address_says_is_escaped_in_errors(layout):
    publish(layout, rows_of(make_story()))
    for path in (f"/events?type={HOSTILE}", f"/{HOSTILE}", f"/events?page={HOSTILE}"):
        page = look_at(layout.root).get(path)
        assert page.status_code in (400, 404)
        assert "<img" not in page.text
        assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        (" HTTP://example.org/", "http://example.org/"),
        ("javascript:alert(1)", None),
        (" java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/", None),
        ("https:alert(1)", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_are_links(address, href):
    assert safe_href(address) == href


def test_pages_have_no_script_or_style_of_their_own(layout):
    publish(layout, rows_of(make_story()))
    client = look_at(layout.root)
    for path in ("/", "/events", "/nothing"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)


def test_links_lie_below_where_the_app_is_mounted(layout):
    publish(layout, rows_of(make_story()))
    client = look_at(layout.root)
    client.app.root_path = "/airflow/eventwire"
    text = client.get("/events").text
    links = re.findall(r'(?:href|src|action)="([^"]*)"', text)
    assert len(links) > 10
    assert all(link.startswith(("/airflow/eventwire/", "#")) for link in links), links


def test_static_files_are_served_and_nothing_beside_them(layout):
    client = look_at(layout.root)
    script = client.get("/static/charts.js")
    assert script.status_code == 200
    assert "javascript" in script.headers["content-type"]
    again = client.get("/static/charts.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
    for path in ("/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/", "/static/no.js"):
        assert client.get(path).status_code == 404


def test_a_lake_that_is_not_there_yet_says_what_to_run(layout):
    for path in ("/", "/events"):
        page = look_at(layout.root).get(path)
        assert page.status_code == 404
        assert "Nothing to show yet" in page.text
        assert "python -m include.eventwire run" in page.text


def test_a_damaged_lake_says_what_to_run(layout):
    publish(layout, rows_of(make_story()))
    layout.table_file("articles", DAY, "daily").write_bytes(b"torn")
    page = look_at(layout.root).get("/events")
    assert page.status_code == 503
    assert "python -m include.eventwire verify" in page.text


def test_days_without_a_batch_are_told(layout):
    publish(layout, rows_of(make_story()))
    before = DAY - timedelta(days=1)
    client = look_at(layout.root)
    assert "No batch was published" in client.get(f"/?from={before}&to={before}").text
    assert "No event fits" in client.get(f"/events?from={before}&to={before}").text


def test_errors_of_charts_are_json(layout):
    answer = look_at(layout.root).get("/data/overview")
    assert answer.status_code == 404
    assert answer.json()["error"] == "Nothing to show yet"
