"""XML of an agency's own: its profile says which elements are stories, and where the fields stand.

Nothing is known of such a format but what the profile says: see `[agency_xml]` in
`include/config/agencies/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from lxml import etree

from include.eventwire.inputs.agency_profiles import AgencyProfile, choose_profile, load_profiles
from include.eventwire.readers.agency_fields import (
    AgencyItem,
    find_elements,
    read_concepts,
    read_texts,
    to_article,
)
from include.eventwire.readers.agency_files import parse_file, read_in_time
from include.eventwire.readers.agency_text import story_text
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_FORMAT: Final = "agency_xml"


def read_agency_xml(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the stories of a file in an XML that a profile describes."""
    root = parse_file(context)
    if isinstance(root, Reject):
        yield root
        return
    profile = choose_profile(load_profiles(), root=str(root.tag))
    paths = profile.paths.get(_FORMAT, {})
    if not paths.get("records") or not paths.get("text"):
        known = ", ".join(sorted({name for known in load_profiles() for name in known.roots}))
        detail = (
            f"no profile says where the stories stand below {root.tag}; known roots: {known}; "
            "describe it in include/config/agencies"
        )
        yield context.reject(1, "unknown_format", detail)
        return
    stories = [story for path in paths["records"] for story in find_elements(root, path)]
    if not stories:
        yield context.reject(1, "not_an_article", f"{root.tag} is empty: it holds no story")
    for number, story in enumerate(stories, start=1):
        yield read_in_time(context, number, partial(_read_story, story, number, profile, context))


def _read_story(
    story: etree._Element, number: int, profile: AgencyProfile, context: ReadContext
) -> RawArticle | Reject:
    texts = read_texts(story, {}, profile, _FORMAT)
    texts.setdefault("item_type", ["text"])
    parts = [
        story_text(payload, profile, "")
        for path in profile.paths[_FORMAT]["text"]
        for payload in find_elements(story, path)
    ]
    text = "\n\n".join(part for part in parts if part)
    if not text:
        ids = texts.get("source_id", [])
        detail = " ".join(["the item", *ids, "is an empty stub: it has no text"])
        return context.reject(number, "not_an_article", detail)
    concepts = read_concepts(story, profile, _FORMAT)
    return to_article(AgencyItem(number, profile, text, texts, concepts), context)
