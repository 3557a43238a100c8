"""What a page states in its head: `<meta>`, `<link>`, `<title>` and JSON-LD, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import html

from include.eventwire.web_pages.linked_data import LinkedData, read_linked_data
from include.eventwire.web_pages.wording import clean_text


@dataclass(frozen=True, slots=True)
class Statements:
    """What a page states of itself.

    Attributes:
        meta: Contents of the `<meta>` elements by their lower-cased name, property or itemprop,
            in the order of the page; empty ones left out.
        links: Addresses of the `<link>` elements, the first by each lower-cased relation.
        title: Content of `<title>`, or an empty text.
        language: Attribute `lang` of the page, or None.
        linked_data: What its JSON-LD states.
    """

    meta: Mapping[str, Sequence[str]]
    links: Mapping[str, str]
    title: str
    language: str | None
    linked_data: LinkedData

    def first(self, *names: str) -> str | None:
        """Return the content of the first `<meta>` that is called by one of `names`."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def all(self, *names: str) -> list[str]:
        """Return the contents of all `<meta>` called by `names`, in the order of the names."""
        return [content for name in names for content in self.meta.get(name, ())]


def read_statements(tree: html.HtmlElement) -> Statements:
    """Return what the page states in its head and in scripts anywhere on it."""
    meta = _read_meta(tree)
    title = clean_text(tree.findtext(".//title") or "")
    headings = [clean_text(heading.text_content()) for heading in tree.iter("h1")]
    titles = [*meta.get("og:title", ()), *meta.get("twitter:title", ()), title, *headings[:3]]
    return Statements(
        meta=meta,
        links=_read_links(tree),
        title=title,
        language=tree.get("lang") or tree.get("xml:lang"),
        linked_data=read_linked_data(tree, titles),
    )


def _read_meta(tree: html.HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        names = {
            (element.get(attribute) or "").strip().lower()
            for attribute in ("property", "name", "itemprop", "http-equiv")
        }
        content = clean_text(element.get("content") or "")
        for name in sorted(names - {""}) if content else ():
            found.setdefault(name, []).append(content)
    return found


def _read_links(tree: html.HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("link"):
        address = (element.get("href") or "").strip()
        for relation in (element.get("rel") or "").lower().split() if address else ():
            found.setdefault(relation, address)
    return found
