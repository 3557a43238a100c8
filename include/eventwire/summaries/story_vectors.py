"""How alike articles are: the angle between their words, rare words counting most (TF-IDF).

How rare a word is, is counted among the articles of the window alone. A word of more than one in a
hundred of them tells nothing of a story and is left out, and so are, of long articles, the words
that weigh least. So an article is compared only with those that share one of its telling words,
and the work grows little faster than the number of articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from include.eventwire.summaries.words import Terms

# Words of more articles than this, and than one in so many of them, are left out.
_LEAST_COMMON: Final = 50
_COMMON_SHARE: Final = 100
_MOST_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class Vectors:
    """Articles as vectors of length 1, one after the other; those of one word as well.

    Attributes:
        starts: Where the words of each article begin, and one more.
        words: Number of each word of an article, counted from 0 over all articles.
        weights: What it adds to the angle.
        word_starts: Where the articles of each word begin, and one more.
        articles: The articles of each word, rising.
        article_weights: Weight of the word in each of them.
    """

    starts: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    word_starts: npt.NDArray[np.int64]
    articles: npt.NDArray[np.int64]
    article_weights: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.starts) - 1


def make_vectors(terms: Terms) -> Vectors:
    """Return the vectors of articles, in their order."""
    n_articles = len(terms.starts) - 1
    owners = np.repeat(np.arange(n_articles), np.diff(terms.starts))
    _, words, counts = np.unique(terms.ids, return_inverse=True, return_counts=True)
    weights = terms.weights.astype(np.float64) * np.log((n_articles + 1) / counts)[words]
    most = max(_LEAST_COMMON, n_articles // _COMMON_SHARE)
    kept = np.flatnonzero(counts[words] <= most)
    kept = _choose_heaviest(owners[kept], weights[kept], kept)
    owners, words, weights = owners[kept], words[kept], weights[kept]
    lengths = np.sqrt(np.bincount(owners, weights**2, minlength=n_articles))
    weights = weights / np.where(lengths > 0, lengths, 1.0)[owners]
    by_word = np.argsort(words, kind="stable")
    return Vectors(
        starts=_starts(owners, n_articles),
        words=words,
        weights=weights,
        word_starts=_starts(words, len(counts)),
        articles=owners[by_word],
        article_weights=weights[by_word],
    )


def _choose_heaviest(
    owners: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return those of `rows` that are among the heaviest of their article, in their order."""
    order = np.lexsort((rows, -weights, owners))
    firsts = np.searchsorted(owners[order], owners[order], side="left")
    ranks = np.arange(len(order)) - firsts
    chosen: npt.NDArray[np.int64] = np.sort(rows[order[ranks < _MOST_WORDS]])
    return chosen


def _starts(sorted_or_not: npt.NDArray[np.int64], n_groups: int) -> npt.NDArray[np.int64]:
    """Return where each group begins when equal numbers stand together, and one more."""
    sizes = np.bincount(sorted_or_not, minlength=n_groups)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
