"""Where things are and how much is allowed: read from the environment once, then passed around.

Every variable has a default that suits a fresh checkout. Paths in variables are relative to the
root of the project, so that they mean the same whichever folder a process was started in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from include.eventwire.lake.locations import LocationError, is_remote, to_location

PROJECT_ROOT: Final = Path(__file__).resolve().parents[2]

# How many threads the libraries that multiply matrices may start. One process a core with one
# thread each is faster than all of them with a thread for every core.
THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class SettingsError(ValueError):
    """A variable of the environment has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know apart from its inputs.

    Attributes:
        lake: Folder of the tables (EVENTWIRE_LAKE), or `s3://bucket/prefix` for a bucket.
        landing: Folder of arriving files, `<landing>/<source>/dt=YYYY-MM-DD/`
            (EVENTWIRE_LANDING); may be in a bucket as well.
        allowed_roots: Folders that a run started from the UI may read (EVENTWIRE_ALLOWED_ROOTS,
            separated like PATH); the landing area unless told otherwise.
        sources: File that declares the sources (EVENTWIRE_SOURCES).
        model: Name of the spaCy pipeline (EVENTWIRE_MODEL).
        max_article_chars: Longest text that is taken (EVENTWIRE_MAX_ARTICLE_CHARS). The default
            is more than any story in print, and is coded within the seconds allowed.
        max_record_bytes: Longest line, row or plain-text file that is held in memory
            (EVENTWIRE_MAX_RECORD_BYTES). The default leaves room for a text of the
            greatest length with every character escaped in JSON.
        max_page_bytes: Largest web page that is looked at (EVENTWIRE_MAX_PAGE_BYTES). Pages of
            news have 0.05 to 2 MB.
        max_expansion: How many times its own size a compressed file may grow
            (EVENTWIRE_MAX_EXPANSION). News shrinks 3 to 10 times; small files are let off.
        max_files: Most files that a run may read, and most members of an archive
            (EVENTWIRE_MAX_FILES).
        max_article_seconds: Longest time that reading or coding one article may take
            (EVENTWIRE_MAX_ARTICLE_SECONDS).
        articles_per_shard: Articles in one chunk of work (EVENTWIRE_ARTICLES_PER_SHARD).
        coded_languages: ISO 639-1 codes of the languages whose articles are coded
            (EVENTWIRE_CODED_LANGUAGES, separated by commas).
        other_languages: What becomes of articles in other languages: "keep" them uncoded or
            "reject" them (EVENTWIRE_OTHER_LANGUAGES).
        code_copies: Whether articles that are copies of another are coded as well
            (EVENTWIRE_CODE_COPIES, "true" or "false").
        days_compared: How many days before that of a batch are searched for articles that it
            repeats (EVENTWIRE_DAYS_COMPARED); 0 = only the batch itself.
        blas: Library that multiplies matrices: "blis", "numpy", or "auto" for the faster one on
            this kind of processor (EVENTWIRE_BLAS). It changes no row.
        reuse: Whether what the same versions found in an article of the batch that is replaced is
            taken from there (EVENTWIRE_REUSE, "true" or "false"). It changes no row.
        late_hours: How many hours after its end a day must be in the lake, before `watch_lake`
            misses it (EVENTWIRE_LATE_HOURS).
        sweep_after_days: After how many days without a change the staging folder of a run that
            was stopped is removed (EVENTWIRE_SWEEP_AFTER_DAYS).
        compact_above: With more batches of one day than this, the daily one apart, `maintain`
            puts them together (EVENTWIRE_COMPACT_ABOVE).
        story_days: How many days up to its own the summary of a day looks at
            (EVENTWIRE_STORY_DAYS): a story without news for longer is over.
    """

    lake: Path = PROJECT_ROOT / "data" / "lake"
    landing: Path = PROJECT_ROOT / "data" / "sample_landing"
    allowed_roots: tuple[Path, ...] = (PROJECT_ROOT / "data" / "sample_landing",)
    sources: Path = PROJECT_ROOT / "include" / "config" / "sources.toml"
    model: str = "en_core_web_sm"
    max_article_chars: int = 200_000
    max_record_bytes: int = 16 * 1024 * 1024
    max_page_bytes: int = 5 * 1024 * 1024
    max_expansion: int = 200
    max_files: int = 200_000
    max_article_seconds: int = 10
    articles_per_shard: int = 1_000
    coded_languages: tuple[str, ...] = ("en",)
    other_languages: str = "keep"
    code_copies: bool = False
    days_compared: int = 7
    blas: str = "auto"
    reuse: bool = True
    late_hours: int = 6
    sweep_after_days: int = 7
    compact_above: int = 20
    story_days: int = 7

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings that the variables `EVENTWIRE_...` ask for.

        Args:
            environment: Variables by name; those of the process when None. An empty value
                counts as unset.

        Raises:
            SettingsError: A value cannot be used; the message names the variable.
        """
        values = os.environ if environment is None else environment
        default = cls()
        landing = _path(values, "EVENTWIRE_LANDING", default.landing)
        return cls(
            lake=_path(values, "EVENTWIRE_LAKE", default.lake),
            landing=landing,
            allowed_roots=_paths(values, "EVENTWIRE_ALLOWED_ROOTS", (landing,)),
            sources=_path(values, "EVENTWIRE_SOURCES", default.sources),
            model=values.get("EVENTWIRE_MODEL", "").strip() or default.model,
            max_article_chars=_count(
                values, "EVENTWIRE_MAX_ARTICLE_CHARS", default.max_article_chars
            ),
            max_record_bytes=_count(values, "EVENTWIRE_MAX_RECORD_BYTES", default.max_record_bytes),
            max_page_bytes=_count(values, "EVENTWIRE_MAX_PAGE_BYTES", default.max_page_bytes),
            max_expansion=_count(values, "EVENTWIRE_MAX_EXPANSION", default.max_expansion),
            max_files=_count(values, "EVENTWIRE_MAX_FILES", default.max_files),
            max_article_seconds=_count(
                values, "EVENTWIRE_MAX_ARTICLE_SECONDS", default.max_article_seconds
            ),
            articles_per_shard=_count(
                values, "EVENTWIRE_ARTICLES_PER_SHARD", default.articles_per_shard
            ),
            coded_languages=_languages(values, "EVENTWIRE_CODED_LANGUAGES", default),
            other_languages=_choice(
                values, "EVENTWIRE_OTHER_LANGUAGES", ("keep", "reject"), default.other_languages
            ),
            code_copies=_choice(values, "EVENTWIRE_CODE_COPIES", ("true", "false"), "false")
            == "true",
            days_compared=_count(values, "EVENTWIRE_DAYS_COMPARED", default.days_compared, least=0),
            blas=_choice(values, "EVENTWIRE_BLAS", ("auto", "blis", "numpy"), default.blas),
            reuse=_choice(values, "EVENTWIRE_REUSE", ("true", "false"), "true") == "true",
            late_hours=_count(values, "EVENTWIRE_LATE_HOURS", default.late_hours, least=0),
            sweep_after_days=_count(values, "EVENTWIRE_SWEEP_AFTER_DAYS", default.sweep_after_days),
            compact_above=_count(values, "EVENTWIRE_COMPACT_ABOVE", default.compact_above),
            story_days=_count(values, "EVENTWIRE_STORY_DAYS", default.story_days),
        )

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Settings:
        """Return the settings whose fields were written as JSON, paths as text."""
        paths = {name: to_location(values[name]) for name in ("lake", "landing", "sources")}
        return cls(
            **{
                **values,
                **paths,
                "allowed_roots": tuple(map(to_location, values["allowed_roots"])),
                "coded_languages": tuple(values["coded_languages"]),
            }
        )


