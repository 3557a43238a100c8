r"""What is kept of a text to find its copies by: a hash of its words and a MinHash signature.

A text is its words: runs of letters, digits and underscores (`\w+`) after Unicode NFKC and case
folding. So white space, punctuation, quotation marks and capitals do not count. The dateline
counts: in the evaluation data leaving datelines out made two near copies exact ones, and found none
that was not found with them.

The signature estimates the Jaccard index of two texts' sets of word 5-grams (Broder 1997). Of each
of its 256 minima one byte is kept: two different minima share a byte once in 256, for which the
estimate is corrected, so that 256 bytes tell as much as 1,024. Band keys find what to compare: a
band is five minima, its key a hash of theirs, and two articles with a key in common are candidates.
With 20 bands a pair whose index is .7 is one in 97 of 100 cases, a pair at .8 always, and one at .3
in 5 of 100.

Short texts have no signature and are copies only when their words are the same: below 50 words,
texts that differ in nothing but numbers (dividends, rates, repurchase agreements) are as alike as
copies are.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

from include.eventwire.article_ids import hash_text
from include.eventwire.records import Article, Signature

SHINGLE_WORDS: Final = 5
LEAST_WORDS: Final = 50
N_PERMUTATIONS: Final = 256
N_BANDS: Final = 20
_BAND_ROWS: Final = 5
_SEED: Final = 1
# Whoever changes how digests become bytes and band keys counts this up.
_ENCODING: Final = 1

# What two signatures must have in common to be compared, by column.
SPEC: Final[Mapping[str, Any]] = {
    "algorithm": "rensa.RMinHash",
    "algorithm_version": f"{RMinHash.ALGORITHM_VERSION}.{_ENCODING}",
    "seed": _SEED,
    "n_permutations": N_PERMUTATIONS,
    "shingle_spec": f"{SHINGLE_WORDS} words of {LEAST_WORDS} or more, \\w+, NFKC, case-folded",
}
BAND_COLUMNS: Final = tuple(f"band_{number:02d}" for number in range(N_BANDS))

_WORD: Final = re.compile(r"\w+")
# Odd numbers without a pattern: the first digits of the fractions of the roots of 2, 3, 5, 7, 11.
_MULTIPLIERS: Final = np.array(
    [
        0x6A09E667F3BCC909,
        0xBB67AE8584CAA73B,
        0x3C6EF372FE94F82B,
        0xA54FF53A5F1D36F1,
        0x510E527FADE682D1,
    ],
    dtype=np.uint64,
)


def make_signatures(articles: Iterable[Article]) -> Iterator[Signature]:
    """Yield the signature of each article, in their order; their clusters are still unknown."""
    return (make_signature(article.article_id, article.text) for article in articles)


def make_signature(article_id: str, text: str) -> Signature:
    """Return the signature of one text."""
    words = split_words(text)
    made: dict[str, Any] = {}
    if len(words) >= LEAST_WORDS:
        digest = _digest(words)
        made = dict(zip(BAND_COLUMNS, _band_keys(digest), strict=True))
        made["signature"] = base64.b64encode(_low_bytes(digest)).decode()
    return Signature(
        article_id=article_id,
        cluster_id=None,
        # A text without words is a copy only of the very same text.
        normalised_sha256=hash_text(" ".join(words) or text),
        n_words=len(words),
        **SPEC,
        **made,
    )


def split_words(text: str) -> list[str]:
    """Return the words of a text, as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def decode_signatures(signatures: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Return a matrix with one row of bytes for each signature."""
    joined = b"".join(map(base64.b64decode, signatures))
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(signatures), N_PERMUTATIONS)


def estimate_jaccard(
    one: npt.NDArray[np.uint8], others: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """Return the estimated Jaccard index of the texts behind rows of bytes, or one row and others.

    The standard error is .03 at an index of .7. It may come out slightly below 0.
    """
    by_chance = 1 / 256
    matching = np.count_nonzero(one == others, axis=1) / N_PERMUTATIONS
    alike: npt.NDArray[np.float64] = (matching - by_chance) / (1 - by_chance)
    return alike


def _digest(words: Sequence[str]) -> npt.NDArray[np.uint32]:
    shingles = {
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    }
    hasher = RMinHash(N_PERMUTATIONS, _SEED)
    hasher.update(shingles)
    return np.array(hasher.digest(), dtype=np.uint32)


def _low_bytes(digest: npt.NDArray[np.uint32]) -> bytes:
    return (digest & 0xFF).astype(np.uint8).tobytes()


def _band_keys(digest: npt.NDArray[np.uint32]) -> list[int]:
    """Return a hash of each band, in the range of a column of 32 bits.

    Of a million articles against seven million some 32,000 pairs share a key by chance, which is
    nothing: the signatures tell that they differ. 64 bits would make the table a fifth larger.
    """
    bands = digest[: N_BANDS * _BAND_ROWS].reshape(N_BANDS, _BAND_ROWS).astype(np.uint64)
    mixed = np.sum(bands * _MULTIPLIERS, axis=1, dtype=np.uint64)
    mixed ^= mixed >> np.uint64(29)
    high = (mixed * _MULTIPLIERS[0]) >> np.uint64(32)
    return high.astype(np.uint32).view(np.int32).tolist()  # type: ignore[no-any-return]
