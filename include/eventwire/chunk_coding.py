"""One chunk of articles through the spaCy pipeline: to the rows of all tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from include.eventwire.coding.event_rows import make_event_rows
from include.eventwire.mentions import make_mentions
from include.eventwire.nlp import load_pipeline
from include.eventwire.plan import Plan
from include.eventwire.records import Article, CodedArticle, Event, EventParty, Mention, Reject
from include.eventwire.versions import model_version

# Memory grows with the batch, speed does not beyond this: 16 long articles take 376 MB, 256 take
# 1.2 GB.
_BATCH_CHARS: Final = 50_000


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
    makes the pipeline fail is a reject, and the others are coded.

    Args:
        articles: The articles of one chunk.
        plan: Names the pipeline and the languages that are coded.
        on_progress: Called with the number of articles done since its last call.
    """
    nlp = load_pipeline(plan.settings.model)
    version = model_version(plan.settings.model)
    rows = _Rows()
    for batch in _batches(articles):
        wanted = [article for article in batch if article.language in plan.settings.coded_languages]
        coded = {found.article.article_id: found for found in _code(nlp, wanted, version, rows)}
        failed = {article.article_id for article in wanted} - coded.keys()
        for article in batch:
            if article.article_id not in failed:  # those are among the rejects
                rows.add(coded.get(article.article_id) or CodedArticle(article, (), (), ()))
        if on_progress is not None:
            on_progress(len(batch))
    return {
        "articles": rows.articles,
        "mentions": rows.mentions,
        "events": rows.events,
        "event_parties": rows.event_parties,
        "rejects": rows.rejects,
    }


def _code(
    nlp: Language, articles: Sequence[Article], version: str, rows: _Rows
) -> Iterator[CodedArticle]:
    """Yield each article with what was found in it; when one fails, the others one by one."""
    try:
        yield from [*_pipe(nlp, articles, version)]
    except Exception:  # noqa: BLE001 - which of the articles it was is found out below
        for article in articles:
            try:
                yield from [*_pipe(nlp, [article], version)]
            except Exception as error:  # noqa: BLE001 - one article must not sink the batch
                detail = f"the article could not be coded: {type(error).__name__}: {error}"
                rows.rejects.append(
                    Reject(
                        article.input_uri, article.record_number, "code", "unexpected_error", detail
                    )
                )


def _pipe(nlp: Language, articles: Sequence[Article], version: str) -> Iterator[CodedArticle]:
    docs = (_make_doc(nlp, article) for article in articles)
    parsed = nlp.pipe(docs, batch_size=len(articles) or 1)
    for article, doc in zip(articles, parsed, strict=True):
        n_sentences = sum(1 for _ in doc.sents)
        annotated = replace(article, n_tokens=len(doc), n_sentences=n_sentences)
        mentions = make_mentions(doc, article.article_id, doc._.published)
        events, parties = make_event_rows(article, doc._.events, version)
        yield CodedArticle(annotated, tuple(mentions), tuple(events), tuple(parties))


def _make_doc(nlp: Language, article: Article) -> Doc:
    doc = nlp.make_doc(article.text)
    doc._.published = article.published_at.date() if article.published_at else None
    return doc


def _batches(articles: Sequence[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    n_chars = 0
    for article in articles:
        if batch and n_chars + article.n_chars > _BATCH_CHARS:
            yield batch
            batch, n_chars = [], 0
        batch.append(article)
        n_chars += article.n_chars
    if batch:
        yield batch
