"""The same stories in every format give the same articles."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.news_formats import WRITERS, Story
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import READERS, read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.settings import Settings

FIRST = Story(
    story_id="harbour-1",
    headline="Dockers & shippers agree on pay",
    byline="Ada Example",
    published_at=datetime(2025, 2, 3, 9, 30, tzinfo=UTC),
    paragraphs=(
        "Dockers in the port of Odense signed an agreement on pay with the shippers on Monday, "
        "after talks that had lasted for three weeks and two nights.",
        "The chairman of the union said that the <new> terms would hold until the end of the year, "
        "and thanked the mayor & the minister of labour for their part in the negotiations.",
    ),
)
SECOND = Story(
    story_id="harbour-2",
    headline="Ferries stay in port",
    byline="Bo Example",
    published_at=FIRST.published_at + timedelta(hours=2),
    paragraphs=(
        "Ferries between the islands stayed in port on Tuesday because of a storm that the weather "
        "service had announced the day before, and thousands of travellers had to wait.",
        "The operator expects to sail again on Wednesday morning, a spokesman told reporters in "
        "the town of Nyborg, where two hundred people spent the night in a school.",
    ),
)
# What a format does not carry.
WITHOUT_HEADLINE = {"plain_text", "tar"}
WITHOUT_BYLINE = {"plain_text", "tar", "iptc7901", "email", "mbox"}
WITHOUT_DATE = {"plain_text", "tar"}


@pytest.fixture
def read_folder(tmp_path):
    """Return a function that writes files and reads them as a folder."""

    def read_folder(files):
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        not_after = datetime(2026, 1, 1, tzinfo=UTC)
        return [
            record
            for file in list_inputs([tmp_path]).files
            for record in read_articles(ReadContext(file, SourceProfile(), Settings(), not_after))
        ]

    return read_folder


@pytest.mark.parametrize("name", WRITERS)
def test_a_story_comes_back_as_it_was_written(read_folder, name):
    articles = read_folder(WRITERS[name]([FIRST, SECOND]))
    assert len(articles) == 2
    for article, story in zip(articles, (FIRST, SECOND), strict=True):
        assert article.text.split() == story.text.split()
        assert article.text.count("\n\n") == 1
        assert article.language == "en"
        if name not in WITHOUT_HEADLINE:
            assert article.headline == story.headline
        if name not in WITHOUT_BYLINE:
            assert story.byline in article.byline
        if name not in WITHOUT_DATE:
            assert article.published_at == story.published_at


def test_every_format_with_texts_is_tried():
    tried_with_inputs_of_their_own = {"agency_xml", "anpa", "ap_media", "sitemap"}
    assert set(READERS) - set(WRITERS) == tried_with_inputs_of_their_own
