"""What parsing costs: article by article, together as spaCy does, and together text by text.

`python -m benchmarks.parsing` parses the same news in the three ways by turns, without the event
coder, and prints the least processor time of some rounds; then it tells for how many articles the
numbers are the same, to the last bit, as alone. See docs/performance.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from benchmarks.made_news import MIXED, REUTERS, read_english
from include.eventwire.parsing.pipeline import group_texts, load_pipeline, parse_articles
from include.eventwire.parsing.text_by_text import TextByTextOps
from include.eventwire.records import Article
from include.eventwire.settings import Settings

_SIZES: Final = {REUTERS: 600, MIXED: 150}
_ROUNDS: Final = 3

_Parse = Callable[[Sequence[Article]], list[Doc]]


def main() -> None:
    """Measure and print."""
    nlp = load_pipeline(Settings().model)
    ways: dict[str, tuple[bool, _Parse]] = {
        "one by one": (True, lambda news: [parse_articles(nlp, [one])[0] for one in news]),
        "together, as spaCy does": (False, lambda news: _parse_groups(nlp, news)),
        "together, text by text": (True, lambda news: _parse_groups(nlp, news)),
    }
    for name, n_articles in _SIZES.items():
        articles = list(islice(read_english(name), n_articles))
        alone = ways["one by one"][1](articles)
        n_tokens = sum(map(len, alone))
        print(f"{name}: {n_articles} articles, {n_tokens:,} tokens")
        taken: dict[str, list[float]] = {way: [] for way in ways}
        same = dict.fromkeys(ways, 0)
        for _ in range(_ROUNDS):
            for way, (is_separate, parse) in ways.items():
                _choose(nlp, is_separate=is_separate)
                began = time.process_time()
                docs = parse(articles)
                taken[way].append(time.process_time() - began)
                same[way] = sum(
                    np.array_equal(one.tensor, other.tensor)
                    for one, other in zip(docs, alone, strict=True)
                )
        _choose(nlp, is_separate=True)
        for way, seconds in taken.items():
            print(f"  {way}: {min(seconds) * 1e6 / n_tokens:.0f} us/token, same: {same[way]}")


def _parse_groups(nlp: Language, articles: Sequence[Article]) -> list[Doc]:
    return [doc for group in group_texts(articles) for doc in parse_articles(nlp, group)]


def _choose(nlp: Language, *, is_separate: bool) -> None:
    """Have all components do their arithmetic text by text, or as thinc does by itself."""
    ops: Any = TextByTextOps(use_blis=False) if is_separate else NumpyOps(use_blis=False)
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if isinstance(node.ops, NumpyOps):
                node.ops = ops


if __name__ == "__main__":
    main()
