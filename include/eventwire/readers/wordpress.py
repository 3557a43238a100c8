"""Exports of WordPress (WXR): RSS that holds all posts, pages, pictures and drafts of a site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# Kinds of post that hold no story, and states in which none was published.
_NO_STORIES: Final = frozenset(
    "attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request "
    "wp_block wp_global_styles wp_navigation wp_template wp_template_part".split()
)
_UNPUBLISHED: Final = frozenset(("auto-draft", "draft", "future", "pending", "trash"))

_BLANK_LINES: Final = re.compile(r"\n[ \t\r]*\n\s*")
_CAPTION: Final = re.compile(r"\[/?(?:wp_)?caption\b[^\[\]]*\]")
# Short codes are closed, or have an underscore, hyphen or attribute. "[sic]" is none.
_CLOSED: Final = re.compile(r"\[/([a-z][\w-]*)\]")
_CODE: Final = re.compile(r"\[/?([a-z][\w-]*)((?:\s[^\[\]]*)?)\]")
_ALWAYS_CODES: Final = frozenset(("gallery", "playlist"))


def facts_of_post(entry: Mapping[str, object]) -> dict[str, object]:
    """Return what WordPress states of a post, for its metadata; nothing when it is none.

    Args:
        entry: An entry as feedparser has it.
    """
    if not isinstance(entry.get("wp_post_type"), str):
        return {}
    names = {"post_type": "wp_post_type", "status": "wp_status", "post_id": "wp_post_id"}
    return {ours: entry[theirs] for ours, theirs in names.items() if entry.get(theirs)}


def find_unpublished(metadata: Mapping[str, object]) -> str | None:
    """Return why a post with that metadata is no published article, or None when it is one."""
    kind, status = metadata.get("post_type"), metadata.get("status")
    if kind in _NO_STORIES:
        return f"the item is of the kind {kind!r} of WordPress, which holds no story"
    if kind is not None and status in _UNPUBLISHED:
        return f"the item is a post of WordPress in the state {status!r}, not published"
    return None


def body_of_post(body: str) -> str:
    """Return the body of a post as HTML: paragraphs marked, short codes taken out.

    WordPress stores paragraphs as blank lines and marks them when it shows a page.
    """
    body = _CAPTION.sub("\n\n", body)
    codes = {*_CLOSED.findall(body), *_ALWAYS_CODES}
    body = _CODE.sub(lambda code: "" if _is_code(code, codes) else code[0], body)
    return _BLANK_LINES.sub("\n<p>", body)


def _is_code(found: re.Match[str], codes: set[str]) -> bool:
    name, rest = found[1], found[2]
    return name in codes or "_" in name or "-" in name or "=" in rest
