import json
from datetime import UTC, datetime

import pytest

from include.eventwire.inputs import agency_profiles
from include.eventwire.readers import agency_xml

STORY = """<RBNews xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
<NewsID>{id}</NewsID><PublishDate>2025-02-03T10:30:00.5</PublishDate><strapline>PRINT</strapline>
<headline>{headline}</headline><subtitle>Kun f&#xE5;</subtitle><town>Odense</town>
<origin>/ritzau/</origin><section>Indland</section><sectionShort>I</sectionShort>
<version>1</version><content>{content}</content><Priority>4</Priority>
<IPTCList xmlns:a="http://schemas.example/Arrays"><a:int>15000000</a:int></IPTCList>
<Annuleret>{cancelled}</Annuleret><byLine i:nil="true"/><TilRedaktionen>{note}</TilRedaktionen>
</RBNews>"""
CONTENT = "&lt;p&gt;Havnen er lukket.&lt;/p&gt;&lt;p&gt;Ingen kom til skade.&lt;/p&gt;"


def make_story(id_="a-1", content=CONTENT, cancelled="false", headline="Havn lukket", note=""):
    return STORY.format(id=id_, content=content, cancelled=cancelled, headline=headline, note=note)


@pytest.fixture
def read(read_input):
    """Return a function that reads one document and returns its articles and rejects."""
    return lambda document, **options: read_input(document.encode(), "story.xml", **options)


def test_the_fields_are_where_the_profile_says(read):
    (article,) = read(make_story(note="&lt;p&gt;Rettelse&lt;br /&gt;i andet afsnit.&lt;/p&gt;"))
    assert (article.source_id, article.publisher) == ("a-1", "ritzau")
    assert (article.headline, article.byline) == ("Havn lukket", None)
    assert article.text == "Havnen er lukket.\n\nIngen kom til skade."
    # Half past ten in Copenhagen, in winter.
    assert article.published_at == datetime(2025, 2, 3, 9, 30, 0, 500_000, tzinfo=UTC)
    metadata = json.loads(article.source_metadata)
    assert metadata["editorial_note"] == "Rettelse\ni andet afsnit."
    assert metadata["category"] == [{"code": "I"}]
    assert metadata["subjects"] == [{"code": "15000000"}]
    assert metadata["place"] == [{"name": "Odense"}]
    assert (metadata["status"], metadata["priority"]) == ("usable", 4)
    assert (metadata["slugline"], metadata["subheadline"]) == ("PRINT", "Kun få")


def test_a_queue_holds_several_stories(read):
    stories = make_story() + make_story("a-2", content="") + make_story("a-3", cancelled="true")
    found = read(
        '<XMLNewsQueuedResponse xmlns="http://tempuri.org/"><XMLNewsQueuedResult><ListOfRBNews '
        f'xmlns="">{stories}</ListOfRBNews></XMLNewsQueuedResult></XMLNewsQueuedResponse>'
    )
    assert [record.record_number for record in found] == [1, 2, 3]
    assert (found[1].reason, found[1].detail.split()[2]) == ("not_an_article", "a-2")
    assert json.loads(found[2].source_metadata)["status"] == "canceled"


def test_a_queue_may_be_empty(read):
    (reject,) = read("<ListOfRBNews/>")
    assert (reject.reason, reject.detail) == (
        "not_an_article",
        "ListOfRBNews is empty: it holds no story",
    )


def test_an_unknown_root_is_a_reject_that_says_what_to_do(read):
    (reject,) = read("<unheard-of/>", format_="agency_xml")
    assert reject.reason == "unknown_format"
    assert "RBNews" in reject.detail
    assert "include/config/agencies" in reject.detail


def test_a_format_is_added_by_a_profile_alone(read, tmp_path, monkeypatch):
    (tmp_path / "wire.toml").write_text(
        "name = 'wire'\ntitle = 'Example Wire'\nroots = ['wires']\n[agency_xml]\n"
        "records = ['wire']\ntext = ['lead', 'story']\nheadline = ['@title']\n"
        "published_at = ['@sent']\nkeywords = ['tag']\ngenre = ['@kind']\n"
        "[values.genre]\nANA = 'Analysis'\n"
    )
    profiles = agency_profiles.load_profiles(tmp_path)
    monkeypatch.setattr(agency_xml, "load_profiles", lambda: profiles)
    (article,) = read(
        "<wires><wire title='Port shut' sent='2025-02-03T10:00:00Z' kind='ana'><tag>port</tag>"
        "<tag>strike</tag><lead>The port is shut.</lead><story><p>Since Monday.</p></story></wire>"
        "</wires>",
        format_="agency_xml",
    )
    assert (article.publisher, article.headline) == ("wire", "Port shut")
    assert article.text == "The port is shut.\n\nSince Monday."
    metadata = json.loads(article.source_metadata)
    assert (metadata["keywords"], metadata["genre"]) == (["port", "strike"], [{"name": "Analysis"}])
