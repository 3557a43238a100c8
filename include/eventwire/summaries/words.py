"""The words of an article that tell what it is about, each with a weight and a number.

Words are runs of letters or digits, without case and possessive endings. Function words of English
are left out. A word with a capital within a sentence is taken for a part of a name, which tells a
story from others better than other words do. The number of a word is a hash of it: the same on
every machine, whatever other articles there are.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from include.eventwire.summaries.parameters import StoryParameters

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_POSSESSIVE: Final = re.compile(r"['\u2019]s?$")
# What ends before a capital that only begins a sentence.
_SENTENCE_END: Final = re.compile(
    "[.!?:\u2026\"'\u201c\u201d\u2018\u2019()\\[\\]\n\r\u2013\u2014-]"
)
_FUNCTION_WORDS: Final = frozenset(
    """
    a about above according across after again against ago all almost along already also although
    always am among an and another any anyone anything are aren't around as asked at away back be
    because become been before began behind being below between both but by called came can can't
    cannot come could couldn't day days did didn't do does doesn't doing don't done down due during
    each either else enough even ever every everyone few first for former found from further gave
    get gets getting give given go goes going gone good got had hadn't has hasn't have haven't
    having he he'd he'll he's her here hers herself him himself his how however i i'd i'll i'm i've
    if in including inside instead into is isn't it it's its itself just keep kept know known last
    late later least less let like likely little long look looking made make makes making many may
    maybe me mean might more most mr mrs ms much must my myself near need never new next no nor not
    nothing now of off often on once one only or other others our ours out outside over own part per
    perhaps put quite rather really right said same saw say saying says see seen set several shall
    she she'd she'll she's should shouldn't show since so some something soon still such take taken
    takes taking tell than that that's the their theirs them themselves then there there's these
    they they'd they'll they're they've thing things think this those though through thus time to
    today together told too took toward towards tuesday two under until up upon us use used using
    very want wanted was wasn't way we we'd we'll we're we've well went were weren't what when where
    whether which while who whole whom whose why will with within without won't would wouldn't year
    years yes yesterday yet you you'd you'll you're you've your yours
    monday wednesday thursday friday saturday sunday january february march april june july august
    september october november december week weeks month months
    """.split()
)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of some articles, one article after the other.

    Attributes:
        starts: Where the words of each article begin, and one more: where the last ones end.
        ids: Number of each word; those of an article rise.
        weights: Weight of each word.
    """

    starts: npt.NDArray[np.int64]
    ids: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.float32]


def weigh_words(headline: str | None, text: str, parameters: StoryParameters) -> dict[str, float]:
    """Return the words of an article, each with its weight.

    A word weighs 1 plus the logarithm of how often it stands there, those in the headline counted
    several times, and more when it is a name.

    Args:
        headline: Headline, or None.
        text: Body; its beginning is enough.
        parameters: How much headline and names count.
    """
    counts: dict[str, float] = {}
    names: set[str] = set()
    for word, _ in _split(headline or ""):
        # Papers write headlines with capitals throughout: there, they tell no names.
        counts[word] = counts.get(word, 0.0) + parameters.headline_weight
    for word, is_name in islice(_split(text), parameters.body_words):
        counts[word] = counts.get(word, 0.0) + 1.0
        if is_name:
            names.add(word)
    return {
        word: (1.0 + math.log(count)) * (parameters.name_weight if word in names else 1.0)
        for word, count in counts.items()
    }


def number_words(words: dict[str, float]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]:
    """Return the numbers of words, rising, and their weights."""
    ids = np.fromiter((zlib.crc32(word.encode()) for word in words), np.uint32, len(words))
    weights = np.fromiter(words.values(), np.float32, len(words))
    ids, first = np.unique(ids, return_index=True)  # two words may share a number
    return ids, weights[first]


def join_terms(
    articles: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]],
) -> Terms:
    """Return the words of articles, from `number_words`, one after the other."""
    sizes = np.fromiter((len(ids) for ids, _ in articles), np.int64, len(articles))
    return Terms(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]),
        np.concatenate([np.empty(0, np.uint32), *(ids for ids, _ in articles)]),
        np.concatenate([np.empty(0, np.float32), *(weights for _, weights in articles)]),
    )


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words that are no function words, and whether each is a part of a name."""
    end_before = 0
    for match in _WORD.finditer(text):
        is_first = not end_before or bool(_SENTENCE_END.search(text, end_before, match.start()))
        end_before = match.end()
        written = _POSSESSIVE.sub("", match[0])
        word = written.casefold()
        if len(word) > 1 and word not in _FUNCTION_WORDS:
            yield word, written[0].isupper() and not is_first
