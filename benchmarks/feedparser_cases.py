"""Read every feed that feedparser is tested with: none may make our reader fail.

The feeds are in feedparser's source package, of the release that is installed here. It is fetched
with pip, or read from where it lies:

    python -m benchmarks.feedparser_cases [feedparser-6.0.14.tar.gz]

Prints per folder how many files were read, how many entries and rejects they gave, and how many
failed, and names the failing ones. Ends with 1 when one failed.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from include.eventwire.inputs.selection import InputFile
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import load_reader
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

_NOT_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """What one feed gave.

    Attributes:
        folder: Folder of the feed among the tests ("wellformed").
        name: File within the package.
        n_articles: Entries that are articles.
        rejects: Reasons of the rejects.
        failure: What the reader or feedparser raised, or None.
    """

    folder: str
    name: str
    n_articles: int
    rejects: tuple[str, ...]
    failure: str | None


def fetch_package(folder: Path) -> Path:
    """Download the source package of the installed feedparser into `folder`; return its path."""
    wanted = f"feedparser=={version('feedparser')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--dest", str(folder), wanted]
    subprocess.run(command, check=True)  # noqa: S603 - a fixed command
    return next(folder.glob("feedparser-*.tar.gz"))


def read_cases(package: Path) -> Iterator[Case]:
    """Yield what each feed of the package gives, in the order of the package."""
    with tarfile.open(package) as archive, tempfile.TemporaryDirectory() as folder:
        for member in archive:
            parts = Path(member.name).parts
            if member.isfile() and parts[1:2] == ("tests",) and member.name.endswith(".xml"):
                path = Path(folder) / "feed.xml"
                file = archive.extractfile(member)
                path.write_bytes(file.read() if file else b"")
                yield _read_case(path, parts[2], "/".join(parts[2:]))


def main(arguments: list[str]) -> int:
    """Read all cases, print the counts, return 1 when one failed."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(arguments[0]) if arguments else fetch_package(Path(folder))
        cases = list(read_cases(package))
    print(f"{'folder':<12} {'files':>6} {'entries':>8} {'rejects':>8} {'failed':>7}")
    for name in [*dict.fromkeys(case.folder for case in cases), "all"]:
        chosen = [case for case in cases if name in (case.folder, "all")]
        n_articles = sum(case.n_articles for case in chosen)
        n_rejects = sum(len(case.rejects) for case in chosen)
        n_failed = sum(case.failure is not None for case in chosen)
        print(f"{name:<12} {len(chosen):6} {n_articles:8} {n_rejects:8} {n_failed:7}")
    reasons = Counter(reason for case in cases for reason in case.rejects)
    print("rejects:", ", ".join(f"{reason} {n}" for reason, n in reasons.most_common()))
    failed = [case for case in cases if case.failure]
    for case in failed:
        print(f"{case.name}: {case.failure}")
    return 1 if failed else 0


def _read_case(path: Path, folder: str, name: str) -> Case:
    file = InputFile(path, name, path.stat().st_size, "feed")
    context = ReadContext(file, SourceProfile(), Settings(), _NOT_AFTER)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            records = list(load_reader("feed")(context))
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return Case(folder, name, 0, (), f"{type(error).__name__}: {error}")
    articles = [record for record in records if isinstance(record, RawArticle)]
    rejects = [record for record in records if isinstance(record, Reject)]
    failure = next((r.detail for r in rejects if r.detail.startswith("feedparser fails")), None)
    return Case(folder, name, len(articles), tuple(r.reason for r in rejects), failure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
