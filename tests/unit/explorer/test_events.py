import html
import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from include.eventwire.explorer.events_queries import PAGE_ROWS
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY, make_article
from tests.unit.explorer.made_lakes import (
    TEXT,
    look_at,
    make_story,
    publish,
    rows_of,
    summarise,
)

NEXT = DAY + timedelta(days=1)
BOTH = f"from={DAY}&to={NEXT}"


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def shown(client, query=""):
    """Return the headlines of the rows of a page, in order."""
    page = client.get(f"/events?{query}")
    assert page.status_code == 200, page.text
    return re.findall(r'<a href="[^"]*/articles/[^"]*">([^<]*)</a>', page.text)


def story(number, *, event=None, text=TEXT, **changes):
    article, found, parties = make_story(text, number=number, headline=f"Story {number}", **changes)
    return article, replace(found, **(event or {})), parties


def test_each_row_has_its_sentence_with_the_words_marked(layout):
    publish(layout, rows_of(story(1)))
    page = look_at(layout.root).get("/events").text
    (passage,) = re.findall(r'<p class="passage">(.*?)</p>', page, re.DOTALL)
    assert re.sub(r"<[^>]*>", "", passage).strip() == "China met Japan in Tokyo on Monday."
    assert re.findall(r'<mark class="(\w+)"[^>]*>([^<]*)</mark>', passage) == [
        ("actor", "China"),
        ("trigger", "met"),
        ("recipient", "Japan"),
        ("place", "Tokyo"),
    ]


def test_codes_tell_what_they_mean(layout):
    publish(layout, rows_of(story(1, event={"actor_codes": "CHN.GOV|IGO"})))
    page = html.unescape(look_at(layout.root).get("/events").text)
    assert '<abbr title="China: Government, ministries, officials and the state itself">' in page
    assert '<abbr title="Meets, visits, hosts, telephones or negotiates.">CONSULT</abbr>' in page
    assert "international organisation of states" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Story 1", "Story 2", "Story 3"]),
        ("type=PROTEST", ["Story 2"]),
        ("type=PROTEST,CONSULT", ["Story 1", "Story 2", "Story 3"]),
        ("mode=visit", ["Story 1", "Story 3"]),
        ("quad=material+conflict", ["Story 2"]),
        ("realis=future", ["Story 3"]),
        ("actor=CHN", ["Story 1", "Story 3"]),
        ("actor=RUS", ["Story 2"]),
        ("actor=RUS&recipient=USA", ["Story 2"]),
        ("actor=USA", []),
        ("recipient=IGO", ["Story 1", "Story 3"]),
        ("place=JPN", ["Story 1", "Story 3"]),
        ("confidence=0.8", ["Story 2"]),
        ("publisher=wire", ["Story 2"]),
        ("text=SNOW", ["Story 3"]),
        ("text=story+2", ["Story 2"]),
        ("text=100%25", []),
        (f"from={DAY}&to={DAY}", ["Story 1", "Story 2"]),
        ("from=2001-01-01&to=2001-01-02", []),
    ],
)
def test_filters_choose_events(layout, query, expected):
    protest = {
        "event_type": "PROTEST", "event_mode": "demo", "quad_class": "material conflict",
        "actor_codes": "CHN2.GOV|RUS.CVL", "recipient_codes": "USA", "place_country": None,
        "confidence": 0.9,
    }  # fmt: skip
    publish(layout, rows_of(story(1), story(2, event=protest, publisher="wire")))
    third = story(3, text=f"Snow fell. {TEXT}", event={"realis": "future", "confidence": None})
    publish(layout, rows_of(third), day=NEXT)
    assert sorted(shown(look_at(layout.root), query or BOTH)) == expected


@pytest.mark.parametrize(
    ("sort", "order", "expected"),
    [
        ("confidence", "asc", [2, 1, 3]),
        ("confidence", "desc", [1, 2, 3]),
        ("date", "asc", [3, 1, 2]),
        ("type", "asc", [2, 1, 3]),
    ],
)
def test_rows_are_sorted_those_without_a_value_last(layout, sort, order, expected):
    rows = rows_of(
        story(1, event={"confidence": 0.9, "event_date": date(2018, 4, 2)}),
        story(2, event={"confidence": 0.1, "event_type": "AGREE", "event_date": None,
                        "event_date_precision": None}),
        story(3, event={"confidence": None, "event_date": date(2018, 4, 1)}),
    )  # fmt: skip
    publish(layout, rows)
    found = shown(look_at(layout.root), f"sort={sort}&order={order}")
    assert found == [f"Story {number}" for number in expected]


