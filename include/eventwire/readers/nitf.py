"""NITF: one story a file.

Fields stand in the attributes of the document's data (`docdata`), in `meta` elements that every
agency names in its own way, and in the head of the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Final

from lxml import etree

from include.eventwire.inputs.agency_profiles import AgencyProfile, choose_profile, load_profiles
from include.eventwire.readers.agency_fields import (
    AgencyItem,
    Concept,
    Paths,
    element_text,
    find_elements,
    find_texts,
    make_concept,
    read_concepts,
    read_texts,
    to_article,
)
from include.eventwire.readers.agency_files import parse_file, read_in_time
from include.eventwire.readers.agency_text import story_text
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_FORMAT: Final = "nitf"
_DATA: Final = "head/docdata"
_HEAD: Final = "body/body.head"
TABLE: Final[Paths] = {
    "source_id": (f"{_DATA}/doc-id/@id-string", "head/meta[@name='guid']/@content"),
    "url": ("head/pubdata/@ex-ref", "head/meta[@name='url']/@content"),
    "headline": (f"{_HEAD}/hedline/hl1", f"{_HEAD}/headline/hl1", f"{_HEAD}//hl1", "head/title"),
    "subheadline": (f"{_HEAD}/*/hl2",),
    "language": ("@baselang", "@*[local-name()='lang']", "body/@*[local-name()='lang']"),
    "published_at": (
        f"{_DATA}/date.issue/@norm",
        f"{_HEAD}/dateline/story.date/@norm",
        f"{_DATA}/date.release/@norm",
        "head/pubdata/@date.publication",
        "head/revision-history/@norm",
        f"{_HEAD}/dateline/story.date",
    ),
    "embargoed_until": (f"{_DATA}/date.release/@norm",),
    "expires_at": (f"{_DATA}/date.expire/@norm",),
    "first_created": ("head/revision-history[1]/@norm",),
    "urgency": ("head//urgency/@ed-urg",),
    "priority": ("head/meta[contains(@name, 'priority')]/@content",),
    "status": (f"{_DATA}/@management-status",),
    "version": (f"{_DATA}/du-key/@version",),
    "editorial_note": (f"{_DATA}/ed-msg/@info", f"{_HEAD}/note[@noteclass='editorsnote']"),
    "abstract": (f"{_HEAD}/abstract",),
    "keywords": (f"{_DATA}/key-list/keyword/@key", f"{_DATA}/key-list/keyword"),
    "slugline": (
        "head/meta[@name='anpa-keyword' or @name='slugline' or @name='slug']/@content",
        f"{_DATA}/fixture/@fix-id",
        f"{_DATA}/du-key/@key",
    ),
    "provider_sequence": ("head/meta[@name='anpa-sequence']/@content",),
    "word_count": (
        "head/meta[@name='anpa-wordcount']/@content",
        "head/pubdata[@unit-of-measure='word']/@item-length",
    ),
    "copyright_holder": (f"{_DATA}/doc.copyright/@holder", f"{_HEAD}/rights/rights.owner"),
    "usage_terms": (f"{_DATA}/doc.rights/@limitations", f"{_HEAD}/rights/rights.limitations"),
    "dateline": (f"{_HEAD}/dateline[location or not(story.date)]",),
    "series": (f"{_DATA}/series/@series.name",),
    "tagline": ("body/body.end/tagline",),
    "captions": ("body/body.content//media-caption",),
}
_CATEGORY: Final = (
    "head/meta[@name='anpa-category' or @name='category' or @name='categoria']/@content",
)
_PROVIDERS: Final = (
    "head/meta[@name='aap-source']/@content",
    f"{_HEAD}/distributor",
    f"{_HEAD}/rights/rights.owner",
    f"{_DATA}/del-list/from-src/@src-name",
    f"{_DATA}/doc.copyright/@holder",
    f"{_DATA}/doc.rights/@owner",
    f"{_HEAD}/byline/byttl",
    "head/pubdata/@name",
)
# Attributes of the place of an event, and elements of a dateline with their codes, by the kind of
# place.
_PLACE_ATTRIBUTES: Final = {"city": "city", "state": "state-prov", "country": "iso-cc"}
_PLACE_ELEMENTS: Final = {
    "city": "city-code",
    "state": "state-code",
    "region": "region-code",
    "country": "iso-cc",
}


def read_nitf(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the story of a file, or its reject; a document of pictures only is one."""
    root = parse_file(context)
    if isinstance(root, Reject):
        yield root
        return
    documents = (
        [root] if root.tag == "nitf" else find_elements(root, ".//nitf[not(ancestor::nitf)]")
    )
    if not documents:
        yield context.reject(1, "broken_record", f"there is no nitf element below {root.tag}")
    for number, document in enumerate(documents, start=1):
        yield read_in_time(context, number, partial(_read_document, document, number, context))