def _path(values: Mapping[str, str], name: str, default: Path) -> Path:
    written = values.get(name, "").strip()
    return _from_root(written, name) if written else default


def _paths(values: Mapping[str, str], name: str, default: tuple[Path, ...]) -> tuple[Path, ...]:
    # The colon of "s3://" separates nothing.
    separator = rf"(?<!\bs3){os.pathsep}|{os.pathsep}(?!//)"
    written = [part.strip() for part in re.split(separator, values.get(name, ""))]
    return tuple(_from_root(part, name) for part in written if part) or default


def _from_root(written: str, name: str) -> Path:
    if is_remote(written):
        try:
            return to_location(written)
        except LocationError as error:
            raise SettingsError(f"{name}: {error}") from error
    # An absolute path swallows the root on its left; `normpath` takes ".." out of the rest.
    return Path(os.path.normpath(PROJECT_ROOT / Path(written).expanduser()))


def _count(values: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    written = values.get(name, "").strip()
    if not written:
        return default
    try:
        count = int(written)
    except ValueError as error:
        raise SettingsError(f"{name}={written!r} is not a whole number") from error
    if count < least:
        raise SettingsError(f"{name}={written!r} must be {least} or more")
    return count


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    written = values.get(name, "").strip().lower() or default
    if written not in choices:
        raise SettingsError(f"{name}={written!r} must be {' or '.join(choices)}")
    return written


def _languages(values: Mapping[str, str], name: str, default: Settings) -> tuple[str, ...]:
    written = values.get(name, "").strip()
    if not written:
        return default.coded_languages
    codes = tuple(code.strip().lower() for code in written.split(","))
    for code in codes:
        if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
            raise SettingsError(f'{name}={written!r}: {code!r} is no language code such as "en"')
    return codes
