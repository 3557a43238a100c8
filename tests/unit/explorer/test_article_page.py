import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from include.eventwire.explorer.marked_article import PART_CHARS
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import TEXT, look_at, make_story, publish, rows_of

ID = f"{1:032x}"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)> '


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def look(layout, address=f"/articles/{ID}"):
    return look_at(layout.root).get(address)


def body_of(page):
    (body,) = re.findall(r'<div class="article-body"[^>]*>(.*?)</div>', page, re.DOTALL)
    return body


def test_the_text_is_whole_and_the_words_of_its_events_are_marked(layout):
    publish(layout, rows_of(make_story(number=1)))
    body = body_of(look(layout).text)
    assert html.unescape(re.sub(r"<[^>]*>", "", body)) == TEXT
    assert re.findall(r'<mark class="(\w+)"[^>]*>([^<]*)</mark>', body) == [
        ("actor", "China"),
        ("trigger", "met"),
        ("recipient", "Japan"),
        ("place", "Tokyo"),
    ]


def test_words_and_cards_of_an_event_link_to_each_other(layout):
    publish(layout, rows_of(make_story(number=1)))
    page = look(layout).text
    assert '<a class="to-event" id="trigger-1" href="#event-1">' in page
    assert 'id="event-1"' in page
    assert 'href="#trigger-1"' in page


def test_tells_why_an_event_was_coded(layout):
    article, event, parties = make_story(number=1)
    publish(layout, rows_of((article, replace(event, rule_id="consult.csv:9999999"), parties)))
    page = look(layout).text
    assert "consult.csv:9999999" in page
    assert "no frame stands there now" in page


def test_nothing_of_an_article_becomes_markup(layout):
    story = make_story(
        HOSTILE + TEXT, number=1, headline=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)",
        byline=HOSTILE, source_metadata='{"note": "</script><script>alert(3)"}',
    )  # fmt: skip
    publish(layout, rows_of(story))
    page = look(layout).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript:' not in page
    assert "Address as stated: javascript:alert(1)" in page
    assert html.unescape(re.sub(r"<[^>]*>", "", body_of(page))) == HOSTILE + TEXT


def test_a_long_text_is_shown_in_parts(layout):
    text = TEXT + "\n\n" + "No news. " * (PART_CHARS // 9) + "\n\nThe end of it."
    publish(layout, rows_of(make_story(text, number=1)))
    first = look(layout).text
    assert "Part 1 of 2" in first
    assert "The end of it." not in first
    assert "The end of it." in look(layout, f"/articles/{ID}?part=2").text
    assert look(layout, f"/articles/{ID}?part=3").status_code == 400
    assert look(layout, f"/articles/{ID}?part=x").status_code == 400


def test_an_event_of_a_long_text_is_shown_in_its_part(layout):
    text = "No news. " * (PART_CHARS // 9) + "\n\n" + TEXT
    article, event, parties = make_story(text, number=1)
    publish(layout, rows_of((article, event, parties)))
    first = look(layout).text
    assert "0 events in this part, 1 in all" in first
    assert 'id="event-1"' not in first
    chosen = look(layout, f"/articles/{ID}?event={event.event_id}").text
    assert "Part 2 of 2" in chosen
    assert 'id="event-1"' in chosen
    assert 'id="trigger-1"' in chosen
    assert "Part 1 of 2" in look(layout, f"/articles/{ID}?event=other").text


def test_copies_are_named_with_what_they_copy(layout):
    article, event, parties = make_story(number=1)
    publish(layout, rows_of((article, event, parties)))
    copy = replace(
        article, article_id=f"{2:032x}", is_canonical=False, duplicate_kind="near", publisher="b"
    )
    publish(layout, {"articles": [copy]}, day=DAY + timedelta(days=1))
    assert f"/articles/{copy.article_id}" in look(layout).text
    page = look(layout, f"/articles/{copy.article_id}").text
    assert "This is a copy" in page
    assert f"/articles/{ID}" in page


@pytest.mark.parametrize("hint", ["", f"?day={DAY}&batch=daily", f"?day={DAY}&batch=other"])
def test_an_article_is_found_with_and_without_its_batch(layout, hint):
    publish(layout, rows_of(make_story(number=1)))
    assert look(layout, f"/articles/{ID}{hint}").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/articles/{2:032x}", 404),
        ("/articles/0000", 404),  # the beginning of an id is none
        ("/articles/%2e%2e%2fetc", 404),
        (f"/articles/{ID}?day=tomorrow&batch=daily", 400),
        (f"/articles/{ID}?day={DAY}&batch=../../x", 400),
    ],
)
def test_what_is_not_there_is_said_in_words(layout, address, status):
    publish(layout, rows_of(make_story(number=1)))
    answer = look(layout, address)
    assert answer.status_code == status
    assert "<h1>" in answer.text
