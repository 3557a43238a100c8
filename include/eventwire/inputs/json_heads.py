"""Which format a JSON file is in by its first bytes: by the names of fields, at their depth."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final

# A text, also one that breaks off (or every quote in it would be tried as its beginning), with the
# colon behind a name; or a bracket. What matched is not tried in other ways (*+).
_TOKEN: Final = re.compile(
    rb'"((?:[^"\\]|\\.)*+)(?:"(?:\s*+(:))?|\\?\Z)|[{}\[\]]',
    re.DOTALL,
)
# Deeper names tell nothing, and hostile files are a hundred thousand levels deep.
_DEEPEST: Final = 6
# A record of which these hold the text is not ninjs, whatever else it has.
_RECORD_NAMES: Final = frozenset({b"text", b"body", b"content"})
_NINJS_IDS: Final = frozenset({b"uri", b"guid"})
_NINJS_NAMES: Final = frozenset(
    b"$standard standard bodies headlines versioncreated representationtype pubstatus body_html "
    b"body_xhtml body_text body_main altids".split()
)
_AP_NAMES: Final = frozenset({b"api_version", b"api_mode"})


@dataclass(slots=True)
class _Names:
    """The names in an object, or in those of a list; and the objects and lists in it, by name."""

    names: set[bytes] = field(default_factory=set)
    within: dict[bytes, _Names] = field(default_factory=dict)


def recognise_json(head: bytes) -> str:
    """Return the format of a JSON file by what it begins with.

    Args:
        head: Its first bytes in UTF-8, beginning with "{" or "[".
    """
    if b"jsonfeed.org/version" in head:
        return "json_feed"
    root = _find_names(head)
    if _is_ap_media(root):
        return "ap_media"
    wrapped = [part for part in root.within.values() if part.names]
    if _is_ninjs(root) or (not root.names & _RECORD_NAMES and any(map(_is_ninjs, wrapped))):
        return "ninjs"
    if head.lstrip().startswith(b"{"):
        first, _, rest = head.partition(b"\n")
        if first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{"):
            return "jsonl"
        # An empty item of ninjs lacks what every item must have; of records there is none.
        return "ninjs" if not root.names else "json_records"
    return "json_records"


def is_json_scalar(head: bytes) -> bool:
    """Return whether a whole file is one text, number, true, false or null of JSON."""
    if head[:1] not in b'"-0123456789tfn' or head.count(b"\n") > 1:
        return False
    try:
        return not isinstance(json.loads(head), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_ninjs(part: _Names) -> bool:
    if part.names & _RECORD_NAMES:
        return False
    return bool(part.names & _NINJS_NAMES or part.names & _NINJS_IDS)


def _is_ap_media(root: _Names) -> bool:
    data = root.within.get(b"data", root)
    if not {b"item", b"items"} & set(data.within):
        return False
    # Of an answer, or of the part of it that was saved by itself.
    item = data.within.get(b"item", _Names())
    return bool(root.names & _AP_NAMES) or (b"meta" in data.names and b"altids" in item.names)


def _find_names(head: bytes) -> _Names:
    """Return the names in the first levels of a JSON text, which may break off anywhere."""
    root = _Names()
    # The objects and lists that are open. The objects in a list count as one, as the list does.
    stack: list[_Names] = []
    depth = 0
    name = b""
    for token in _TOKEN.finditer(head):
        if token[0] in (b"{", b"["):
            depth += 1
            if depth <= _DEEPEST:
                within = stack[-1] if stack else root
                stack.append(within.within.setdefault(name, _Names()) if name else within)
        elif token[0] in (b"}", b"]"):
            depth -= 1
            del stack[max(depth, 0) :]
        is_name = bool(token[2]) and depth == len(stack) > 0
        name = token[1].lower() if is_name else b""
        if is_name:
            stack[-1].names.add(name)
    return root
