"""The author line that opens some reports: "By JANE DOE", on a line of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# A line of names is short, and says by whom: by, von, par, por, di, door, af, av.
_LINE: Final = re.compile(
    r"\s*(?P<byline>(?:By|BY|Von|VON|Par|PAR|Por|POR|Di|DI|Door|Af|Av) [^\n]{3,80}?)[ \t]*\r?\n\s*"
)
# The line below it may say what the author is: "Associated Press Writer".
_OFFICE: Final = re.compile(
    r"[^\n.!?:]{0,40}\b(?:Writers?|Correspondents?|Reporters?|Editors?|Staff|News|Press|Service|"
    r"WRITERS?|CORRESPONDENTS?|REPORTERS?|EDITORS?|STAFF|NEWS|PRESS|SERVICE)\b[^\n.!?:]{0,30}\r?\n\s*"
)
_NAME_PARTS: Final = re.compile(r"(?:,| and | AND | und | et | y | e | & )\s*")
_PARTICLES: Final = frozenset(
    "al bin da dal de del della den der di dos du el ibn la le of ter van von y zu".split()
)


@dataclass(frozen=True, slots=True)
class Byline:
    """An author line within a text.

    Attributes:
        text: The line as printed, white space made single.
        end_char: Where the text goes on after it, and after the line that says what the author is.
    """

    text: str
    end_char: int


def find_byline(text: str) -> Byline | None:
    """Return the byline that `text` opens with, or None.

    It is a line of its own that begins with "By" (or its like in other languages) and holds
    nothing but names: no digits, no words in small letters but particles of names.
    """
    match = _LINE.match(text)
    if match is None:
        return None
    names = _NAME_PARTS.split(match["byline"].split(" ", 1)[1].strip())
    if not _is_name(names[0]) or not all(_is_capitalised(name) for name in names):
        return None
    office = _OFFICE.match(text, match.end())
    return Byline(clean_byline(match["byline"]) or "", (office or match).end())


def clean_byline(byline: str | None) -> str | None:
    """Return a byline as printed, its white space made single; None when nothing is left."""
    return " ".join((byline or "").split()) or None


def _is_name(words: str) -> bool:
    """Tell whether `words` are two to five, as those of a person's name are."""
    return 2 <= len(words.split()) <= 5


def _is_capitalised(words: str) -> bool:
    if words.isalpha() and len(words) <= 3:  # ", dpa"
        return True
    return bool(words) and all(
        word.rstrip(".") in _PARTICLES or (word[0].isupper() and not any(map(str.isdigit, word)))
        for word in words.split()
    )
