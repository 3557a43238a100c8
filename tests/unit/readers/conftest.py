from datetime import UTC, datetime

import pytest

from include.eventwire.inputs.formats import detect_format
from include.eventwire.inputs.selection import InputFile
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.settings import Settings


@pytest.fixture
def make_context(tmp_path):
    """Return a function that writes bytes to a file and returns the context of reading it."""

    def make_context(
        data,
        name="input.txt",
        *,
        format_=None,
        profile=None,
        settings=None,
        not_after=datetime(2026, 1, 1, tzinfo=UTC),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        file = InputFile(path, name, len(data), format_ or detect_format(path))
        return ReadContext(file, profile or SourceProfile(), settings or Settings(), not_after)

    return make_context


@pytest.fixture
def read_input(make_context):
    """Return a function that reads bytes, as a file of that name, into articles and rejects."""
    return lambda *args, **kwargs: list(read_articles(make_context(*args, **kwargs)))
