"""Which articles are on one happening.

The articles come in the order of their publication. Each joins the story whose articles it is most
like, on average, if that is enough; else it begins a story. So what was
decided of an article does not depend on later ones, but for how rare words are. This is the
single-pass clustering of topic detection (Allan et al. 1998, "On-line new event detection and
tracking"), with average linkage.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from include.eventwire.summaries.parameters import StoryParameters
from include.eventwire.summaries.story_vectors import Vectors

Labels = npt.NDArray[np.int64]


def find_stories(vectors: Vectors, parameters: StoryParameters) -> Labels:
    """Return for each article the number of the first article of its story.

    Args:
        vectors: The articles, in the order of their publication.
        parameters: What makes a story.
    """
    n_articles = len(vectors)
    labels = np.arange(n_articles)
    sizes = np.zeros(n_articles, np.int64)
    filled = vectors.word_starts[:-1].copy()
    for article in range(n_articles):
        stories, sums = _sum_by_story(vectors, article, labels, filled)
        # Rounded, so that what is equal but for the last digits is equal on every machine.
        alike = np.round(sums / np.maximum(sizes[stories], 1), 9)
        if len(alike) and alike[best := int(np.argmax(alike))] >= parameters.threshold:
            labels[article] = stories[best]
        sizes[labels[article]] += 1
        filled[_words_of(vectors, article)] += 1
    return labels


def _words_of(vectors: Vectors, article: int) -> npt.NDArray[np.int64]:
    return vectors.words[vectors.starts[article] : vectors.starts[article + 1]]


def _sum_by_story(
    vectors: Vectors, article: int, labels: Labels, filled: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the stories that share words with an article, and the sum of the likenesses."""
    first, last = vectors.starts[article], vectors.starts[article + 1]
    words, weights = vectors.words[first:last], vectors.weights[first:last]
    begins, ends = vectors.word_starts[words], filled[words]
    rows = _ranges(begins, ends)
    if not len(rows):
        return np.empty(0, np.int64), np.empty(0)
    products = vectors.article_weights[rows] * np.repeat(weights, ends - begins)
    stories, inverse = np.unique(labels[vectors.articles[rows]], return_inverse=True)
    sums: npt.NDArray[np.float64] = np.bincount(inverse, products, minlength=len(stories)).astype(
        np.float64
    )
    return stories, sums


def _ranges(begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers from each begin up to its end, one range after the other."""
    sizes = ends - begins
    offsets = np.repeat(begins - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    ranges: npt.NDArray[np.int64] = np.arange(sizes.sum()) + offsets
    return ranges


def find_central(vectors: Vectors, members: Sequence[int]) -> int:
    """Return the article that is most like the others of its story, the first of equals.

    Args:
        vectors: All articles.
        members: Numbers of those of the story, in order.
    """
    if len(members) < 3:
        return members[0]
    words = [_words_of(vectors, article) for article in members]
    spans = [slice(vectors.starts[article], vectors.starts[article + 1]) for article in members]
    known, inverse = np.unique(np.concatenate(words), return_inverse=True)
    weights = np.concatenate([vectors.weights[span] for span in spans])
    sums = np.bincount(inverse, weights, minlength=len(known))
    owners = np.repeat(np.arange(len(members)), [len(of_article) for of_article in words])
    alike = np.round(np.bincount(owners, weights * sums[inverse], minlength=len(members)), 9)
    return members[int(np.argmax(alike))]
