"""NewsML-G2: one record for every item of a file, which is one item or a message of several.

The time of publication is that of the version: it is when this text went out, and what "today" in
it means. When the item was first made, and the content last changed, is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
from include.eventwire.readers.nitf import read_nitf_concepts, read_nitf_texts
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_FORMAT: Final = "newsml_g2"
_ITEM: Final = "itemMeta"
_CONTENT: Final = "contentMeta"
# Where it stands first only: to look for it among all siblings of every item takes too long.
_MESSAGE: Final = "ancestor::newsMessage/*[1]/self::*[self::header or self::Header]"
TABLE: Final[Paths] = {
    "uri": ("@guid",),
    "version": ("@version",),
    "url": (
        f"{_ITEM}/link[contains(@rel, 'canonical') or contains(@rel, 'webpage')]/@href",
        "@guid",
    ),
    "headline": (
        f"{_CONTENT}/headline[not(@role)]",
        f"{_CONTENT}/headline",
        f"{_ITEM}/title",
        "contentSet//body.head//hl1",
    ),
    "byline": (f"{_CONTENT}/by", f"{_CONTENT}/creator/name", f"{_CONTENT}/creator/@literal"),
    "language": (
        f"{_CONTENT}/language/@tag",
        "contentSet/*/@*[local-name()='lang']",
        "@*[local-name()='lang']",
    ),
    "published_at": (
        f"{_ITEM}/versionCreated",
        f"{_ITEM}/firstCreated",
        f"{_CONTENT}/contentModified",
        f"{_CONTENT}/contentCreated",
        f"{_MESSAGE}/*[self::sent or self::Sent]",
    ),
    "first_created": (f"{_ITEM}/firstCreated",),
    "modified_at": (f"{_CONTENT}/contentModified",),
    "content_created": (f"{_CONTENT}/contentCreated",),
    "embargoed_until": (f"{_ITEM}/embargoed",),
    "expires_at": (f"{_ITEM}/expires", f"{_CONTENT}/expires"),
    "slugline": (f"{_CONTENT}/slugline",),
    "urgency": (f"{_CONTENT}/urgency",),
    "priority": (f"{_MESSAGE}/priority",),
    "status": (
        f"{_ITEM}/pubStatus/@qcode",
        f"{_ITEM}/pubStatus/@uri",
        f"{_ITEM}/pubStatus/@literal",
    ),
    "editorial_note": (f"{_ITEM}/edNote", f"{_ITEM}/ednote"),
    "abstract": (
        f"{_CONTENT}/description[contains(@role, 'summary') or contains(@role, 'abstract')]",
        f"{_CONTENT}/description[not(@role)]",
    ),
    "subheadline": (f"{_CONTENT}/headline[contains(@role, 'sub')]",),
    "keywords": (f"{_CONTENT}/keyword",),
    "dateline": (f"{_CONTENT}/dateline",),
    "credit_line": (f"{_CONTENT}/creditline",),
    "copyright_holder": ("rightsInfo/copyrightHolder/name", "rightsInfo/copyrightHolder/@literal"),
    "copyright_notice": ("rightsInfo/copyrightNotice",),
    "usage_terms": ("rightsInfo/usageTerms",),
    "item_type": (
        f"{_ITEM}/itemClass/@qcode",
        f"{_ITEM}/itemClass/@uri",
        f"{_ITEM}/itemClass/@literal",
    ),
    "profile": (f"{_ITEM}/profile",),
    "services": (f"{_ITEM}/service/name", f"{_ITEM}/service/@qcode"),
    "signals": (f"{_ITEM}/signal/@qcode",),
    "word_count": ("contentSet/*/@wordcount",),
    "captions": ("contentSet//media-caption", "contentSet//figcaption"),
}
# What the senders of an item are called, in the order of what it says about the publisher.
_PROVIDERS: Final = (
    f"{_ITEM}/provider/@*[name()='qcode' or name()='literal' or name()='uri']",
    f"{_ITEM}/provider/name",
    f"{_MESSAGE}/sender",
    f"{_CONTENT}/creator/@*[name()='qcode' or name()='literal']",
    f"{_CONTENT}/infoSource/@*[name()='qcode' or name()='literal']",
    f"{_CONTENT}/infoSource/name",
    "rightsInfo/copyrightHolder/name",
    "rightsInfo/copyrightHolder/@literal",
)
# Values of these are codes of a controlled vocabulary: "stat:usable", or an address that ends so.
_CODED: Final = ("status", "item_type")
_CODE: Final = re.compile(r"(?:https?://\S*/|[\w.-]+:)([^\s/:]+)")
# Vocabularies of categories as ANPA has them, among the subjects.
_CATEGORIES: Final = frozenset({"a1312cat", "apcategorycode", "anpacat", "iptccat"})
_NOT_TEXT: Final = frozenset(
    "picture photo graphic video audio animation moving still composite package".split()
)
_PLACE_KINDS: Final = {"statprov": "state", "countryarea": "state"}
_OTHER_ITEMS: Final = {
    "packageItem": "a package, which refers to items",
    "conceptItem": "a concept",
    "knowledgeItem": "a list of concepts",
    "planningItem": "an item of a news planner",
    "catalogItem": "a catalogue",
}


def read_newsml_g2(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the items of a file, each as a story or as the reject of what it is instead."""
    root = parse_file(context)
    if isinstance(root, Reject):
        yield root
        return
    known = {"newsItem", *_OTHER_ITEMS}
    items = [root] if root.tag in known else [e for e in root.iter(*known) if _is_outermost(e)]
    if not items:
        yield context.reject(1, "broken_record", f"there is no item below {root.tag}")
    for number, item in enumerate(items, start=1):
        yield read_in_time(context, number, partial(_read_item, item, number, context))


