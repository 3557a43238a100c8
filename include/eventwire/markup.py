"""HTML fragments, as agencies and feeds put the body of an article, to plain text."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html

# Elements that end a paragraph, and those whose words are none of the article.
_BLOCKS: Final = frozenset(
    "address article aside blockquote dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table td th tr ul block hl1 hl2 body".split()
)
_SILENT: Final = frozenset("script style noscript template iframe object svg head title".split())
_SPACES: Final = re.compile(r"[ \t\r\n\f\v]+")


def text_of_fragment(fragment: str) -> str:
    """Return the text of an HTML fragment, its paragraphs separated by a blank line.

    Entities are resolved, runs of white space become one space, `<br>` a line end; scripts, styles
    and the like are left out. A text without tags is returned the same way.
    """
    if not fragment.strip():
        return ""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    root = html.fromstring(f"<div>{fragment}</div>".encode(errors="replace"), parser=parser)
    return text_of_element(root)


def text_of_element(element: etree._Element) -> str:
    """Return the text below `element` (XHTML or HTML, any namespace) like `text_of_fragment`."""
    paragraphs: list[list[str]] = [[]]
    _collect(element, paragraphs)
    texts = (_join_lines("".join(parts)) for parts in paragraphs)
    return "\n\n".join(text for text in texts if text)


def _collect(element: etree._Element, paragraphs: list[list[str]]) -> None:
    # A walk over events and no recursion: broken pages nest thousands of levels deep.
    silent = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""
        if event == "start":
            silent += name in _SILENT
            if name in _BLOCKS:
                paragraphs.append([])
            if name == "br":
                paragraphs[-1].append("\0")
            if not silent:
                paragraphs[-1].append(_SPACES.sub(" ", node.text or ""))
            continue
        silent -= name in _SILENT
        if name in _BLOCKS:
            paragraphs.append([])
        if not silent and node is not element:
            paragraphs[-1].append(_SPACES.sub(" ", node.tail or ""))


def _join_lines(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\0"))
    return "\n".join(line for line in lines if line)
