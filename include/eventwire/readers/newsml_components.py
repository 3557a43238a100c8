"""The components of an item of NewsML 1: which of them are stories, and what their contents are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from include.eventwire.readers.agency_fields import find_elements, find_texts

# Contents in these roles are a story, in those no part of one.
_BODY_ROLES: Final = frozenset({"body", "main", "maintext", "text", "story", "article"})
_OTHER_ROLES: Final = frozenset(
    "abstract advisory caption contact headline logo metadata stylesheet subheadline summary "
    "tagline thumbnail".split()
)
_TEXT_TYPES: Final = frozenset({"", "text", "complexdata", "complex", "xml", "html"})
_NO_STORY_FORMATS: Final = ("css", "javascript", "image/", "audio/", "video/", "jpeg", "gif", "png")
_FORMATS: Final = ("Format/@FormalName", "MimeType/@FormalName")


@dataclass(frozen=True, slots=True)
class Story:
    """A component that is a story.

    Attributes:
        component: The component, in which and around which its fields stand.
        contents: Its contents in the role of a body.
        mark: What tells it from other stories of the item; empty for the only one.
    """

    component: etree._Element
    contents: list[etree._Element]
    mark: str


@dataclass(frozen=True, slots=True)
class Components:
    """The components of an item, found in one walk over them.

    Attributes:
        item: The item.
        roles: The role of each, or that of the nearest one around it that has one.
        homes: The component of the story that each belongs to.
    """

    item: etree._Element
    roles: Mapping[etree._Element, str]
    homes: Mapping[etree._Element, etree._Element]

    @classmethod
    def of(cls, item: etree._Element) -> Components:
        """Return the components of `item`."""
        roles: dict[etree._Element, str] = {}
        homes: dict[etree._Element, etree._Element] = {}
        for component in item.iter("NewsComponent"):  # those around one come before it
            around = next(component.iterancestors("NewsComponent"), None)
            role = component.find("Role")
            stated = "" if role is None else role.get("FormalName", "")
            inherited = "" if around is None else roles[around]
            roles[component] = stated.replace(" ", "").lower() or inherited
            is_home = around is None or (component.findtext("NewsLines/HeadLine") or "").strip()
            homes[component] = component if around is None or is_home else homes[around]
        return cls(item, roles, homes)

    def stories(self) -> list[Story]:
        """Return the stories of the item, in their order."""
        contents = [
            content
            for content in self.item.iter("ContentItem")
            if is_text(content) and self._role(content) not in _OTHER_ROLES
        ]
        bodies = [content for content in contents if self._role(content) in _BODY_ROLES]
        found: dict[etree._Element, list[etree._Element]] = {}
        for content in bodies or contents:
            found.setdefault(self._home(content), []).append(content)
        return [
            Story(component, of_story, f"#{number}" if len(found) > 1 else "")
            for number, (component, of_story) in enumerate(found.items(), start=1)
        ]

    def in_role(self, component: etree._Element, role: str) -> Iterator[etree._Element]:
        """Yield the contents below `component` that have a role."""
        return (c for c in component.iter("ContentItem") if self._role(c) == role)

    def _role(self, content: etree._Element) -> str:
        return self.roles.get(next(content.iterancestors("NewsComponent"), content), "")

    def _home(self, content: etree._Element) -> etree._Element:
        around = next(content.iterancestors("NewsComponent"), content)
        return self.homes.get(around, content)


def is_text(content: etree._Element) -> bool:
    """Tell whether a content is a text that lies in the file itself."""
    kind = "".join(find_texts(content, ("MediaType/@FormalName",))).lower()
    name = format_of(content).lower()
    if kind not in _TEXT_TYPES or any(format_ in name for format_ in _NO_STORY_FORMATS):
        return False
    data = find_elements(content, ".//DataContent")
    return any(len(element) or (element.text or "").strip() for element in data)


def format_of(content: etree._Element) -> str:
    """Return what a content says of its format."""
    return " ".join(name for path in _FORMATS for name in find_texts(content, (path,)))
