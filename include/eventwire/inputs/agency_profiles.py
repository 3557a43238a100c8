"""How single agencies write their XML: profiles in `include/config/agencies`, one file an agency.

A profile says how the agency is told, where in each format it puts what others put elsewhere, and
what its codes mean. It is data: an agency is added or corrected by a file, without a line of code.
The keys are described in `include/config/agencies/README.md`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from lxml import etree

from include.eventwire.cleaning.markup import LineEnds

FOLDER: Final = Path(__file__).resolve().parents[2] / "config" / "agencies"

# The tables of paths in a profile, by format.
FORMATS: Final = ("newsml_g2", "newsml_1", "nitf", "agency_xml")
# What a path may be given for: single values, lists, and lists of concepts.
VALUES: Final = frozenset(
    "source_id uri url headline byline language published_at abstract content_created "
    "copyright_holder copyright_notice credit_line dateline editorial_note embargoed_until "
    "expires_at first_created item_type modified_at priority profile provider_sequence series "
    "slugline status subheadline tagline urgency usage_terms version word_count".split()
)
LISTS: Final = frozenset("captions contact keywords services signals".split())
CONCEPTS: Final = frozenset("category genre place subjects".split())
FIELDS: Final = VALUES | LISTS | CONCEPTS
# Beside fields: where the story stands, what within it is none of it, and the stories of a file.
_PARTS: Final = frozenset({"text", "not_text", "records"})
_TEXTS: Final = ("name", "title", "country", "city", "time_zone", "language")
_LISTS: Final = ("ids", "names", "roots", "placeholder_bylines")
_KEYS: Final = {*_TEXTS, *_LISTS, *FORMATS, "line_ends", "values"}
_LINE_ENDS: Final = get_args(LineEnds)
# A name at least so long may be part of a longer one ("The Canadian Press. All rights reserved.").
_LONG_NAME: Final = 6


class AgencyProfileError(ValueError):
    """A profile cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class AgencyProfile:
    """How one agency writes. The defaults serve an agency that is not known.

    Attributes:
        name: Short code of the agency, as in `articles.publisher`; None for an unknown one.
        title: Its name in full.
        country: ISO 3166 alpha-2 code of the country that it sits in.
        city: City that it sits in.
        time_zone: IANA name of the zone of times without one.
        language: Language of items that name none.
        ids: Patterns that the ids of its items begin with.
        names: How it is called as a provider, without regard to case.
        roots: Root elements of XML of its own.
        placeholder_bylines: Bylines that name nobody.
        line_ends: What ends a line within a paragraph of its texts.
        values: What its values of a field mean, by field.
        paths: Where it puts a field, by format and field: XPath without namespaces. They come
            before the usual places; none means that the usual ones are wrong, too.
    """

    name: str | None = None
    title: str | None = None
    country: str | None = None
    city: str | None = None
    time_zone: str | None = None
    language: str | None = None
    ids: tuple[re.Pattern[str], ...] = ()
    names: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    placeholder_bylines: tuple[str, ...] = ()
    line_ends: LineEnds = "br"
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    paths: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def goes_by(self, name: str) -> bool:
        """Tell whether `name`, as a provider is named in an item, is this agency."""
        stated = " ".join(name.casefold().split())
        return any(
            own == stated
            or (len(own) >= _LONG_NAME and re.search(rf"\b{re.escape(own)}\b", stated))
            for own in self.names
        )

    def mean(self, field_: str, value: str) -> str:
        """Return what `value` of a field means, itself where the profile does not say."""
        return self.values.get(field_, {}).get(value.casefold(), value)


def choose_profile(
    profiles: Sequence[AgencyProfile],
    *,
    ids: Collection[str] = (),
    names: Collection[str] = (),
    root: str | None = None,
) -> AgencyProfile:
    """Return the profile of the agency that an item is from, or one that says nothing.

    The id of an item decides first, then the names of who provides it, in their order, then the
    root element: items of third parties that an agency passes on are the agency's.
    """
    for id_ in ids:
        for profile in profiles:
            if any(pattern.match(id_) for pattern in profile.ids):
                return profile
    for name in names:
        for profile in profiles:
            if profile.goes_by(name):
                return profile
    for profile in profiles:
        if root in profile.roots:
            return profile
    return AgencyProfile()


