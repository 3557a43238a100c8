"""From an item of agency XML to our fields: tables of paths are read, and what they give is named.

Each format has one table: our field, and the places where it may stand, the surest first. A
profile of an agency (`agency_profiles`) puts its own places before them. Paths are XPath on trees
without namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from include.eventwire.cleaning.bylines import find_byline
from include.eventwire.cleaning.datelines import find_dateline
from include.eventwire.cleaning.markup import (
    resolve_twice_escaped,
    text_of_element,
    text_of_fragment,
)
from include.eventwire.inputs.agency_profiles import CONCEPTS, FIELDS, LISTS, AgencyProfile
from include.eventwire.readers.published import read_published_at
from include.eventwire.readers.raw import RawArticle, ReadContext

Paths = Mapping[str, tuple[str, ...]]
"""Where each of our fields stands in a format."""
Concept = dict[str, str]
"""Code, name and scheme of a subject, genre or place, those of them that are stated."""

_COLUMNS: Final = frozenset({"source_id", "url", "headline", "byline", "language", "published_at"})
_DATES: Final = frozenset(
    {"content_created", "embargoed_until", "expires_at", "first_created", "modified_at"}
)
_NUMBERS: Final = frozenset({"priority", "urgency", "word_count"})
# These are texts with paragraphs; all others are one line.
_PARAGRAPHS: Final = frozenset({"abstract", "captions", "contact", "editorial_note", "tagline"})
# Which part of a concept a bare value is, where a profile says where one stands.
_CONCEPT_PARTS: Final = {"category": "code", "genre": "name", "place": "name", "subjects": "code"}
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_STATUSES: Final = {"cancelled": "canceled", "killed": "canceled", "embargoed": "withheld"}
# A name, or one with that of its state or country: no day, no agency.
_PLACE_ONLY: Final = re.compile(r"[^\W\d][^\d,()/:–—]{1,40}(?:,[^\d,()/:–—]{2,30})?")
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class AgencyItem:
    """What was found of one story, before it is named and checked.

    Attributes:
        record_number: Its number in its file.
        profile: How its agency writes.
        text: Its body.
        texts: The values of each field as they are stated, the surest first.
        concepts: Subjects, genres, categories and places.
        provider: Who sends it, as stated; the publisher where no profile is that of the agency.
    """

    record_number: int
    profile: AgencyProfile
    text: str
    texts: dict[str, list[str]]
    concepts: dict[str, list[Concept]] = field(default_factory=dict)
    provider: str | None = None

    def first(self, name: str) -> str | None:
        """Return the surest value of a field, or None."""
        return next(iter(self.texts.get(name, ())), None)


@cache
def compile_path(path: str) -> etree.XPath:
    """Return a path of a table or profile, ready for use."""
    return etree.XPath(path)


def find_nodes(item: etree._Element, path: str) -> list[etree._Element | str]:
    """Return what stands at `path`: elements, and texts of attributes or functions."""
    found = compile_path(path)(item)
    return list(found) if isinstance(found, list) else [str(found)]


def find_elements(item: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at `path`."""
    return [node for node in find_nodes(item, path) if isinstance(node, etree._Element)]


def find_texts(item: etree._Element, paths: Iterable[str], name: str = "") -> list[str]:
    """Return the texts at the first of `paths` where there are any, in order, each once.

    Dates are looked for in all of them: the first may hold none that can be read.
    """
    found: dict[str, None] = {}
    for path in paths:
        texts = (_text_of(node, name) for node in find_nodes(item, path))
        found |= dict.fromkeys(text for text in texts if text)
        if found and name not in _DATES and name != "published_at":
            break
    return list(found)


def element_text(element: etree._Element) -> str:
    """Return the text of an element in one line; words of different elements stay apart."""
    text = ""
    for piece in element.itertext():
        if text[-1:].isalnum() and piece[:1].isalnum():
            text += " "
        text += piece
    return " ".join(text.split())


def read_texts(
    item: etree._Element, table: Paths, profile: AgencyProfile, format_: str
) -> dict[str, list[str]]:
    """Return the values of the fields of `item` that a format's table and the profile find.

    A field for which the profile gives no path at all is left out.
    """
    own = profile.paths.get(format_, {})
    found = {}
    for name in (FIELDS & {*table, *own}) - CONCEPTS:
        if name in own and not own[name]:
            continue
        if texts := find_texts(item, (*own.get(name, ()), *table.get(name, ())), name):
            found[name] = [profile.mean(name, text) for text in texts]
    return found


def read_concepts(
    item: etree._Element, profile: AgencyProfile, format_: str
) -> dict[str, list[Concept]]:
    """Return the subjects, genres, categories and places that the profile gives paths for."""
    found = {}
    for name, paths in profile.paths.get(format_, {}).items():
        if name in CONCEPTS and (texts := find_texts(item, paths)):
            part = _CONCEPT_PARTS[name]
            found[name] = [{part: profile.mean(name, text)} for text in texts]
    return found


