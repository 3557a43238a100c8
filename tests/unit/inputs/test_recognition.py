import pytest

from include.eventwire.inputs.recognition import recognise


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b'<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE nitf [<!-- ] --> ] >\n<nitf>', "nitf"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><?xml-stylesheet href="a"?><n:rss a="b">', "feed"),
        (b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><HTML>', "html"),
        (b"<unheard-of>", None),
        (b'<envelope><part><n:newsItem guid="a">', "newsml_g2"),
        (b"<batch>\n<nitf>", "nitf"),
        (b'<a:RBNews xmlns:a="urn:a">', "agency_xml"),
        ('<?xml version="1.0" encoding="utf-16"?><nitf>'.encode("utf-16"), "nitf"),
        ("<NewsML>".encode("utf-16-le"), "newsml_1"),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_a_head_tells_its_format(head, format_):
    assert recognise(head) == format_


@pytest.mark.parametrize(
    "piece", [b"<??>", b"<!---->", b"<!DOCTYPE[]>", b"<!--", b"a: b\r\n", b"["]
)
def test_no_head_takes_for_ever(piece):
    # In a pattern that goes back, forty instructions can be cut in 2 ** 39 ways.
    for count in (40, 10_000):
        recognise(piece * count + b"<")


WIRE = b"xyz062 4 i 211 ccccb   wire 061\r\n\r\nKenya/\r\n\x02Talks =\r\n"


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b"\x01" + WIRE, "iptc7901"),
        (b"\r\n\0\x7f\x01" + WIRE, "iptc7901"),
        (WIRE, "iptc7901"),
        (WIRE.replace(b"\x02", b""), None),
        (b"\x16\x16\x01W2607\x1fafrica\r\nr i\x13\x11 BC-AF", "anpa"),
        (bytes(range(256)), None),
        (b"\x16\x01", "anpa"),
        (b"\0\x01W2607\x1fafrica", "anpa"),
        (b'"a text of JSON"', "json_records"),
        (b'"We stay," he said.', None),
        (b'\xef\xbb\xbf{"uri": "a"}', "ninjs"),
        ('{"title": "b", "text": "c"}'.encode("utf-16"), "json_records"),
        ("<?xml version='1.0'?><nitf/>".encode("utf-16"), "nitf"),
    ],
)
def test_wires_and_json(head, format_):
    assert recognise(head) == format_
