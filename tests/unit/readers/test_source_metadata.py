import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.decoding import find_unstorable
from include.eventwire.readers.source_metadata import CUT, write_metadata


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ({}, None),
        ({"a": None, "b": "", "c": [], "d": " ", "e": {"f": None}, "g": float("nan")}, None),
        ({"urgency": 4, "place": "é", "flash": False}, '{"flash":false,"place":"é","urgency":4}'),
        ({"at": datetime(2018, 4, 24, 9, tzinfo=UTC)}, '{"at":"2018-04-24T09:00:00+00:00"}'),
        ({"on": date(2018, 4, 24)}, '{"on":"2018-04-24"}'),
        ({"keywords": ("war", "", None, "peace")}, '{"keywords":["war","peace"]}'),
        ({"keywords": {"b", "a"}}, '{"keywords":["a","b"]}'),
        (
            {"subjects": [{"code": "11", "name": "politics", "scheme": None}]},
            '{"subjects":[{"code":"11","name":"politics"}]}',
        ),
        ({"slug\0line": "half \ud800 a pair\0"}, '{"slugline":"half  a pair"}'),
    ],
)  # fmt: skip
def test_writes_what_is_stated(stated, written):
    assert write_metadata(stated) == written


def test_the_largest_values_are_cut_and_named():
    stated = {
        "abstract": "words " * 20_000,
        "keywords": ["word"] * 20_000,
        "slugline": "short",
    }
    written = write_metadata(stated)
    values = json.loads(written)
    assert len(written) <= 64 * 1024
    assert values["abstract"] == ("words " * 200)[:1_000]
    assert values["slugline"] == "short"
    assert set(values[CUT]) == {"abstract", "keywords"}


def test_very_many_values_are_bounded():
    written = write_metadata({f"name{number}": "x" * 100 for number in range(5_000)})
    assert len(written) <= 64 * 1024
    assert json.loads(written)[CUT]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), ANYTHING))
def test_any_values_can_be_stored(stated):
    written = write_metadata(stated)
    if written is not None:
        assert find_unstorable(written) is None
        assert isinstance(json.loads(written), dict)