def make_concept(*, code: str = "", name: str = "", scheme: str = "") -> Concept:
    """Return a concept of what is stated of it; an empty one when nothing is."""
    stated = {"code": code.strip(), "name": name.strip(), "scheme": scheme.strip()}
    return {key: value for key, value in stated.items() if value and (code or name)}


def to_article(item: AgencyItem, context: ReadContext) -> RawArticle:
    """Return the story with its fields named, its dates in UTC and its numbers as numbers."""
    zone = _zone(item, context)
    published_at = _published_at(item, zone)
    metadata = {**_metadata(item, zone), **_agency(item)}
    if not _is_later(metadata.get("embargoed_until"), published_at):
        metadata["embargoed_until"] = None
    return RawArticle(
        record_number=item.record_number,
        text=resolve_twice_escaped(item.text),
        source_id=item.first("source_id"),
        url=next((url for url in item.texts.get("url", ()) if url.startswith("http")), None),
        headline=item.first("headline"),
        byline=_byline(item),
        publisher=item.profile.name or context.profile.publisher or _code_of(item.provider),
        language=item.first("language") or item.profile.language,
        published_at=published_at,
        metadata={name: value for name, value in metadata.items() if value not in (None, "", [])},
    )


def _text_of(node: etree._Element | str, name: str) -> str:
    if isinstance(node, etree._Element):
        text = text_of_element(node) if name in _PARAGRAPHS else element_text(node)
    else:
        text = str(node).strip()
    if _TAG.search(text):  # markup that was escaped
        text = text_of_fragment(text)
    text = resolve_twice_escaped(text)
    return text if name in _PARAGRAPHS else " ".join(text.split())


def _zone(item: AgencyItem, context: ReadContext) -> ZoneInfo:
    """Return the zone of times without one: the source's, if it names one, else the agency's."""
    stated = context.profile.time_zone
    return ZoneInfo(item.profile.time_zone or stated if stated == "UTC" else stated)


def _read_date(written: str, zone: ZoneInfo) -> datetime | None:
    try:
        return read_published_at(written, zone)
    except ValueError:
        return None  # agencies leave patterns in ("YYYYMMDD000000")


def _published_at(item: AgencyItem, zone: ZoneInfo) -> object:
    """Return the first time of publication that is one, else what is written in its place."""
    stated = item.texts.get("published_at", [])
    dates = (_read_date(written, zone) for written in stated)
    return next((date for date in dates if date), None) or next(iter(stated), None)


def _is_later(embargo: object, published_at: object) -> bool:
    """Tell whether an embargo holds: a time of release may also be that of publication."""
    if not isinstance(embargo, str) or not isinstance(published_at, datetime):
        return embargo is not None
    return datetime.fromisoformat(embargo) > published_at


def _byline(item: AgencyItem) -> str | None:
    """Return the names of the authors; where nobody is named, those of the text's own byline."""
    names = [
        name
        for name in item.texts.get("byline", ())
        if name.casefold() not in {*item.profile.placeholder_bylines, *item.profile.names}
    ]
    if names:
        return ", ".join(names)
    found = find_byline(item.text)
    return found.text if found else None


def _metadata(item: AgencyItem, zone: ZoneInfo) -> dict[str, object]:
    found: dict[str, object] = dict(item.concepts)
    for name, stated in item.texts.items():
        if name in _COLUMNS or not stated:
            continue
        if name in LISTS:
            found[name] = stated
        elif name in _DATES:
            dates = (_read_date(written, zone) for written in stated)
            found[name] = next((date.isoformat() for date in dates if date), None)
        elif name in _NUMBERS:
            found[name] = _number(stated[0])
        else:
            found[name] = stated[0]
    if "place" not in found and (place := _place_of(item.first("dateline"))):
        found["place"] = [make_concept(name=place, scheme="city")]
    status = str(found.get("status", "usable")).casefold()
    found["status"] = _STATUSES.get(status, status)
    return found


def _place_of(dateline: str | None) -> str | None:
    """Return the place that a dateline, stated apart from the text, begins with."""
    if not dateline:
        return None
    if _PLACE_ONLY.fullmatch(dateline):
        return dateline.partition(",")[0].strip()
    # As it would stand in a text, with the beginning of one.
    found = find_dateline(f"{dateline.rstrip(' -–—:')} -- The")
    return found.place if found else None


def _number(written: str) -> int | str | None:
    """Return a number; 0 stands for one that was not counted."""
    if not re.fullmatch(r"\d{1,9}", written):
        return written
    return int(written) or None


def _agency(item: AgencyItem) -> dict[str, object]:
    profile = item.profile
    return {
        "agency": profile.title or item.provider,
        "agency_country": profile.country,
        "agency_city": profile.city,
    }


def _code_of(provider: str | None) -> str | None:
    """Return a short code made of the name of a provider: "Example News" is "example-news"."""
    return _NO_WORD.sub("-", (provider or "").casefold()).strip("-") or None
