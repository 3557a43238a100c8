"""Files that hold one record or one tree: read at once, up to a limit."""

from __future__ import annotations

from include.eventwire.inputs.compression import ByteStream
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Reject


def read_whole_file(context: ReadContext, *, max_bytes: int | None = None) -> bytes | Reject:
    """Return the bytes of the file of `context`, decompressed, or a reject when there are too many.

    Args:
        context: The file.
        max_bytes: Most bytes; None = `Settings.max_record_bytes`.
    """
    limit = context.settings.max_record_bytes if max_bytes is None else max_bytes
    with context.open_stream() as stream:
        data = read_at_most(stream, limit + 1)
    if len(data) <= limit:
        return data
    variable = "EVENTWIRE_MAX_RECORD_BYTES" if max_bytes is None else "EVENTWIRE_MAX_PAGE_BYTES"
    return context.reject(
        1, "too_large", f"the file is longer than {limit:,} bytes; see {variable}"
    )


def read_at_most(stream: ByteStream, size: int) -> bytes:
    """Return the next `size` bytes of `stream`, fewer at its end."""
    # One call may give less than it is asked for before the end of a compressed file.
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
