"""NewsML 1.0 to 1.2: an item is a tree of components, each a story, a part of one, or a picture.

A component that has a headline (or, without any, the outermost) and a text below it is a story. Of
its contents those in the role of a body count; captions, contacts, style sheets and the like do
not. Fields stand in the component of the story or in one around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from lxml import etree

from include.eventwire.agency_profiles import AgencyProfile, choose_profile, load_profiles
from include.eventwire.readers.agency_fields import (
    AgencyItem,
    Concept,
    Paths,
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

_FORMAT: Final = "newsml_1"
_ID: Final = "Identification/NewsIdentifier"
_MANAGEMENT: Final = "NewsManagement"
# Paths from the item, and from the component of the story or one around it, the nearest first.
ITEM_TABLE: Final[Paths] = {
    "uri": (f"{_ID}/PublicIdentifier", f"{_ID}/NewsItemId"),
    "version": (f"{_ID}/RevisionId",),
    "published_at": (
        f"{_MANAGEMENT}/ThisRevisionCreated",
        f"{_MANAGEMENT}/FirstCreated",
        "../NewsEnvelope/DateAndTime",
        f"{_ID}/DateId",
    ),
    "first_created": (f"{_MANAGEMENT}/FirstCreated",),
    "embargoed_until": (
        f"{_MANAGEMENT}[Status/@FormalName='Embargoed']/StatusWillChange/DateAndTime",
    ),
    "status": (f"{_MANAGEMENT}/Status/@FormalName",),
    "urgency": (f"{_MANAGEMENT}/Urgency/@FormalName",),
    "priority": (f"{_MANAGEMENT}/Priority/@FormalName", "../NewsEnvelope/Priority/@FormalName"),
    "profile": (f"{_MANAGEMENT}/NewsItemType/@FormalName",),
    "services": ("../NewsEnvelope/NewsService/@FormalName",),
    "provider_sequence": ("../NewsEnvelope/TransmissionId",),
}
COMPONENT_TABLE: Final[Paths] = {
    "headline": ("NewsLines/HeadLine",),
    "subheadline": ("NewsLines/SubHeadLine",),
    "byline": ("NewsLines/ByLine",),
    "dateline": ("NewsLines/DateLine",),
    "credit_line": ("NewsLines/CreditLine",),
    "copyright_notice": ("NewsLines/CopyrightLine", "RightsMetadata/Copyright/CopyrightDate"),
    "copyright_holder": ("RightsMetadata/Copyright/CopyrightHolder",),
    "usage_terms": ("NewsLines/RightsLine", "RightsMetadata/UsageRights/Limitations"),
    "slugline": ("NewsLines/SlugLine",),
    "keywords": ("NewsLines/KeywordLine",),
    "series": ("NewsLines/SeriesLine",),
    "language": ("DescriptiveMetadata/Language/@FormalName",),
    "editorial_note": (
        "NewsLines/NewsLine[contains(NewsLineType/@FormalName, 'Note')]/NewsLineText",
    ),
    "url": ("NewsLines/NewsLine[contains(NewsLineType/@FormalName, 'URL')]/NewsLineText",),
}
_NAME_LABEL: Final = ("Identification/NameLabel", "Identification/Label/LabelText")
_PROVIDERS: Final = (
    ".//AdministrativeMetadata/Provider/Party/@FormalName",
    "Identification/NewsIdentifier/ProviderId",
    "../NewsEnvelope/SentFrom/Party/@FormalName",
    ".//AdministrativeMetadata/Source/Party/@FormalName",
    ".//AdministrativeMetadata/Creator/Party/@FormalName",
)
# Contents in these roles are a story, in those no part of one.
_BODY_ROLES: Final = frozenset({"body", "main", "maintext", "text", "story", "article"})
_OTHER_ROLES: Final = frozenset(
    "abstract advisory caption contact headline logo metadata stylesheet subheadline summary "
    "tagline thumbnail".split()
)
_TEXT_TYPES: Final = frozenset({"", "text", "complexdata", "complex", "xml", "html"})
_NO_STORY_FORMATS: Final = ("css", "javascript", "image/", "audio/", "video/", "jpeg", "gif", "png")
_PLACES: Final = {"city": "city", "country": "country", "countryarea": "state", "state": "state"}


def read_newsml_1(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the stories of the items of a file; an item without one is a reject."""
    root = parse_file(context)
    if isinstance(root, Reject):
        yield root
        return
    items = find_elements(root, "descendant-or-self::NewsItem")
    if not items:
        yield context.reject(1, "broken_record", f"there is no NewsItem below {root.tag}")
    number = 0
    for item in items:
        stories = _find_stories(item)
        if not stories:
            number += 1
            yield _reject_item(item, number, context)
        for story in stories:
            number += 1
            read = partial(_read_story, item, story, number, context, is_only=len(stories) == 1)
            yield read_in_time(context, number, read)


