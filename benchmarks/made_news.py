"""News to measure with: real articles, or any number of them made by changing words."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Final

from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import load_sources
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article
from include.eventwire.settings import PROJECT_ROOT, Settings

# News of many publishers beside the project, where it is at hand; else the sample that ships.
_BULK: Final = PROJECT_ROOT.parent / "shared" / "eval" / "bulk"
MIXED: Final = "mixed"
REUTERS: Final = "reuters21578"

# Of so many articles the variants are made: all sizes are of the same kind of text.
_VARIED: Final = 2_000
# Every so many words one is another.
_CHANGED: Final = 4


def write_real_news(path: Path, most: int) -> int:
    """Write up to `most` articles of many publishers to `path`; return their number."""
    return _write(path, islice(read_english(MIXED), most))


def write_varied_news(path: Path, n_articles: int) -> int:
    """Write `n_articles` made of the same short articles of one agency to `path`.

    In each a fourth of the words are others out of the same articles, so that no two are copies,
    the vocabulary is that of news, and the cost of an article does not depend on how many there
    are.
    """
    texts = [article.text for article in islice(read_english(REUTERS), _VARIED)]
    return _write_texts(path, islice(_vary(texts), n_articles))


def _vary(texts: list[str]) -> Iterator[str]:
    words = [word for text in texts for word in text.split(" ")]
    for variant in count():
        chance = random.Random(variant)  # noqa: S311 - for the same texts every time
        for text in texts:
            changed = text.split(" ")
            changed[::_CHANGED] = chance.choices(words, k=len(changed[::_CHANGED]))
            yield " ".join(changed)


def read_english(name: str) -> Iterator[Article]:
    """Yield articles that are coded, so that both sides parse the very same texts."""
    settings = Settings()
    bulk = _BULK / f"{name}.jsonl.gz"
    sources = load_sources(settings.sources)
    for file in list_inputs([bulk if bulk.exists() else settings.landing]).files:
        context = ReadContext(file, sources.profile_for(file.path), settings, datetime.now(UTC))
        for record in read_articles(context):
            if isinstance(record, Article) and record.language in settings.coded_languages:
                yield record


def _write(path: Path, articles: Iterable[Article]) -> int:
    with path.open("w", encoding="utf-8") as file:
        number = 0
        for number, article in enumerate(articles, 1):
            published = article.published_at and article.published_at.isoformat()
            record = {"id": number, "date": published, "language": "en", "text": article.text}
            file.write(json.dumps(record) + "\n")
    return number


def _write_texts(path: Path, texts: Iterable[str]) -> int:
    with path.open("w", encoding="utf-8") as file:
        number = 0
        for number, text in enumerate(texts, 1):
            record = {"id": number, "date": "2020-01-01", "language": "en", "text": text}
            file.write(json.dumps(record) + "\n")
    return number
