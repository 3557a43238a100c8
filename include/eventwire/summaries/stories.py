"""The stories of a window, and those of them that have news on its last day, as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from include.eventwire.summaries.counting import (
    count_independent,
    count_new,
    count_publishers,
    join,
)
from include.eventwire.summaries.parameters import StoryParameters
from include.eventwire.summaries.records import EventCluster, Story
from include.eventwire.summaries.story_clustering import find_central, find_stories
from include.eventwire.summaries.story_vectors import make_vectors
from include.eventwire.summaries.window import Window, WindowArticle
from include.eventwire.summaries.words import join_terms


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """The articles on one happening.

    Attributes:
        articles: The articles of the window, copies too, in their order.
        central: The article that is most like the others.
    """

    articles: tuple[WindowArticle, ...]
    central: WindowArticle

    @property
    def story_id(self) -> str:
        """Id of the first article."""
        return self.articles[0].article_id

    def has_news(self, day: date) -> bool:
        """Return whether an article came in on `day`."""
        return any(article.day == day for article in self.articles)


def group_articles(window: Window, parameters: StoryParameters) -> list[StoryGroup]:
    """Return the stories that have news on the last day of the window, in order.

    Copies go where the article goes that they are copies of. Each article is in one story, though
    it may be the only one there.
    """
    copies: dict[str, list[WindowArticle]] = {}
    for article in window.articles.values():
        copies.setdefault(article.cluster_id, []).append(article)
    texts = list(copies)  # in the order of the first article of each
    vectors = make_vectors(join_terms([window.words[text] for text in texts]))
    members: dict[int, list[int]] = {}
    for number, label in enumerate(find_stories(vectors, parameters).tolist()):
        members.setdefault(label, []).append(number)
    groups = []
    for numbers in members.values():
        articles = list(chain.from_iterable(copies[texts[number]] for number in numbers))
        if any(article.day == window.day for article in articles):
            articles.sort(key=lambda article: article.order)
            central = copies[texts[find_central(vectors, numbers)]][0]
            groups.append(StoryGroup(tuple(articles), central))
    return sorted(groups, key=lambda group: group.articles[0].order)


def make_story(group: StoryGroup, clusters: Sequence[EventCluster], day: date) -> Story:
    """Return the row of a story.

    Args:
        group: Its articles.
        clusters: The events that they report.
        day: The day that is summarised.
    """
    articles = group.articles
    times = [article.published_at for article in articles if article.published_at is not None]
    countries = Counter(
        code
        for cluster in clusters
        for codes in (cluster.actor_country_codes, cluster.recipient_country_codes)
        for code in (codes or "").split(",")
        if code
    )
    named = sorted({article.publisher for article in articles if article.publisher})
    return Story(
        story_id=group.story_id,
        headline=group.central.headline,
        central_article_id=group.central.article_id,
        first_date=min(article.day for article in articles),
        last_date=day,
        first_published_at=min(times, default=None),
        last_published_at=max(times, default=None),
        first_publisher=articles[0].publisher,
        n_articles=len(articles),
        n_new_articles=count_new(articles, day),
        n_publishers=count_publishers(articles),
        n_independent_publishers=count_independent(articles),
        n_event_clusters=len(clusters),
        country_codes=join(code for code, _ in sorted(countries.items(), key=_most_first)),
        publishers=join(named),
        article_ids=",".join(article.article_id for article in articles),
    )


def story_of_articles(groups: Iterable[StoryGroup]) -> Mapping[str, str]:
    """Return the story of each article, by its id."""
    return {article.article_id: group.story_id for group in groups for article in group.articles}


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