def test_pages_hold_every_row_once(layout):
    publish(layout, rows_of(*(story(number) for number in range(2 * PAGE_ROWS + 3))))
    client = look_at(layout.root)
    pages = [shown(client, f"page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [PAGE_ROWS, PAGE_ROWS, 3]
    assert len({headline for page in pages for headline in page}) == 2 * PAGE_ROWS + 3
    assert 'rel="next"' not in client.get("/events?page=3").text
    assert shown(client, "page=4") == []


@pytest.mark.parametrize(
    "query", ["sort=text", "sort=dt;drop", "order=up", "page=0", "page=401", "page=x", "page=-1"]
)
def test_what_a_table_cannot_do_is_told(layout, query):
    publish(layout, rows_of(story(1)))
    assert look_at(layout.root).get(f"/events?{query}").status_code == 400


def test_copies_count_as_reports_of_one_event(layout):
    original = story(1, publisher="wire")
    copies = [
        make_article(TEXT, article_id=f"{number:032x}", cluster_id=original[0].article_id,
                     is_canonical=False, duplicate_kind="exact", publisher=publisher)
        for number, publisher in ((7, "desk"), (8, "desk"))
    ]  # fmt: skip
    rows = rows_of(original)
    publish(layout, {**rows, "articles": [*rows["articles"], *copies]})
    page = re.sub(r"\s+", " ", look_at(layout.root).get("/events").text)
    assert '3 articles<br><span class="muted small">2 publishers, 1 independent<' in page


def test_events_of_copies_are_folded_unless_asked_for(layout):
    original = story(1)
    copy = story(2, cluster_id=original[0].article_id, is_canonical=False, duplicate_kind="near")
    publish(layout, rows_of(original, copy))
    client = look_at(layout.root)
    assert shown(client) == ["Story 1"]
    assert sorted(shown(client, "fold=no")) == ["Story 1", "Story 2"]


def test_reports_of_one_event_are_folded_where_the_day_was_summarised(layout):
    first, second, other = story(1), story(2, publisher="wire"), story(3)
    publish(layout, rows_of(first, second, other))
    summarise(
        layout,
        [
            {
                "event_cluster_id": first[1].event_id,
                "event_ids": f"{first[1].event_id},{second[1].event_id}",
                "n_reports": 5,
                "n_publishers": 4,
                "n_independent_publishers": 2,
            }
        ],
    )
    client = look_at(layout.root)
    assert sorted(shown(client)) == ["Story 1", "Story 3"]
    # Where only the later report is chosen, it stands for the event.
    assert shown(client, "publisher=wire") == ["Story 2"]
    assert len(shown(client, "fold=no")) == 3
    page = re.sub(r"\s+", " ", client.get("/events?text=Story+1").text)
    assert '5 articles<br><span class="muted small">4 publishers, 2 independent<' in page


def test_an_event_of_two_batches_is_one_row(layout):
    publish(layout, rows_of(story(1)))
    publish(layout, rows_of(story(1)), name="trial")
    client = look_at(layout.root)
    assert shown(client) == ["Story 1"]
    assert shown(client, "fold=no") == ["Story 1", "Story 1"]


def test_links_keep_the_choice(layout):
    publish(layout, rows_of(*(story(number) for number in range(PAGE_ROWS + 1))))
    query = f"{BOTH}&type=CONSULT&actor=CHN&sort=confidence&order=asc"
    page = html.unescape(look_at(layout.root).get(f"/events?{query}").text)
    (following,) = re.findall(r'rel="next" href="([^"]*)"', page)
    assert parse_qs(urlsplit(following).query) == {**parse_qs(query), "page": ["2"]}


def test_the_source_is_a_link_when_it_is_one_of_the_web(layout):
    publish(layout, rows_of(story(1, url="https://example.org/a?b=1&c=2")))
    page = look_at(layout.root).get("/events").text
    assert 'href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener' in page
