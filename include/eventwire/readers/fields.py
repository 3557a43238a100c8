"""Names the fields of records that are tables or JSON, as their source calls them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from include.eventwire.inputs.sources import USUAL_NAMES, SourceProfile
from include.eventwire.readers.raw import RawArticle


class FieldError(ValueError):
    """A field of a record has a value of the wrong kind."""


def name_fields(
    record: Mapping[str, object], record_number: int, profile: SourceProfile
) -> RawArticle:
    """Return the fields of `record` under our names.

    Of several usual names in one record the first with a value counts. A list of authors becomes
    one byline, joined by ", "; numbers are taken as ids.

    Raises:
        FieldError: A value is of the wrong kind (the text is a list, say).
    """
    lowered = {name.lower(): value for name, value in record.items()}
    found: dict[str, object] = {}
    for part in USUAL_NAMES:
        values = (lowered.get(name) for name in profile.names_of(part))
        found[part] = next((value for value in values if value not in (None, "")), None)
    return RawArticle(
        record_number=record_number,
        text=_as_text("text", found["text"]),
        source_id=_as_id(found["source_id"]),
        url=_as_text("url", found["url"]),
        headline=_as_text("headline", found["headline"]),
        byline=_as_byline(found["byline"]),
        publisher=_as_text("publisher", found["publisher"]),
        language=_as_text("language", found["language"]),
        published_at=found["published_at"],
    )


def find_missing_text(columns: Sequence[str], profile: SourceProfile) -> str | None:
    """Return what to tell when no column of a table can be the text, else None."""
    names = profile.names_of("text")
    if any(column.lower() in names for column in columns):
        return None
    return (
        f"no column holds the text: the columns are {', '.join(columns)[:200] or 'none'}; looked "
        f"for {' or '.join(names)}; name the column in [source.fields] or set the delimiter"
    )


def _as_text(part: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise FieldError(
        f"{part} is {_kind(value)}, not a text; name the right field in [source.fields]"
    )


def _as_id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _as_text("source_id", value)


def _as_byline(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return ", ".join(value) or None
    return _as_text("byline", value)


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), f"of the kind {type(value).__name__}")
