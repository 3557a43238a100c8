"""The spaCy pipeline: the only module that loads a model, and only once per process."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from include.eventwire.blas import NUMPY, use_blas
from include.eventwire.components import event_coder
from include.eventwire.components.attribute_cache import remember_attributes
from include.eventwire.components.batched_entities import batch_entities
from include.eventwire.records import Article
from include.eventwire.text_pieces import cut_text
from include.eventwire.versions import find_model

# A longer article is parsed in pieces, since memory grows by 25 KB with each of its tokens. Where
# they end may change how a sentence is parsed, so this is a part of the coder's version.
PIECE_CHARS: Final = 50_000


@cache
def load_pipeline(model: str) -> Language:
    """Return the pipeline `model` with the event coder at its end.

    It multiplies through NumPy; `blas.use_blas` changes that.

    Args:
        model: Name of an installed spaCy pipeline with a parser, a tagger and named entities.

    Raises:
        ModelNotFoundError: The pipeline is not installed.
    """
    nlp = spacy.load(find_model(model))
    use_blas(nlp, NUMPY)
    remember_attributes(nlp)
    batch_entities(nlp)
    _index_lemmas(nlp)
    nlp.add_pipe(event_coder.NAME, last=True)
    return nlp


def parse_article(nlp: Language, article: Article) -> Doc:
    """Return `article` parsed and coded, its offsets those of its text.

    Each is parsed by itself: matrices of another height may be multiplied with another last digit,
    and in one of 300,000 names of a batch that decides. So what is found in an article does not
    depend on those that it came with; what that costs stands in docs/performance.md.

    An article of more than `PIECE_CHARS` characters is parsed in pieces, which are put together
    before its events are coded: they are seen in the whole story.
    """
    docs = (nlp.make_doc(piece) for piece in cut_text(article.text, PIECE_CHARS))
    # The coder runs over the whole article, not over its pieces.
    parts = list(nlp.pipe(docs, batch_size=1, disable=[event_coder.NAME]))
    doc = parts[0] if len(parts) == 1 else Doc.from_docs(parts, ensure_whitespace=False)
    doc._.published = article.published_at.date() if article.published_at else None
    return nlp.get_pipe(event_coder.NAME)(doc)


def _index_lemmas(nlp: Language) -> None:
    """Make sets of the lemmatizer's lists of words: it asks whether one is among 57,000."""
    if "lemmatizer" not in nlp.component_names:
        return
    lookups = cast("Any", nlp.get_pipe("lemmatizer")).lookups
    if lookups.has_table("lemma_index"):
        table = lookups.get_table("lemma_index")
        for part_of_speech, words in list(table.items()):
            table[part_of_speech] = frozenset(words)
