"""What an input states beside the fields of an article, as one JSON text of bounded size."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Final

from include.eventwire.cleaning.decoding import find_unstorable

# An agency's item with all its codes has 2 to 10 thousand characters.
_MOST_CHARS: Final = 64 * 1024
# What is left of a text that has to be cut.
_CUT_CHARS: Final = 1_000
_MOST_NAMES: Final = 20
_DEEPEST: Final = 6
# Names the values that were cut or left out.
CUT: Final = "metadata_cut"


def write_metadata(stated: Mapping[str, object]) -> str | None:
    """Return `stated` as a JSON object with sorted keys, or None when it states nothing.

    Values of None, empty texts, lists and mappings and numbers that JSON lacks are left out; dates
    and times are written in ISO 8601. Characters that tables cannot hold (NUL, half a surrogate
    pair) are taken out: metadata never cost an article. Of more than 64 thousand characters the
    largest values are cut, texts to their beginning, others altogether, and named in
    "metadata_cut".
    """
    values = _clean_mapping(stated, 0)
    written = _write(values)
    if len(written) > _MOST_CHARS:
        written = _write(_cut(values))
    return written if values else None


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _cut(values: dict[str, object]) -> dict[str, object]:
    """Return the smaller values, and of the larger ones what there is room for."""
    sizes = {name: len(_write({name: value})) for name, value in values.items()}
    room = _MOST_CHARS - _MOST_NAMES * 100  # for the names of what is cut
    kept: dict[str, object] = {}
    cut: list[str] = []
    for name in sorted(sizes, key=lambda name: (sizes[name], name)):
        value = values[name]
        if sizes[name] > room:
            cut.append(name)
            value = value[:_CUT_CHARS] if isinstance(value, str) else None
        size = len(_write({name: value}))
        if value is not None and size <= room:
            kept[name] = value
            room -= size
    return {**kept, CUT: [name[:80] for name in cut[:_MOST_NAMES]]}


def _clean(value: object, depth: int) -> object:
    """Return `value` as JSON has it, or None when there is nothing to keep."""
    match value:
        case str():
            return _clean_text(value)
        case bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case date() | time():
            return value.isoformat()
        case Mapping() if depth < _DEEPEST:
            return _clean_mapping(value, depth + 1) or None
        case Sequence() | set() | frozenset() if depth < _DEEPEST and not isinstance(value, bytes):
            items = sorted(value, key=repr) if isinstance(value, set | frozenset) else value
            return [kept for item in items if (kept := _clean(item, depth + 1)) is not None] or None
        case None:
            return None
        case _:
            return _clean_text(str(value))


def _clean_mapping(stated: Mapping[str, object], depth: int) -> dict[str, object]:
    cleaned = ((_clean_text(str(name)), _clean(value, depth)) for name, value in stated.items())
    return {name: value for name, value in cleaned if name and value is not None}


def _clean_text(text: str) -> str | None:
    if find_unstorable(text):
        text = text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
    return text if text.strip() else None
