"""What was found in an article is taken from the published batch when the same versions coded it.

So a day whose folder has grown is coded as far as it is new. The rows are those that coding would
give: of an article they depend on its id, its text, its day of publication and the versions alone.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.batches.careful_coding import code_carefully
from include.eventwire.batches.plan import Plan
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import RECORD_TYPES, Record, TableFileError, read_matching
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt
from include.eventwire.records import Article
from include.eventwire.schemas import SchemaVersionError
from include.eventwire.versions import current_versions

_LOG: Final = logging.getLogger(__name__)

_FOUND: Final = ("mentions", "events", "event_parties")
_COLUMNS: Final = ("article_id", "text_sha256", "published_at", "n_tokens", "n_sentences")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of the tables of what was found, by the article's id."""

    articles: dict[str, Article] = field(default_factory=dict)
    found: dict[str, Mapping[str, Sequence[Record]]] = field(default_factory=dict)


def code_new(
    articles: Sequence[Article],
    plan: Plan,
    on_progress: Callable[[int], None] | None = None,
    *,
    is_careful: bool = False,
) -> tuple[dict[str, Sequence[Record]], int]:
    """Return the rows of `articles`, by table, and how many of them were coded before.

    Args:
        articles: The articles of one chunk that are to be coded.
        plan: Tells the batch, which may be published, and what it is coded with.
        on_progress: Called with the number of articles done since its last call.
        is_careful: Whether one of the articles may have ended a process; see `careful_coding`.
    """
    before = find_coded(articles, plan) if plan.settings.reuse else _Rows()
    if on_progress is not None and before.articles:
        on_progress(len(before.articles))
    new = [article for article in articles if article.article_id not in before.articles]
    coded = code_all(new, plan, on_progress, is_careful=is_careful)
    return _merge(articles, before, coded), len(before.articles)


def code_all(
    articles: Sequence[Article],
    plan: Plan,
    on_progress: Callable[[int], None] | None,
    *,
    is_careful: bool,
) -> dict[str, Sequence[Record]]:
    """Return the rows of `articles` by table, whatever was coded before; see `code_new`."""
    if not articles:
        return dict.fromkeys(("articles", *_FOUND, "rejects"), ())
    if is_careful:
        return code_carefully(articles, plan, on_progress)
    from include.eventwire.batches.chunk_coding import code_articles  # loads spaCy

    return {**code_articles(articles, plan, on_progress)}


def find_coded(articles: Sequence[Article], plan: Plan) -> _Rows:
    """Return what the published batch of `plan` holds of `articles`, as far as it is still right.

    That is nothing when there is none, other versions made it or it is being replaced or damaged.
    """
    layout = LakeLayout(plan.settings.lake)
    path = layout.receipt_file(plan.day, plan.batch)
    receipt = _read_receipt(path)
    if receipt is None or receipt.versions != current_versions(plan.settings.model):
        return _Rows()
    files = {
        table: layout.table_file(table, plan.day, plan.batch) for table in ("articles", *_FOUND)
    }
    coded = [row for row in articles if row.language in plan.settings.coded_languages]
    try:
        rows = _read(coded, files)
    except (FileNotFoundError, TableFileError, SchemaVersionError) as error:
        _LOG.warning("the articles are coded anew: %s", error)
        return _Rows()
    # A batch loses its receipt before its first file is replaced.
    return rows if _read_receipt(path) == receipt else _Rows()


def _read_receipt(path: Path) -> Receipt | None:
    try:
        return read_receipt(path)
    except FileNotFoundError:
        return None
    except ReceiptError as error:
        _LOG.warning("the articles are coded anew: %s", error)
        return None


def _read(articles: Sequence[Article], files: Mapping[str, Path]) -> _Rows:
    wanted = {article.article_id: article for article in articles}
    known = read_matching(files["articles"], "articles", wanted, _COLUMNS).to_pylist()
    kept: dict[str, Article] = {}
    for row in known:
        article = wanted[row["article_id"]]
        if _is_same(article, row):
            kept[article.article_id] = replace(
                article, n_tokens=row["n_tokens"], n_sentences=row["n_sentences"]
            )
    return _Rows(kept, {table: _read_found(files[table], table, kept) for table in _FOUND})


def _is_same(article: Article, row: Mapping[str, Any]) -> bool:
    """Return whether a published article was coded, and from what `article` holds as well."""
    published_at = cast("datetime | None", row["published_at"])
    return (
        row["n_tokens"] is not None
        and row["text_sha256"] == article.text_sha256
        and published_at == article.published_at
    )


def _read_found(
    path: Path, table: str, article_ids: Collection[str]
) -> Mapping[str, Sequence[Record]]:
    make_record = RECORD_TYPES[table]
    rows: list[Any] = read_matching(path, table, article_ids).to_pylist() if article_ids else []
    return _group([make_record(**row) for row in rows])


def _group(rows: Sequence[Record]) -> Mapping[str, Sequence[Record]]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        groups[cast("Any", row).article_id].append(row)
    return groups


def _merge(
    articles: Sequence[Article], before: _Rows, coded: Mapping[str, Sequence[Record]]
) -> dict[str, Sequence[Record]]:
    """Return old and new rows in the order of `articles`, of which some may have failed."""
    done = {row.article_id: row for row in cast("Sequence[Article]", coded["articles"])}
    done |= before.articles
    keys = [article.article_id for article in articles if article.article_id in done]
    merged: dict[str, Sequence[Record]] = {
        "articles": [done[key] for key in keys],
        "rejects": coded["rejects"],
    }
    for table in _FOUND:
        rows = {**before.found.get(table, {}), **_group(coded[table])}
        merged[table] = [row for key in keys for row in rows.get(key, ())]
    return merged
