import io
import tracemalloc

import pytest

from include.eventwire.readers.lines import DecodedLines, LineTooLongError


def test_keeps_line_ends_and_counts():
    lines = DecodedLines(io.BytesIO(b"a\r\nb\n\nc"), max_bytes=10)
    assert list(lines) == ["a\r\n", "b\n", "\n", "c"]
    assert lines.line_number == 4


def test_skips_a_line_of_100_mb_in_little_memory():
    class Long(io.RawIOBase):
        left = 100_000_000

        def read(self, size=-1):
            if self.left <= 0:
                return b""
            self.left -= size
            return b"x" * size if self.left > 0 else b"\nnext\n"

    tracemalloc.start()
    lines = DecodedLines(Long(), max_bytes=1_000_000)
    with pytest.raises(LineTooLongError, match="line 1 "):
        next(lines)
    assert next(lines) == "next\n"
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
