"""Values of the forms, whoever sent them: Airflow's UI, its REST API, or its command line.

DAG files read this at every parse, so it imports nothing heavy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# No name, path or file of JSON holds these: control characters, and halves of characters.
_UNUSABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What a message shows of a value.
_SHOWN: Final = 200


class FormError(ValueError):
    """The form asks for something that cannot be done; the message is for whoever filled it in."""


def read_text(form: Mapping[str, object], name: str) -> str | None:
    """Return the text in a field, without blanks around it; None for an empty one.

    Raises:
        FormError: The value is no text, or has a control character in it.
    """
    value = form[name]
    if value is not None and not isinstance(value, str):
        raise FormError(f"{name} is {_show(value)}; it must be a text")
    text = value.strip() if value else ""
    if _UNUSABLE.search(text):
        raise FormError(f"{name} is {_show(text)}; it must have no control characters in it")
    return text or None


def read_number(form: Mapping[str, object], name: str) -> int | None:
    """Return the whole number in a field; None for an empty one.

    Raises:
        FormError: The value is something else.
    """
    value = form[name]
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise FormError(f"{name} is {_show(value)}; it must be a whole number")
    return value


def _show(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
