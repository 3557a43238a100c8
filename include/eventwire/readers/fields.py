"""From the fields of a record to an article: the one step that all readers share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from include.eventwire.article_ids import hash_text, make_article_id
from include.eventwire.decoding import find_unstorable
from include.eventwire.languages import choose_language
from include.eventwire.readers.published import read_published_at
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Article, Reject
from include.eventwire.sources import USUAL_NAMES, SourceProfile

_DAY_FOLDER: Final = re.compile(r"dt=(\d{4}-\d\d-\d\d)")


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


def make_article(raw: RawArticle, context: ReadContext) -> Article | Reject:
    """Return the article that `raw` is, its language detected, or the reason why it is none."""
    if problem := _find_problem(raw, context):
        return problem
    try:
        published_at = _published_at(raw, context)
    except ValueError as error:
        return context.reject(raw.record_number, "bad_date", str(error), stage="check")
    text = raw.text or ""
    language, score = choose_language(text, raw.language or context.profile.language)
    publisher = raw.publisher or context.profile.publisher
    return Article(
        article_id=make_article_id(
            publisher=publisher,
            source_id=raw.source_id,
            url=raw.url,
            published_at=published_at,
            headline=raw.headline,
            text=text,
        ),
        source_id=raw.source_id,
        publisher=publisher,
        url=raw.url,
        headline=raw.headline,
        byline=raw.byline,
        published_at=published_at,
        language=language,
        language_score=score,
        text=text,
        n_chars=len(text),
        n_tokens=None,
        n_sentences=None,
        text_sha256=hash_text(text),
        cluster_id=None,
        is_canonical=True,
        duplicate_kind=None,
        input_uri=context.file.uri,
        input_format=context.file.format,
        record_number=raw.record_number,
    )


def _find_problem(raw: RawArticle, context: ReadContext) -> Reject | None:
    """Return the reject of a record whose texts cannot be stored."""
    longest = context.settings.max_article_chars
    if raw.text is None or not raw.text.strip():
        wanted = " or ".join(repr(name) for name in context.profile.names_of("text"))
        detail = f"there is no text; fields looked for: {wanted}; see [source.fields]"
        return context.reject(raw.record_number, "empty_text", detail, stage="check")
    if len(raw.text) > longest:
        detail = (
            f"the text has {len(raw.text):,} characters, the limit is {longest:,}; if it is one "
            "article, raise EVENTWIRE_MAX_ARTICLE_CHARS"
        )
        return context.reject(raw.record_number, "text_too_long", detail, stage="check")
    for part in ("text", "headline", "byline", "source_id", "url", "publisher", "language"):
        if problem := find_unstorable(getattr(raw, part) or ""):
            detail = f"{part} holds {problem}; the file is damaged or was converted wrongly"
            return context.reject(raw.record_number, "undecodable_text", detail, stage="decode")
    return None


def _published_at(raw: RawArticle, context: ReadContext) -> datetime | None:
    value = raw.published_at
    if value is None and context.profile.dated_by_folder:
        value = _folder_day(context.place)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return read_published_at(value, ZoneInfo(context.profile.time_zone))


def _folder_day(path: Path) -> date | None:
    days = (_DAY_FOLDER.fullmatch(folder.name) for folder in path.parents)
    found = next((day[1] for day in days if day), None)
    return date.fromisoformat(found) if found else None


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
