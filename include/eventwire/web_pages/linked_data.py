"""What a page states of itself in JSON-LD, by the vocabulary of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import html

from include.eventwire.web_pages.wording import clean_text, letters

Node = Mapping[str, object]

_ARTICLE_TYPE: Final = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report)")
# What scripts are wrapped in against old browsers, and commas that JSON does not allow.
_WRAPPING: Final = re.compile(
    r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$|;\s*$"
)
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
# The relations in which a page speaks of its main subject; others name related articles.
_MAIN_RELATIONS: Final = ("mainEntity", "mainEntityOfPage")
# Letters. Shorter titles ("News") are part of many headlines.
_LEAST_TITLE: Final = 8
_MOST_NODES: Final = 2_000


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The JSON-LD of a page.

    Attributes:
        article: The node that describes the article of the page; empty when there is none.
        types: Names of the types of all nodes at the top ("NewsArticle", "WebPage").
        by_id: Nodes by their "@id".
    """

    article: Node = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def texts(self, key: str) -> list[str]:
        """Return the texts that the article's `key` holds: as such, in lists, as names of nodes."""
        return list(self._texts_in(self.article.get(key), depth=0))

    def text(self, key: str) -> str | None:
        """Return the first of `texts`."""
        return next(iter(self.texts(key)), None)

    def nodes(self, key: str) -> list[Node]:
        """Return the nodes that the article's `key` holds, references followed."""
        values = self.article.get(key)
        listed = values if isinstance(values, list) else [values]
        return [self._follow(value) for value in listed if isinstance(value, dict)]

    def _texts_in(self, value: object, depth: int) -> Iterator[str]:
        if isinstance(value, str):
            if cleaned := clean_text(value):
                yield cleaned
        elif isinstance(value, list) and depth < 3:
            for item in value:
                yield from self._texts_in(item, depth + 1)
        elif isinstance(value, dict) and depth < 3:
            yield from self._texts_in(self._follow(value).get("name"), depth + 1)

    def _follow(self, node: Node) -> Node:
        reference = node.get("@id")
        known = self.by_id.get(reference) if isinstance(reference, str) else None
        return node if "name" in node or known is None else known


def read_linked_data(tree: html.HtmlElement, titles: Sequence[str]) -> LinkedData:
    """Return what the page states in its JSON-LD; scripts that are no JSON are left out.

    Args:
        tree: The page.
        titles: Titles of the page, by which its article is told from others described there.
    """
    nodes = list(_main_nodes(_load_scripts(tree)))[:_MOST_NODES]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    types = frozenset(name for node in nodes for name in _type_names(node))
    articles = [node for node in nodes if any(map(_ARTICLE_TYPE.fullmatch, _type_names(node)))]
    return LinkedData(_choose_article(articles, titles), types, by_id)


def _load_scripts(tree: html.HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        written = _WRAPPING.sub("", script.text or "").strip()
        for attempt in (written, _TRAILING_COMMA.sub(r"\1", written)):
            try:
                yield json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            break


def _main_nodes(values: Iterable[object], depth: int = 0) -> Iterator[Node]:
    """Yield the nodes at the top of the scripts and those that they call their main subject."""
    if depth > 4:
        return
    for value in values:
        if isinstance(value, list):
            yield from _main_nodes(value, depth + 1)
        elif isinstance(value, dict):
            yield value
            graph = value.get("@graph")
            inner = [value.get(relation) for relation in _MAIN_RELATIONS]
            yield from _main_nodes([graph, *inner], depth + 1)


def _type_names(node: Node) -> list[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str)]


def _choose_article(articles: Sequence[Node], titles: Sequence[str]) -> Node:
    """Return the node of the page's own article; none when it cannot be told from others."""
    shown = [key for title in titles if len(key := letters(title)) >= _LEAST_TITLE]
    for node in articles:
        headline = node.get("headline") or node.get("name")
        own = letters(clean_text(headline)) if isinstance(headline, str) else ""
        if own and any(own in title or title in own for title in shown):
            return node
    # A front page describes each of its articles; a retitled article is described once or twice.
    return articles[0] if 0 < len(articles) <= 3 else {}