@cache
def load_profiles(folder: Path = FOLDER) -> tuple[AgencyProfile, ...]:
    """Return the profiles in `folder`, by name of file.

    Raises:
        AgencyProfileError: A file cannot be read, or a key of it is unknown or has a wrong value.
    """
    profiles = tuple(_load(path) for path in sorted(folder.glob("*.toml")))
    names = [profile.name for profile in profiles]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise AgencyProfileError(f"{folder.name}: two files have the name {twice!r}")
    return profiles


def _load(path: Path) -> AgencyProfile:
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AgencyProfileError(f"{path.name}: no TOML that can be read: {error}") from error
    for key in entries:
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            raise AgencyProfileError(f"{path.name}: key {key!r} is unknown; known: {known}")
    texts = {key: _text(path, key, entries[key]) for key in _TEXTS if key in entries}
    lists = {key: _texts(path, key, entries.get(key, [])) for key in _LISTS}
    if not {"name", "title"} <= texts.keys():
        raise AgencyProfileError(f"{path.name}: keys 'name' and 'title' must be given")
    _check_zone(path, texts.get("time_zone"))
    return AgencyProfile(
        name=texts["name"],
        title=texts["title"],
        country=_check_country(path, texts.get("country")),
        city=texts.get("city"),
        time_zone=texts.get("time_zone"),
        language=texts.get("language"),
        ids=tuple(_pattern(path, pattern) for pattern in lists["ids"]),
        names=tuple(" ".join(name.casefold().split()) for name in lists["names"]),
        roots=lists["roots"],
        placeholder_bylines=tuple(name.casefold() for name in lists["placeholder_bylines"]),
        line_ends=_check_line_ends(path, entries.get("line_ends", "br")),
        values=_values(path, entries.get("values", {})),
        paths={name: _paths(path, name, entries[name]) for name in FORMATS if name in entries},
    )


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise AgencyProfileError(f"{path.name}: key {key!r} must be a text")
    return value


def _texts(path: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise AgencyProfileError(f"{path.name}: key {key!r} must be a list of texts")
    return tuple(_text(path, key, entry) for entry in value)


def _table(path: Path, key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise AgencyProfileError(f"{path.name}: key {key!r} must be a table [{key}]")
    return value


def _paths(path: Path, format_: str, value: object) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for name, paths in _table(path, format_, value).items():
        key = f"{format_}.{name}"
        if name not in FIELDS | _PARTS:
            known = ", ".join(sorted(FIELDS | _PARTS))
            raise AgencyProfileError(f"{path.name}: key {key!r} is unknown; known: {known}")
        found[name] = _texts(path, key, paths)
        for expression in found[name]:
            _check_path(path, key, expression)
    return found


def _check_path(path: Path, key: str, expression: str) -> None:
    # Unknown functions and prefixes are told only when a path is used.
    try:
        etree.XPath(expression)(etree.Element("item"))
    except etree.XPathError as error:
        raise AgencyProfileError(f"{path.name}: key {key!r}: {expression!r}: {error}") from error


def _values(path: Path, value: object) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for name, meanings in _table(path, "values", value).items():
        key = f"values.{name}"
        if name not in FIELDS:
            raise AgencyProfileError(f"{path.name}: key {key!r} names no field")
        entries = _table(path, key, meanings).items()
        found[name] = {code.casefold(): _text(path, key, meaning) for code, meaning in entries}
    return found


def _pattern(path: Path, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise AgencyProfileError(f"{path.name}: key 'ids': {pattern!r}: {error}") from error


def _check_zone(path: Path, zone: str | None) -> None:
    try:
        _ = zone and ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise AgencyProfileError(f"{path.name}: key 'time_zone': {zone!r} is no zone") from error


def _check_country(path: Path, country: str | None) -> str | None:
    if country is not None and not re.fullmatch(r"[A-Z]{2}", country):
        raise AgencyProfileError(
            f"{path.name}: key 'country' is {country!r}, not two capital letters of ISO 3166"
        )
    return country


def _check_line_ends(path: Path, value: object) -> LineEnds:
    if value not in _LINE_ENDS:
        raise AgencyProfileError(
            f"{path.name}: key 'line_ends' is {value!r}; known: {', '.join(_LINE_ENDS)}"
        )
    return cast("LineEnds", value)
