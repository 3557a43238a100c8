"""One chunk of articles through the spaCy pipeline: to the rows of all tables."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from include.eventwire.batches.plan import Plan
from include.eventwire.coding.event_rows import make_event_rows
from include.eventwire.mentions import make_mentions
from include.eventwire.parsing.blas import use_blas
from include.eventwire.parsing.pipeline import (
    code_events,
    group_texts,
    load_pipeline,
    parse_articles,
)
from include.eventwire.records import Article, CodedArticle, Event, EventParty, Mention, Reject
from include.eventwire.time_limits import (
    TookTooLongError,
    end_if_stuck,
    let_faults_end_process,
    time_limit,
)
from include.eventwire.versions import lexicon_version, model_version

_LOG: Final = logging.getLogger(__name__)

_SENTENCE: Final = "China's foreign minister met his Japanese counterpart in Tokyo on Monday."


@dataclass(slots=True)
class _Rows:
    """The rows of a chunk, by table, in the order of its articles."""

    articles: list[Article] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    event_parties: list[EventParty] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def add(self, coded: CodedArticle) -> None:
        """Append the rows of one article."""
        self.articles.append(coded.article)
        self.mentions += coded.mentions
        self.events += coded.events
        self.event_parties += coded.event_parties


def code_articles(
    articles: Sequence[Article], plan: Plan, on_progress: Callable[[int], None] | None = None
) -> dict[str, Sequence[Article | Mention | Event | EventParty | Reject]]:
    """Return the rows of `articles` after coding, by table.

    An article in a language that is not coded stays as it is, without mentions and events. One that
    makes the pipeline fail is a reject, and the others are coded. What becomes of one that ends the
    process: see `careful_coding`.

    Args:
        articles: The articles of one chunk.
        plan: Names the pipeline and the languages that are coded.
        on_progress: Called with the number of articles done since its last call.
    """
    nlp = load_pipeline_of(plan)
    rows = _Rows()
    for group in group_texts(articles):
        coded = [row for row in group if row.language in plan.settings.coded_languages]
        docs = iter(_parse_together(nlp, coded, plan.settings.max_article_seconds))
        for article in group:
            if article.language in plan.settings.coded_languages:
                _code(nlp, article, next(docs), plan, rows)
            else:
                rows.articles.append(article)
            _settle()
            if on_progress is not None:
                on_progress(1)
    return {
        "articles": rows.articles,
        "mentions": rows.mentions,
        "events": rows.events,
        "event_parties": rows.event_parties,
        "rejects": rows.rejects,
    }


def _parse_together(
    nlp: Language, articles: Sequence[Article], seconds: float
) -> Sequence[Doc | None]:
    """Return articles parsed; None for each where that fails, though it be for one of them.

    Together they may take the time of one: they are no longer than a long one.
    """
    try:
        with end_if_stuck(seconds), time_limit(seconds):
            return parse_articles(nlp, articles)
    except Exception:  # noqa: BLE001 - it comes again with the article whose it is
        _LOG.debug("%d articles are parsed one by one", len(articles), exc_info=True)
        return [None] * len(articles)


def load_pipeline_of(plan: Plan) -> Language:
    """Return the spaCy pipeline of a plan, loaded once in a process."""
    let_faults_end_process()
    nlp = load_pipeline(plan.settings.model)
    use_blas(nlp, plan.settings.blas)
    _load_what_is_used_first(plan.settings.model)
    return nlp


@cache
def _load_what_is_used_first(model: str) -> None:
    """Code a sentence, once in a process: that loads the lexicon and the gazetteer.

    The first article would else have to wait for them within the time that it may take, and be
    taken for one that takes too long where the machine is busy.
    """
    doc = load_pipeline(model)(_SENTENCE)
    make_mentions(doc, "", None)
    lexicon_version()
    model_version(model)


@cache
def _settle() -> None:
    """Let the collector of garbage pass over what is loaded by now, once in a process.

    Pipeline, lexicon and gazetteer stay as long as the process; looking through them again and
    again is a twentieth of the time.
    """
    gc.collect()
    gc.freeze()


def _code(nlp: Language, article: Article, parsed: Doc | None, plan: Plan, rows: _Rows) -> None:
    """Add what is found in an article to `rows`, or a reject when that fails."""
    seconds = plan.settings.max_article_seconds
    try:
        with end_if_stuck(seconds), time_limit(seconds):
            (doc,) = parse_articles(nlp, [article]) if parsed is None else [parsed]
            coded = _make_rows(
                article, code_events(nlp, article, doc), model_version(plan.settings.model)
            )
    except Exception as error:  # noqa: BLE001 - one article must not sink the others
        rows.rejects.append(_reject_failed(article, error))
    else:
        rows.add(coded)


def _make_rows(article: Article, doc: Doc, version: str) -> CodedArticle:
    n_sentences = sum(1 for _ in doc.sents)
    annotated = replace(article, n_tokens=len(doc), n_sentences=n_sentences)
    mentions = make_mentions(doc, article.article_id, doc._.published)
    events, parties = make_event_rows(article, doc._.events, version)
    return CodedArticle(annotated, tuple(mentions), tuple(events), tuple(parties))


def _reject_failed(article: Article, error: Exception) -> Reject:
    reason = "took_too_long" if isinstance(error, TookTooLongError) else "unexpected_error"
    detail = f"the article could not be coded: {type(error).__name__}: {error}"
    return Reject(article.input_uri, article.record_number, "code", reason, detail)
