"""The spaCy pipeline: the only module that loads a model, and only once per process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
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

# Memory grows with the batch, 25 KB a token, and speed hardly beyond this, some 5,000 tokens.
BATCH_CHARS: Final = 25_000
# A longer article is parsed in pieces. Where they end may change how a sentence is parsed, so this
# is a part of the coder's version.
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


def parse_articles(nlp: Language, articles: Sequence[Article]) -> Iterator[Doc]:
    """Yield each of `articles` parsed and coded, its offsets those of its text.

    An article of more than `PIECE_CHARS` characters is parsed in pieces, which are put together
    before its events are coded: they are seen in the whole story.

    Args:
        nlp: The pipeline.
        articles: Articles of together at most `BATCH_CHARS` characters, or a single longer one.
    """
    cut = [list(cut_text(article.text, PIECE_CHARS)) for article in articles]
    docs = (nlp.make_doc(piece) for pieces in cut for piece in pieces)
    is_long = any(len(pieces) > 1 for pieces in cut)
    # The coder runs over whole articles, not over their pieces.
    batch_size = 1 if is_long else len(articles) or 1
    parsed = iter(nlp.pipe(docs, batch_size=batch_size, disable=[event_coder.NAME]))
    for article, pieces in zip(articles, cut, strict=True):
        parts = list(islice(parsed, len(pieces)))
        doc = parts[0] if len(parts) == 1 else Doc.from_docs(parts, ensure_whitespace=False)
        doc._.published = article.published_at.date() if article.published_at else None
        yield nlp.get_pipe(event_coder.NAME)(doc)


def _index_lemmas(nlp: Language) -> None:
    """Make sets of the lemmatizer's lists of words: it asks whether one is among 57,000."""
    if "lemmatizer" not in nlp.component_names:
        return
    lookups = cast("Any", nlp.get_pipe("lemmatizer")).lookups
    if lookups.has_table("lemma_index"):
        table = lookups.get_table("lemma_index")
        for part_of_speech, words in list(table.items()):
            table[part_of_speech] = frozenset(words)
