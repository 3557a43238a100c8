"""The document on fetching names all that there is."""

import re

import pytest

from include.eventwire.fetching.errors import LASTING_REASONS, PASSING_REASONS
from include.eventwire.inputs.sources import load_sources
from include.eventwire.settings import PROJECT_ROOT

DOCUMENT = (PROJECT_ROOT / "docs" / "fetch_feeds.md").read_text(encoding="utf-8")
LIMITS = (PROJECT_ROOT / "include/eventwire/fetching/limits.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", [*PASSING_REASONS, *LASTING_REASONS])
def test_explains_every_reason(reason):
    assert re.search(rf"^\|.*`{reason}`.*\|", DOCUMENT, re.MULTILINE)


def test_explains_every_variable():
    variables = set(re.findall(r"EVENTWIRE_\w+", LIMITS))
    assert variables == set(re.findall(r"EVENTWIRE_\w+", DOCUMENT))


def test_its_example_of_a_source_is_one(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    path = tmp_path / "sources.toml"
    path.write_text(example)
    (source,) = load_sources(path).profiles
    assert len(source.feeds) == 2
    assert len(source.sitemaps) == 1


@pytest.mark.parametrize(
    "key",
    [
        *("feeds", "sitemaps", "fetch_pages", "seconds_between_requests", "max_pages_per_run"),
        "local",
    ],
)
def test_explains_every_key(key):
    assert f"| `{key}` |" in DOCUMENT
