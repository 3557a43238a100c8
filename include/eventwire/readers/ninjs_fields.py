"""The fields of an item in ninjs of any version, or in a JSON that was modelled on it.

Versions differ in the spelling of names (`versioncreated`, `versionCreated`) and in number
(`subject`, `subjects`; `headline`, `headlines`): names are compared in lower case, and both forms
are looked for. Values may be of any kind here: what is not of the right one is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from include.eventwire.cleaning.markup import text_of_fragment
from include.eventwire.readers.raw import RawArticle

Fields = Mapping[str, object]

# Names of single values, by our names of them.
_VALUES: Final = {
    "slugline": ("slugline",),
    "urgency": ("urgency",),
    "priority": ("priority", "editorialpriority"),
    "profile": ("profile",),
    "version": ("version",),
    "status": ("pubstatus",),
    "embargoed_until": ("embargoed", "embargoeduntil"),
    "expires_at": ("expires",),
    "first_created": ("firstcreated",),
    "content_created": ("contentcreated",),
    "usage_terms": ("usageterms",),
    "editorial_note": ("ednote",),
    "word_count": ("wordcount",),
    "char_count": ("charcount",),
    "item_type": ("type",),
    "title": ("title",),
    "located": ("located",),
    "copyright_holder": ("copyrightholder",),
    "copyright_notice": ("copyrightnotice",),
    "representation_type": ("representationtype",),
    "agency": ("provider",),
    "keywords": ("keywords",),
    "signals": ("signals",),
}
# Names of lists of concepts.
_CONCEPTS: Final = {
    "subjects": ("subject", "subjects"),
    "genre": ("genre", "genres"),
    "place": ("place", "places"),
    "persons": ("person", "people", "persons"),
    "organisations": ("organisation", "organisations"),
    "events": ("event", "events"),
    "objects": ("object", "objects"),
    "info_sources": ("infosource", "infosources"),
    "service": ("service", "services"),
}
_MARKUP_NAME: Final = re.compile(r"html|xml|nitf|rich")
_MARKUP: Final = re.compile(r"</?(?:p|br|div|section|article|h[1-6]|ul|ol|table|pre|body)\b", re.I)
# What is sent beside the text under a like name.
_NO_BODIES: Final = frozenset({"body_footer", "body_caption"})
_NO_ABSTRACTS: Final = frozenset({"creditline", "credit", "caption", "note"})


def lower_names(item: Mapping[str, object]) -> Fields:
    """Return the fields of `item` by their names in lower case."""
    return {name.lower(): value for name, value in item.items()}


def make_raw(fields: Fields, record_number: int) -> RawArticle:
    """Return the item with `fields` (see `lower_names`); its text may be empty."""
    source_id = _first_text(fields, ("uri", "guid", "id"))
    return RawArticle(
        record_number=record_number,
        text=find_text(fields),
        source_id=source_id,
        url=source_id if source_id and re.match(r"https?://", source_id) else None,
        headline=_find_headline(fields),
        byline=_find_byline(fields),
        publisher=_find_publisher(fields),
        language=_first_text(fields, ("language",)),
        published_at=_first_text(fields, ("versioncreated", "firstcreated")),
        metadata=find_metadata(fields),
    )


def find_text(fields: Fields) -> str:
    """Return the body of an item: one with markup before one without, for its paragraphs."""
    bodies = _entries(fields.get("bodies")) or [
        (name.removeprefix("body_"), value)
        for name, value in fields.items()
        if name.startswith("body_") and isinstance(value, str) and name not in _NO_BODIES
    ]
    for kind, value in sorted(bodies, key=lambda body: not _is_markup(*body)):
        if text := _to_text(kind, value):
            return text
    return ""


def find_metadata(fields: Fields) -> dict[str, object]:
    """Return what the fields state beside those of `RawArticle`, under our names."""
    found: dict[str, object] = {}
    for ours, names in _VALUES.items():
        value = next((fields[n] for n in names if _is_plain(fields.get(n))), None)
        if value is not None:
            found[ours] = value
    for ours, names in _CONCEPTS.items():
        if concepts := [c for name in names for c in find_concepts(fields.get(name))]:
            found[ours] = concepts
    if category := find_concepts(fields.get("subject"), rel="category"):
        found["category"] = category
    if abstract := _find_abstract(fields):
        found["abstract"] = abstract
    if counts := [b["wordcount"] for b in _lowered(fields.get("bodies")) if b.get("wordcount")]:
        found.setdefault("word_count", counts[0])
    if alternatives := _find_alternatives(fields.get("altids")):
        found["alternative_ids"] = alternatives
    return found


def find_concepts(value: object, rel: str | None = None) -> list[dict[str, str]]:
    """Return a list of concepts as code, name and scheme, those of them that are stated.

    Args:
        value: A list of objects as in ninjs. The code of a `uri` is its last part.
        rel: Take only concepts in this relation to the item.
    """
    concepts = []
    for entry in _lowered(value):
        relations = entry.get("rels", entry.get("rel"))
        if rel is not None and rel != relations and rel not in _as_list(relations):
            continue
        scheme, _, code = str(entry.get("uri") or "").rpartition("/")
        stated = {
            "code": _first_text(entry, ("literal", "code", "qcode")) or code,
            "name": _first_text(entry, ("name", "title")),
            "scheme": _first_text(entry, ("scheme",)) or scheme,
        }
        if concept := {key: text for key, text in stated.items() if text}:
            concepts.append(concept)
    return concepts


def _find_headline(fields: Fields) -> str | None:
    entries = _lowered(fields.get("headlines"))
    entries.sort(key=lambda entry: entry.get("role") != "main")
    for entry in entries:
        if isinstance(value := entry.get("value"), str) and value.strip():
            return _to_text(str(entry.get("contenttype", "")), value)
    others = sorted(name for name in fields if name.startswith("headline_"))
    return _first_text(fields, ("headline", "headline_main", *others, "title"))


def _find_byline(fields: Fields) -> str | None:
    if stated := _first_text(fields, ("byline", "by")):
        return stated
    authors = [*_lowered(fields.get("bylines")), *_lowered(fields.get("authors"))]
    names = (_first_text(author, ("by", "name")) for author in authors)
    return ", ".join(name for name in names if name) or None


def _find_publisher(fields: Fields) -> str | None:
    stated = _first_text(fields, ("source", "provider", "copyrightholder"))
    sources = (*_lowered(fields.get("infosource")), *_lowered(fields.get("infosources")))
    return stated or next((name for s in sources if (name := _first_text(s, ("name",)))), None)


def _find_abstract(fields: Fields) -> str:
    entries = _entries(fields.get("descriptions"), without=_NO_ABSTRACTS) or [
        (kind, value)
        for name, value in fields.items()
        if isinstance(value, str) and name.startswith("description_")
        if (kind := name.removeprefix("description_")) not in _NO_ABSTRACTS
    ]
    return next((text for kind, value in entries if (text := _to_text(kind, value))), "")


def _find_alternatives(value: object) -> list[dict[str, str]]:
    """Return other ids of an item: an object of them (1.x), or a list of roles and values."""
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        pairs = [(str(entry.get("role", "")), entry.get("value")) for entry in _lowered(value)]
    return [
        {"code": str(code), "scheme": role} for role, code in pairs if isinstance(code, str | int)
    ]


def _entries(value: object, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return kind and text of each of several bodies or descriptions."""
    return [
        (str(entry.get("contenttype") or ""), text)
        for entry in _lowered(value)
        if isinstance(text := entry.get("value"), str) and entry.get("role") not in without
    ]


def _to_text(kind: str, value: str) -> str:
    if _is_markup(kind, value):
        return text_of_fragment(_cut_story(value))
    return value.replace("\r\n", "\n").strip()


def _cut_story(markup: str) -> str:
    """Return the story in a whole document of NITF, other markup as it is."""
    start = markup.find("<body.content")
    end = markup.rfind("</body.content>")
    return markup[start:end] if 0 <= start < end else markup


def _is_markup(kind: str, value: str) -> bool:
    return bool(_MARKUP_NAME.search(kind.lower()) or _MARKUP.search(value))


def _lowered(value: object) -> list[dict[str, object]]:
    """Return the objects in a list, their names in lower case; wrong kinds are no objects."""
    return [
        {name.lower(): part for name, part in entry.items()}
        for entry in _as_list(value)
        if isinstance(entry, dict)
    ]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _first_text(fields: Fields, names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def _is_plain(value: object) -> bool:
    """Return whether a value can be kept as it is: a text, a number, or a list of texts."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(part, str) for part in value)
    return isinstance(value, int | float) or (isinstance(value, str) and bool(value.strip()))
