"""Inputs that made a reader fail once, found by `python -m tests.fuzz`."""

import pytest

from tests.fuzz.reading import check, read_bytes
from tests.fuzz.seeds import SEEDS


def replaced(format_, old, new, choice=0):
    """Return the seed of a format with one thing in it exchanged."""
    seed = SEEDS[format_][choice]
    assert old in seed
    return seed.replace(old, new)


FOUND = [
    pytest.param(
        "sitemap",
        replaced("sitemap", b"<news:title>", b"<n" + b"a" * 20_000 + b":title>"),
        id="a message of the parser that quotes a name of 20,000 letters",
    ),
    pytest.param(
        "email",
        replaced("email", b"multipart/alternative", b"multipart/" + b"9" * 5_000),
        id="a message that quotes a content type of 5,000 digits",
    ),
    pytest.param(
        "zip",
        replaced("zip", b"\x05\x00\x00\x00a.txt", b"\xff\x7f\x00\x00a.txt", choice=1),
        id="a member whose own header claims a name of 32,767 bytes",
    ),
    pytest.param(
        "parquet",
        replaced("parquet", b"authors", b"auth\x9a\x8crs"),
        id="a name of a column that is no UTF-8",
    ),
    pytest.param(
        "parquet",
        replaced("parquet", b"\x15\x02\x00\x15\x0c%\x02", b"\x15\x02\x00\x15\x0c%\n"),
        id="metadata of a column that abort the process when they are asked for",
    ),
]


@pytest.mark.parametrize(("format_", "data"), FOUND)
def test_what_was_found_is_articles_or_rejects(format_, data, tmp_path):
    check(read_bytes(data, format_, tmp_path), tmp_path)
