"""Where the evaluation data lies beside the project: files of real agencies are read as they are.

Every file of the manifest is read the usual way. What is a story must be an article, what is none
a reject that says so, and the values that others' tests expect of these files must be found.
"""

import json
import re
from datetime import UTC, datetime

import pytest
from lxml import etree

from benchmarks.open_gold import GOLD
from include.eventwire.cleaning.markup import text_of_fragment
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings

FILES = GOLD / "formats"

pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not FILES.is_dir(), reason=f"the evaluation data is not at {FILES}"),
]

# Where a field of others is looked for among ours: columns and metadata of an article.
FIELDS = {
    "abstract": ("abstract",),
    "anpa_category": ("category",),
    "body_html": ("text",),
    "byline": ("byline",),
    "city": ("place", "dateline_place", "agency_city"),
    "code": ("place",),
    "desk": ("desk",),
    "ednote": ("editorial_note",),
    "genre": ("genre",),
    "guid": ("source_id",),
    "headline": ("headline",),
    "ingest_provider_sequence": ("provider_sequence",),
    "language": ("language", "declared_language"),
    "marked_for_legal": ("legal_flag",),
    "name": ("place", "agency_country"),
    "original_creator": ("username",),
    "original_source": ("from",),
    "priority": ("priority",),
    "profile": ("profile",),
    "pubstatus": ("status",),
    "qcode": ("subjects", "category", "genre", "place"),
    "slugline": ("slugline",),
    "subject": ("subjects", "genre"),
    "text": ("dateline",),
    "type": ("item_type",),
    "urgency": ("urgency",),
    "uri": ("uri", "source_id"),
    "version": ("version",),
}
# Others put the whole dateline together, of which files may state the place only.
PARTS = {"text"}
# Values that no file states: numbers in the database and on the scales of those who expect them,
# names that they look up there, and an id and a code that they make themselves.
UNSTATED = {
    ("byline", "E Harvey"),
    ("desk", 1),
    ("guid", "urn:ninjs.example.com:newsitems:20130709simp123"),
    ("original_creator", 123),
    ("priority", 3),
    ("priority", 6),
    ("qcode", "11016007"),
    ("urgency", 3),
}
# Elements that hold the story of one item, by the root of the file.
BODIES = {
    "newsItem": "contentSet",
    "NewsItem": "DataContent",
    "nitf": "body.content",
    "RBNews": "content",
}


def manifest():
    path = FILES / "manifest.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def is_case(row):
    """Tell whether a file is one of the IPTC's cases of valid and invalid JSON."""
    return "__should_" in row["file"]


def read(name):
    (file,) = list_inputs([FILES / name]).files
    limit = datetime(2030, 1, 1, tzinfo=UTC)
    return list(read_articles(ReadContext(file, SourceProfile(), Settings(), limit)))


def local(element):
    return etree.QName(element).localname


def count_stories(path):
    """Return how many items of an XML file have words in their bodies and are of a text."""
    parser = etree.XMLParser(remove_comments=True)
    root = etree.fromstring(path.read_bytes().lstrip(b"\xef\xbb\xbf \r\n"), parser)
    items = [e for e in root.iter(etree.Element) if local(e) in BODIES]
    # A document of NITF may be the body of an item of NewsML.
    outermost = [e for e in items if not any(local(p) in BODIES for p in e.iterancestors())]
    return sum(has_story(item) for item in outermost)


def has_story(item):
    classes = [e.get("qcode", "") for e in item.iter(etree.Element) if local(e) == "itemClass"]
    bodies = [e for e in item.iter(etree.Element) if local(e) == BODIES[local(item)]]
    words = "".join("".join(body.itertext()) for body in bodies).split()
    return bool(words) and not any(re.search("picture|graphic|video", name) for name in classes)


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["file"])
def test_every_file_is_read(row):
    for found in read(row["file"]):
        if isinstance(found, Article):
            assert found.text.strip()
            assert found.publisher or not row["format"].startswith(("newsml", "nitf", "xml:"))
        elif not is_case(row):  # of cases more is asked in test_ninjs_cases.py
            assert found.reason in {"not_an_article", "empty_text", "broken_record"}, found.detail
            assert found.detail


@pytest.mark.parametrize(
    "row",
    [row for row in manifest() if row["format"].startswith(("newsml", "nitf", "xml:"))],
    ids=lambda row: row["file"],
)
def test_every_story_in_xml_is_an_article_and_all_else_is_rejected_as_none(row):
    found = read(row["file"])
    articles = [record for record in found if isinstance(record, Article)]
    assert len(articles) == count_stories(FILES / row["file"])
    assert {r.reason for r in found if isinstance(r, Reject)} <= {"not_an_article"}
    assert all(a.published_at and a.publisher and a.source_id for a in articles)
    if b"icls:picture" in (FILES / row["file"]).read_bytes():
        assert "picture" in found[0].detail


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in manifest()
        if row["format"] in {"iptc7901", "anpa-1312", "email", "rss", "other"} and not is_case(row)
    ],
    ids=lambda row: row["file"],
)
def test_every_wire_text_mail_and_feed_gives_an_article(row):
    assert any(isinstance(record, Article) for record in read(row["file"]))


def test_the_values_that_others_expect_are_found():
    names = {row["path"].rpartition("/")[2]: row["file"] for row in manifest()}
    expected = json.loads((FILES / "expected.json").read_text())
    stated = [e for e in expected if not is_unstated(e)]
    missed = [value for value in stated if not is_found(value, read(names[value["fixture"]]))]
    share = 1 - len(missed) / len(stated)
    print(f"{share:.3f} of {len(stated)} that stand in the files, of {len(expected)} in all")
    assert len(stated) >= 0.85 * len(expected)
    assert share >= 0.9, missed


def is_unstated(expected):
    return not isinstance(expected["value"], list) and (
        (expected["field"], expected["value"]) in UNSTATED
    )


def is_found(expected, records):
    wanted = expected["value"] if isinstance(expected["value"], list) else [expected["value"]]
    for record in records:
        if isinstance(record, Reject):  # an item without a text: its detail names it
            if expected["field"] == "uri" and expected["value"] in record.detail:
                return True
            continue
        stated = {name: getattr(record, name) for name in record.__slots__}
        stated |= json.loads(record.source_metadata or "{}")
        values = [v for name in FIELDS[expected["field"]] for v in flatten(stated.get(name))]
        if all(matches(value, values, expected["field"]) for value in wanted):
            return True
    return False


def flatten(value):
    """Return the concepts of a list, or the single value, as a list."""
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def matches(wanted, values, field):
    if isinstance(wanted, dict):
        pairs = {"code": wanted.get("qcode"), "name": wanted.get("name")}
        return any(
            isinstance(value, dict)
            and all(plain(value.get(key, "")) == plain(want) for key, want in pairs.items() if want)
            for value in values
        )
    singles = [
        v for value in values for v in (value.values() if isinstance(value, dict) else [value])
    ]
    if wanted is True:
        return bool(singles)
    if field in PARTS:
        return any(plain(value) in plain(wanted) for value in singles)
    return any(plain(wanted) == plain(value) for value in singles)


def plain(value):
    """Return a value as words: without markup, "By " and the difference of 5 and "5"."""
    text = text_of_fragment(str(value)) if "<p>" in str(value) else str(value)
    return re.sub(r"^by ", "", " ".join(text.split()).casefold())
