import pytest

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import load_reader
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

# Lines as a wire of 69 characters breaks them.
HEADER = b"\x01xyz062 4 i 211 ccccb   wire 061\r\n\r\nKenya-talks/Nairobi/\r\n"
BODY = (
    b"   Nairobi (wire) - Two mediators from the neighbouring countries came\r\n"
    b"to Nairobi on Monday to talk to both sides of the conflict about a\r\n"
    b"truce.\r\n\r\n"
    b'   "We shall stay as long as we are needed," one of them said.\r\n\r\n'
)
TEXT = (
    "Nairobi (wire) - Two mediators from the neighbouring countries came to Nairobi on Monday to "
    "talk to both sides of the conflict about a truce.\n\n"
    '"We shall stay as long as we are needed," one of them said.'
)
TRAILER = b"\x03131137 GMT Nov 23\r\n\x7f\r\n\x7f\x04"
MESSAGE = HEADER + b"\x02Mediators arrive in Nairobi =\r\n\r\n" + BODY + TRAILER


@pytest.fixture
def read_raw(make_context):
    """Return a function that reads bytes with the reader alone."""

    def read_raw(data, **kwargs):
        context = make_context(data, "wire.txt", format_="iptc7901", **kwargs)
        return list(load_reader("iptc7901")(context))

    return read_raw


def test_the_fields_of_a_message(read_raw):
    (raw,) = read_raw(MESSAGE)
    assert raw.text == TEXT
    assert (raw.source_id, raw.publisher) == ("xyz062", "wire")
    assert (raw.headline, raw.byline) == ("Mediators arrive in Nairobi", None)
    assert raw.published_at == "13 Nov 23 11:37 GMT"
    assert raw.metadata == {
        "service": "xyz",
        "provider_sequence": "062",
        "priority": 4,
        "urgency": 4,
        "category": "i",
        "word_count": 211,
        "agency": "wire",
        "agency_number": "061",
        "slugline": "Kenya-talks/Nairobi",
    }


def test_the_file_tells_its_format(read_input):
    for data in (MESSAGE, b"\r\n\x7f" + MESSAGE, MESSAGE.removeprefix(b"\x01")):
        (article,) = read_input(data, "message.txt")
        assert article.input_format == "iptc7901"
        assert article.published_at.isoformat() == "2023-11-13T11:37:00+00:00"


@pytest.mark.parametrize(
    ("title", "flags", "headline", "byline"),
    [
        (b"Talks begin =", None, "Talks begin", None),
        (b"EXTRA\nTalks begin =", "EXTRA", "Talks begin", None),
        (
            b"REFILE\r\n1ST LEAD\r\nTalks begin\r\nBy Jane Roe, wire =",
            "REFILE, 1ST LEAD",
            "Talks begin",
            "By Jane Roe, wire",
        ),
        (b"(Achtung)\nGespr\xe4che beginnen =", "(Achtung)", "Gespräche beginnen", None),
        (b"Talks on a truce\nbegin in Nairobi =", None, "Talks on a truce begin in Nairobi", None),
        (b"TALKS BEGIN =", None, "TALKS BEGIN", None),
        (b"=", None, None, None),
        # Some wires do not close it.
        (b"Mediators arrive in Nairobi", None, "Mediators arrive in Nairobi", None),
    ],
)
def test_the_lines_above_the_text(read_raw, title, flags, headline, byline):
    (raw,) = read_raw(HEADER + b"\x02" + title + b"\r\n\r\n" + BODY + TRAILER)
    assert raw.metadata.get("version") == flags
    assert (raw.headline, raw.byline, raw.text) == (headline, byline, TEXT)


def test_a_headline_may_stand_above_the_text(read_raw):
    header = HEADER.replace(b"Kenya-talks/Nairobi/", b"Mediators arrive in Nairobi")
    (raw,) = read_raw(header + b"\x02" + BODY + TRAILER)
    assert (raw.headline, raw.text) == ("Mediators arrive in Nairobi", TEXT)


def test_a_text_without_a_title_is_kept_whole(read_raw):
    (raw,) = read_raw(HEADER + b"\x02" + BODY + TRAILER)
    assert (raw.headline, raw.text) == (None, TEXT)


@pytest.mark.parametrize(
    "notes",
    [
        b"# Notebook\r\n\r\n## Note to editors\r\n- adds quote\r\n\r\nwire jr er\r\n",
        b"* * * *\r\nThe following information is not intended for publication\r\n\r\nTel: 123\r\n",
        b"* * * *\r\nDie folgenden Informationen sind nicht zur Ver\xf6ffentlichung\r\n",
        b"wire jr er\r\n",
    ],
)
def test_notes_for_editors_are_not_text(read_raw, notes):
    (raw,) = read_raw(HEADER + b"\x02Talks =\r\n\r\n" + BODY + notes + b"\r\n" + TRAILER)
    assert raw.text == TEXT
    assert raw.metadata["editorial_note"]


