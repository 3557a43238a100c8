"""The declared sources of news: how the files of each are to be read (`sources.toml`)."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypedDict
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from include.eventwire.inputs.formats import UnknownFormatError, check_format

# What an article is made of, and the usual names of it in records, in order of preference.
# Names are compared without regard to case.
USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "source_id": ("id", "source_id", "guid", "article_id"),
    "url": ("url", "link"),
    "headline": ("headline", "title"),
    "byline": ("byline", "author", "authors"),
    "published_at": ("published_at", "published", "date", "pubdate", "date_published"),
    "publisher": ("publisher", "source"),
    "language": ("language", "lang"),
    "text": ("text", "body", "content"),
}
_TEXT_KEYS: Final = ("name", "publisher", "time_zone", "language", "format", "path", "encoding")
_FLAGS: Final = ("headline_on_first_line", "dated_by_folder")
_FETCHING: Final = (
    *("feeds", "sitemaps", "fetch_pages", "seconds_between_requests", "max_pages_per_run"),
    "local",
)
_KEYS: Final = {*_TEXT_KEYS, *_FLAGS, *_FETCHING, "delimiter", "fields"}


class SourcesError(ValueError):
    """The file of sources cannot be used; the message names the file, the source and the key."""


@dataclass(frozen=True, slots=True)
class SourceProfile:
    """How the files of one source are read. The defaults serve files that belong to no source.

    Attributes:
        name: Name of the source.
        path: Name of its folder in the landing area.
        publisher: Publisher of records that name none.
        time_zone: IANA name of the zone of dates that name none.
        language: Language of texts that do not tell it by themselves.
        format: Name of the reader; None = by the suffix of each file.
        encoding: Encoding of its text files; None = UTF-8, else guessed.
        delimiter: What separates the columns of CSV; None = by the suffix (comma, tab).
        headline_on_first_line: Whether a plain text opens with a line that is its headline.
        dated_by_folder: Whether an article without a date has that of its folder `dt=...`.
        fields: Names of fields in its records, by the names in `USUAL_NAMES`; they come before
            the usual ones.
        feeds: Addresses of the feeds (RSS, Atom, JSON Feed) that `fetch_feeds` polls.
        sitemaps: Addresses of the sitemaps that `fetch_feeds` polls.
        fetch_pages: Whether the pages that feeds and sitemaps name are fetched; without them the
            feeds themselves are the articles.
        seconds_between_requests: Least pause between two requests to one host.
        max_pages_per_run: How many pages one run fetches at most; the others wait for the next.
        local: Whether its servers may have private addresses.
    """

    name: str = "default"
    path: str | None = None
    publisher: str | None = None
    time_zone: str = "UTC"
    language: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    headline_on_first_line: bool = False
    dated_by_folder: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    fetch_pages: bool = True
    seconds_between_requests: float = 1.0
    max_pages_per_run: int = 200
    local: bool = False

    @property
    def folder(self) -> str:
        """Name of its folder in the landing area."""
        return self.path or self.name

    def names_of(self, part: str) -> tuple[str, ...]:
        """Return the names that `part` may have in a record, lower-cased, the surest first."""
        own = self.fields.get(part)
        return (own.lower(),) if own else USUAL_NAMES[part]


@dataclass(frozen=True, slots=True)
class Sources:
    """All declared sources."""

    profiles: tuple[SourceProfile, ...] = ()

    def profile_for(self, path: Path) -> SourceProfile:
        """Return the profile of the source in whose folder `path` lies, else the default one."""
        by_folder = {profile.path: profile for profile in self.profiles}
        for folder in path.parents:
            if folder.name in by_folder:
                return by_folder[folder.name]
        return SourceProfile()

    def named(self, name: str) -> SourceProfile:
        """Return the profile called `name`.

        Raises:
            SourcesError: No source is called so.
        """
        for profile in self.profiles:
            if profile.name == name:
                return profile
        known = ", ".join(profile.name for profile in self.profiles) or "none"
        raise SourcesError(f"there is no source {name!r}; declared in sources.toml: {known}")


def load_sources(path: Path) -> Sources:
    """Read and check the file that declares the sources.

    Raises:
        SourcesError: The file is missing, is no TOML or holds something that is not understood.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourcesError(f"{path}: cannot be read: {error}") from error
    if unknown := sorted(set(data) - {"source"}):
        raise SourcesError(f"{path}: unknown key {unknown[0]!r}; sources are [[source]] tables")
    entries = data.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SourcesError(f"{path}: write each source as a [[source]] table")
    profiles = tuple(
        _make_profile(entry, f"{path}: source {number}") for number, entry in enumerate(entries, 1)
    )
    _check_unique([profile.name for profile in profiles], f"{path}: key 'name'")
    _check_unique([profile.path or profile.name for profile in profiles], f"{path}: key 'path'")
    return Sources(profiles)