def _find_stories(item: etree._Element) -> list[list[etree._Element]]:
    """Return the contents of each story of an item, in the order of the stories."""
    contents = [
        content
        for content in item.iter("ContentItem")
        if _is_text(content) and _role(content) not in _OTHER_ROLES
    ]
    bodies = [content for content in contents if _role(content) in _BODY_ROLES]
    stories: dict[etree._Element, list[etree._Element]] = {}
    for content in bodies or contents:
        stories.setdefault(_component(content), []).append(content)
    return list(stories.values())


def _is_text(content: etree._Element) -> bool:
    """Tell whether a content is a text that lies in the file itself."""
    kind = "".join(find_texts(content, ("MediaType/@FormalName",))).lower()
    formats = find_texts(content, ("Format/@FormalName",)) + find_texts(
        content, ("MimeType/@FormalName",)
    )
    if kind not in _TEXT_TYPES or any(
        name in format_.lower() for format_ in formats for name in _NO_STORY_FORMATS
    ):
        return False
    data = find_elements(content, ".//DataContent")
    return any(len(element) or (element.text or "").strip() for element in data)


def _role(content: etree._Element) -> str:
    """Return the role of a content: that of the nearest component that has one."""
    for component in content.iterancestors("NewsComponent"):
        if roles := find_texts(component, ("Role/@FormalName",)):
            return roles[0].replace(" ", "").lower()
    return ""


def _component(content: etree._Element) -> etree._Element:
    """Return the component of the story that a content belongs to."""
    components = list(content.iterancestors("NewsComponent"))
    with_headline = (c for c in components if find_texts(c, ("NewsLines/HeadLine",)))
    outermost = components[-1] if components else content
    return next(with_headline, outermost)


def _read_story(
    item: etree._Element,
    contents: list[etree._Element],
    number: int,
    context: ReadContext,
    *,
    is_only: bool,
) -> RawArticle | Reject:
    profile = _choose_profile(item)
    story = _story(contents, profile)
    if not story:
        return _reject_item(item, number, context)
    component = _component(contents[0])
    # The profile's paths are those from the component; they reach the item by `ancestor::`.
    texts = read_texts(item, ITEM_TABLE, profile, "") | _read_component(component, profile)
    texts.setdefault("slugline", find_texts(item, _NAME_LABEL))
    uri = next(iter(texts.get("uri", [])), "")
    texts["source_id"] = [uri if is_only else f"{uri}#{number}"] if uri else []
    texts["item_type"] = ["text"]
    texts["contact"] = _in_role(component, "contact", profile)
    texts.setdefault("headline", _in_role(component, "headline", profile))
    texts.setdefault("subheadline", _in_role(component, "subheadline", profile))
    texts["captions"] = _in_role(item, "caption", profile)
    concepts = _concepts(component)
    for document in find_elements(contents[0], ".//nitf"):
        texts = read_nitf_texts(document, profile) | texts
        concepts = read_nitf_concepts(document) | concepts
    concepts |= read_concepts(component, profile, _FORMAT)
    provider = next(iter(_provider_names(item)), None)
    return to_article(AgencyItem(number, profile, story, texts, concepts, provider), context)


