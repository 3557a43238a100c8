"""JSON: one record or a list of records, bare or wrapped once (`{"articles": [...]}`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from include.eventwire.readers.fields import FieldError, name_fields
from include.eventwire.readers.json_values import read_json_values, unwrap_list
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

# Under which names interfaces of the web and exports wrap their lists.
WRAPPERS: Final = (
    *("articles", "items", "item", "data", "results", "records", "documents", "docs", "entries"),
    *("stories", "news", "posts", "response"),
)


def read_json_records(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the records of a JSON file, their fields named as in JSON Lines.

    An object that has a text itself is a record, whatever lists it holds. A list of any length is
    read record by record; one that is wrapped must fit into `Settings.max_record_bytes`.
    """
    number = 0
    for found in read_json_values(context):
        if isinstance(found, Reject):
            yield found
            continue
        position, value = found
        is_record = isinstance(value, dict) and _has_text(value, context)
        wrapped = None if is_record else unwrap_list(value, WRAPPERS)
        for record in [value] if wrapped is None else wrapped:
            number = max(number + 1, position)
            yield _read_record(record, number, context)


def _has_text(record: dict[str, object], context: ReadContext) -> bool:
    names = context.profile.names_of("text")
    return any(name.lower() in names and isinstance(record[name], str) for name in record)


def _read_record(record: object, number: int, context: ReadContext) -> RawArticle | Reject:
    if not isinstance(record, dict):
        detail = f"record {number} is no JSON object; write a list of objects: [{{...}}, {{...}}]"
        return context.reject(number, "broken_record", detail)
    try:
        return name_fields(record, number, context.profile)
    except FieldError as error:
        return context.reject(number, "broken_record", f"record {number}: {error}")
