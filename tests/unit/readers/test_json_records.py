import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers.json_values import read_json_values
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings

RECORD = {"id": 7, "title": "Bridge opens", "text": "The bridge at Ulm was opened on Monday."}


def write(value):
    return json.dumps(value).encode()


def summarise(found):
    return [
        record.source_id if isinstance(record, Article) else (record.record_number, record.reason)
        for record in found
    ]


@pytest.mark.parametrize(
    "value",
    [
        RECORD,
        [RECORD],
        {"articles": [RECORD]},
        {"total": 1, "results": [RECORD]},
        {"status": "ok", "data": [RECORD], "items": None},
    ],
)
def test_one_record_a_list_or_a_list_that_is_wrapped(read_input, value):
    (article,) = read_input(write(value), "export.json")
    assert article.input_format == "json_records"
    assert (article.source_id, article.headline) == ("7", "Bridge opens")
    assert article.text == RECORD["text"]
    assert article.record_number == 1


def test_a_record_is_not_taken_for_a_wrapper_of_the_lists_in_it(read_input):
    record = {**RECORD, "items": [{"text": "Related: tunnel closes."}], "posts": []}
    (article,) = read_input(write(record), "one.json")
    assert article.text == RECORD["text"]


def test_the_profile_names_the_fields(read_input):
    profile = SourceProfile(fields={"text": "story", "source_id": "key"})
    data = write({"docs": [{"key": "k1", "story": "Two men were freed."}]})
    (article,) = read_input(data, "x.json", profile=profile, format_="json_records")
    assert (article.source_id, article.text) == ("k1", "Two men were freed.")


def test_bad_records_of_a_list_are_rejects_and_the_others_come_through(read_input):
    values = ["a text", None, {"text": ["no", "text"]}, {"title": "no body"}, RECORD, [], 3.5]
    assert summarise(read_input(write(values), "x.json")) == [
        (1, "broken_record"),
        (2, "broken_record"),
        (3, "broken_record"),
        (4, "empty_text"),
        "7",
        (6, "broken_record"),
        (7, "broken_record"),
    ]


@pytest.mark.parametrize("value", ['"only a text"', "12", "null", "true", "-0.5e3"])
def test_a_root_that_is_no_object_is_one_reject(read_input, value):
    (reject,) = read_input(value.encode(), "x.json")
    assert (reject.record_number, reject.reason) == (1, "broken_record")
    assert "no JSON object" in reject.detail


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # The list breaks off, within a record and between two.
        (b'[{"id": 1, "text": "One."}, {"id": 2, "te', ["1", (2, "broken_record")]),
        (b'[{"id": 1, "text": "One."},', ["1", (1, "broken_record")]),
        (b'[{"id": 1, "text": "One."}', ["1", (1, "broken_record")]),
        # A record in the middle is no JSON: where the next begins is not sure.
        (b'[{"id": 1, "text": "One."}, {"id": }, {"id": 3}]', ["1", (2, "broken_record")]),
        # Records one after another: the next line is read on.
        (
            b'{"id": 1, "text": "One."}\n{"id": \n{"id": 3, "text": "Three."}',
            ["1", (2, "broken_record"), "3"],
        ),
        (b'{"id": 1, "text": "One."} {"id": 2, "text": "Two."}', ["1", "2"]),
        (b'\x1e{"id": 1, "text": "One."}\n\x1e{"id": 2, "text": "Two."}\n', ["1", "2"]),
        (b' [ {"id": 1, "text": "One."} \n , \n {"id": 2, "text": "Two."}\n\n ] ', ["1", "2"]),
        (b"[]", []),
        (b"  \n", []),
    ],
)
def test_what_is_broken_is_told_and_what_is_whole_is_read(read_input, data, expected):
    assert summarise(read_input(data, "x.json", format_="json_records")) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"text": ' + b"[" * 200_000, "broken_record"),
        (b"[" * 200_000, "broken_record"),
        (b'{"a":' * 200_000, "broken_record"),
        (b'{"text": NaN}', "broken_record"),
        (b'{"text": "half a pair: \\ud83d"}', "undecodable_text"),
        (b'{"text": "a zero: \\u0000 in it"}', "undecodable_text"),
        (b'{"text": {"a": 1}}', "broken_record"),
        (b'{"text": "Fine.", "date": "soon"}', "bad_date"),
    ],
    ids=lambda part: repr(part[:40]),
)
def test_hostile_records(read_input, data, reason):
    (reject,) = read_input(data, "x.json", format_="json_records")
    assert reject.reason == reason
    assert len(reject.detail) < 400


def test_a_number_of_thousands_of_digits_costs_no_other_record(read_input):
    data = b'[{"id": 1, "text": "One.", "n": ' + b"9" * 6000 + b'}, {"id": 2, "text": "Two."}]'
    assert summarise(read_input(data, "x.json")) == ["1", "2"]


def test_a_list_longer_than_a_record_may_be_is_read_record_by_record(read_input):
    settings = Settings(max_record_bytes=4_000)
    records = [{"id": n, "text": f"The {n}th man came to Paris. " * 20} for n in range(100)]
    found = read_input(write(records), "x.json", settings=settings)
    assert [article.source_id for article in found] == [str(n) for n in range(100)]
    assert found[99].record_number == 100
    assert found[99].text == records[99]["text"]


def test_a_wrapped_list_that_is_too_long_is_told_to_use_lines(read_input):
    settings = Settings(max_record_bytes=4_000)
    records = [{"id": n, "text": "The man came to Paris."} for n in range(200)]
    (reject,) = read_input(write({"articles": records}), "x.json", settings=settings)
    assert reject.reason == "too_large"
    assert ".jsonl" in reject.detail


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings(read_input, encoding):
    text = "Élysée: le président reçoit à Genève."
    data = json.dumps([{"text": text}], ensure_ascii=False).encode(encoding)
    (article,) = read_input(data, "x.json", format_="json_records")
    assert article.text == text


def test_a_long_file_in_another_encoding_than_it_declares_ends_with_a_reject(read_input):
    settings = Settings(max_record_bytes=100)
    good = b'{"id": 1, "text": "One."}'
    data = b"[" + good + b", " + b" " * 200 + b'{"text": "G\xe9n\xe9ral"}]'
    found = read_input(data, "x.json", settings=settings, format_="json_records")
    assert isinstance(found[-1], Reject)
    assert found[-1].reason == "undecodable_text"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=4), parts),
    max_leaves=6,
)


@given(records=st.lists(VALUES, max_size=12), space=st.sampled_from(["", " ", "\n", " \r\n\t"]))
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_list_read_in_pieces_is_the_list_read_at_once(make_context, records, space):
    written = [json.dumps(record, ensure_ascii=False) for record in records]
    data = f"{space}[{space}{f'{space},{space}'.join(written)}{space}]{space}".encode()
    longest = max((len(record.encode()) for record in written), default=1)
    settings = Settings(max_record_bytes=longest + 20)
    context = make_context(data, "x.json", format_="json_records", settings=settings)
    assert list(read_json_values(context)) == list(enumerate(records, 1))
