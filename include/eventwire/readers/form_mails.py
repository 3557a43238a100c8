"""Mails that a form has filled in: their body is a list of named fields and no running text.

Two shapes are read:

    A JSON object whose values are texts, numbers or lists of one, as scripts of web forms send it
    (one that names no text is no article):
        {"Headline": ["Council opens bridge"], "Body": ["ALTONA - The council ..."]}

    Lines "Name: value" from the beginning of the body, of which one names the headline and a later
    one the text, to which all further lines belong:
        Headline: Council opens bridge
        Category: Local
        Body:
        ALTONA - The council ...

The fields that make an article have their usual names (`sources.USUAL_NAMES`, or what
`[source.fields]` says). All others go to the metadata, their names in lower case with underscores
("Legal flag" is `legal_flag`); those in `_SHARED` under the name that other formats use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from include.eventwire.inputs.sources import USUAL_NAMES, SourceProfile

# "News value" is what newsrooms call IPTC's urgency; a "sign-off" is the editor's initials.
_SHARED: Final = {
    "news_value": "urgency",
    "note_to_editors": "editorial_note",
    "ednote": "editorial_note",
}
_LINE: Final = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9 _/-]{0,39}?)[ \t]*:(?:[ \t]+(?P<value>.*)|[ \t]*)\Z"
)
_NO_NAME: Final = re.compile(r"[^a-z0-9]+")
_LINE_END: Final = re.compile(r"\r\n?")
_MOST_LINES: Final = 60


def read_form(body: str, profile: SourceProfile) -> dict[str, object] | None:
    """Return the fields of a form by their names as written, or None when `body` is none."""
    if body.startswith("{"):
        return _read_json(body)
    return _read_lines(body, profile)


def other_fields(form: Mapping[str, object], profile: SourceProfile) -> dict[str, object]:
    """Return the fields of a form that are no part of the article, as metadata."""
    parts = {name for part in parts_of_form(profile) for name in profile.names_of(part)}
    found = {
        metadata_name(name): value for name, value in form.items() if name.lower() not in parts
    }
    return {name: value for name, value in found.items() if name and value not in ("", None, [])}


def parts_of_form(profile: SourceProfile) -> frozenset[str]:
    """Return which parts of an article a form may state.

    The time of publication is that of the mail unless `[source.fields]` names one: forms print
    their dates as their country does, day or month first.
    """
    return frozenset(USUAL_NAMES) - ({"published_at"} - set(profile.fields))


def metadata_name(label: str) -> str:
    """Return the label of a field as a name of metadata ("Legal flag" is "legal_flag")."""
    name = _NO_NAME.sub("_", label.lower()).strip("_")
    return _SHARED.get(name, name)


def _read_json(body: str) -> dict[str, object] | None:
    try:
        # Mailers break lines within texts, which strict JSON does not allow.
        found = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): _single(value) for name, value in found.items() if _is_plain(value)}


def _single(value: object) -> object:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _LINE_END.sub("\n", value).strip() if isinstance(value, str) else value


def _is_plain(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | float) for item in values)


def _read_lines(body: str, profile: SourceProfile) -> dict[str, object] | None:
    form: dict[str, object] = {}
    lines = body.split("\n")
    for number, line in enumerate(lines[:_MOST_LINES]):
        field = _LINE.match(line)
        if field is None and line.strip():
            return None
        if field is None:
            continue
        name, value = field["name"], (field["value"] or "").strip()
        if name.lower() in profile.names_of("text"):
            is_form = any(other.lower() in profile.names_of("headline") for other in form)
            text = "\n".join((value, *lines[number + 1 :])).strip()
            return {**form, name: text} if is_form else None
        form.setdefault(name, value)
    return None
