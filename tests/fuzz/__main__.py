"""Reads spoilt inputs for some minutes: `python -m tests.fuzz [--minutes N] [FORMAT ...]`.

Each format is read in a process of its own, so that a crash of a library is found as well. What
made a reader fail, or took it longer than five seconds, is kept in the folder that is named at
the end; mend the reader and keep the input in `tests/unit/readers/test_found_by_fuzzing.py`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

from include.eventwire.settings import Settings
from tests.fuzz.mutations import KINDS, PIECES, Edit, spoil
from tests.fuzz.reading import check, read_bytes
from tests.fuzz.seeds import SEEDS

SLOW_SECONDS = 5
MOST_FINDINGS = 5


def main(minutes: float, formats: list[str], seed: int) -> int:
    """Read each format for its share of `minutes`; return the number of findings."""
    kept = Path(tempfile.mkdtemp(prefix="eventwire-fuzz-"))
    context = multiprocessing.get_context("fork")
    for format_ in formats:
        folder = kept / format_
        folder.mkdir()
        share = minutes * 60 / len(formats)
        process = context.Process(target=fuzz, args=(format_, seed, share, folder))
        process.start()
        process.join()
        if process.exitcode:
            shutil.copytree(folder, kept / f"{format_}-crashed-{process.exitcode}")
        shutil.rmtree(folder / "now", ignore_errors=True)
    findings = [path for path in kept.rglob("*") if path.is_file()]
    for path in findings:
        print(path)
    return len(findings)


def fuzz(format_: str, seed: int, seconds: float, folder: Path) -> None:
    """Read spoilt inputs of one format; leave in `folder` what was found."""
    choices = random.Random(f"{format_} {seed}")
    settings = Settings(max_article_seconds=2)
    now = folder / "now"
    now.mkdir()
    n_read, n_found, n_articles = 0, 0, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and n_found < MOST_FINDINGS:
        data = spoil(choices.choice(SEEDS[format_]), make_edits(choices))
        started = time.monotonic()
        try:
            results = read_bytes(data, format_, now, settings)
            check(results, now)
            n_articles += any(not hasattr(result, "reason") for result in results)
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            n_found += 1
            print(f"{format_}: {traceback.format_exc()[:3_000]}", flush=True)
            (folder / f"fails-{n_found}").write_bytes(data)
        if (took := time.monotonic() - started) > SLOW_SECONDS:
            n_found += 1
            print(f"{format_}: {took:.1f} seconds", flush=True)
            (folder / f"slow-{n_found}").write_bytes(data)
        n_read += 1
    print(f"{format_}: {n_read} read, {n_articles} with articles, {n_found} found", flush=True)


def make_edits(choices: random.Random) -> list[Edit]:
    """Return a few edits, mostly one or two."""
    return [
        Edit(
            choices.choice(KINDS),
            choices.random(),
            int(choices.paretovariate(0.5)) % 1_000,
            choices.choice(PIECES),
        )
        for _ in range(1 + int(choices.expovariate(0.7)))
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="all unless some are named")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    unknown = set(options.formats) - set(SEEDS)
    if unknown:
        parser.error(f"unknown formats: {', '.join(sorted(unknown))}")
    sys.exit(min(1, main(options.minutes, options.formats or sorted(SEEDS), options.seed)))
