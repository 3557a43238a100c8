import json

import pytest

from include.eventwire.inputs.json_heads import is_json_scalar, recognise_json

NINJS = {"uri": "a", "headline": "b", "body_text": "c"}
RECORD = {"uri": "a", "title": "b", "text": "c"}


@pytest.mark.parametrize(
    ("value", "format_"),
    [
        (NINJS, "ninjs"),
        ([NINJS, NINJS], "ninjs"),
        ({"total": 1, "item": [NINJS]}, "ninjs"),
        ({"uri": "a"}, "ninjs"),
        ({"guid": "a", "type": "text", "bodies": []}, "ninjs"),
        ({"uri": "a", "versionCreated": "b", "subjects": []}, "ninjs"),
        ({}, "ninjs"),
        (RECORD, "json_records"),
        ([RECORD], "json_records"),
        ({"articles": [RECORD]}, "json_records"),
        # What a record says of other things does not make it ninjs.
        ({"text": "a", "related": [NINJS]}, "json_records"),
        ({"TEXT": "a", "body_html": "b"}, "json_records"),
        ({"id": 1, "content": 'He wrote "uri": x and {"bodies": 1}'}, "json_records"),
        ([], "json_records"),
        ([[[1]]], "json_records"),
        ({"requests": {"http://a.example": {"get": 1}}}, "json_records"),
        ({"version": "https://jsonfeed.org/version/1.1", "items": [RECORD]}, "json_feed"),
        ({"api_version": "1.1", "data": {"item": NINJS}}, "ap_media"),
        ({"api_version": "1.1", "data": {"items": [{"item": NINJS}]}}, "ap_media"),
        ({"meta": {}, "item": {"altids": {}, "uri": "a"}}, "ap_media"),
        ({"data": {"items": [RECORD]}}, "json_records"),
    ],
)
def test_the_names_of_fields_tell_the_format(value, format_):
    assert recognise_json(json.dumps(value).encode()) == format_
    assert recognise_json(json.dumps(value, indent=2).encode()) == format_


@pytest.mark.parametrize(
    ("value", "format_"), [(NINJS, "ninjs"), (RECORD, "jsonl"), ({"a": 1}, "jsonl")]
)
def test_objects_on_lines_of_their_own(value, format_):
    line = json.dumps(value).encode()
    assert recognise_json(line + b"\n" + line + b"\n") == format_
    assert recognise_json(line + b"\r\n" + line) == format_


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b'{"headline": "b", "body_text": "a text that breaks off', "ninjs"),
        (b'[{"title": "b", "content": "a text that breaks off \\', "json_records"),
        (b"{" * 100_000, "ninjs"),
        (b"[" * 100_000, "json_records"),
        (b'{"a":' * 100_000, "json_records"),
        (b"}" * 100_000, "json_records"),
        (b'{"' + b'\\"' * 100_000, "ninjs"),
        (b'{"' * 100_000, "ninjs"),
        (b'{"uri"' + b" " * 100_000, "ninjs"),
    ],
    ids=lambda part: repr(part[:30]),
)
def test_heads_that_break_off_or_are_hostile(head, format_):
    assert recognise_json(head) == format_


@pytest.mark.parametrize("data", [b'"a"', b"12\n", b"-0.5e3", b"null", b"true"])
def test_one_value_alone_is_json(data):
    assert is_json_scalar(data)


@pytest.mark.parametrize(
    "data", [b"", b'"Peace," he said.', b"12 men died.", b"none", b"[1]", b"{}", b"-" * 60_000]
)
def test_other_texts_are_not(data):
    assert not is_json_scalar(data)
