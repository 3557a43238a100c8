"""ninjs, the IPTC's news in JSON, versions 1.0 to 3.1.

A file holds one item, a list of items, or items one after another. Items that a provider wraps
into an object of his own (`{"total": 1, "item": [...]}`) and items that have a `guid` in place of
the `uri` (Superdesk) are read as extensions of the standard: see `ninjs_schemas`.

What else is associated with an item is not an article of its own, with one exception: a text that
is sent whole within a package or beside another text. It is read, with the number of the item
that it came in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from include.eventwire.readers.json_records import WRAPPERS
from include.eventwire.readers.json_values import read_json_values, unwrap_list
from include.eventwire.readers.ninjs_fields import Fields, lower_names, make_raw
from include.eventwire.readers.ninjs_schemas import find_violation
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

_IDS: Final = ("uri", "guid")
# A composite is left out: what has a text of its own is a story with its pictures.
_NO_ARTICLES: Final = frozenset(
    {"audio", "component", "event", "graphic", "picture", "planning", "video"}
)
_OF_EVENTS: Final = ("eventdetails", "plannedcoverage")


def read_ninjs(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the articles of a file; a picture, event and the like is a reject, as is a bad item.

    An item that breaks a rule of its version is refused with that rule.
    """
    number = 0
    for found in read_json_values(context):
        if isinstance(found, Reject):
            yield found
            continue
        position, value = found
        has_id = isinstance(value, Mapping) and any(name in value for name in _IDS)
        wrapped = None if has_id else unwrap_list(value, WRAPPERS)
        for item in [value] if wrapped is None else wrapped:
            number = max(number + 1, position)
            yield from _read_item(item, number, wrapped is not None, context)


def _read_item(
    item: object, number: int, is_wrapped: bool, context: ReadContext
) -> list[RawArticle | Reject]:
    if not isinstance(item, dict):
        detail = f"item {number} is no JSON object"
        return [context.reject(number, "broken_record", detail)]
    is_extended = is_wrapped or ("uri" not in item and "guid" in item)
    try:
        with time_limit(context.settings.max_article_seconds):
            if violation := find_violation(item, is_extended=is_extended):
                return [context.reject(number, "broken_record", violation)]
            return _make_articles(item, number, context)
    except RecursionError:
        return [context.reject(number, "broken_record", "the item is nested too deeply")]
    except TookTooLongError as error:
        return [context.reject(number, "took_too_long", str(error))]


def _make_articles(
    item: Mapping[str, object], number: int, context: ReadContext
) -> list[RawArticle | Reject]:
    fields = lower_names(item)
    raw = make_raw(fields, number)
    associated = [(part, make_raw(part, number)) for part in _list_associated(fields)]
    if associated:
        described = [_describe(part, within) for part, within in associated]
        raw = replace(raw, metadata={**raw.metadata, "associations": described})
    made: list[RawArticle | Reject] = [_refuse(fields, raw, context) or raw]
    parent = {"associated_with": raw.source_id} if raw.source_id else {}
    for part, within in associated:
        if part.get("type") == "text" and within.text and within.source_id != raw.source_id:
            made.append(replace(within, metadata={**within.metadata, **parent}))
    return made


def _refuse(fields: Fields, raw: RawArticle, context: ReadContext) -> Reject | None:
    """Return the reject of an item that is no article."""
    kind = str(fields.get("type") or "")
    if not kind and any(name in fields for name in _OF_EVENTS):
        kind = "event"
    if kind in _NO_ARTICLES or (not raw.text and (kind == "composite" or "renditions" in fields)):
        what = f"the type is {kind}" if kind else "it has renditions only"
        detail = f"the item {raw.source_id} is no text: {what}"
        return context.reject(raw.record_number, "not_an_article", detail)
    if not raw.text:
        detail = f"the item {raw.source_id} has no body (bodies, body_html, body_text ...)"
        return context.reject(raw.record_number, "empty_text", detail)
    return None


def _list_associated(fields: Fields) -> Iterator[Fields]:
    """Yield what is associated with an item, and what is associated with that."""
    associated = fields.get("associations")
    parts = list(associated.values()) if isinstance(associated, dict) else associated
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict):
            lowered = lower_names(part)
            yield lowered
            yield from _list_associated(lowered)


def _describe(part: Fields, raw: RawArticle) -> dict[str, str]:
    """Return id, name and kind of what came with an item."""
    entry = {"code": raw.source_id, "name": raw.headline, "scheme": str(part.get("type") or "")}
    return {key: text for key, text in entry.items() if text}
