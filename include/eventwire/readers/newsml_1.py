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

from include.eventwire.inputs.agency_profiles import AgencyProfile, choose_profile, load_profiles
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
from include.eventwire.readers.newsml_components import Components, Story, format_of
from include.eventwire.readers.nitf import read_nitf_concepts, read_nitf_texts
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_FORMAT: Final = "newsml_1"
_ID: Final = "Identification/NewsIdentifier"
_MANAGEMENT: Final = "NewsManagement"
# At the head of the file only: to look for it among all siblings of every item takes too long.
_ENVELOPE: Final = "(../*[1] | ../*[2] | ../*[3])[self::NewsEnvelope]"
# Paths from the item, and from the component of the story or one around it, the nearest first.
ITEM_TABLE: Final[Paths] = {
    "uri": (f"{_ID}/PublicIdentifier", f"{_ID}/NewsItemId"),
    "version": (f"{_ID}/RevisionId",),
    "published_at": (
        f"{_MANAGEMENT}/ThisRevisionCreated",
        f"{_MANAGEMENT}/FirstCreated",
        f"{_ENVELOPE}/DateAndTime",
        f"{_ID}/DateId",
    ),
    "first_created": (f"{_MANAGEMENT}/FirstCreated",),
    "embargoed_until": (
        f"{_MANAGEMENT}[Status/@FormalName='Embargoed']/StatusWillChange/DateAndTime",
    ),
    "status": (f"{_MANAGEMENT}/Status/@FormalName",),
    "urgency": (f"{_MANAGEMENT}/Urgency/@FormalName",),
    "priority": (f"{_MANAGEMENT}/Priority/@FormalName", f"{_ENVELOPE}/Priority/@FormalName"),
    "profile": (f"{_MANAGEMENT}/NewsItemType/@FormalName",),
    "services": (f"{_ENVELOPE}/NewsService/@FormalName",),
    "provider_sequence": (f"{_ENVELOPE}/TransmissionId",),
}
COMPONENT_TABLE: Final[Paths] = {
    "headline": ("NewsLines/HeadLine",),
    "subheadline": ("NewsLines/SubHeadLine",),
    "byline": ("NewsLines/ByLine",),
    "dateline": ("NewsLines/DateLine",),
    "credit_line": ("NewsLines/CreditLine",),
    "copyright_notice": ("NewsLines/CopyrightLine", "RightsMetadata/Copyright/CopyrightDate"),
    "copyright_holder": ("RightsMetadata/Copyright/CopyrightHolder",),
    "usage_terms": (
        "NewsLines/RightsLine",
        "RightsMetadata/UsageRights/Limitations",
        "RightsMetadata/UsageRights/UsageType",
    ),
    "slugline": ("NewsLines/SlugLine",),
    "keywords": (
        "NewsLines/KeywordLine",
        "DescriptiveMetadata/Property[@FormalName='Keyword']/@Value",
    ),
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
    f"{_ENVELOPE}/SentFrom/Party/@FormalName",
    ".//AdministrativeMetadata/Source/Party/@FormalName",
    ".//AdministrativeMetadata/Creator/Party/@FormalName",
)
# Fields that may be contents of their own, and the role that these have.
_ROLES: Final = {
    "headline": "headline",
    "subheadline": "subheadline",
    "contact": "contact",
    "captions": "caption",
}
# A release in all languages of its readers has some twenty.
_MOST_STORIES: Final = 100
_PLACES: Final = {"city": "city", "country": "country", "countryarea": "state", "state": "state"}


def read_newsml_1(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the stories of the items of a file; an item without one is a reject."""
    root = parse_file(context)
    if isinstance(root, Reject):
        yield root
        return
    items = find_elements(root, "descendant-or-self::NewsItem[not(ancestor::NewsItem)]")
    if not items:
        yield context.reject(1, "broken_record", f"there is no NewsItem below {root.tag}")
    number = 0
    for item in items:
        components = Components.of(item)
        stories = components.stories()
        if not stories or len(stories) > _MOST_STORIES:
            number += 1
            yield _reject_item(item, len(stories), number, context)
            continue
        for story in stories:
            number += 1
            read = partial(_read_story, components, story, number, context)
            yield read_in_time(context, number, read)


def _read_story(
    components: Components, story: Story, number: int, context: ReadContext
) -> RawArticle | Reject:
    item, component = components.item, story.component
    profile = _choose_profile(item)
    text = _text(story.contents, profile)
    if not text:
        return _reject_item(item, 0, number, context)
    # The profile's paths are those from the component; they reach the item by `ancestor::`.
    texts = read_texts(item, ITEM_TABLE, profile, "") | _read_component(component, profile)
    texts.setdefault("slugline", find_texts(item, _NAME_LABEL))
    texts["source_id"] = [uri + story.mark for uri in texts.get("uri", [])]
    texts["item_type"] = ["text"]
    for field, role in _ROLES.items():
        contents = components.in_role(component, role)
        texts.setdefault(field, [t for c in contents if (t := _text([c], profile))])
    concepts = _concepts(component)
    for document in find_elements(story.contents[0], ".//nitf"):
        texts = read_nitf_texts(document, profile) | texts
        concepts = read_nitf_concepts(document) | concepts
    concepts |= read_concepts(component, profile, _FORMAT)
    provider = next(iter(_provider_names(item)), None)
    return to_article(AgencyItem(number, profile, text, texts, concepts, provider), context)


def _text(contents: list[etree._Element], profile: AgencyProfile) -> str:
    """Return the text of a story: of contents in the same format all, else the first."""
    texts: dict[str, list[str]] = {}
    for content in contents:
        for data in find_elements(content, ".//DataContent"):
            if text := story_text(data, profile, _FORMAT):
                texts.setdefault(format_of(content), []).append(text)
    return "\n\n".join(dict.fromkeys(next(iter(texts.values()), [])))


def _read_component(component: etree._Element, profile: AgencyProfile) -> dict[str, list[str]]:
    """Return the fields of a component; what it does not state, those around it do."""
    texts: dict[str, list[str]] = {}
    for around in (component, *component.iterancestors("NewsComponent")):
        texts = read_texts(around, COMPONENT_TABLE, profile, _FORMAT) | texts
    return texts


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


def _reject_item(item: etree._Element, n_stories: int, number: int, context: ReadContext) -> Reject:
    """Return the reject of an item without a story, saying what it is, or with too many."""
    ids = find_texts(item, ITEM_TABLE["uri"])
    if n_stories:
        what = f"holds {n_stories:,} stories, more than {_MOST_STORIES}"
        return context.reject(number, "too_large", " ".join(["the item", *ids, what]))
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