def _is_outermost(item: etree._Element) -> bool:
    """Tell whether an item stands in a message itself, not in another item."""
    return not any(parent.tag in {"newsItem", *_OTHER_ITEMS} for parent in item.iterancestors())


def _read_item(item: etree._Element, number: int, context: ReadContext) -> RawArticle | Reject:
    names = [name for path in _PROVIDERS for name in _codes(find_texts(item, (path,)))]
    guid = item.get("guid", "")
    profile = choose_profile(load_profiles(), ids=(guid,), names=names, root=str(item.tag))
    texts = read_texts(item, TABLE, profile, _FORMAT)
    for field in _CODED:
        texts[field] = _codes(texts.get(field, []))
    story = _story(item, profile)
    if what := _find_other_kind(item, texts, story):
        detail = " ".join(part for part in ("the item", guid, "is", what) if part)
        return context.reject(number, "not_an_article", detail)
    concepts = _concepts(item)
    for document in find_elements(item, "contentSet/*/nitf"):
        texts = read_nitf_texts(document, profile) | texts
        concepts = read_nitf_concepts(document) | concepts
    texts["source_id"] = [":".join(part for part in (guid, item.get("version")) if part)]
    concepts |= read_concepts(item, profile, _FORMAT)
    provider = next(iter(names), None)
    return to_article(AgencyItem(number, profile, story, texts, concepts, provider), context)


def _find_other_kind(item: etree._Element, texts: dict[str, list[str]], story: str) -> str | None:
    """Return what an item is that is no story, in words, else None."""
    if other := _OTHER_ITEMS.get(str(item.tag)):
        return other
    kind = next(iter(texts["item_type"]), "text").lower()
    if kind in _NOT_TEXT and not (kind == "composite" and story):
        return f"a {kind}, not a text"
    if story:
        return None
    if find_elements(item, "contentSet/remoteContent"):
        return "a stub: its content lies elsewhere"
    status = next(iter(texts["status"]), "usable")
    return "an empty stub: it has no text" + (f" (status: {status})" if status != "usable" else "")


def _story(item: etree._Element, profile: AgencyProfile) -> str:
    """Return the first of the renditions of an item that has a text."""
    for payload in find_elements(item, "contentSet/inlineXML | contentSet/inlineData"):
        if text := story_text(payload, profile, _FORMAT):
            return text
    return ""


def _codes(values: list[str]) -> list[str]:
    """Return the codes in qcodes ("stat:usable") and addresses; other values as they are."""
    return [(match[1] if (match := _CODE.fullmatch(value)) else value) for value in values]


def _concepts(item: etree._Element) -> dict[str, list[Concept]]:
    subjects = [_concept(e) for e in find_elements(item, f"{_CONTENT}/subject")]
    concepts = {
        "subjects": subjects,
        "genre": [_concept(e) for e in find_elements(item, f"{_CONTENT}/genre")],
        "place": [
            _place(e) for e in find_elements(item, f"{_CONTENT}/located/descendant-or-self::*")
        ],
        "category": [c for c in subjects if c.get("scheme") in _CATEGORIES],
    }
    return {name: kept for name, found in concepts.items() if (kept := [c for c in found if c])}


def _concept(element: etree._Element) -> Concept:
    """Return a subject or genre; of several names the first, which is in the item's language."""
    scheme, _, code = (element.get("qcode") or "").partition(":")
    if not code:
        scheme, _, code = (element.get("uri") or "").rpartition("/")
    names = [*(element_text(name) for name in element.findall("name")), element.get("literal", "")]
    return make_concept(code=code, name=next((n for n in names if n), ""), scheme=scheme)


def _place(element: etree._Element) -> Concept:
    """Return a place, its kind ("city", "country") as the scheme where it is stated."""
    if element.tag not in ("located", "broader"):
        return {}
    concept = _concept(element)
    kind = (element.get("type") or "").rpartition(":")[2].lower()
    if concept and kind.isalpha():
        concept["scheme"] = _PLACE_KINDS.get(kind, kind)
    return concept
