"""What each source delivered on a day, and how good it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from include.eventwire.summaries.counting import mean
from include.eventwire.summaries.records import SourceDay
from include.eventwire.summaries.stories import StoryGroup
from include.eventwire.summaries.window import Window, WindowArticle, WindowEvent


def count_sources(window: Window, groups: Sequence[StoryGroup]) -> list[SourceDay]:
    """Return the rows of the last day of a window, by source.

    Args:
        window: The rows of the days.
        groups: The stories that have news on the day.
    """
    delivered: dict[str, list[WindowArticle]] = {}
    for article in window.delivered:
        delivered.setdefault(article.source, []).append(article)
    rejects: dict[str, Counter[str]] = {}
    for (source, reason), n_rejects in window.rejects.items():
        rejects.setdefault(source, Counter())[reason] += n_rejects
    events: dict[str, list[WindowEvent]] = {}
    for event in window.events.values():
        events.setdefault(event.article_id, []).append(event)
    story_of = {row.article_id: group.story_id for group in groups for row in group.articles}
    firsts = Counter(
        group.articles[0].source
        for group in groups
        if len(group.articles) > 1 and group.articles[0].day == window.day
    )
    return [
        _make_row(
            source,
            articles := delivered.get(source, []),
            rejects.get(source, Counter()),
            [event for row in articles if row.is_coded for event in events.get(row.article_id, ())],
            {story_of[row.article_id] for row in articles if row.article_id in story_of},
            firsts[source],
        )
        for source in sorted(delivered.keys() | rejects.keys())
    ]


def _make_row(
    source: str,
    articles: Sequence[WindowArticle],
    rejects: Mapping[str, int],
    events: Sequence[WindowEvent],
    stories: set[str],
    n_first: int,
) -> SourceDay:
    kinds = Counter(article.duplicate_kind for article in articles)
    return SourceDay(
        source=source,
        n_articles=len(articles),
        n_canonical=kinds[None],
        n_exact_copies=kinds["exact"],
        n_near_copies=kinds["near"],
        n_coded=sum(article.is_coded for article in articles),
        n_rejects=sum(rejects.values()),
        main_reject_reason=min(
            rejects, key=lambda reason: (-rejects[reason], reason), default=None
        ),
        n_undated=sum(article.published_at is None for article in articles),
        n_without_headline=sum(not article.headline for article in articles),
        n_with_warnings=sum(article.has_warnings for article in articles),
        n_publishers=len({article.publisher for article in articles if article.publisher}),
        n_events=len(events),
        n_asserted_events=sum(event.realis == "asserted" for event in events),
        mean_chars=mean(article.n_chars for article in articles),
        mean_confidence=mean(event.confidence for event in events if event.confidence is not None),
        n_stories=len(stories),
        n_first_articles=n_first,
    )