def _make_profile(entry: Mapping[str, object], where: str) -> SourceProfile:
    if not isinstance(name := entry.get("name"), str) or not name:
        raise SourcesError(f"{where}: key 'name' is missing or no text")
    where = f"{where} ({name})"
    if unknown := sorted(set(entry) - _KEYS):
        raise SourcesError(
            f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}"
        )
    texts = {key: _text(entry, key, where) for key in _TEXT_KEYS}
    return SourceProfile(
        name=name,
        path=_check_folder(texts["path"] or name, where),
        publisher=texts["publisher"],
        time_zone=_check_zone(texts["time_zone"] or "UTC", where),
        language=texts["language"],
        format=_check_format(texts["format"], where),
        encoding=_check_encoding(texts["encoding"], where),
        delimiter=_check_delimiter(entry, where),
        headline_on_first_line=_flag(entry, "headline_on_first_line", where),
        dated_by_folder=_flag(entry, "dated_by_folder", where),
        fields=_check_fields(entry.get("fields", {}), where),
        **_make_fetching(entry, where),
    )


class _Fetching(TypedDict):
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    fetch_pages: bool
    seconds_between_requests: float
    max_pages_per_run: int
    local: bool


def _make_fetching(entry: Mapping[str, object], where: str) -> _Fetching:
    fetching = _Fetching(
        feeds=_addresses(entry, "feeds", where),
        sitemaps=_addresses(entry, "sitemaps", where),
        fetch_pages=_flag(entry, "fetch_pages", where, default=True),
        seconds_between_requests=_pause(entry, where),
        max_pages_per_run=_page_limit(entry, where),
        local=_flag(entry, "local", where),
    )
    if fetching["sitemaps"] and not fetching["fetch_pages"]:
        raise SourcesError(f"{where}: a sitemap names pages only: leave out 'fetch_pages = false'")
    return fetching


def _text(entry: Mapping[str, object], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise SourcesError(f"{where}: key {key!r} must be a text that is not empty")
    return value


def _flag(entry: Mapping[str, object], key: str, where: str, *, default: bool = False) -> bool:
    value = entry.get(key, default)
    if not isinstance(value, bool):
        raise SourcesError(f"{where}: key {key!r} must be true or false")
    return value


def _addresses(entry: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(address, str) for address in value):
        raise SourcesError(f"{where}: key {key!r} must be a list of addresses")
    for address in value:
        _check_address(address, key, where)
    _check_unique(value, f"{where}: key {key!r}")
    return tuple(value)


def _check_address(address: str, key: str, where: str) -> None:
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises when it is no number
    except ValueError:
        is_web = False
    if not is_web or not address.isprintable() or " " in address:
        raise SourcesError(
            f"{where}: key {key!r}: {address!r} is no address such as https://news.example/rss"
        )
    if parts.username is not None:
        raise SourcesError(f"{where}: key {key!r}: user names and passwords cannot be used")


def _pause(entry: Mapping[str, object], where: str) -> float:
    value = entry.get("seconds_between_requests", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 60:
        raise SourcesError(f"{where}: key 'seconds_between_requests' must be between 0 and 60")
    return float(value)


def _page_limit(entry: Mapping[str, object], where: str) -> int:
    value = entry.get("max_pages_per_run", 200)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SourcesError(f"{where}: key 'max_pages_per_run' must be a whole number, 1 or more")
    return value


def _check_folder(path: str, where: str) -> str:
    if "/" in path or "\\" in path or path in (".", ".."):
        raise SourcesError(f"{where}: key 'path' is {path!r}; give the name of one folder")
    return path


def _check_zone(zone: str, where: str) -> str:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise SourcesError(
            f"{where}: key 'time_zone' is {zone!r}, which is no zone such as Europe/London"
        ) from error
    return zone


def _check_format(format_: str | None, where: str) -> str | None:
    try:
        return format_ and check_format(format_)
    except UnknownFormatError as error:
        raise SourcesError(f"{where}: key 'format': {error}") from error


def _check_encoding(encoding: str | None, where: str) -> str | None:
    if encoding is None:
        return None
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise SourcesError(f"{where}: key 'encoding': {encoding!r} is not known") from error


def _check_delimiter(entry: Mapping[str, object], where: str) -> str | None:
    value = entry.get("delimiter")
    if value is not None and (not isinstance(value, str) or len(value) != 1 or value in '"\r\n'):
        raise SourcesError(f"{where}: key 'delimiter' must be one character")
    return value


def _check_fields(fields: object, where: str) -> Mapping[str, str]:
    if not isinstance(fields, dict):
        raise SourcesError(f"{where}: key 'fields' must be a table [source.fields]")
    for part, name in fields.items():
        if part not in USUAL_NAMES:
            known = ", ".join(USUAL_NAMES)
            raise SourcesError(f"{where}: key 'fields.{part}' is unknown; known: {known}")
        if not isinstance(name, str) or not name:
            raise SourcesError(f"{where}: key 'fields.{part}' must be the name of a field")
    return {part: str(name) for part, name in fields.items()}


def _check_unique(values: list[str], where: str) -> None:
    for value in values:
        if values.count(value) > 1:
            raise SourcesError(f"{where}: {value!r} occurs twice")
