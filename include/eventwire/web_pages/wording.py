"""How the texts that stand on a page are cleaned and compared."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_TAG: Final = re.compile(r"<[^<>]{1,500}>")
_SPACES: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"[.!?…។။。！？؟।][\"'”’»)\]]*\s*$")


def clean_text(value: str) -> str:
    """Return a stated text without markup, entities resolved, white space collapsed."""
    text = unescape(unescape(value)) if "&" in value else value
    return _SPACES.sub(" ", _TAG.sub("", text)).strip()


def letters(text: str) -> str:
    """Return the letters and digits of a text in lower case, by which two texts are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def ends_sentence(text: str) -> bool:
    """Return whether a text ends with the mark at the end of a sentence, quotes disregarded."""
    return _SENTENCE_END.search(text) is not None
