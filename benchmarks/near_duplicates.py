"""How well and how fast near copies are found.

`python -m benchmarks.near_duplicates` prints, for each set of the evaluation data beside the
project, recall and precision of pairs of articles: pairs in the same cluster and, as a second
figure, pairs whose signatures are alike. A pair counts as a near copy when the Jaccard index of the
word 5-grams of its texts is .7 or more.

Then it makes a day of many articles by changing words of the news of that data, and measures in a
process of its own what de-duplicating them takes: making the signatures, joining them with those of
seven earlier days, and finding the clusters. The lake of the earlier days holds signatures and
receipts and no other table, so no text of theirs can be read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations, count, islice
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from benchmarks.open_gold import GOLD
from include.eventwire.article_ids import hash_text
from include.eventwire.batches.staging import chunk_file, ingest_folder, signature_file
from include.eventwire.deduplication.clusters import (
    ArticleKey,
    Sketches,
    find_duplicates,
    read_keys,
    read_sketches,
)
from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.deduplication.earlier_copies import NEAR, find_earlier_copies
from include.eventwire.deduplication.signatures import (
    BAND_COLUMNS,
    SHINGLE_WORDS,
    decode_signatures,
    estimate_jaccard,
    make_signatures,
    split_words,
)
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import hash_file
from include.eventwire.lake.parquet_files import read_rows, write_rows
from include.eventwire.lake.receipts import Receipt, TableFile
from include.eventwire.records import Article
from include.eventwire.settings import PROJECT_ROOT

SETS: Final = ("reuters21578", "mixed")

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_DAY: Final = date(2020, 1, 8)
_N_DAYS: Final = 7
_CHUNK: Final = 2_000
_MIDNIGHT: Final = datetime(2020, 1, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scores:
    """What was found of the pairs of one set.

    Attributes:
        recall: Share of the listed pairs with an index of .7 or more that are in one cluster.
        precision: Share of the pairs in one cluster whose index is .7 or more.
        direct_recall: The same of pairs with a band key in common and signatures that are alike.
        n_listed: Number of listed pairs.
        n_clustered: Number of pairs in one cluster.
    """

    recall: float
    precision: float
    direct_recall: float
    direct_precision: float
    n_listed: int
    n_clustered: int


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    chosen = _make_parser().parse_args(arguments)
    if chosen.measure is not None:
        _measure(Path(chosen.measure))
        return 0
    for name in SETS:
        if bulk_file(name).exists():
            print(_describe(name, score_set(name)), flush=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        print(f"{chosen.articles:,} articles, {chosen.earlier:,} on each of {_N_DAYS} days before")
        make_days(Path(folder), chosen.articles, chosen.earlier)
        command = [sys.executable, "-m", "benchmarks.near_duplicates", "--measure", folder]
        subprocess.run(command, cwd=PROJECT_ROOT, check=True)  # noqa: S603 - our own module
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.near_duplicates", description=__doc__
    )
    parser.add_argument("--articles", type=int, default=100_000, help="of the day (default 100000)")
    parser.add_argument(
        "--earlier", type=int, default=100_000, help="of each earlier day (default 100000)"
    )
    parser.add_argument("--folder", help="where to work (default: the system's temporary folder)")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    return parser


def bulk_file(name: str) -> Path:
    """Return the file of the articles of a set."""
    return GOLD / "bulk" / f"{name}.jsonl.gz"


def score_set(name: str) -> Scores:
    """Return how well the near copies of a set are found.

    The lists of pairs cover articles of more than 400 characters; whether a pair that was found is
    one is computed for texts of any length.
    """
    texts = dict(read_texts(name))
    clusters, direct = _find_pairs(texts)
    listed = {
        frozenset((one, other))
        for index, _, one, other in json.loads(
            (GOLD / "clusters" / f"{name}_neardup_pairs.json").read_text(encoding="utf-8")
        )
        if index >= NEAR
    }
    true = {pair for pair in clusters | direct if _jaccard(*(texts[key] for key in pair)) >= NEAR}
    return Scores(
        recall=len(listed & clusters) / len(listed),
        precision=len(true & clusters) / len(clusters),
        direct_recall=len(listed & direct) / len(listed),
        direct_precision=len(true & direct) / len(direct),
        n_listed=len(listed),
        n_clustered=len(clusters),
    )


def _describe(name: str, scores: Scores) -> str:
    return (
        f"{name}: of {scores.n_listed:,} listed pairs {scores.recall:.3f} are in one cluster; of "
        f"{scores.n_clustered:,} pairs in one cluster {scores.precision:.3f} are near copies "
        f"(pairs of alike signatures: {scores.direct_recall:.3f}, {scores.direct_precision:.3f})"
    )


def read_texts(name: str) -> Iterator[tuple[str, str]]:
    """Yield id and text of the articles of a set."""
    with gzip.open(bulk_file(name), "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield record["id"], record["text"] or ""


def _find_pairs(texts: dict[str, str]) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """Return the pairs of articles in one cluster, and those with alike signatures.

    The articles stand in the order of the set, as in a batch of which no time is known.
    """
    articles = (_make_article(key, text) for key, text in texts.items())
    made = list(make_signatures(articles))
    keys = [
        ArticleKey("", row, signature.article_id, None, "", signature.normalised_sha256)
        for row, signature in enumerate(made)
    ]
    long = [signature for signature in made if signature.signature is not None]
    sketches = Sketches(
        {signature.normalised_sha256: row for row, signature in enumerate(long)},
        decode_signatures([signature.signature or "" for signature in long]),
        np.array([[getattr(row, name) for name in BAND_COLUMNS] for row in long], dtype=np.int32),
    )
    copies = find_duplicates(keys, sketches, {}).copies
    of_cluster = _group((copies[key].cluster_id if key in copies else key, key) for key in texts)
    alike = _group(
        ((name, getattr(signature, name)), row)
        for row, signature in enumerate(long)
        for name in BAND_COLUMNS
    )
    direct = set()
    for one, other in {pair for rows in alike for pair in combinations(rows, 2)}:
        (estimate,) = estimate_jaccard(sketches.signatures[[one]], sketches.signatures[[other]])
        if estimate >= NEAR:
            direct.add(frozenset((long[one].article_id, long[other].article_id)))
    return {frozenset(pair) for keys in of_cluster for pair in combinations(keys, 2)}, direct


def _group(pairs: Iterable[tuple[_Key, _Value]]) -> list[list[_Value]]:
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return [group for group in groups.values() if len(group) > 1]


def _jaccard(one: str, other: str) -> float:
    first, second = (
        {tuple(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1)}
        for words in map(split_words, (one, other))
    )
    return len(first & second) / len(first | second) if first | second else float(one == other)


def make_days(folder: Path, n_articles: int, n_earlier: int) -> None:
    """Write the staging of a new day, and a lake with nothing but the signatures of those before.

    Of the new day the last tenth of the articles repeats articles of the day before.
    """
    staging, layout = folder / "staging", LakeLayout(folder / "lake")
    ingest_folder(staging, 0).mkdir(parents=True)
    n_repeated = min(n_articles // 10, n_earlier)
    waiting = chain(make_news(0, n_articles - n_repeated), make_news(1, n_repeated))
    for number in count():
        if not (articles := list(islice(waiting, _CHUNK))):
            break
        write_rows(chunk_file(staging, f"00000/articles-{number:05d}"), "articles", articles)
    for days in range(_N_DAYS, 0, -1) if n_earlier else ():
        _publish_signatures(layout, _DAY - timedelta(days=days), make_news(days, n_earlier))


def make_news(seed: int, n_articles: int) -> Iterator[Article]:
    """Yield news made by changing words.

    Every tenth article is a near copy of the one before it, and every twentieth an exact one.
    """
    before = ""
    for number, (words, variant) in enumerate(islice(_vary(seed), n_articles)):
        if number % 20 == 7:
            text = before.upper()
        elif number % 10 == 3:
            text = f"Correction: {before}"
        else:
            text = " ".join(words)
        before = text
        yield _make_article(f"{seed}-{variant}-{number}", text)


def _vary(seed: int) -> Iterator[tuple[list[str], int]]:
    name = next((name for name in SETS if bulk_file(name).exists()), None)
    if name is None:
        raise SystemExit(f"the evaluation data is not at {GOLD}")
    texts = [text.split() for _, text in read_texts(name) if text]
    for variant in count():
        # A fourth of the words other in every variant: no 5 in a row are the same in two of them.
        suffix = f"{seed}x{variant}"
        for words in texts:
            changed = [*words]
            changed[::4] = [word + suffix for word in changed[::4]]
            yield changed, variant


def _make_article(article_id: str, text: str) -> Article:
    return Article(
        article_id=article_id, source_id=None, publisher=None, url=None, headline=None, byline=None,
        published_at=_MIDNIGHT, language="en", language_score=None, text=text, n_chars=len(text),
        n_tokens=None, n_sentences=None, text_sha256=hash_text(text), cluster_id=None,
        is_canonical=True, duplicate_kind=None, input_uri="made", input_format="jsonl",
        record_number=1,
    )  # fmt: skip


def _publish_signatures(layout: LakeLayout, day: date, articles: Iterator[Article]) -> None:
    path = layout.table_file("signatures", day, "daily")
    receipt_file = layout.receipt_file(day, "daily")
    path.parent.mkdir(parents=True)
    receipt_file.parent.mkdir(parents=True)
    rows = [replace(row, cluster_id=row.article_id) for row in make_signatures(articles)]
    write_rows(path, "signatures", rows)
    file = TableFile(len(rows), path.stat().st_size, hash_file(path))
    receipt = Receipt(day, "daily", [], {}, {"signatures": file}, {}, (), {})
    receipt_file.write_text(receipt.to_json(), encoding="utf-8")


def _measure(folder: Path) -> None:
    """De-duplicate the day in `folder` step by step, and print what each step took."""
    staging, layout = folder / "staging", LakeLayout(folder / "lake")
    chunks = [f"00000/{path.stem}" for path in sorted(ingest_folder(staging, 0).glob("articles-*"))]
    _tell("start")
    for chunk in chunks:
        articles = read_rows(chunk_file(staging, chunk), "articles")
        made = make_signatures(row for row in articles if isinstance(row, Article))
        write_rows(signature_file(staging, chunk), "signatures", list(made))
    _tell(f"signatures of {len(chunks)} chunks, read and written")
    files = [signature_file(staging, chunk) for chunk in chunks]
    n_rows = 0
    with earlier_batches(layout, BatchKey(_DAY, "daily"), _N_DAYS) as earlier:
        found_earlier = find_earlier_copies(files, earlier)
        n_rows = sum(path.stat().st_size for path in (batch.path for batch in earlier))
    _tell(
        f"join with {len(earlier)} earlier days ({n_rows / 1e6:,.0f} MB of signatures): "
        f"{len(found_earlier):,} texts are copies"
    )
    found = find_duplicates(
        list(read_keys(staging, chunks)), read_sketches(staging, chunks), found_earlier
    )
    kinds = [copy.kind for copy in found.copies.values()]
    _tell(f"clusters: {kinds.count('exact'):,} exact and {kinds.count('near'):,} near copies")
    tables = sorted(path.name for path in layout.root.iterdir()) if layout.root.exists() else []
    print(f"folders of the lake: {', '.join(tables)}")


def _tell(step: str) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{usage.ru_utime + usage.ru_stime:6.1f} s of CPU, {time.perf_counter() - _BEGAN:6.1f} s, "
        f"peak {peak_megabytes():,.0f} MB after: {step}",
        flush=True,
    )


def peak_megabytes() -> float:
    """Return the most memory that this process had.

    Where the kernel tells it: `getrusage` also counts what the process that started this one had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


_BEGAN: Final = time.perf_counter()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
