"""How much HTML within a feed or a mail is turned into text: each tag costs memory."""

from __future__ import annotations

from typing import Final

from include.eventwire.settings import Settings

# A tree takes half a kilobyte a tag, whatever its text. Long reports with tables have some 10,000.
_MOST_TAGS: Final = 100_000


def find_excess(html: str, settings: Settings) -> str | None:
    """Return in which way `html` is larger than an article can be, or None when it is not."""
    if len(html) > settings.max_page_bytes:
        return f"more than {settings.max_page_bytes:,} characters; see EVENTWIRE_MAX_PAGE_BYTES"
    return f"more than {_MOST_TAGS:,} tags" if html.count("<") > _MOST_TAGS else None
