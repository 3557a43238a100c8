"""One article: its text with all that was found in it marked, and why each event was coded."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.explanation import Explanation, explain_event
from include.eventwire.explorer.filters import FilterError
from include.eventwire.explorer.lake_reading import LakeReader
from include.eventwire.explorer.marked_article import cut_pieces, find_parts, list_marks
from include.eventwire.explorer.rendering import reader_of, render
from include.eventwire.lake.layout import BatchKey, BatchNameError, LakeError, check_batch
from include.eventwire.lake.lookup import Found, NotFoundError, find_article, read_article
from include.eventwire.records import Article, Event, EventParty

router: Final = APIRouter()

_ID: Final = re.compile(r"[0-9a-f]{32}")
# Copies are looked for among the articles of the days around; see docs/duplicates.md.
_COPY_DAYS: Final = 30
_MOST_COPIES: Final = 100


@dataclass(frozen=True, slots=True)
class EventCard:
    """What the page tells of one event.

    Attributes:
        number: Its number in the text, from 1.
    """

    number: int
    event: Event
    parties: tuple[EventParty, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article with the same or nearly the same text."""

    article_id: str
    day: date
    batch: str
    publisher: str | None
    headline: str | None
    is_canonical: bool
    duplicate_kind: str | None


@router.get("/articles/{article_id}")
def show_article(article_id: str, request: Request) -> Response:
    """Answer with the page of an article.

    The address may say the batch that it is taken from (`day`, `batch`), which saves the search.
    """
    reader = reader_of(request)
    found = find(reader, article_id, request.query_params)
    article = found.coded.article
    parts = find_parts(article.text)
    chosen = request.query_params.get("event", "")
    number = _read_part(request.query_params.get("part", ""), len(parts)) or _part_of(
        chosen, found, parts
    )
    start, end = parts[number - 1]
    context = {
        "found": found,
        "article": article,
        "pieces": cut_pieces(article.text, list_marks(found.coded), start, end),
        "cards": make_cards(found, start, end),
        "copies": list_copies(reader, found),
        "part": number,
        "n_parts": len(parts),
        "chosen": chosen,
        "metadata": list_metadata(article),
    }
    return render(request, "article.html", context)


def find(reader: LakeReader, article_id: str, query: Any) -> Found:
    """Return the article with this id, of the batch that the address names, else of any.

    Raises:
        NotFoundError: There is none.
        FilterError: The address names a day or batch that cannot be.
    """
    if not _ID.fullmatch(article_id):
        raise NotFoundError(f"{article_id[:40]!r} is no id of an article: 32 digits, 0-9 and a-f")
    key = _read_key(query)
    published = {batch.key for batch in reader.state().batches}
    if key is not None and key in published:
        with suppress(LakeError):  # it may have moved to another batch since
            return read_article(reader.layout, key, article_id)
    return find_article(reader.layout, article_id)


def make_cards(found: Found, start: int, end: int) -> list[EventCard]:
    """Return a card for each event whose trigger begins in a part of the text, in its order.

    Args:
        found: The article.
        start: First code point of the part.
        end: One past the last.
    """
    return [
        EventCard(number, event, tuple(found.parties_of(event)), explain_event(found, event))
        for number, event in enumerate(found.coded.events, 1)
        if start <= event.trigger_start_char < end
    ]


def list_copies(reader: LakeReader, found: Found) -> list[Copy]:
    """Return the other articles of the same cluster of copies, of the days around."""
    nearby = timedelta(days=_COPY_DAYS)
    with reader.open(found.key.day - nearby, found.key.day + nearby, ("articles",)) as connection:
        rows = connection.execute(
            "SELECT article_id, any_value(dt), any_value(batch), any_value(publisher), "
            "any_value(headline), bool_or(is_canonical), any_value(duplicate_kind) FROM articles "
            "WHERE cluster_id = $cluster AND article_id != $article_id GROUP BY article_id "
            "ORDER BY 2, 1 LIMIT $most",
            {
                "cluster": found.coded.article.cluster_id,
                "article_id": found.coded.article.article_id,
                "most": _MOST_COPIES,
            },
        ).fetchall()
    return [Copy(*row) for row in rows]


def list_metadata(article: Article) -> list[tuple[str, str]]:
    """Return what else is known of an article, in the order in which it is shown."""
    told = {
        "Byline": article.byline,
        "Dateline": article.dateline_place,
        "Agency": article.agency,
        "Language": article.language,
        "Id at the source": article.source_id,
        "Read from": article.input_uri,
        "Format": article.input_format,
        "Warnings": (article.warnings or "").replace(",", ", "),
        "Stated by the source": article.source_metadata,
    }
    return [(name, str(value)) for name, value in told.items() if value]


def _read_key(query: Any) -> BatchKey | None:
    day, batch = query.get("day", ""), query.get("batch", "")
    if not (day and batch):
        return None
    try:
        check_batch(batch)
        return BatchKey(date.fromisoformat(day), batch)
    except (BatchNameError, ValueError) as error:
        raise FilterError(f"day={day[:20]!r}, batch={batch[:40]!r}: no such batch") from error


def _read_part(written: str, n_parts: int) -> int | None:
    """Return the part that the address names; None for none."""
    if not written:
        return None
    part = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
    if not 1 <= part <= n_parts:
        raise FilterError(f"part={written[:20]!r} must be a number from 1 to {n_parts}")
    return part


def _part_of(event_id: str, found: Found, parts: Sequence[tuple[int, int]]) -> int:
    """Return the part that holds the trigger of an event; the first for an event of none."""
    for event in found.coded.events:
        if event.event_id == event_id:
            starts = [start for start, _ in parts]
            return max(1, bisect_right(starts, event.trigger_start_char))
    return 1
