"""How well and how fast stories are found.

`python -m benchmarks.story_clusters` scores the stories that are found in the evaluation data
beside the project, articles of which people said which happening they are on: B-cubed precision,
recall and F1 (Bagga and Baldwin 1998), the means over the articles of what part of its story is
right, and what part of what is right is in its story. `--choose` shows how the parameters were
chosen: of a few values of each the best ones for four fifths of the happenings, scored on the fifth
that is left.

`--among N` scores them among N articles of Reuters of 1987, which are on other happenings: the more
articles there are, the more stories each may be taken into by mistake.

`--load N` makes seven days of N articles by invented words and measures what one summary of the
last day takes.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from benchmarks.near_duplicates import peak_megabytes, read_texts
from benchmarks.open_gold import GOLD
from include.eventwire.summaries.parameters import PARAMETERS, StoryParameters
from include.eventwire.summaries.story_clustering import find_stories
from include.eventwire.summaries.story_vectors import make_vectors
from include.eventwire.summaries.words import join_terms, number_words, weigh_words

FILE: Final = GOLD / "clusters" / "news_cluster.jsonl"
N_FOLDS: Final = 5
GRID: Final[dict[str, tuple[float, ...]]] = {
    "threshold": (0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.18),
    "headline_weight": (1.0, 3.0, 5.0),
    "name_weight": (1.0, 1.5, 2.0),
    "body_words": (150, 300, 600),
}


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article of which people said what it is on.

    Attributes:
        happening: Number of the happening.
        day: Time of publication, in days.
    """

    article_id: str
    headline: str
    text: str
    day: float
    happening: int


