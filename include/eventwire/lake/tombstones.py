"""What is kept of articles that were forgotten, so that no run brings them back.

A tombstone is one small file, `_tombstones/<article_id>.json`, or `url-<hash>.json` for an address
that was forgotten whatever stands there. It holds ids, hashes, a day and a reason, and nothing of
the text. The names of the files tell all that a run needs to know.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_columns
from include.eventwire.records import Article, Reject

# What a reject says of a forgotten article: nothing of its content.
DETAIL: Final = "the article was forgotten on request; a tombstone in the lake keeps it out"
_OF_URL: Final = "url-"


class ForgottenArticleError(ValueError):
    """A batch holds an article that was forgotten since its inputs were read."""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """Which articles and addresses were forgotten in a lake.

    Attributes:
        article_ids: Ids of the articles.
        url_hashes: Hashes of the addresses, from `hash_url`.
    """

    article_ids: frozenset[str] = frozenset()
    url_hashes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.article_ids or self.url_hashes)

    def name(self, article_id: str, canonical_url: str | None) -> bool:
        """Return whether an article is one of those."""
        return article_id in self.article_ids or (
            canonical_url is not None
            and bool(self.url_hashes)
            and hash_url(canonical_url) in self.url_hashes
        )


def read_tombstones(layout: LakeLayout) -> Tombstones:
    """Return what was forgotten in a lake."""
    names = [path.stem for path in layout.tombstones.glob("*.json")]
    return Tombstones(
        frozenset(name for name in names if not name.startswith(_OF_URL)),
        frozenset(name.removeprefix(_OF_URL) for name in names if name.startswith(_OF_URL)),
    )


def tombstone_of_article(layout: LakeLayout, article_id: str) -> Path:
    """Return the file of an article's tombstone."""
    return layout.tombstones / f"{article_id}.json"


def tombstone_of_url(layout: LakeLayout, canonical_url: str) -> Path:
    """Return the file of an address's tombstone."""
    return layout.tombstones / f"{_OF_URL}{hash_url(canonical_url)}.json"


def hash_url(canonical_url: str) -> str:
    """Return the SHA-256 of an address, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_url.encode()).hexdigest()


def keep_out(record: Article | Reject, forgotten: Tombstones) -> Article | Reject:
    """Return a record as it is, or a reject in the place of an article that was forgotten."""
    if isinstance(record, Article) and forgotten.name(record.article_id, record.canonical_url):
        return reject_forgotten(record.input_uri, record.record_number)
    return record


def reject_forgotten(input_uri: str, record_number: int) -> Reject:
    """Return the reject that stands for a forgotten article."""
    return Reject(input_uri, record_number, "check", "forgotten", DETAIL)


def check_not_forgotten(layout: LakeLayout, articles: Path) -> None:
    """Check that no article in a staged file was forgotten meanwhile.

    Raises:
        ForgottenArticleError: One was.
    """
    if forgotten := read_tombstones(layout):
        rows = read_columns(articles, ["article_id", "canonical_url"]).to_pylist()
        named = [(row["article_id"], row["canonical_url"]) for row in rows]
        _refuse(layout, sum(forgotten.name(*article) for article in named))


def check_none_named(layout: LakeLayout, stories: Path) -> None:
    """Check that no story in a staged file has an article that was forgotten meanwhile.

    Raises:
        ForgottenArticleError: One has.
    """
    if forgotten := read_tombstones(layout):
        members = read_columns(stories, ["article_ids"])["article_ids"].to_pylist()
        named = {article_id for ids in members for article_id in ids.split(",")}
        _refuse(layout, len(named & forgotten.article_ids))


def _refuse(layout: LakeLayout, n_found: int) -> None:
    if n_found:
        raise ForgottenArticleError(
            f"{layout.root}: {n_found} articles of this batch were forgotten while it was "
            "made, so it is not published and its work in progress is removed; start a new run"
        )
