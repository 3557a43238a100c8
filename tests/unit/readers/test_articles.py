import json
from datetime import UTC, date, datetime

import pytest

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers.articles import make_article
from include.eventwire.readers.raw import RawArticle
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings

TEXT = "The minister said on Monday that troops had withdrawn from the border area."
GERMAN = "Die Regierung hat am Montag neue Sanktionen gegen das Land beschlossen."


@pytest.fixture
def make(make_context):
    """Return a function that makes an article of the fields of a record."""

    def make(*, format_="jsonl", profile=None, settings=None, **fields):
        context = make_context(b"", format_=format_, profile=profile, settings=settings)
        return make_article(RawArticle(**{"record_number": 1, "text": TEXT, **fields}), context)

    return make


def test_mojibake_is_repaired_and_noted(make):
    good = make(text="The café was closed, he said.", headline="Café", published_at="2018-04-24")
    damaged = make(
        text="The cafÃ© was closed, he said.", headline="CafÃ©", published_at="2018-04-24"
    )
    assert (damaged.text, damaged.headline) == (good.text, good.headline)
    assert (damaged.warnings, good.warnings) == ("text_repaired", None)
    assert damaged.article_id == good.article_id
    assert make(byline="By JosÃ© Doe").byline == "By José Doe"


def test_good_text_stays_as_it_was_received(make):
    text = "  “Quotes”\r\n\r\nﬁrst &amp; last\t"
    article = make(text=text)
    assert (article.text, article.warnings) == (text, None)


def test_text_that_is_blank_once_repaired_is_none(make):
    reject = make(text="Â\u00a0 Â\u00a0")
    assert isinstance(reject, Reject)
    assert reject.reason == "empty_text"


def test_the_dateline_has_columns_of_its_own(make):
    opening = "NAIROBI, Dec 31 (Reuters) - "
    article = make(text=opening + TEXT, published_at="2018-01-01T06:00:00Z")
    assert (article.dateline_place, article.agency) == ("NAIROBI", "Reuters")
    assert article.dateline_date == date(2017, 12, 31)
    assert (article.dateline_start_char, article.dateline_end_char) == (0, len(opening))
    assert article.text == opening + TEXT


def test_without_a_dateline_its_columns_are_empty(make):
    article = make(metadata={"agency": "Agence France-Presse"})
    assert article.agency == "AFP"
    assert article.dateline_place is None
    assert article.dateline_start_char is None


@pytest.mark.parametrize(
    ("stated", "text", "byline"),
    [
        (" By\tJane  Doe ", TEXT, "By Jane Doe"),
        (None, f"By JANE DOE\nNAIROBI (AP) - {TEXT}", "By JANE DOE"),
        ("John Smith", f"By JANE DOE\nNAIROBI (AP) - {TEXT}", "John Smith"),
        (None, TEXT, None),
    ],
)
def test_the_byline_is_the_stated_one_or_that_of_the_text(make, stated, text, byline):
    article = make(byline=stated, text=text)
    assert (article.byline, article.text) == (byline, text)


@pytest.mark.parametrize(
    ("declared", "profile", "text", "expected"),
    [
        ("de-AT", None, GERMAN, ("de", "de", None)),
        ("en", None, GERMAN, ("de", "en", "language_differs")),
        (None, "en", GERMAN, ("de", "en", "language_differs")),
        ("en", "de", TEXT, ("en", "en", None)),
        (None, "en", "Net 12 cts", ("en", "en", None)),
        (None, None, "Net 12 cts", ("und", None, None)),
    ],
)
def test_language(make, declared, profile, text, expected):
    article = make(language=declared, profile=SourceProfile(language=profile), text=text)
    assert (article.language, article.declared_language, article.warnings) == expected


def test_other_languages_are_rejected_where_that_is_set(make):
    settings = Settings(other_languages="reject")
    reject = make(text=GERMAN, settings=settings)
    assert (reject.reason, reject.stage) == ("other_language", "check")
    assert "de" in reject.detail
    assert isinstance(make(text=TEXT, settings=settings), Article)
    # Nobody knows that it is in another language.
    assert make(text="Net 12 cts", settings=settings).language == "und"
    assert make(text=GERMAN).language == "de"


@pytest.mark.parametrize(
    ("stated", "warning"),
    [
        ("2031-01-01", "date_in_future"),
        ("2026-01-01T00:00:01Z", "date_in_future"),
        ("1899-12-31", "date_too_early"),
        ("0001-01-02T00:00:00Z", "date_too_early"),
    ],
)
def test_an_incredible_date_is_not_believed(make, stated, warning):
    article = make(published_at=stated, metadata={"urgency": 4})
    assert (article.published_at, article.warnings) == (None, warning)
    assert json.loads(article.source_metadata) == {"published_at_stated": stated, "urgency": 4}


def test_a_credible_date_is_believed_up_to_the_limit(make):
    limit = datetime(2026, 1, 1, tzinfo=UTC)
    assert make(published_at="2026-01-01T00:00:00Z").published_at == limit
    assert make(published_at="1900-01-01").published_at == datetime(1900, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("format_", ["html", "warc", "feed", "json_feed", "email", "mbox"])
def test_pages_feeds_and_mails_are_not_lost_for_a_date(make, format_):
    article = make(published_at="yesterday", format_=format_)
    assert (article.published_at, article.warnings) == (None, "date_unreadable")
    assert json.loads(article.source_metadata) == {"published_at_stated": "yesterday"}


def test_records_are_rejected_for_a_date_that_cannot_be_read(make):
    assert make(published_at="yesterday").reason == "bad_date"
    assert make(published_at="03/04/2018", format_="newsml_g2").reason == "bad_date"


def test_several_warnings_are_in_alphabetical_order(make):
    article = make(text=GERMAN + " CafÃ©.", language="en", published_at="2031-01-01")
    assert article.warnings == "date_in_future,language_differs,text_repaired"


def test_addresses(make):
    article = make(url="https://News.Example.org/a?utm_source=rss#top")
    assert article.url == "https://News.Example.org/a?utm_source=rss#top"
    assert article.canonical_url == "https://news.example.org/a"
    assert make(url="tag:example.org,2018:1").canonical_url is None


def test_metadata_never_cost_an_article(make):
    article = make(metadata={"agency": "\ud800", "keywords": ["a\0b"], "odd": object})
    assert isinstance(article, Article)
    assert article.agency is None
    assert json.loads(article.source_metadata)["keywords"] == ["ab"]
