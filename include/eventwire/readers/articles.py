"""From a record with named fields to an article: the cleaning that all readers share.

What is changed and what never is stands in `docs/cleaning.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from include.eventwire.article_ids import hash_text, make_article_id
from include.eventwire.cleaning.addresses import make_canonical_url
from include.eventwire.cleaning.bylines import clean_byline, find_byline
from include.eventwire.cleaning.datelines import Dateline, find_dateline, name_agency
from include.eventwire.cleaning.decoding import find_unstorable
from include.eventwire.cleaning.languages import UNDETERMINED, Language, choose_language
from include.eventwire.cleaning.text_repair import repair_text
from include.eventwire.readers.published import read_published_at
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.source_metadata import write_metadata
from include.eventwire.records import Article, Reject

_DAY_FOLDER: Final = re.compile(r"dt=(\d{4}-\d\d-\d\d)")
# No news archive in text form is older; a date before it is a zero that was read as a date.
_NOT_BEFORE: Final = datetime(1900, 1, 1, tzinfo=UTC)
# Formats in which a date is one of many guesses, or written by software of all kinds: an article
# is not lost for it. In the others a date that cannot be read is a mistake in the source's profile
# that would repeat itself in every record.
_LOOSE_FORMATS: Final = frozenset({"html", "warc", "feed", "json_feed", "sitemap", "email", "mbox"})
_TEXTS: Final = ("text", "headline", "byline", "source_id", "url", "publisher", "language")


def make_article(raw: RawArticle, context: ReadContext) -> Article | Reject:
    """Return the article that `raw` is, cleaned, or the reason why it is none."""
    if problem := _find_unstorable_field(raw, context):
        return problem
    raw, warnings = _repair(raw)
    if problem := _find_bad_text(raw, context):
        return problem
    try:
        published_at, doubt = _find_published_at(raw, context)
    except ValueError as error:
        return context.reject(raw.record_number, "bad_date", str(error), stage="check")
    text = raw.text or ""
    dateline = find_dateline(text, published_at.date() if published_at else None)
    story = text[dateline.end_char :] if dateline else text
    language = choose_language(story, raw.language or context.profile.language, raw.headline)
    if problem := _find_other_language(raw, language, context):
        return problem
    if doubt:
        raw = replace(raw, metadata={**raw.metadata, "published_at_stated": raw.published_at})
    warnings += [doubt] if doubt else []
    warnings += ["language_differs"] if language.differs else []
    return _assemble(raw, context, published_at, language, dateline, warnings)


def _assemble(
    raw: RawArticle,
    context: ReadContext,
    published_at: datetime | None,
    language: Language,
    dateline: Dateline | None,
    warnings: list[str],
) -> Article:
    text = raw.text or ""
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
        byline=_find_byline(raw),
        published_at=published_at,
        language=language.code,
        language_score=language.score,
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
        canonical_url=make_canonical_url(raw.url),
        declared_language=language.declared,
        dateline_place=dateline.place if dateline else None,
        dateline_date=dateline.date if dateline else None,
        agency=_find_agency(dateline, raw.metadata),
        dateline_start_char=dateline.start_char if dateline else None,
        dateline_end_char=dateline.end_char if dateline else None,
        source_metadata=write_metadata(raw.metadata),
        warnings=",".join(sorted(warnings)) or None,
    )


def _find_unstorable_field(raw: RawArticle, context: ReadContext) -> Reject | None:
    """Return the reject of a record with texts that no table can hold."""
    for part in _TEXTS:
        if problem := find_unstorable(getattr(raw, part) or ""):
            detail = f"{part} holds {problem}; the file is damaged or was converted wrongly"
            return context.reject(raw.record_number, "undecodable_text", detail, stage="decode")
    return None


def _find_bad_text(raw: RawArticle, context: ReadContext) -> Reject | None:
    """Return the reject of a record without a text, or with one that is too long."""
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
    return None


def _find_other_language(
    raw: RawArticle, language: Language, context: ReadContext
) -> Reject | None:
    """Return the reject of an article in a language that is not wanted.

    One whose language is not known is kept: nobody knows that it is in another.
    """
    wanted = context.settings.coded_languages
    if context.settings.other_languages == "keep" or language.code in (*wanted, UNDETERMINED):
        return None
    sure = (
        "declared" if language.score is None else f"detected with confidence {language.score:.2f}"
    )
    detail = (
        f"the language is {language.code} ({sure}), wanted: {', '.join(wanted)}; declare the "
        "language of the source, or set EVENTWIRE_OTHER_LANGUAGES=keep"
    )
    return context.reject(raw.record_number, "other_language", detail, stage="check")


def _repair(raw: RawArticle) -> tuple[RawArticle, list[str]]:
    """Return the record with its texts repaired, and the warning if one was."""
    repaired = replace(
        raw,
        text=repair_text(raw.text or ""),
        headline=repair_text(raw.headline) if raw.headline else raw.headline,
        byline=repair_text(raw.byline) if raw.byline else raw.byline,
    )
    before = (raw.text or "", raw.headline, raw.byline)
    is_same = before == (repaired.text, repaired.headline, repaired.byline)
    return (raw, []) if is_same else (repaired, ["text_repaired"])


def _find_published_at(raw: RawArticle, context: ReadContext) -> tuple[datetime | None, str | None]:
    """Return the time of publication if it can be believed, else None and the warning."""
    value = raw.published_at
    if value is None and context.profile.dated_by_folder:
        value = _folder_day(context.place)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, None
    try:
        moment = read_published_at(value, ZoneInfo(context.profile.time_zone))
    except ValueError:
        if context.file.format in _LOOSE_FORMATS:
            return None, "date_unreadable"
        raise
    if moment > context.not_after:
        return None, "date_in_future"
    return (None, "date_too_early") if moment < _NOT_BEFORE else (moment, None)


def _folder_day(path: Path) -> date | None:
    days = (_DAY_FOLDER.fullmatch(folder.name) for folder in path.parents)
    found = next((day[1] for day in days if day), None)
    return date.fromisoformat(found) if found else None


def _find_byline(raw: RawArticle) -> str | None:
    """Return the byline that is stated, else the one that the text opens with."""
    if stated := clean_byline(raw.byline):
        return stated
    found = find_byline(raw.text or "")
    return found.text if found else None


def _find_agency(dateline: Dateline | None, stated: Mapping[str, object]) -> str | None:
    """Return the agency of the dateline, else the one that the input states."""
    if dateline and dateline.agency:
        return dateline.agency
    agency = stated.get("agency")
    if not isinstance(agency, str) or find_unstorable(agency):
        return None
    return name_agency(agency) or " ".join(agency.split()) or None
