import pytest

from include.eventwire.readers import load_reader
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

HEADER = (
    b"\x16\x16\x01W2607\x1fafrica\r\nr i\x13\x11 BC-AF--TalksBegin 1stLd-Writethru   11-13 0420\r\n"
)
TITLE = (
    b"\x02^BC-AF--Talks Begin, 1st Ld-Writethru,410<\r\n"
    b"^Mediators arrive in Nairobi<\r\n"
    b"^AP Photo NAI101, NAI102<\r\n"
    b"^Eds: Adds quote. With AP Photos.<\r\n"
    b"^By JANE ROE=\r\n"
    b"^Associated Press=\r\n"
)
BODY = (
    b"\t   NAIROBI, Kenya (AP) _ Two mediators came on Monday _ one by car.\r\n \r\n"
    b"\t   ``Don't wait,'' the other said. It took 3{ hours.\r\n \r\n"
    b"\t   ___\r\n\t   Roe reported from Nairobi.\r\n\r\n"
)
TEXT = (
    "NAIROBI, Kenya (AP) — Two mediators came on Monday — one by car.\n\n"
    "“Don't wait,” the other said. It took 3½ hours.\n\n"
    "Roe reported from Nairobi."
)
TRAILER = b"\t   \x03AP-WF-11-13-23 0745GMT<\r\n\r\n\x0c\r\n\x04"
MESSAGE = HEADER + TITLE + BODY + TRAILER


@pytest.fixture
def read_raw(make_context):
    """Return a function that reads bytes with the reader alone."""

    def read_raw(data, **kwargs):
        context = make_context(data, "wire.tst", format_="anpa", **kwargs)
        return list(load_reader("anpa")(context))

    return read_raw


def test_the_fields_of_a_story(read_raw):
    (raw,) = read_raw(MESSAGE)
    assert raw.text == TEXT
    assert (raw.source_id, raw.publisher) == ("W2607", "AP")
    assert raw.headline == "Mediators arrive in Nairobi"
    assert raw.byline == "By JANE ROE, Associated Press"
    assert raw.published_at == "2023-11-13T07:45 GMT"
    assert raw.metadata == {
        "service": "W",
        "provider_sequence": "2607",
        "selector": "africa",
        "priority": "r",
        "category": "i",
        "slugline": "BC-AF--Talks Begin",
        "keywords": ["BC-AF--TalksBegin"],
        "version": "1st Ld-Writethru",
        "word_count": 410,
        "agency": "AP",
        "editorial_note": "AP Photo NAI101, NAI102\nEds: Adds quote. With AP Photos.",
    }


@pytest.mark.parametrize("name", ["story.tst", "story", "story.txt"])
def test_the_file_tells_its_format(read_input, name):
    for data in (MESSAGE, MESSAGE.lstrip(b"\x16"), b"\r\n\0" + MESSAGE):
        (article,) = read_input(data, name)
        assert article.input_format == "anpa"
        assert article.published_at.isoformat() == "2023-11-13T07:45:00+00:00"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        # headline, byline, what stands above the body in the text
        (b"^BC-AF--Talks,<\r\n", (None, None, "")),
        (b"^BC-AF--Talks,90<\r\n^A headline<\r\n", ("A headline", None, "")),
        (b"^BC-AF--Talks,90<\r\n^A headline=\r\n^By The Associated Press=\r\n",
         ("A headline", "By The Associated Press", "")),
        (b"^BC-AF--Talks,90<\r\n^A headline<\r\n^By X=\r\n^EAST GROUP=\r\n",
         ("A headline", "By X", "EAST GROUP\n\n")),
        (b"^BC-AF--Talks,90<\r\n^A headline<\r\n^EDITOR'S NOTE _ A series.<\r\n",
         ("A headline", None, "EDITOR'S NOTE — A series.\n\n")),
    ],
)  # fmt: skip
def test_the_lines_above_the_text(read_raw, title, expected):
    (raw,) = read_raw(HEADER + b"\x02" + title + BODY + TRAILER)
    headline, byline, above = expected
    assert (raw.headline, raw.byline, raw.text) == (headline, byline, above + TEXT)


def test_a_summary_below_the_headline_is_the_abstract(read_raw):
    title = b"\x02^BC-AF--Talks,90<\r\n^Talks begin<\r\n^Both sides hope for a truce.<\r\n"
    (raw,) = read_raw(HEADER + title + BODY + TRAILER)
    assert raw.metadata["abstract"] == "Both sides hope for a truce."


