"""A process that codes one article for a page to explain, so that no server loads the model.

`python -m include.eventwire.explorer.article_decisions_process FOLDER MODEL` reads the article in
FOLDER and prints what the coder decided as JSON; `article_decisions` starts and watches it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final, cast

from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.records import Article

ARTICLE_FILE: Final = "article.parquet"
# What is waited for; the process ends by itself soon after, should nobody wait any more.
MOST_SECONDS: Final = 60
_GRACE_SECONDS: Final = 5
_MOST_BYTES: Final = 2 * 1024**3
# Whoever waits for a page can wait longer than tasks and the scheduler can.
_NICENESS: Final = 10


def main(folder: Path, model: str) -> None:
    """Print what the coder decides on the article that stands in `folder`."""
    _bind()
    from include.eventwire.coding.decisions import list_decisions  # loads spaCy
    from include.eventwire.parsing.pipeline import code_events, load_pipeline, parse_articles

    (article,) = cast("list[Article]", list(read_rows(folder / ARTICLE_FILE, "articles")))
    nlp = load_pipeline(model)
    (parsed,) = parse_articles(nlp, [article])
    doc = code_events(nlp, article, parsed)
    json.dump(asdict(list_decisions(doc, doc._.published)), sys.stdout)


def _bind() -> None:
    """Limit what this process may take of the machine that serves the pages."""
    os.nice(_NICENESS)
    signal.alarm(MOST_SECONDS + _GRACE_SECONDS)
    for kind, most in ((resource.RLIMIT_DATA, _MOST_BYTES), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
