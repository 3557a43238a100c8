"""Repairs text that was decoded with the wrong encoding somewhere on its way (mojibake).

Only characters that cannot have been meant are changed: UTF-8 that was read as Latin-1 or a code
page of Windows ("CafÃ©"), once or several times, and C1 controls that stand for typographic signs.
Quotation marks, ligatures, full-width letters, entities, line ends, accents in two characters and
controls of terminals are what the publisher wrote, and stay.
"""

from __future__ import annotations

import re
from typing import Final

from ftfy import TextFixerConfig, fix_text
from ftfy.badness import is_bad

from include.eventwire.cleaning.decoding import find_unstorable

_CONFIG: Final = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
_C1_CONTROLS: Final = re.compile("[\x80-\x9f]")
# Signs that good prose in English has beside ASCII. Among themselves they are never mojibake, so
# that nearly every line is done with at this first look.
_UNSUSPICIOUS: Final = re.compile("[\x00-\x7f‘’“”–—…]*")


def repair_text(text: str) -> str:
    """Return `text` with mojibake repaired, line by line; good text is returned as it is.

    A repair that would give characters that tables cannot hold (NUL) is not made.
    """
    if text.isascii():
        return text
    lines = text.split("\n")
    repaired = [fix_text(line, _CONFIG) if _is_damaged(line) else line for line in lines]
    if repaired == lines:
        return text
    joined = "\n".join(repaired)
    return text if find_unstorable(joined) else joined


def _is_damaged(line: str) -> bool:
    if line.isascii() or _UNSUSPICIOUS.fullmatch(line):
        return False
    return is_bad(line) or _C1_CONTROLS.search(line) is not None
