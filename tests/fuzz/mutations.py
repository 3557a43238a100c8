"""What is done to an input to spoil it."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("cut", "double", "flip", "insert", "overwrite", "repeat", "truncate")
# Pieces at which parsers stumble: marks, escapes, numbers at the edge, times that are none.
PIECES = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"\xed\xa0\x80", b"\n", b"\r", b"\t", b" " * 9),
    *(b'"', b"'", b",", b"\\", b"{", b"}", b"[", b"]", b":", b"<", b">", b"&", b"/", b"%", b"=?"),
    *(b"<p>", b"</p>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>", b"&#0;", b"&#xd800;"),
    *(b"&amp;", b"&nbsp;", b"&lol;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b" xmlns='x'", b"xml:"),
    *(b"\\ud800", b"\\u0000", b"null", b"true", b"NaN", b"1e999", b"-1", b"0", b"[]", b"{}"),
    *(b"9" * 30, b"9" * 5_000, b"99999999999999999999", b"2147483648", b"\xff\xff\xff\xff"),
    *(b"9999-12-31T23:59:59+14:00", b"0000-00-00", b"0001-01-01T00:00:00-14:00", b"24:60:61"),
    *(b"2025-02-30", b"Mon, 31 Feb 2025 25:61:61 +9999", b"+00:00:99", b"UTC", b"Mars/Phobos"),
    *(b"charset=utf-7", b"encoding='utf-32'", b"base64", b"=?utf-8?B?/w==?=", b"boundary="),
    *(b"Content-Length: -5\r\n", b"\x01", b"\x02", b"\x03", b"\x04", b"\x16\x16\x01", b"^", b"<"),
    *(b"PK\x01\x02", b"PK\x05\x06", b"../", b"C:\\", b"http://[", b"://", b"javascript:", b"@"),
    *(b"[" * 3_000, b"<a>" * 3_000, b"(" * 300, b"<div>" * 300, b"a" * 20_000),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change.

    Attributes:
        kind: One of `KINDS`.
        place: Where, from 0 (the beginning) to 1 (the end).
        length: How many bytes, or how often.
        piece: What is put in.
    """

    kind: str
    place: float
    length: int
    piece: bytes


def spoil(data: bytes, edits: list[Edit]) -> bytes:
    """Return `data` after all `edits`, one after the other."""
    for edit in edits:
        data = _apply(data, edit)
    return data


def _apply(data: bytes, edit: Edit) -> bytes:
    at = int(edit.place * len(data))
    end = at + edit.length
    match edit.kind:
        case "cut":
            return data[:at] + data[end:]
        case "double":
            return data[:end] + data[at:]
        case "flip":
            return data[:at] + bytes(byte ^ 0xFF for byte in data[at : at + 1]) + data[at + 1 :]
        case "insert":
            return data[:at] + edit.piece + data[at:]
        case "overwrite":
            return data[:at] + edit.piece + data[at + len(edit.piece) :]
        case "repeat":
            return data[:at] + data[at:end] * edit.length + data[end:]
        case "truncate":
            return data[:at]
        case kind:
            raise ValueError(kind)
