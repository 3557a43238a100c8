from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.readers.safe_xml import XmlError, parse_xml

STORY = "Der Präsident sprach über Öl und Straßen, die Größe der Märkte und künftige Löhne."


@pytest.mark.parametrize(
    ("encoding", "prolog"),
    [
        ("utf-8", ""),
        ("utf-8", '<?xml version="1.0"?>'),
        ("utf-8", '<?xml version="1.1" encoding="utf8" standalone="no"?>'),
        ("utf-8-sig", '<?xml version="1.0" encoding="utf-8"?>'),
        ("utf-8-sig", '<?xml version="1.0" encoding="iso-8859-1"?>'),
        ("utf-8", '<?xml version="1.0" encoding="iso-8859-1"?>'),
        ("utf-8", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-8", '<?xml version="1.0" encoding="no-such-thing"?>'),
        ("utf-8", '<?xml version="1.0" encoding="base64"?>'),
        ("utf-8", '\n\n  <?xml version="1.0" encoding="utf-8"?>'),
        ("iso-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>"),
        ("cp1252", '<?xml version="1.0" encoding="iso-8859-1"?>'),
        ("iso-8859-1", '<?xml version="1.0" encoding="UTF-8"?>'),
        ("utf-16", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-16", '<?xml version="1.0" encoding="utf-8"?>'),
        ("utf-16-le", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-16-be", '<?xml version="1.0"?>'),
        ("utf-32", '<?xml version="1.0"?>'),
    ],
)
def test_the_bytes_decide_on_the_encoding_where_the_prolog_is_wrong(encoding, prolog):
    quoted = f"“{STORY}”" if encoding == "cp1252" else STORY
    root = parse_xml(f"{prolog}<a><b>{quoted}</b></a>".encode(encoding))
    assert root.findtext("b") == quoted


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("<a>x\x00y\x0bz\x1f&#0;&#x1F;&#xD800;&#x110000;&#99999999999999;</a>\x00\x1a\n", "xyz"),
        ("<a>&#65;&#x42;&#128512;</a>", "AB😀"),
        ("<a>R&D, AT&T; &nbsp;caf&eacute;&hellip;</a>", "R&D, AT&T; \xa0café…"),
        ('<!DOCTYPE a SYSTEM "http://nowhere.example/a.dtd"><a>x&nbsp;y &lt;</a>', "x\xa0y <"),
        ('<!DOCTYPE a PUBLIC "-//A//B" "a.dtd" [<!ELEMENT a (#PCDATA)>]><a>x</a>', "x"),
        ("<a>&LT;b&GT; &lt;c&gt; & <![CDATA[& &nbsp; <d>]]></a>", "<b> <c> & & &nbsp; <d>"),
        ("<a>x<!-- & --><?go there?>y</a>", "xy"),
    ],
)
def test_what_has_one_reading_is_repaired(document, text):
    assert "".join(parse_xml(document.encode()).itertext()) == text


BOMB = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE x [<!ENTITY a "ha">{BOMB}]><x>&i;</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://nowhere.example/a.dtd"> %a;]><x/>',
        f'<!DOCTYPE x [<!ATTLIST y z CDATA "{"z" * 999}">]><x>{"<y/>" * 99}</x>',
        "<x>" * 300 + "</x>" * 300,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_bombs_and_foreign_entities_are_refused(document, encoding):
    with pytest.raises(XmlError) as refusal:
        parse_xml(document.encode(encoding))
    assert refusal.value.reason == "unsafe_input"


def test_a_dtd_is_never_opened(tmp_path):
    dtd = tmp_path / "a.dtd"
    dtd.write_text('<!ENTITY secret "told"><!ATTLIST a b CDATA "told">')
    document = f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a/>'
    assert not parse_xml(document.encode()).attrib
    with pytest.raises(XmlError, match="entities that XML and HTML do not know"):
        parse_xml(document.replace("<a/>", "<a>&secret;</a>").encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "broken_record"),
        (b" \n ", "broken_record"),
        (b"no XML", "broken_record"),
        (b"<a><b></a>", "broken_record"),
        (b"<a>cut off", "broken_record"),
        (b"<a/><a/>", "broken_record"),
        (b"<a b='1' b='2'/>", "broken_record"),
        (b"<a>\xff\xfe\x81\x8d\x00\x01\x02\x03\x04</a>" * 3, "undecodable_text"),
        pytest.param(b"<a>" + b"x" * 10_000_100 + b"</a>", "too_large", id="a text of 10 MB"),
    ],
)
def test_what_is_no_xml_is_refused(data, reason):
    with pytest.raises(XmlError) as refusal:
        parse_xml(data)
    assert refusal.value.reason == reason


def test_the_error_does_not_repeat_the_document():
    with pytest.raises(XmlError) as refusal:
        parse_xml(b"<a><![CDATA[a secret that is not closed")
    assert "secret" not in str(refusal.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_xml_or_an_xml_error(data):
    for document in (data, b"<a>" + data + b"</a>", b"<?xml version='1.0'?><a b='" + data + b"'/>"):
        with suppress(XmlError):
            parse_xml(document)
