import gzip
import zlib

import brotli
import pytest

from include.eventwire.readers.http_payloads import (
    PayloadError,
    PayloadTooLargeError,
    decode_payload,
)

PAGE = b"<html><body><p>The levy passed.</p></body></html>"


def deflate_without_header(data):
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def decode(body, encodings=(), *, is_chunked=False, max_bytes=10_000):
    return decode_payload(body, is_chunked=is_chunked, encodings=encodings, max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (PAGE, []),
        (PAGE, ["identity"]),
        (gzip.compress(PAGE), ["gzip"]),
        (gzip.compress(PAGE), ["X-GZIP "]),
        (zlib.compress(PAGE), ["deflate"]),
        (deflate_without_header(PAGE), ["deflate"]),
        (brotli.compress(PAGE), ["br"]),
        (brotli.compress(gzip.compress(PAGE)), ["gzip", "br"]),
        (PAGE, ["gzip"]),  # undone by who wrote the file
        (PAGE, ["br"]),
        (PAGE, ["zstd"]),
    ],
)
def test_undoes_content_encodings(body, encodings):
    assert decode(body, encodings) == PAGE


def test_undoes_chunks():
    body = b"5;name=value\r\n<html\r\n" + b"%X\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n"
    assert decode(body, is_chunked=True) == PAGE
    assert decode(PAGE, is_chunked=True) == PAGE


def test_undoes_chunks_before_compression():
    packed = gzip.compress(PAGE)
    body = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    assert decode(body, ["gzip"], is_chunked=True) == PAGE


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress])
def test_a_cut_body_gives_what_there_is_of_it(pack):
    page = b"".join(b"<p>%d %x</p>" % (number, number * 7919) for number in range(500))
    found = decode(pack(page)[:-200], [{gzip.compress: "gzip"}.get(pack, "br")])
    assert page.startswith(found)


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (brotli.compress, "br")],
)
def test_a_body_that_grows_too_much_is_broken_off(pack, encoding):
    with pytest.raises(PayloadTooLargeError):
        decode(pack(bytes(1_000_000)), [encoding])


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(PAGE)[:10] + b"\xff" * 40, "gzip"),
        (b"\xff" * 40, "deflate"),
        (b"\xff" * 40, "br"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
    ],
)
def test_a_damaged_or_unknown_body_is_an_error(body, encoding):
    with pytest.raises(PayloadError, match=encoding):
        decode(body, [encoding])