@dataclass(frozen=True, slots=True)
class BCubed:
    """B-cubed scores of some articles."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        """Return the scores in words."""
        return f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    chosen = _make_parser().parse_args(arguments)
    if chosen.load:
        _measure_load(chosen.load)
        return 0
    articles = read_gold(Path(chosen.file))
    found = group(articles, PARAMETERS)
    everything = range(len(articles))
    happenings = [article.happening for article in articles]
    print(
        f"{len(articles)} articles on {len(set(happenings))} happenings, {len(set(found))} stories "
        f"found: {score(found, happenings, everything)}"
    )
    if chosen.among:
        print(f"among {chosen.among:,} others: {score_among(articles, chosen.among)}")
    if chosen.choose:
        for line in choose(articles):
            print(line, flush=True)
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.story_clusters", description=__doc__
    )
    parser.add_argument("file", nargs="?", default=str(FILE), help=f"labelled articles ({FILE})")
    parser.add_argument("--choose", action="store_true", help="cross-validate the parameters")
    parser.add_argument("--among", type=int, metavar="N", help="score them among N other articles")
    parser.add_argument("--load", type=int, metavar="N", help="articles a day of a made week")
    return parser


def read_gold(path: Path) -> list[GoldArticle]:
    """Return the labelled articles in the order of their publication."""
    with path.open(encoding="utf-8") as file:
        articles = [_read_article(json.loads(line)) for line in file]
    return sorted(articles, key=lambda article: (article.day, article.article_id))


def _read_article(record: dict[str, Any]) -> GoldArticle:
    published = datetime.fromisoformat(record["date"]).replace(tzinfo=None)
    return GoldArticle(
        article_id=record["id"],
        headline=record["title"] or "",
        text=record["text"] or record["lead"] or "",
        day=(published - datetime(1970, 1, 1)).total_seconds() / 86_400,
        happening=int(record["expected"][0]["event_cluster"]),
    )


def group(articles: Sequence[GoldArticle], parameters: StoryParameters) -> list[int]:
    """Return the number of the story of each article."""
    weighed = (
        number_words(weigh_words(article.headline, article.text, parameters))
        for article in articles
    )
    vectors = make_vectors(join_terms(list(weighed)))
    return [int(label) for label in find_stories(vectors, parameters)]


def score(found: Sequence[int], gold: Sequence[int], of: Iterable[int]) -> BCubed:
    """Return the B-cubed scores of some of the articles.

    Args:
        found: Story of each article.
        gold: Happening of each article.
        of: Numbers of the articles that are scored; they are compared with all others.
    """
    both = Counter(zip(found, gold, strict=True))
    stories, happenings = Counter(found), Counter(gold)
    chosen = list(of)
    return BCubed(
        fmean(both[found[n], gold[n]] / stories[found[n]] for n in chosen),
        fmean(both[found[n], gold[n]] / happenings[gold[n]] for n in chosen),
    )


def score_among(articles: Sequence[GoldArticle], n_others: int) -> BCubed:
    """Return the scores of the labelled articles when others come in between them."""
    others = [
        GoldArticle(key, "", text, 0.0, -1 - number)
        for number, (key, text) in enumerate(islice(read_texts("reuters21578"), n_others))
    ]
    mixed = [*articles, *others]
    random.Random(1).shuffle(mixed)  # noqa: S311 - no secret
    labelled = [number for number, article in enumerate(mixed) if article.happening >= 0]
    return score(group(mixed, PARAMETERS), [row.happening for row in mixed], labelled)


def choose(articles: Sequence[GoldArticle]) -> Iterator[str]:
    """Yield lines that tell which parameters each part of the data would choose, and its score."""
    happenings = [article.happening for article in articles]
    found = {parameters: group(articles, parameters) for parameters in _list_parameters()}
    folds = [zlib.crc32(str(happening).encode()) % N_FOLDS for happening in happenings]
    everything = range(len(articles))
    held_out: list[BCubed] = []
    sizes: list[int] = []
    for fold in range(N_FOLDS):
        kept = [number for number in everything if folds[number] != fold]
        left = [number for number in everything if folds[number] == fold]
        best = max(found, key=lambda row: score(found[row], happenings, kept).f1)
        held_out.append(score(found[best], happenings, left))
        sizes.append(len(left))
        yield f"fold {fold}: {_tell(best)}; on the {len(left)} left out: {held_out[-1]}"
    total = sum(sizes)
    mean = BCubed(
        sum(row.precision * size for row, size in zip(held_out, sizes, strict=True)) / total,
        sum(row.recall * size for row, size in zip(held_out, sizes, strict=True)) / total,
    )
    yield f"cross-validated: {mean}"
    ranked = sorted(
        found, key=lambda row: score(found[row], happenings, everything).f1, reverse=True
    )
    for parameters in ranked[:10]:
        yield f"{_tell(parameters)}: {score(found[parameters], happenings, everything)}"
    for threshold in GRID["threshold"]:
        parameters = replace(PARAMETERS, threshold=threshold)
        scores = score(group(articles, parameters), happenings, everything)
        yield f"chosen but threshold {threshold}: {scores}"


def _list_parameters() -> list[StoryParameters]:
    return [
        replace(PARAMETERS, **dict(zip(GRID, values, strict=True)))  # type: ignore[arg-type]
        for values in product(*GRID.values())
    ]


def _tell(parameters: StoryParameters) -> str:
    return ", ".join(
        f"{field.name} {getattr(parameters, field.name):g}"
        for field in fields(parameters)
        if field.name in GRID
    )


def _measure_load(n_articles: int) -> None:
    """Group a made week of articles and print what it took, in seconds of one core."""
    weighed, happenings = [], []
    spent = 0.0
    for day in range(7):
        for happening, text in _make_day(n_articles, day):
            began = time.process_time()
            weighed.append(number_words(weigh_words("", text, PARAMETERS)))
            spent += time.process_time() - began
            happenings.append(happening)
    print(f"the words of {len(weighed):,} articles weighed in {spent:.1f} s", flush=True)
    began = time.process_time()
    vectors = make_vectors(join_terms(weighed))
    found = [int(label) for label in find_stories(vectors, PARAMETERS)]
    print(
        f"grouped into {len(set(found)):,} stories in {time.process_time() - began:.1f} s; peak "
        f"{peak_megabytes():,.0f} MB; {score(found, happenings, range(len(found)))}"
    )


def _make_day(n_articles: int, day: int) -> Iterator[tuple[int, str]]:
    """Yield articles of invented words: common ones by Zipf's law, and some of their happening."""
    chance = random.Random(day)  # noqa: S311 - no secret
    happening = day * n_articles
    for number in range(n_articles):
        if number % 3 == 0:
            happening = day * n_articles + number
        own = [f"h{happening}x{chance.randrange(30)}" for _ in range(60)]
        common = [f"w{int(chance.paretovariate(0.7))}" for _ in range(240)]
        words = own + common
        chance.shuffle(words)
        yield happening, " ".join(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
