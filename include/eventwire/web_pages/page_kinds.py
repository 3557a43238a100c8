"""Whether a page holds an article at all, or is a list of them, a wall, an error or a gallery."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from lxml import html

from include.eventwire.web_pages.addresses import is_site_root
from include.eventwire.web_pages.page_text import link_texts
from include.eventwire.web_pages.statements import Statements
from include.eventwire.web_pages.wording import ends_sentence

# Not "ItemList": articles carry lists of related ones.
_LIST_TYPES: Final = frozenset({"CollectionPage", "SearchResultsPage"})
_VIEW_TYPES: Final = frozenset({"ImageGallery", "MediaGallery", "VideoObject", "AudioObject"})
_ERROR_TITLE: Final = re.compile(
    r"(?:error )?(?:40[0134]|410|429|50[0234])\W*|"
    r"(?:error )?(?:40[0134]|410|429|50[0234])\W+(?:error|page|not found|forbidden|bad|gone|"
    r"unauthori[sz]ed|too many requests|internal|service|gateway)\b.*|"
    r".*\bpage (?:not found|can(?:no|')t be found)\b.*|"
    r"not found|access (?:is )?(?:denied|to this page has been denied)\b.*|just a moment\W*|"
    r"attention required!?.*|are you a (?:robot|human)\b.*|(?:service|site) unavailable\b.*|"
    r"forbidden|security check\b.*|please (?:wait|verify)\b.*|log ?in|sign ?in|"
    r"(?:we value your privacy|before you continue|cookie (?:consent|policy|settings))\b.*",
    re.IGNORECASE | re.DOTALL,
)
# Words of consent dialogues: many different ones close together, and it is one.
_CONSENT_WORDS: Final = re.compile(
    r"\bcookies?\b|\bconsent\b|\bprivacy\b|\b(?:accept|reject) all\b|\b(?:our )?partners\b|"
    r"\blegitimate interest|\bpersonal(?:ised)? (?:data|ads|content)\b|\bwithdraw your\b|"
    r"\bmanage (?:options|preferences|settings)\b|"
    r"\bdatenschutz\w*|\beinwilligung\w*|\bpartnern?\b|\balle akzeptieren\b|\bwiderrufen\b|"
    r"\bconsentement|\bconfidentialité|\bpartenaires\b|\btout accepter\b|\bdonnées personnelles\b|"
    r"\bconsentimiento|\bprivacidad|\bsocios\b|\baceptar todo\b|\bdatos personales\b",
    re.IGNORECASE,
)
_LEAST_CONSENT_WORDS: Final = 4  # different ones
_CONSENT_SHARE: Final = 0.05  # of the words of a text; news about privacy law has less
# Characters. The shortest one-paragraph flashes of agencies have about 60.
_SHORT_TEXT: Final = 400
_LONGEST_ERROR: Final = 1_500
_SHORT_STUB: Final = 600
_NO_PARAGRAPH: Final = 150
_STUB_SHARE: Final = 0.5
# An index is made of links by its letters, or is long and has a headline to every few lines.
_LEAST_LINES: Final = 4
_LONG_LINE: Final = 200  # characters; entries of lists are shorter
_LINKED_SHARE: Final = 0.5
_MANY_LINKED_LINES: Final = 8
_LINKED_LINES_SHARE: Final = 0.3


def find_objection(
    tree: html.HtmlElement, statements: Statements, url: str | None, text: str
) -> str | None:
    """Return why a page is no article, as half a sentence for a person, or None when it is one.

    A page that declares itself an article is believed unless its text is that of a wall. Of
    others the address, the declared kind and the make-up of the text are looked at. The length of
    a text alone is no objection: real news can be one sentence.

    Args:
        tree: The page.
        statements: What the page states.
        url: Address of the page, if it is known.
        text: The body that was found.
    """
    if _is_consent(text):
        return "it asks for consent to cookies instead of showing the article"
    if statements.linked_data.article:
        return _find_wall(statements, text)
    if len(text) < _LONGEST_ERROR and _ERROR_TITLE.fullmatch(statements.title):
        return f"it is an error or login page, titled {statements.title[:80]!r}"
    if (statements.first("og:type") or "").lower() == "article":
        return None
    return _find_other_kind(statements, url, text) or _find_list(tree, text)


def is_free(statements: Statements) -> bool | None:
    """Return whether the page says that all can read it, or None when it does not say."""
    stated = statements.linked_data.article.get("isAccessibleForFree")
    if isinstance(stated, bool):
        return stated
    known = {"true": True, "false": False}
    if isinstance(stated, str) and stated.strip().lower() in known:
        return known[stated.strip().lower()]
    tier = (statements.first("article:content_tier") or "").lower()
    return {"free": True, "locked": False}.get(tier)


def _is_consent(text: str) -> bool:
    found = [word.casefold() for word in _CONSENT_WORDS.findall(text)]
    is_dense = len(found) > _CONSENT_SHARE * len(text.split())
    return is_dense and len(set(found)) >= _LEAST_CONSENT_WORDS


def _find_wall(statements: Statements, text: str) -> str | None:
    """Return that a page shows hardly more of a paid article than its headline.

    A first paragraph that is whole tells what happened, and is kept as the article.
    """
    if is_free(statements) is not False:
        return None
    stated = statements.linked_data.text("articleBody") or ""
    count = statements.linked_data.article.get("wordCount")
    words = int(count) if isinstance(count, int | str) and str(count).isdigit() else 0
    is_cut = len(text.split()) < _STUB_SHARE * words or len(text) < _STUB_SHARE * len(stated)
    is_open_ended = len(text) < _SHORT_STUB and not ends_sentence(text)
    if (is_cut and len(text) < _NO_PARAGRAPH) or is_open_ended:
        return f"it shows only the first {len(text):,} characters of an article behind a paywall"
    return None


def _find_other_kind(statements: Statements, url: str | None, text: str) -> str | None:
    if url is not None and is_site_root(url):
        return "it is the front page of a site"
    if url is not None and _is_search(url):
        return "it is a page of search results"
    types = statements.linked_data.types
    if listed := sorted(types & _LIST_TYPES):
        return f"it declares itself a list ({listed[0]})"
    kind = (statements.first("og:type") or "").lower()
    if len(text) < _SHORT_TEXT and (types & _VIEW_TYPES or kind.startswith(("video", "music"))):
        return "it is a gallery or a video with a caption"
    return None


def _is_search(url: str) -> bool:
    parts = urlsplit(url)
    names = set(parse_qs(parts.query))
    return bool(names & {"q", "query", "s", "search"}) and (
        "search" in parts.path.lower() or parts.path.strip("/") == ""
    )


def _find_list(tree: html.HtmlElement, text: str) -> str | None:
    """Return whether the text is made of what elsewhere are links: the page is an index."""
    anchors = link_texts(tree)
    lines = text.split("\n\n")
    linked = [line for line in lines if line in anchors]
    is_made_of_links = sum(map(len, linked)) > _LINKED_SHARE * len(text)
    is_long_list = len(linked) >= max(_MANY_LINKED_LINES, _LINKED_LINES_SHARE * len(lines))
    if len(lines) >= _LEAST_LINES and (is_made_of_links or is_long_list):
        return f"it is a list: {len(linked)} of its {len(lines)} paragraphs are links"
    if len(lines) >= _LEAST_LINES and not any(map(_is_prose, lines)):
        return "none of its paragraphs is a sentence"
    return None


def _is_prose(line: str) -> bool:
    # Thai and Lao have no mark at the end of a sentence.
    return ends_sentence(line) or len(line) >= _LONG_LINE
