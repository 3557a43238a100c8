"""The form of `fetch_feeds`: what may be filled in. The DAG file reads it at every parse.

It imports nothing heavy; Airflow refuses a value that its schema does not allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from include.eventwire.airflow_tasks.form_values import read_number, read_text

# Every field may stay empty, which is null: an empty text would disable the button of the form.
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "sources": {
        "type": ["null", "string"],
        "minLength": 1,
        "maxLength": 1000,
        "title": "Sources",
        "description": "Names of sources of sources.toml, separated by commas. Empty: all that "
        "have feeds or sitemaps.",
    },
    "max_pages": {
        "type": ["null", "integer"],
        "minimum": 1,
        "title": "Pages",
        "description": "Fetch at most so many pages of each source: for a trial. Empty: as "
        "sources.toml says.",
    },
}


class FetchFormError(ValueError):
    """The form cannot be understood; the message is for whoever filled it in."""


def read_form(form: Mapping[str, object]) -> tuple[list[str], int | None]:
    """Return the names of the sources (none = all) and the limit of pages (None = their own).

    Raises:
        FetchFormError: A field is unknown.
        FormError: A value is of another kind than its field.
    """
    if unknown := set(form) - set(FIELDS):
        known = ", ".join(FIELDS)
        raise FetchFormError(f"unknown: {', '.join(sorted(unknown))}; there are {known}")
    names = [name.strip() for name in (read_text(form, "sources") or "").split(",")]
    return [name for name in names if name], read_number(form, "max_pages")
