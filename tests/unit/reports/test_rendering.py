import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.reports.contents import read_report
from include.eventwire.reports.rendering import render_body, render_file
from tests.lake_rows import DAY, make_reject
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

KEY = BatchKey(DAY, "daily")
HOSTILE = '"><img src=x onerror=alert(1)></style></svg><script>alert(2)</script>'


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


class Elements(HTMLParser):
    """Collects the elements of a page and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements_of(page):
    parser = Elements()
    parser.feed(page)
    return parser.found


def publish_hostile(layout):
    """Publish a batch in which every text is hostile."""
    article, event, parties = make_story(
        number=1, publisher=HOSTILE, headline=HOSTILE, language=HOSTILE, input_format=HOSTILE,
    )  # fmt: skip
    unknown = [
        type(party)(**{**{name: getattr(party, name) for name in party.__slots__},
                       "name": HOSTILE, "country_code": None, "sector_code": None})
        for party in parties
    ]  # fmt: skip
    check = CheckResult(
        HOSTILE, "warning", False, HOSTILE, 1, ({"finding": HOSTILE}, {HOSTILE: HOSTILE})
    )
    rejects = [make_reject(input_uri=HOSTILE, detail=HOSTILE)]
    profile = BatchProfile({HOSTILE: SourceCounts(1, 0, {HOSTILE: 1})}, {HOSTILE: 1})
    publish(layout, {}, day=DAY - timedelta(days=1), profile=profile)
    publish(
        layout, {**rows_of((article, event, unknown)), "rejects": rejects}, profile=profile,
        checks=(check,), run={"run_id": HOSTILE, HOSTILE: HOSTILE},
        versions={HOSTILE: HOSTILE, "coder": HOSTILE},
        inputs=[{"uri": HOSTILE, "size": 3, "sha256": HOSTILE}],
        counts={"records_in": 2, "articles": 1, "events": 1},
        replaced={
            "published_at": HOSTILE, "versions": {HOSTILE: HOSTILE, "coder": "1"},
            "rows": {"events": 1}, "event_types": {HOSTILE + "2": 2}, "articles_in_both": 1,
            "events": {"a": 1, "b": 1, "gained": 0, "lost": 0, "changed": 1},
            "fields": {HOSTILE: 1}, "moves": [[HOSTILE, HOSTILE, 1]],
        },
    )  # fmt: skip


def test_nothing_that_came_in_becomes_markup(layout):
    publish_hostile(layout)
    page = render_file(read_report(layout, KEY))
    assert page.count("&lt;script&gt;") > 15
    tags = {tag for tag, _ in elements_of(page)}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "embed", "form", "link", "base"})
    assert not [name for _, attrs in elements_of(page) for name in attrs if name.startswith("on")]
    assert page.count("</style>") == 1


def test_the_file_asks_for_nothing(layout):
    publish_hostile(layout)
    page = render_file(read_report(layout, KEY))
    policy = next(
        attrs["content"] for _, attrs in elements_of(page)
        if attrs.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    for tag, attrs in elements_of(page):
        assert {"src", "href", "style", "srcset", "data", "action"}.isdisjoint(attrs), (tag, attrs)
    style = page[page.index("<style>") : page.index("</style>")]
    assert not re.search(r"url\(|@import", style)


def test_the_page_of_the_explorer_has_no_style_and_links_where_it_is_told(layout):
    publish(layout, rows_of(make_story(number=1)))
    body = render_body(read_report(layout, KEY), lambda path, **query: f"/mount{path}")
    found = elements_of(body)
    assert not [tag for tag, attrs in found if "style" in attrs or tag in ("style", "script")]
    links = {attrs["href"] for tag, attrs in found if tag == "a"}
    assert links == {"/mount/events", f"/mount/articles/{1:032x}"}


def test_tells_the_numbers_of_the_receipt(layout):
    profile = BatchProfile({"wire": SourceCounts(1_200, 60, {"bad_date": 34})}, {"ASSAULT": 4_321})
    before = BatchProfile({"wire": SourceCounts(600, 0, {})}, {"ASSAULT": 2_000})
    publish(layout, {}, day=DAY - timedelta(days=1), profile=before)
    publish(
        layout, {}, profile=profile,
        counts={"records_in": 1_234, "articles": 1_200, "rejects": 34, "events": 4_321,
                "copies": 77},
    )  # fmt: skip
    text = " ".join(re.sub(r"<[^>]*>", " ", render_body(read_report(layout, KEY))).split())
    assert "1,234 records in 1 files (10 bytes) came in: 1,200 became articles, 34 were" in text
    assert "77 of them copies" in text
    assert "wire 1,200 600 &times;2.00 34 0 5.0% 0.0%" in text
    assert "ASSAULT 4,321 2,000" in text
    assert "bad_date 34" in text


def test_what_changed_against_the_batch_before_is_told(layout):
    replaced = {
        "published_at": "2018-04-25T01:00:00+00:00", "versions": {"code": "0.0.9", "schema": "1"},
        "rows": {"events": 5}, "event_types": {"ASSAULT": 5, "AGREE": 1}, "articles_in_both": 3,
        "events": {"a": 5, "b": 7, "gained": 3, "lost": 1, "changed": 2},
        "fields": {"event_date": 2}, "moves": [["ASSAULT", "COERCE", 1]],
    }  # fmt: skip
    profile = BatchProfile({}, {"ASSAULT": 4, "AGREE": 1, "COERCE": 2})
    publish(layout, {}, replaced=replaced, profile=profile, counts={"events": 7})
    text = " ".join(re.sub(r"<[^>]*>", " ", render_body(read_report(layout, KEY))).split())
    assert "code: 0.0.9 then, 0.1.0 now." in text
    assert "events 5 7 +2" in text
    assert "ASSAULT 5 4 -1" in text
    assert "COERCE 0 2 +2" in text
    assert "AGREE 1 1" not in text
    assert "1 events went, 3 came and 2 changed (event_date 2); 2 are as they were" in text
    assert "ASSAULT &rarr; COERCE 1" in text
