"""The dateline that an agency puts before its first sentence: "NAIROBI, June 6 (Reuters) - "."""

from __future__ import annotations

import re
from typing import Final

_DATELINE: Final = re.compile(
    r"\s*[A-Z][A-Z.'’ -]+(?:,\s*[A-Z][\w.'’ ]+)?"  # NAIROBI, or BATON ROUGE, Louisiana
    r"(?:,?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2})?"
    r"\s*(?:\([\w /.-]{2,30}\))?\s*(?:--|[-–—])\s*-?\s*"
)
# A longer opening in capitals is a headline.
_LONGEST: Final = 80


def find_dateline_end(text: str) -> int:
    """Return where the story begins after its dateline: a character of `text`, 0 without one."""
    match = _DATELINE.match(text, 0, _LONGEST)
    if match is None or not text[match.end() : match.end() + 1].strip():
        return 0
    return match.end()
