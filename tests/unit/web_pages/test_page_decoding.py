import pytest

from include.eventwire.cleaning.decoding import UndecodableError
from include.eventwire.web_pages.page_decoding import (
    EmptyPageError,
    TooManyElementsError,
    decode_page,
    parse_page,
)

GREEK = "<html><head>{}</head><body><p>Ο δήμος ψήφισε το τέλος για τα σκάφη.</p></body></html>"
CZECH = "<html><head>{}</head><body><p>Příliš žluťoučký kůň úpěl ďábelské ódy.</p></body></html>"


@pytest.mark.parametrize(
    ("page", "encoding", "charset"),
    [
        (GREEK.format(""), "utf-8", None),
        (GREEK.format(""), "utf-8", "iso-8859-1"),  # the bytes are UTF-8 whatever the header says
        (GREEK.format(""), "utf-8-sig", "iso-8859-7"),
        (GREEK.format(""), "utf-16", None),
        (GREEK.format(""), "iso-8859-7", "ISO-8859-7"),
        (GREEK.format('<meta charset="iso-8859-7">'), "iso-8859-7", None),
        (
            CZECH.format(
                '<META http-equiv=Content-Type content="text/html; charset=windows-1250">'
            ),
            "cp1250",
            None,
        ),
        (CZECH.format('<meta charset="windows-1250">'), "cp1250", "no-such-charset"),
        (CZECH.format('<meta charset="windows-1250">'), "cp1250", "base64"),
        ("<html><p>“Levy” – passed…</p></html>", "cp1252", "ISO-8859-1"),
        ("<html><p>港は税を可決した。</p></html>", "iso2022_jp", "ISO-2022-JP"),
        ("<html><p>港は税を可決した。</p></html>", "cp932", "Shift_JIS"),
    ],
)
def test_decodes_by_mark_utf8_header_and_page(page, encoding, charset):
    assert decode_page(page.encode(encoding), charset) == page


def test_a_few_wrong_bytes_do_not_cost_the_page():
    page = GREEK.format('<meta charset="utf-8">') * 20
    damaged = page.encode().replace(b"</p>", b"\xff</p>", 1)
    assert decode_page(damaged) == page.replace("</p>", "\ufffd</p>", 1)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UndecodableError):
        decode_page(bytes(range(128, 256)) * 9 + bytes(range(32)) * 40)


@pytest.mark.parametrize(
    "page",
    [
        '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Gebühr</p></body></html>',
        '<html><head><meta charset="iso-8859-1"></head><body><p>Gebühr</p></body></html>',
        "<html><body><p>Ge\0bühr</p></body></html>",
    ],
)
def test_the_tree_has_the_text_whatever_the_page_declares(page):
    assert parse_page(page).findtext(".//p") == "Gebühr"


@pytest.mark.parametrize("page", ["", "   ", "<!-- nothing -->", "\0\0\0"])
def test_nothing_is_no_page(page):
    with pytest.raises(EmptyPageError):
        parse_page(page)


def test_elements_are_limited():
    with pytest.raises(TooManyElementsError, match="100,000"):
        parse_page("<br>" * 100_001)
