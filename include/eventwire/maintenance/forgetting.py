"""Takes articles out of a lake for good: out of every table, batch and day, and out of staging.

The order of the steps:

1. Tombstones are written: from here on no run publishes the articles.
2. Publications that are under way are waited for.
3. Each batch that holds one of the articles, a copy of one, or a reject that may quote it is
   published anew without it. Where a canonical article leaves, its copies get a new one.
4. Staging folders that hold one of the articles are removed; a run at work there fails.
5. Summaries that name one of the articles, or look back to one of these batches, are made anew.
6. Reports on these batches, taken away before step 3, are written anew; so is every report that is
   of another receipt than the one that stands, since it may quote what does not stand any more.

Killed at any moment, it does the rest when it is called again. For that batches with nothing but
rejects come first, then the latest, so that what the rest is found by goes last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from include.eventwire.cleaning.addresses import make_canonical_url
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import remove_folder
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.lake.parquet_files import TableFileError, read_columns
from include.eventwire.lake.publishing import lock_batch, write_synced
from include.eventwire.lake.tombstones import (
    hash_url,
    read_tombstones,
    tombstone_of_article,
    tombstone_of_url,
)
from include.eventwire.maintenance.compaction import finish_compactions
from include.eventwire.maintenance.new_clusters import choose_clusters
from include.eventwire.maintenance.rewriting import Changes, now, rewrite_batch
from include.eventwire.maintenance.search import (
    Occurrence,
    batch_order,
    find_articles,
    find_rejects,
)
from include.eventwire.maintenance.unfinished import finish_publications
from include.eventwire.reports.files import find_stale, remove_report, renew_reports
from include.eventwire.summaries.layout import SummaryLayout
from include.eventwire.summaries.upkeep import forget_in_summaries

_ARTICLE_ID: Final = re.compile(r"[0-9a-f]{32}")
_LOCK: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.(.+)\.lock")


class ForgetError(ValueError):
    """What is to be forgotten is named in a way that names nothing."""


@dataclass(frozen=True, slots=True)
class ForgetRequest:
    """What to forget.

    Attributes:
        wanted: Id of an article, all 32 digits of it, or an address: all articles from there.
        reason: Why, for the tombstone; nothing of the article's content belongs there.
        with_copies: Whether the copies of the article, exact and near, are forgotten as well.

    Raises:
        ForgetError: `wanted` is neither.
    """

    wanted: str
    reason: str | None = None
    with_copies: bool = False

    def __post_init__(self) -> None:
        """Refuse what names no article."""
        if self.url is None and not _ARTICLE_ID.fullmatch(self.wanted):
            raise ForgetError(
                f"{self.wanted!r} is neither the id of an article (32 digits, all of them) nor a "
                "web address (https://...)"
            )

    @property
    def url(self) -> str | None:
        """The address in the spelling in which addresses are compared, or None for an id."""
        return make_canonical_url(self.wanted)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done.

    Attributes:
        article_ids: The articles that are forgotten now.
        batches: The batches that were published anew.
        copies: Copies that stay, other articles, each with a batch that holds it.
        inputs: Files that the articles came from, which are not the lake's to change.
        staging: Staging folders that held one of the articles and were removed.
        uncoded: Batches in which a copy that was never coded stands for the others now.
        summaries: Days whose summaries were made anew.
        reports: Batches whose reports were written anew, or taken away with the batch.
    """

    article_ids: tuple[str, ...]
    batches: tuple[BatchKey, ...] = ()
    copies: tuple[tuple[str, BatchKey], ...] = ()
    inputs: tuple[str, ...] = ()
    staging: tuple[Path, ...] = ()
    uncoded: tuple[BatchKey, ...] = ()
    summaries: tuple[date, ...] = ()
    reports: tuple[BatchKey, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what was done as values that JSON has."""
        return {
            **asdict(self),
            "batches": [str(key) for key in self.batches],
            "copies": {article_id: str(key) for article_id, key in self.copies},
            "staging": [str(path) for path in self.staging],
            "uncoded": [str(key) for key in self.uncoded],
            "summaries": [day.isoformat() for day in self.summaries],
            "reports": [str(key) for key in self.reports],
        }


def forget(layout: LakeLayout, request: ForgetRequest) -> Forgotten:
    """Forget the articles that `request` names; what is forgotten already is no error.

    Raises:
        NotFoundError: No article and no tombstone is named so.
        LakeError: A batch is torn or damaged, or the lake cannot be written.
        AuditError: A batch breaks a rule without the articles; it is left as it was.
    """
    layout.check_version()
    finish_publications(layout)
    finish_compactions(layout)
    found = _find(layout, request)
    article_ids = {article.article_id for article in found}
    if request.url is None:
        article_ids.add(request.wanted)
    others = _find_copies(layout, found, article_ids)
    if request.with_copies:
        article_ids |= {copy.article_id for copy in others}
        found, others = [*found, *others], []
    _write_tombstones(layout, request, found)
    return forget_articles(layout, article_ids, others)


def forget_all(layout: LakeLayout) -> Forgotten | None:
    """Take out of a lake what was forgotten and stands there all the same; None where none does.

    So a request that was killed is done, and so is one that a run in a bucket overtook.
    """
    forgotten = read_tombstones(layout)
    if not forgotten:
        return None
    found = find_articles(layout, "article_id", forgotten.article_ids)
    members = find_articles(layout, "cluster_id", forgotten.article_ids)
    urls = find_articles(layout, "sha256(canonical_url)", forgotten.url_hashes)
    if not (found or members or urls):
        return None
    ids = {article.article_id for article in (*found, *urls)} | forgotten.article_ids
    return forget_articles(layout, ids, [])


def forget_articles(
    layout: LakeLayout, article_ids: Collection[str], copies: Sequence[Occurrence]
) -> Forgotten:
    """Take articles that have tombstones out of all batches and out of staging.

    Args:
        layout: The lake.
        article_ids: Ids of the articles.
        copies: Copies that stay, for the report.
    """
    _wait_for_publications(layout)
    _wait_for_publications(SummaryLayout(layout.root))
    found = find_articles(layout, "article_id", article_ids)
    members = [
        member
        for member in find_articles(layout, "cluster_id", article_ids)
        if member.article_id not in article_ids
    ]
    records = frozenset((article.input_uri, article.record_number) for article in found)
    clusters = choose_clusters(layout, members)
    holding = {article.key for article in found} | clusters.keys()
    rejecting = find_rejects(layout, records) - holding
    batches = [*sorted(rejecting), *sorted(holding, key=batch_order, reverse=True)]
    heads: frozenset[str] = frozenset().union(*map(_canonical, clusters.values()))
    reported = [*find_stale(layout), *(key for key in batches if remove_report(layout, key))]
    for key in batches:
        changed = clusters.get(key, {})
        earlier = heads - _canonical(changed)
        rewrite_batch(layout, key, Changes(frozenset(article_ids), records, changed, earlier))
    uncoded = {
        member.key for member in members if member.article_id in heads and not member.is_coded
    }
    return Forgotten(
        article_ids=tuple(sorted(article_ids)),
        batches=tuple(sorted(batches)),
        copies=tuple({copy.article_id: copy.key for copy in copies}.items()),
        inputs=tuple(sorted({uri for uri, _ in records})),
        staging=tuple(_remove_staging(layout, article_ids)),
        uncoded=tuple(sorted(uncoded)),
        summaries=tuple(forget_in_summaries(layout, article_ids, {key.day for key in batches})),
        reports=tuple(key for key, _ in renew_reports(layout, sorted(set(reported)))),
    )


def _canonical(changed: Mapping[str, Copy | None]) -> frozenset[str]:
    """Return the articles of a batch that become canonical."""
    return frozenset(article_id for article_id, copy in changed.items() if copy is None)


def _find(layout: LakeLayout, request: ForgetRequest) -> list[Occurrence]:
    if request.url is not None:
        found = find_articles(layout, "canonical_url", [request.url])
        tombstone = tombstone_of_url(layout, request.url)
    else:
        found = find_articles(layout, "article_id", [request.wanted])
        tombstone = tombstone_of_article(layout, request.wanted)
    if not found and not tombstone.exists():
        raise NotFoundError(f"{layout.root}: no article there is or comes from {request.wanted}")
    return found


def _find_copies(
    layout: LakeLayout, found: Sequence[Occurrence], article_ids: Collection[str]
) -> list[Occurrence]:
    clusters = {article.cluster_id for article in found if article.cluster_id} | set(article_ids)
    return [
        copy
        for copy in find_articles(layout, "cluster_id", clusters)
        if copy.article_id not in article_ids
    ]


def _write_tombstones(
    layout: LakeLayout, request: ForgetRequest, found: Sequence[Occurrence]
) -> None:
    layout.create_folder(layout.tombstones)
    told = {"forgotten_at": now(), "reason": request.reason}
    if request.url is not None:
        path = tombstone_of_url(layout, request.url)
        _write_new(path, {"url_sha256": hash_url(request.url), **told})
    for article in found:
        url = article.canonical_url
        path = tombstone_of_article(layout, article.article_id)
        hashed = hash_url(url) if url else None
        _write_new(path, {"article_id": article.article_id, "url_sha256": hashed, **told})


def _write_new(path: Path, content: dict[str, str | None]) -> None:
    """Write a tombstone unless there is one: the first tells when and why."""
    if not path.exists():
        write_synced(path, json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n")


def _wait_for_publications(layout: LakeLayout) -> None:
    """Wait until whoever published before the tombstones were there is done."""
    for path in layout.lock_files():
        if match := _LOCK.fullmatch(path.name):
            with lock_batch(layout, date.fromisoformat(match[1]), match[2], shared=True):
                pass


def _remove_staging(layout: LakeLayout, article_ids: Collection[str]) -> list[Path]:
    holding = [run for run in layout.staging_runs() if _holds(layout, run, article_ids)]
    for run in holding:
        remove_folder(run)
    return holding


def _holds(layout: LakeLayout, run: Path, article_ids: Collection[str]) -> bool:
    """Return whether a staging folder holds one of the articles, as far as its files are whole."""
    for path, _ in layout.staged_files(run):
        if path.name.startswith("articles") and path.suffix == ".parquet":
            try:
                ids = read_columns(path, ["article_id"])["article_id"].to_pylist()
            except (FileNotFoundError, TableFileError):
                continue  # half written, or moved on
            if not set(article_ids).isdisjoint(ids):
                return True
    return False