def test_what_is_said_about_publication_in_a_story_is_text(read_raw):
    said = b"He said this was not for publication, and laughed.\r\n\r\nThe end\r\n"
    (raw,) = read_raw(HEADER + b"\x02Talks =\r\n\r\n" + BODY + said + TRAILER)
    assert raw.text.endswith("not for publication, and laughed.\n\nThe end")


def test_lines_that_were_ended_on_purpose_stay_lines(read_raw):
    table = b"Results:\r\nKenya 2, Uganda 1\r\nMali 0, Ghana 0\r\n"
    (raw,) = read_raw(HEADER + b"\x02Talks =\r\n\r\n" + BODY + table + TRAILER)
    assert raw.text == TEXT + "\n\nResults:\nKenya 2, Uganda 1\nMali 0, Ghana 0"


@pytest.mark.parametrize(
    ("trailer", "published_at"),
    [
        (b"\x03071341 GMT Okt 15 \r\n", "07 Oct 15 13:41 GMT"),
        (b"\x03312359 MEZ Dez 1999", "31 Dec 1999 23:59 MEZ"),
        (b"\x03071341 Mai 15", "07 May 15 13:41"),
        (b"\x03071341", None),
        (b"\x03", None),
        (b"\x04", None),
    ],
)
def test_the_line_of_the_time(read_raw, trailer, published_at):
    (raw,) = read_raw(HEADER + b"\x02Talks =\r\n\r\n" + BODY + trailer)
    assert raw.published_at == published_at


def test_a_day_that_is_none_is_told(read_input):
    data = MESSAGE.replace(b"131137 GMT Nov 23", b"311137 GMT Feb 23")
    (found,) = read_input(data, "message.txt")
    assert isinstance(found, Reject) or found.published_at is None


def test_several_messages_and_what_stands_between_them(read_raw):
    second = MESSAGE.replace(b"xyz062", b"xyz063")
    found = read_raw(b"\0\0" + MESSAGE + b"\r\n\0\x16\x16" + second + b"\x7f\x7f\r\n" + MESSAGE)
    assert [(raw.record_number, raw.source_id) for raw in found] == [
        (1, "xyz062"),
        (2, "xyz063"),
        (3, "xyz062"),
    ]
    assert {raw.text for raw in found} == {TEXT}


@pytest.mark.parametrize(
    ("data", "reason", "word"),
    [
        (MESSAGE[:200], "broken_record", "breaks off"),
        (HEADER, "broken_record", "STX"),
        (b"\x01", None, None),
        (HEADER + b"\x02\x03131137 GMT Nov 23", "empty_text", "no text"),
        (HEADER + b"\x02Talks =\r\n\r\n \r\n\x03", "empty_text", "Talks"),
        (HEADER + b"\x02" + bytes(range(128, 256)) * 9 + b"\x03", "undecodable_text", "message 1"),
    ],
)
def test_damaged_messages_are_rejects_and_cost_no_other(read_raw, data, reason, word):
    found = read_raw(data + MESSAGE)
    assert found[-1].text == TEXT
    rejects = found[:-1]
    assert [reject.reason for reject in rejects] == ([reason] if reason else [])
    assert all(word in reject.detail for reject in rejects)


def test_a_header_in_another_order_is_kept_as_it_is(read_raw):
    (raw,) = read_raw(MESSAGE.replace(b"xyz062 4 i 211", b"?? no usual header"))
    assert raw.text == TEXT
    assert raw.source_id is None
    assert raw.metadata["header"].startswith("?? no usual header")


def test_the_encoding_of_the_source_counts(read_raw):
    data = MESSAGE.replace(b"truce", "обстановке".encode("koi8-r"))
    (raw,) = read_raw(data, profile=SourceProfile(encoding="koi8-r"))
    assert "обстановке." in raw.text


def test_zeros_and_codes_for_machines_are_no_text(read_raw):
    (raw,) = read_raw(MESSAGE.replace(b"on Monday to", b"\x0eon\x00Monday\x0f to"))
    assert "\0" not in raw.text
    assert "on Monday" in raw.text


def test_a_message_without_end_is_bounded(read_raw):
    settings = Settings(max_record_bytes=2_000)
    found = read_raw(HEADER + b"\x02" + b"x" * 600_000 + b"\x03" + MESSAGE, settings=settings)
    assert [getattr(record, "reason", "") for record in found] == ["too_large", ""]
