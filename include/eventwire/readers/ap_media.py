"""Answers of the AP Media API: one item (`data.item`) or a feed of items (`data.items`).

The fields of an item are those of ninjs 1.x with some of the AP's own. The text of a story is
not in the answer as a rule, but in a file beside it (NITF, ANPA) that is fetched on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from include.eventwire.readers.json_values import read_json_values
from include.eventwire.readers.ninjs_fields import Fields, lower_names, make_raw
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

# Parts of the place in a dateline, the smallest first.
_PLACE_PARTS: Final = ("city", "countryareaname", "countryname")


def read_ap_media(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the stories of an answer; a picture, video and the like is a reject.

    A story whose text is in another file is a reject, too, that names the formats to fetch.
    """
    number = 0
    for found in read_json_values(context):
        if isinstance(found, Reject):
            yield found
            continue
        position, value = found
        items = _find_items(value)
        if items is None:
            detail = "there is neither data.item nor data.items, as in answers of the AP Media API"
            yield context.reject(position, "broken_record", detail)
            continue
        for item in items:
            number = max(number + 1, position)
            yield _read_item(item, number, context)


def _find_items(value: object) -> list[object] | None:
    """Return the items of an answer, or of the part of one that was saved by itself."""
    if not isinstance(value, dict):
        return None
    data = value.get("data", value)
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("item"), dict):
        return [data["item"]]
    entries = data.get("items")
    if not isinstance(entries, list):
        return None
    return [entry.get("item", entry) if isinstance(entry, dict) else entry for entry in entries]


def _read_item(item: object, number: int, context: ReadContext) -> RawArticle | Reject:
    if not isinstance(item, dict):
        return context.reject(number, "broken_record", f"item {number} is no JSON object")
    try:
        with time_limit(context.settings.max_article_seconds):
            fields = lower_names(item)
            raw = make_raw(fields, number)
    except TookTooLongError as error:
        return context.reject(number, "took_too_long", str(error))
    kind = fields.get("type")
    if kind != "text" and (kind is not None or not raw.text):
        detail = f"the item {_find_id(fields)} is no text: the type is {kind}"
        return context.reject(number, "not_an_article", detail)
    if not raw.text:
        return context.reject(number, "empty_text", _tell_files(fields))
    return replace(
        raw,
        source_id=_find_id(fields),
        # The address carries the key of the customer.
        url=raw.url and re.sub(r"[?#].*", "", raw.url),
        metadata={**raw.metadata, **_find_place(fields)},
    )


def _find_id(fields: Fields) -> str | None:
    ids = fields.get("altids")
    own = ids.get("itemid") if isinstance(ids, dict) else None
    other = fields.get("uri")
    stated = own if isinstance(own, str) else other
    return re.sub(r"[?#].*", "", stated) if isinstance(stated, str) else None


def _tell_files(fields: Fields) -> str:
    renditions = fields.get("renditions")
    names = ", ".join(sorted(map(str, renditions))) if isinstance(renditions, dict) else ""
    where = f"its text is in files of their own ({names[:200]}): fetch one and read that"
    return f"the item {_find_id(fields)} has no body; {where if names else 'nor files with it'}"


def _find_place(fields: Fields) -> dict[str, str]:
    place = fields.get("datelinelocation")
    if not isinstance(place, dict):
        return {}
    parts = [place[name] for name in _PLACE_PARTS if isinstance(place.get(name), str)]
    return {"located": ", ".join(parts)} if parts else {}
