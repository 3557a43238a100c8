"""The spaCy pipeline: the only module that loads a model, and only once per process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from include.eventwire.components import event_coder
from include.eventwire.components.attribute_cache import remember_attributes
from include.eventwire.components.batched_entities import batch_entities
from include.eventwire.parsing.blas import NUMPY, use_blas
from include.eventwire.parsing.text_by_text import read_texts_separately
from include.eventwire.parsing.text_pieces import cut_text
from include.eventwire.records import Article
from include.eventwire.versions import find_model

# A longer article is parsed in pieces, since memory grows by 25 KB with each of its tokens. Where
# they end may change how a sentence is parsed, so this is a part of the coder's version.
PIECE_CHARS: Final = 50_000
# Some 5,000 tokens; with fewer or more it takes longer.
_CHARS_TOGETHER: Final = 25_000
_PARSER: Final = "parser"


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
    read_texts_separately(nlp)
    use_blas(nlp, NUMPY)
    remember_attributes(nlp)
    batch_entities(nlp)
    _index_lemmas(nlp)
    nlp.add_pipe(event_coder.NAME, last=True)
    return nlp


def group_texts(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles that follow each other in groups that are parsed at once.

    Each costs some calls of every layer, so short ones together are faster; long ones are not, and
    take the more memory.
    """
    group: list[Article] = []
    n_chars = 0
    for article in articles:
        if group and n_chars + len(article.text) > _CHARS_TOGETHER:
            yield group
            group, n_chars = [], 0
        group.append(article)
        n_chars += len(article.text)
    if group:
        yield group


def parse_articles(nlp: Language, articles: Sequence[Article]) -> list[Doc]:
    """Return `articles` parsed, their offsets those of their texts; events are not coded yet.

    What is found in one does not depend on the others (`text_by_text`). An article of more than
    `PIECE_CHARS` characters is parsed in pieces, which are put together: its events are seen in the
    whole story.
    """
    pieces = [list(cut_text(article.text, PIECE_CHARS)) for article in articles]
    docs = [nlp.make_doc(piece) for of_article in pieces for piece in of_article]
    parsed = nlp.pipe(
        docs,
        batch_size=len(docs),
        # It cuts what it is given into four, shortest texts first.
        component_cfg={_PARSER: {"batch_size": 4 * len(docs)}},
        disable=[event_coder.NAME],
    )
    return [_put_together(list(islice(parsed, len(of_article)))) for of_article in pieces]


def code_events(nlp: Language, article: Article, doc: Doc) -> Doc:
    """Return `doc`, the parsed text of `article`, with its events."""
    doc._.published = article.published_at.date() if article.published_at else None
    return nlp.get_pipe(event_coder.NAME)(doc)


def _put_together(parts: Sequence[Doc]) -> Doc:
    return parts[0] if len(parts) == 1 else Doc.from_docs(list(parts), ensure_whitespace=False)


def _index_lemmas(nlp: Language) -> None:
    """Make sets of the lemmatizer's lists of words: it asks whether one is among 57,000."""
    if "lemmatizer" not in nlp.component_names:
        return
    lookups = cast("Any", nlp.get_pipe("lemmatizer")).lookups
    if lookups.has_table("lemma_index"):
        table = lookups.get_table("lemma_index")
        for part_of_speech, words in list(table.items()):
            table[part_of_speech] = frozenset(words)