def _story(contents: list[etree._Element], profile: AgencyProfile) -> str:
    """Return the text of a story: of contents in the same format all, else the first."""
    texts: dict[str, list[str]] = {}
    for content in contents:
        format_ = " ".join(find_texts(content, ("Format/@FormalName", "MimeType/@FormalName")))
        for data in find_elements(content, ".//DataContent"):
            if text := story_text(data, profile, _FORMAT):
                texts.setdefault(format_, []).append(text)
    return "\n\n".join(dict.fromkeys(next(iter(texts.values()), [])))


def _read_component(component: etree._Element, profile: AgencyProfile) -> dict[str, list[str]]:
    """Return the fields of a component; what it does not state, those around it do."""
    texts: dict[str, list[str]] = {}
    for around in (component, *component.iterancestors("NewsComponent")):
        texts = read_texts(around, COMPONENT_TABLE, profile, _FORMAT) | texts
    return texts


def _in_role(element: etree._Element, role: str, profile: AgencyProfile) -> list[str]:
    """Return the texts below `element` that have a role."""
    contents = [c for c in element.iter("ContentItem") if _role(c) == role]
    data = (d for content in contents for d in find_elements(content, ".//DataContent"))
    return [text for d in data if (text := story_text(d, profile, _FORMAT))]


def _concepts(component: etree._Element) -> dict[str, list[Concept]]:
    found: dict[str, list[Concept]] = {}
    for around in (component, *component.iterancestors("NewsComponent")):
        data = "DescriptiveMetadata"
        concepts = {
            "subjects": [_concept(e) for e in find_elements(around, f"{data}//SubjectCode/*")],
            "genre": [_concept(e) for e in find_elements(around, f"{data}//Genre")],
            "category": [
                make_concept(code=e.get("Value", ""))
                for e in find_elements(around, f"{data}//Property[@FormalName='Category']")
            ],
            "place": [_place(e) for e in find_elements(around, f"{data}//Location/Property")],
        }
        found = {name: [c for c in stated if c] for name, stated in concepts.items()} | {
            name: kept for name, kept in found.items() if kept
        }
    return {name: kept for name, kept in found.items() if kept}


def _concept(element: etree._Element) -> Concept:
    """Return a subject or genre: its code, or its name where no digit is in it."""
    formal = element.get("FormalName", "")
    scheme = element.get("Scheme") or element.get("Vocabulary") or ""
    has_code = any(character.isdigit() for character in formal)
    return make_concept(
        code=formal if has_code else "", name="" if has_code else formal, scheme=scheme
    )


def _place(element: etree._Element) -> Concept:
    kind = _PLACES.get(element.get("FormalName", "").lower())
    value = element.get("Value", "")
    if kind is None:
        return {}
    is_code = kind == "country" and value.isupper() and len(value) <= 3
    return make_concept(code=value if is_code else "", name="" if is_code else value, scheme=kind)


def _choose_profile(item: etree._Element) -> AgencyProfile:
    ids = find_texts(item, ITEM_TABLE["uri"])
    return choose_profile(load_profiles(), ids=ids, names=_provider_names(item), root="NewsML")


def _provider_names(item: etree._Element) -> list[str]:
    return [name for path in _PROVIDERS for name in find_texts(item, (path,))]


def _reject_item(item: etree._Element, number: int, context: ReadContext) -> Reject:
    """Return the reject of an item without a story, saying what it is instead."""
    ids = find_texts(item, ITEM_TABLE["uri"])
    kinds = find_texts(item, (".//ContentItem/MediaType/@FormalName",)) or find_texts(
        item, (".//ContentItem/MimeType/@FormalName", ".//ContentItem/Format/@FormalName")
    )
    if kinds and [kind.lower() for kind in kinds] != ["text"]:
        what = f"holds no text but {', '.join(kinds)}"
    elif find_elements(item, ".//NewsItemRef"):
        what = "is a package, which refers to items"
    elif find_elements(item, "TopicSet"):
        what = "is a set of topics"
    else:
        what = "is an empty stub: it has no text"
    return context.reject(number, "not_an_article", " ".join(["the item", *ids, what]))
