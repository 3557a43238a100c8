"""The form of `maintain_lake`: what to do. The DAG file reads it at every parse.

It imports nothing heavy; Airflow refuses a value that its schema does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from include.eventwire.airflow_tasks.form_values import read_text

# Every field may stay empty, which is null: an empty text would disable the button of the form.
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "steps": {
        "type": ["null", "string"],
        "enum": [None, "verify", "sweep", "compact"],
        "values_display": {
            "null": "all of them, or forget alone when an article is named below",
            "verify": "verify the lake",
            "sweep": "verify, then sweep what stopped runs left",
            "compact": "verify, then put the batches of a day together",
        },
        "title": "Steps",
        "description": "What to do after what a kill left has been finished.",
    },
    "forget": {
        "type": ["null", "string"],
        "minLength": 1,
        "maxLength": 4096,
        "title": "Forget",
        "description": "Id of an article (32 digits) or a web address: the article, or all from "
        "there, leaves the lake for good and is kept out.",
    },
    "reason": {
        "type": ["null", "string"],
        "minLength": 1,
        "maxLength": 500,
        "title": "Reason",
        "description": "Why it is forgotten, for the tombstone. Nothing of the article's content.",
    },
    "with_copies": {
        "type": ["null", "boolean"],
        "title": "With copies",
        "description": "Forget its copies as well, exact and near ones.",
    },
}


class MaintainFormError(ValueError):
    """The form cannot be understood; the message is for whoever filled it in."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be done.

    Attributes:
        steps: Some of "sweep" and "compact"; verifying goes before both.
        forget: Article or address to forget, or None.
        reason: Why.
        with_copies: Whether its copies are forgotten as well.
    """

    steps: frozenset[str]
    forget: str | None
    reason: str | None
    with_copies: bool


def read_form(form: Mapping[str, object]) -> Wishes:
    """Return what is to be done.

    Raises:
        MaintainFormError: A field is unknown, or tells more of a request that is not made.
        FormError: A value is no text, or has a character in it that cannot be written down.
    """
    if unknown := set(form) - set(FIELDS):
        known = ", ".join(FIELDS)
        raise MaintainFormError(f"unknown: {', '.join(sorted(unknown))}; there are {known}")
    forget, reason = read_text(form, "forget"), read_text(form, "reason")
    if forget is None and (reason or form["with_copies"]):
        raise MaintainFormError("Forget names no article, yet there is more said of it: fill it in")
    steps = frozenset({"sweep", "compact"})
    if (wanted := read_text(form, "steps")) is not None or forget is not None:
        steps &= {str(wanted)}
    return Wishes(steps, forget, reason, bool(form["with_copies"]))
