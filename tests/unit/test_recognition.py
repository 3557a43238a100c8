import pytest

from include.eventwire.recognition import recognise


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b'<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE nitf [<!-- ] --> ] >\n<nitf>', "nitf"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?><?xml-stylesheet href="a"?><n:rss a="b">', "feed"),
        (b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><HTML>', "html"),
        (b"<unheard-of>", None),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_a_head_tells_its_format(head, format_):
    assert recognise(head) == format_


@pytest.mark.parametrize("piece", [b"<??>", b"<!---->", b"<!DOCTYPE[]>", b"<!--", b"a: b\r\n", b"["])
def test_no_head_takes_for_ever(piece):
    # In a pattern that goes back, forty instructions can be cut in 2 ** 39 ways.
    for count in (40, 10_000):
        recognise(piece * count + b"<")