def read_nitf_texts(
    document: etree._Element, profile: AgencyProfile, format_: str = _FORMAT
) -> dict[str, list[str]]:
    """Return the values of the fields of an NITF document, also of one within another format."""
    texts = read_texts(document, TABLE, profile, format_)
    bylines = [_byline(byline) for byline in find_elements(document, f"{_HEAD}/byline")]
    if any(bylines) and "byline" not in profile.paths.get(format_, {}):
        texts["byline"] = [byline for byline in bylines if byline]
    return texts


def read_nitf_concepts(document: etree._Element) -> dict[str, list[Concept]]:
    """Return subjects, genres, categories and places of an NITF document."""
    concepts = {
        "subjects": [_subject(e) for e in find_elements(document, "head/tobject/tobject.subject")],
        "genre": [
            make_concept(name=name)
            for name in find_texts(
                document, ("head/tobject/tobject.property/@tobject.property.type",)
            )
        ],
        "category": [make_concept(code=code) for code in find_texts(document, _CATEGORY)],
        "place": _places(document),
    }
    return {name: kept for name, found in concepts.items() if (kept := [c for c in found if c])}


def _read_document(
    document: etree._Element, number: int, context: ReadContext
) -> RawArticle | Reject:
    ids = find_texts(document, TABLE["source_id"])
    names = [name for path in _PROVIDERS for name in find_texts(document, (path,))]
    profile = choose_profile(load_profiles(), ids=ids, names=names, root="nitf")
    texts = read_nitf_texts(document, profile)
    texts["item_type"] = ["text"]
    if text := story_text(document, profile, _FORMAT):
        concepts = {**read_nitf_concepts(document), **read_concepts(document, profile, _FORMAT)}
        provider = next(iter(names), None)
        item = AgencyItem(number, profile, text, texts, concepts, provider)
        return to_article(item, context)
    kinds = find_texts(document, (".//media/@media-type",))
    what = f"holds no text but {kinds[0]}" if kinds else "is an empty stub: its body has no text"
    detail = " ".join(["the document", *ids, what])
    return context.reject(number, "not_an_article", detail)


def _byline(byline: etree._Element) -> str:
    """Return the names in a byline, without the title of the author."""
    names = deepcopy(byline)
    for title in names.findall(".//byttl"):
        title.clear(keep_tail=True)
    names.tail = None
    return element_text(names)


def _subject(element: etree._Element) -> Concept:
    """Return a subject by its most particular name."""
    names = (element.get(f"tobject.subject.{part}") for part in ("detail", "matter", "type"))
    return make_concept(
        code=element.get("tobject.subject.refnum", ""),
        name=next((name for name in names if name), ""),
        scheme=element.get("tobject.subject.ipr") or "IPTC",
    )


def _places(document: etree._Element) -> list[Concept]:
    """Return the places of the dateline and of the event, each part of one by itself."""
    places = []
    for location in find_elements(document, f"{_HEAD}/dateline//location"):
        for element in location.iter(*_PLACE_ELEMENTS):
            kind = str(element.tag)
            code = element.get(_PLACE_ELEMENTS[kind], "")
            places.append(make_concept(code=code, name=element_text(element), scheme=kind))
    for event in find_elements(document, f"{_DATA}/evloc"):
        for kind, attribute in _PLACE_ATTRIBUTES.items():
            part = "code" if kind == "country" else "name"
            places.append(make_concept(**{part: event.get(attribute, "")}, scheme=kind))
    return [place for number, place in enumerate(places) if place not in places[:number]]
