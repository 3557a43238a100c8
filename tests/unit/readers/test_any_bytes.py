"""No bytes make a reader fail: each record is an article or a reject that tables can hold."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.eventwire.inputs.formats import FORMATS
from include.eventwire.records import Article
from include.eventwire.settings import Settings
from tests.fuzz.mutations import KINDS, PIECES, Edit, spoil
from tests.fuzz.reading import check, read_bytes
from tests.fuzz.seeds import SEEDS

# Longer pieces are left to `python -m tests.fuzz`, which has minutes.
SHORT_PIECES = [piece for piece in PIECES if len(piece) < 100]
EDITS = st.lists(
    st.builds(
        Edit,
        kind=st.sampled_from(KINDS),
        place=st.floats(0, 1),
        length=st.integers(1, 40),
        piece=st.sampled_from(SHORT_PIECES),
    ),
    min_size=1,
    max_size=4,
)


def read_and_check(data, format_, limits=None):
    with tempfile.TemporaryDirectory() as folder:
        results = read_bytes(data, format_, Path(folder), limits)
        check(results, Path(folder))
    return results


def test_every_format_has_seeds():
    assert set(SEEDS) == set(FORMATS)


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"sitemap"}))  # it has no texts
def test_every_seed_holds_an_article(format_):
    for seed in SEEDS[format_]:
        assert any(isinstance(result, Article) for result in read_and_check(seed, format_))


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=20, deadline=None)
@given(data=st.lists(st.one_of(st.binary(max_size=20), st.sampled_from(SHORT_PIECES))))
def test_any_bytes_are_articles_or_rejects(format_, data):
    read_and_check(b"".join(data), format_, Settings(max_record_bytes=64))


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=30, deadline=None)
@given(edits=EDITS, choice=st.integers(0, 1))
def test_spoilt_inputs_are_articles_or_rejects(format_, edits, choice):
    seeds = SEEDS[format_]
    read_and_check(spoil(seeds[choice % len(seeds)], edits), format_)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(records=st.lists(st.dictionaries(st.sampled_from(["text", "date", "id", "author"]), JSON)))
def test_one_result_for_each_record(records):
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    results = read_and_check(data, "jsonl")
    assert [result.record_number for result in results] == list(range(1, len(records) + 1))
