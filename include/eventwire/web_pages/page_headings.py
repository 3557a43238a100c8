"""Sub-headings, which extractors leave out on pages that do not mark the article as such."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import html

from include.eventwire.web_pages.wording import clean_text, letters

_LONGEST: Final = 200
# Letters by which a paragraph is known, and characters that surely hold them.
_STEM: Final = 40
_WITHIN: Final = 400
_LEAST: Final = 12


def restore_headings(
    tree: html.HtmlElement, paragraphs: Sequence[str], title_lines: Sequence[str]
) -> list[str]:
    """Return `paragraphs` with the headings that stand right before one of them on the page.

    What stands before the first paragraph, and what is among `title_lines`, is no sub-heading.
    """
    known = {letters(text) for text in (*paragraphs, *title_lines)}
    stems = [letters(paragraph)[:_STEM] for paragraph in paragraphs]
    places = {stem: index for index, stem in enumerate(stems) if index and len(stem) >= _LEAST}
    headings: dict[int, str] = {}
    for heading in tree.iter("h2", "h3", "h4"):
        following = heading.getnext()
        if following is None or next(heading.iterancestors("a"), None) is not None:
            continue
        place = places.get(letters(following.text_content()[:_WITHIN])[:_STEM])
        text = clean_text(heading.text_content())
        if place and 0 < len(text) <= _LONGEST and letters(text) not in known:
            headings[place] = text
    return [
        line
        for index, paragraph in enumerate(paragraphs)
        for line in (headings.get(index), paragraph)
        if line
    ]