def test_rows_of_a_table_stand_below_each_other(read_raw):
    header = HEADER.replace(b"\x13\x11", b"\x14\x12")
    rows = b"\x08^;W;L;GB\x10 \r\n\x08Kenya\x10 A;2;1;{\x10 \r\n"
    table = b"\x02^BC-Table<\r\n^Table=\r\n" + rows + b"^NORTH=\r\n"
    (raw,) = read_raw(header + table + TRAILER)
    assert raw.text == ";W;L;GB\nKenya A;2;1;½\n\nNORTH"
    assert raw.metadata["format"] == "tabular"


def test_routing_before_the_keyword_is_left_out(read_raw):
    title = (
        b"\x02^*9006< ^AP-Top-Headlines,0176<\r\n^Top news<\r\n^Talks begin\r\n^Flood in Peru\r\n"
    )
    (raw,) = read_raw(HEADER + title + TRAILER)
    assert raw.metadata["slugline"] == "AP-Top-Headlines"
    assert raw.metadata["word_count"] == 176
    assert (raw.headline, raw.text) == ("Top news", "Talks begin\n\nFlood in Peru")


def test_lines_without_a_mark_go_on_with_the_paragraph(read_raw):
    body = b"\t   ROME (AP) _ A long\r\nparagraph in\r\nthree lines.\r\n\t   The next.\r\n^END<\r\n"
    (raw,) = read_raw(HEADER + TITLE + body + TRAILER)
    assert raw.text == "ROME (AP) — A long paragraph in three lines.\n\nThe next."


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"a_b@c.org", "a_b@c.org"),
        (b"{x}", "{x}"),
        (b"{ cup", "½ cup"),
        (b"it''s ``so''", "it”s “so”"),
        (b"5 _ 3", "5 — 3"),
        (b"A\x1f\x1eB\x10 C", "A B C"),
        (b"10 < 20 = no", "10 < 20 = no"),
    ],
)
def test_characters_for_typesetting(read_raw, written, meant):
    (raw,) = read_raw(HEADER + TITLE + b"\t   " + written + b" end.\r\n" + TRAILER)
    assert raw.text == f"{meant} end."


def test_several_stories_in_a_file(read_raw):
    found = read_raw(MESSAGE + MESSAGE.replace(b"W2607", b"W2608") + b"\x16\x16")
    assert [(raw.record_number, raw.source_id) for raw in found] == [(1, "W2607"), (2, "W2608")]


@pytest.mark.parametrize(
    ("data", "reason", "word"),
    [
        ((HEADER + TITLE + BODY)[:400], "broken_record", "breaks off"),
        (HEADER, "broken_record", "STX"),
        (HEADER + b"\x02\x03", "empty_text", "no text"),
        (HEADER + TITLE + b"\t   ___\r\n" + TRAILER, "empty_text", "BC-AF--Talks Begin"),
        (b"\x16\x16\x01", None, None),
    ],
)
def test_damaged_stories_are_rejects_and_cost_no_other(read_raw, data, reason, word):
    found = read_raw(data + MESSAGE)
    assert found[-1].text == TEXT
    assert [reject.reason for reject in found[:-1]] == ([reason] if reason else [])
    assert all(word in reject.detail for reject in found[:-1])


@pytest.mark.parametrize(
    ("trailer", "published_at"),
    [
        (b"\x03AP-NY-02-28-99 2101EST<", "1999-02-28T21:01 EST"),
        (b"\x03AP-WF-11-13-23<", None),
        (b"\x03", None),
        (b"\x04", None),
    ],
)
def test_the_line_of_the_time(read_raw, trailer, published_at):
    (raw,) = read_raw(HEADER + TITLE + BODY + trailer)
    assert raw.published_at == published_at


def test_a_day_that_is_none_is_told(read_input):
    (found,) = read_input(MESSAGE.replace(b"11-13-23", b"13-45-23"), "story.tst")
    assert isinstance(found, Reject) or found.published_at is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x16\x01" + b"W" * 100_000,
        b"\x16\x16\x01W1\r\n" + b" " * 100_000 + b"\x02x\x03",
        HEADER + b"\x02" + b"^a<\r\n" * 20_000 + b"\x03",
        HEADER + b"\x02" + b"^By a=\r\n" * 20_000 + b"\x03",
        HEADER + b"\x02^" + b"a, " * 50_000 + b"<\r\n\x03",
        HEADER + b"\x02^" + b"{" * 50_000 + b"\r\n\tx\r\n\x03",
        HEADER + b"\x02" + b"_ " * 50_000 + b"\r\n\x03",
        HEADER + b"\x02\x02\x02\x03\x03\x04",
        b"\x01" * 10_000,
    ],
    ids=lambda data: repr(data[-30:]),
)
def test_no_input_stops_the_reader(read_raw, data):
    found = read_raw(data, settings=Settings(max_record_bytes=300_000))
    assert len(found) <= 1
