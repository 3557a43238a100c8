"""HTML fragments and trees, as agencies and feeds put the body of an article, to plain text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import Final, Literal

from lxml import etree

# Elements that end a paragraph, and those whose words are none of the article. `bq`, `fn`, `hl1`
# and their like are NITF's.
_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre "
    "section summary table tbody tfoot thead ul block body.content bq credit datasource fn hl1 "
    "hl2 hedline media-caption nitf-table note tagline".split()
)
_SILENT: Final = frozenset(
    "script style noscript template iframe object svg math head title select textarea datalist "
    "audio video canvas embed".split()
)
_CELLS: Final = frozenset({"td", "th"})
_TAG: Final = re.compile(r"<[A-Za-z/!?]")
# A section without markup would count as a comment in HTML.
_SECTION_MARK: Final = re.compile(r"<!\[CDATA\[|\]\]>")
# The end of a paragraph that is not open: another one has ended it.
_PARAGRAPH_END: Final = re.compile(r"</p\s*>", re.IGNORECASE)
_ANY_TAG: Final = re.compile(r"<(?!/?(?:script|style)\b)[^<>]*>", re.IGNORECASE)
# The tree of more takes a gigabyte; an article has hundreds. Each tag ends a paragraph then.
_MOST_TAGS: Final = 300_000
_SPACES: Final = re.compile(r"[ \t\r\n\f\v\xa0]+")
_LINE_END: Final = re.compile(r"\r\n?|\n")
# Control characters have no place in a text (two of them mark the ends of lines and cells here);
# soft hyphens, zero-width spaces and byte order marks are set for a printer and split words.
_UNSEEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff]")
_LINE: Final = "\x00"
_CELL: Final = "\x01"
_BLANK_LINE: Final = re.compile(f"{_LINE}[ \xa0]*(?:{_LINE}[ \xa0]*)+")
_TWICE_ESCAPED: Final = re.compile(r"&(?:amp;)*(quot|apos|nbsp|#0*39|#0*34|#160|amp);")

LineEnds = Literal["br", "source", "none"]
"""What ends a line within a paragraph: `<br>`; line ends of the source as well; nothing, where
`<br>` stands at the end of every line of a hard-wrapped text."""


def text_of_fragment(
    fragment: str, *, without: Collection[str] = (), line_ends: LineEnds = "br"
) -> str:
    """Return the text of an HTML fragment, its paragraphs separated by a blank line.

    Entities are resolved, runs of white space become one space, `<br>` a line end, two of them the
    end of a paragraph; a row of a table is a line, its cells separated by tabs. Scripts, styles
    and the like are left out. Of a text without tags the blank lines separate the paragraphs.

    Args:
        fragment: The fragment; half a surrogate pair in it becomes "?".
        without: Local names, in small letters, of further elements to leave out.
        line_ends: What ends a line within a paragraph.
    """
    if not _TAG.search(fragment):
        return text_of_plain(unescape(fragment), line_ends="none")
    if fragment.count("<") > _MOST_TAGS:
        return text_of_plain(unescape(_ANY_TAG.sub("\n\n", fragment)), line_ends="none")
    root = parse_html(fragment)
    return "" if root is None else text_of_element(root, without=without, line_ends=line_ends)


def text_of_element(
    element: etree._Element, *, without: Collection[str] = (), line_ends: LineEnds = "br"
) -> str:
    """Return the text below `element` (XHTML, NITF or HTML, any namespace) in the same way."""
    pieces = _collect(element, _SILENT.union(without), keeps_lines=line_ends == "source")
    return _join(pieces, " " if line_ends == "none" else "\n")


def text_of_plain(text: str, *, line_ends: LineEnds = "source") -> str:
    """Return a text without markup in the same way: paragraphs are those between blank lines."""
    clean = _UNSEEN.sub("", text.encode(errors="replace").decode())
    return _join([_LINE_END.sub(_LINE, clean)], " " if line_ends == "none" else "\n")


def parse_html(fragment: str) -> etree._Element | None:
    """Return the tree of an HTML fragment or page, or None when there is nothing in it.

    Of a broken page that nests deeper than the parser goes (2,048 levels) every tag becomes the
    end of a paragraph, so that no word is lost.
    """
    clean = _UNSEEN.sub("", _SECTION_MARK.sub("", fragment))
    root, is_whole = _parse(_PARAGRAPH_END.sub("<br><br></p>", clean))
    return root if is_whole else _parse(_ANY_TAG.sub("<br><br>", clean))[0]


def _parse(markup: str) -> tuple[etree._Element | None, bool]:
    """Return the tree of `markup`, and whether all of it is in the tree."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(markup.encode(errors="replace"), parser)
    except etree.XMLSyntaxError:  # nothing but white space or comments
        return None, True
    limit = etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return root, all(entry.type != limit for entry in parser.error_log)


def resolve_twice_escaped(text: str) -> str:
    """Return `text` with the names of quotes, ampersands and spaces in it resolved.

    They are left over where a sender has escaped its text twice (`&amp;quot;`).
    """
    return _TWICE_ESCAPED.sub(lambda match: unescape(f"&{match[1]};").replace("\xa0", " "), text)


@lru_cache(maxsize=4096)
def _local_name(tag: str) -> str:
    """Return the name of an element without namespace and prefix, in small letters."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _collect(
    element: etree._Element, silent: frozenset[str], *, keeps_lines: bool
) -> Iterator[str]:
    """Yield the text in pieces; None of them ends a paragraph, `_LINE` a line, `_CELL` a cell."""
    # A walk over events and no recursion: broken pages nest thousands of levels deep.
    n_silent = n_pre = 0
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        name = _local_name(node.tag) if isinstance(node.tag, str) else ""
        if event == "start":
            n_silent += name in silent
            n_pre += name == "pre"
            if mark := _START_MARKS.get(name):
                yield mark
            text = node.text
        else:
            if event == "end":
                n_silent -= name in silent
                n_pre -= name == "pre"
                if mark := _END_MARKS.get(name):
                    yield mark
            text = node.tail if node is not element else None
        if text and not n_silent:
            clean = _UNSEEN.sub("", text)
            if n_pre or keeps_lines:
                clean = _LINE_END.sub(_LINE, clean)
            yield _SPACES.sub(" ", clean)


_PARAGRAPH: Final = _LINE * 2
_START_MARKS: Final = {**dict.fromkeys(_BLOCKS, _PARAGRAPH), "br": _LINE}
_END_MARKS: Final = {
    **dict.fromkeys(_BLOCKS, _PARAGRAPH),
    **dict.fromkeys(_CELLS, _CELL),
    "tr": _LINE,
}


def _join(pieces: Iterable[str], between_lines: str) -> str:
    paragraphs = (
        _join_lines(paragraph, between_lines) for paragraph in _BLANK_LINE.split("".join(pieces))
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _join_lines(paragraph: str, between_lines: str) -> str:
    lines = (_join_cells(line) for line in paragraph.split(_LINE))
    return ("\n" if _CELL in paragraph else between_lines).join(line for line in lines if line)


def _join_cells(line: str) -> str:
    cells = [_SPACES.sub(" ", cell).strip() for cell in line.split(_CELL)]
    return "\t".join(cells).strip()
