"""Scores the extraction of web pages on the evaluation data beside the project.

    python -m benchmarks.web_pages [--worst N]

Bodies are scored as the article extraction benchmark of Scrapinghub does: the bags of 4-grams of
words of the gold and the found body are compared; the counts that are right, too many and missing
are divided by their sum, so that long pages do not weigh more; precision and recall are means over
the pages (precision over those with a text), F1 is made of the two. A page that is refused counts
as an empty text.

A set whose pages are not all there is not scored: a part of it would be another measure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from include.eventwire.readers.published import read_published_at
from include.eventwire.settings import PROJECT_ROOT
from include.eventwire.web_pages.pages import NotAnArticleError, WebPage, read_page

GOLD = PROJECT_ROOT.parent / "shared" / "eval" / "html"
SETS = ("aeb", "fundus")
_WORD = re.compile(r"\w+")
_SHINGLE = 4
# When the pages of a set without times of fetching are taken to be fetched.
FETCHED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PageScore:
    """What was found on one page against the gold.

    Attributes:
        shares: Right, superfluous and missing 4-grams, as shares of their sum.
        token_f1: F1 of single words.
        headline: Whether it is the same; None where the gold has none. So are the following.
        day: Whether the day of publication is the same.
        byline: F1 of the names of the authors.
    """

    page_id: str
    shares: tuple[float, float, float]
    token_f1: float
    headline: bool | None
    day: bool | None
    byline: float | None
    seconds: float


def main() -> int:
    """Print the scores of both sets, and on request their worst pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages")
    chosen = parser.parse_args()
    for name in SETS:
        if reason := find_missing(name):
            print(f"{name}: skipped: {reason}")
            continue
        scores = score_set(name)
        print(f"{name}: " + " ".join(f"{key} {value:.3f}" for key, value in sum_up(scores).items()))
        for score in sorted(scores, key=lambda score: score.shares[0])[: chosen.worst]:
            _, superfluous, missing = score.shares
            print(f"    {score.page_id}: +{superfluous:.2f} -{missing:.2f} day {score.day}")
    return 0


def find_missing(name: str) -> str | None:
    """Return why a set cannot be scored, or None."""
    path = GOLD / f"{name}.jsonl"
    if not path.is_file():
        return f"the evaluation data is not at {path}"
    rows = _read_rows(name)
    absent = sum(not (GOLD.parent / row["html"]).is_file() for row in rows)
    if absent:
        return f"{absent} of its {len(rows)} pages are not at {GOLD}"
    return None


def score_set(name: str) -> list[PageScore]:
    """Return the scores of all pages of a set."""
    return [_score_row(row) for row in _read_rows(name)]


def sum_up(scores: Sequence[PageScore]) -> dict[str, float]:
    """Return the figures of a set by their names; those that its gold has nothing for left out."""
    precision = _mean([r / (r + s) for r, s, _ in (x.shares for x in scores) if r + s > 0])
    recall = _mean([r / (r + m) for r, _, m in (x.shares for x in scores) if r + m > 0])
    both = precision + recall
    figures = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / both if both else 0.0,
        "token_f1": _mean([score.token_f1 for score in scores]),
    }
    for part in ("headline", "day", "byline"):
        known = [value for score in scores if (value := getattr(score, part)) is not None]
        if known:
            figures[part] = _mean([float(value) for value in known])
    seconds = sum(score.seconds for score in scores)
    return {**figures, "pages": len(scores), "pages_per_second": len(scores) / seconds}


def compare_bodies(gold: str, found: str, size: int = _SHINGLE) -> tuple[float, float, float]:
    """Return the shares of right, superfluous and missing n-grams of words."""
    wanted, given = _shingles(gold, size), _shingles(found, size)
    right = (wanted & given).total()
    counts = (right, given.total() - right, wanted.total() - right)
    total = sum(counts) or 1
    return counts[0] / total, counts[1] / total, counts[2] / total


def score_page(gold: Mapping[str, Any], page: WebPage, seconds: float) -> PageScore:
    """Return what `page` is worth against a row of gold, whose fields but "text" may lack."""
    right, superfluous, missing = compare_bodies(gold["text"], page.text, size=1)
    return PageScore(
        page_id=gold["id"],
        shares=compare_bodies(gold["text"], page.text),
        token_f1=2 * right / (2 * right + superfluous + missing or 1),
        headline=_same(page.headline, gold.get("title")),
        day=_same_day(page.published_at, gold.get("publishing_date")),
        byline=_compare_names(gold["authors"], page.authors) if gold.get("authors") else None,
        seconds=seconds,
    )


def extract_page(data: bytes, url: str | None, fetched: datetime = FETCHED) -> WebPage:
    """Return the article on a page, an empty one where the page is refused."""
    try:
        return read_page(data, not_after=fetched, url=url)
    except NotAnArticleError:
        return WebPage("", None, None, (), None, None, None)


def _score_row(row: dict[str, Any]) -> PageScore:
    data = gzip.decompress((GOLD.parent / row["html"]).read_bytes())
    crawled = row.get("crawl_date")
    fetched = datetime.fromisoformat(crawled).replace(tzinfo=UTC) if crawled else FETCHED
    started = time.perf_counter()
    page = extract_page(data, row["url"], fetched)
    return score_page(row, page, time.perf_counter() - started)


def _read_rows(name: str) -> list[dict[str, Any]]:
    lines = (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    # A text shorter than one n-gram is one of its own length.
    ends = range(max(1, len(words) - size + 1)) if words else ()
    return Counter(tuple(words[start : start + size]) for start in ends)


def _same(found: str | None, gold: str | None) -> bool | None:
    return None if not gold else " ".join((found or "").split()) == " ".join(gold.split())


def _same_day(found: str | None, gold: str | None) -> bool | None:
    """Compare the days as they are written: the zone of a gold date that names none is unknown."""
    if not gold:
        return None
    if found is None:
        return False
    days = {read_published_at(found, UTC).date().isoformat(), found[:10]}
    return gold[:10] in days or read_published_at(gold, UTC).date().isoformat() in days


def _compare_names(gold: Sequence[str], found: Sequence[str]) -> float:
    wanted, given = ({name.casefold() for name in names} for names in (gold, found))
    return 2 * len(wanted & given) / (len(wanted) + len(given))


def _mean(values: Sequence[float]) -> float:
    return statistics.mean(values) if values else 0.0


if __name__ == "__main__":
    sys.exit(main())
