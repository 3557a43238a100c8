"""The same event across reports.

Two coded events are one when they are of the same type and realis, between the same countries,
reported within one story, and their dates are the same or overlap: a month contains its days, and
an event without a date may have been on any. Where neither side has a country, mode and trigger
must be the same too: "police arrested" and "workers walked out" have nothing else to differ by.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from include.eventwire.summaries.counting import (
    count_independent,
    count_new,
    count_publishers,
    join,
    mean,
)
from include.eventwire.summaries.records import EventCluster
from include.eventwire.summaries.window import Window, WindowArticle, WindowEvent

_PRECISIONS: Final = {"day": 0, "month": 1, "year": 2, None: 3}
_Value = TypeVar("_Value", bound=Hashable)


@dataclass(slots=True)
class _Period:
    """When an event was: from the first to the last day that all its reports allow."""

    first: date
    last: date

    def narrow(self, first: date, last: date) -> bool:
        """Narrow the period to what it has in common with another; return whether it has any."""
        if first > self.last or last < self.first:
            return False
        self.first, self.last = max(self.first, first), min(self.last, last)
        return True


def cluster_events(
    events: Iterable[WindowEvent],
    articles: Mapping[str, WindowArticle],
    story_of: Mapping[str, str],
) -> list[list[WindowEvent]]:
    """Return the events that are one and the same together, the first report first.

    Args:
        events: Coded events.
        articles: Their articles, by id.
        story_of: Story of each article, by id; events of others are left out.
    """

    def order(event: WindowEvent) -> tuple[Any, ...]:
        return (*articles[event.article_id].order, event.event_id)

    alike: dict[tuple[Hashable, ...], list[WindowEvent]] = {}
    for event in sorted((event for event in events if event.article_id in story_of), key=order):
        alike.setdefault(_key(event, story_of[event.article_id]), []).append(event)
    clusters = [cluster for group in alike.values() for cluster in _split_by_date(group)]
    return sorted((sorted(cluster, key=order) for cluster in clusters), key=lambda c: order(c[0]))


def make_cluster(
    events: Sequence[WindowEvent],
    story_id: str,
    window: Window,
    copies: Mapping[str, Sequence[str]],
) -> EventCluster | None:
    """Return the row of an event, or None when no article of the last day reports it.

    Args:
        events: Its reports, the first one first.
        story_id: Story that they belong to.
        window: The rows that they are of.
        copies: Ids of the articles that are copies of one another, by their `cluster_id`.
    """
    texts = dict.fromkeys(window.articles[event.article_id].cluster_id for event in events)
    articles = sorted(
        (window.articles[article_id] for text in texts for article_id in copies[text]),
        key=lambda article: article.order,
    )
    if not (n_new := count_new(articles, window.day)):
        return None
    first, surest = articles[0], max(events, key=lambda event: event.confidence or 0.0)
    dated = min(events, key=lambda event: _PRECISIONS[event.event_date_precision])
    places = [(event.place_name, event.place_country) for event in events if event.place_name]
    place_name, place_country = _most_common(places) or (None, None)
    return EventCluster(
        event_cluster_id=events[0].event_id,
        story_id=story_id,
        event_type=events[0].event_type,
        event_mode=_most_common([event.event_mode for event in events if event.event_mode]),
        quad_class=events[0].quad_class,
        realis=events[0].realis,
        actor_country_codes=join(list_countries(events[0].actor_codes)),
        recipient_country_codes=join(list_countries(events[0].recipient_codes)),
        actor_codes=surest.actor_codes,
        recipient_codes=surest.recipient_codes,
        event_date=dated.event_date,
        event_date_precision=dated.event_date_precision,
        place_name=place_name,
        place_country=place_country,
        plover_score=mean(event.plover_score for event in events),
        confidence=surest.confidence,
        first_article_id=first.article_id,
        first_published_at=first.published_at,
        first_publisher=first.publisher,
        first_date=first.day,
        last_date=window.day,
        n_reports=len(articles),
        n_new_reports=n_new,
        n_publishers=count_publishers(articles),
        n_independent_publishers=count_independent(articles),
        event_ids=",".join(event.event_id for event in events),
        article_ids=",".join(article.article_id for article in articles),
    )


def list_countries(codes: str | None) -> list[str]:
    """Return the countries in codes of parties ("JPN.GOV|.MIL|IGO"), each once, in order."""
    parts = (code.partition(".")[0] for code in (codes or "").split("|"))
    return sorted({part for part in parts if part})


def _key(event: WindowEvent, story_id: str) -> tuple[Hashable, ...]:
    """Return what the reports of one event have in common but for their dates."""
    actors, recipients = map(list_countries, (event.actor_codes, event.recipient_codes))
    act = () if actors or recipients else (event.event_mode, event.trigger)
    return (story_id, event.event_type, event.realis, tuple(actors), tuple(recipients), act)


def _split_by_date(events: Sequence[WindowEvent]) -> list[list[WindowEvent]]:
    """Return the events whose dates overlap together; the most precise dates decide first."""
    clusters: list[tuple[_Period | None, list[WindowEvent]]] = []
    for event in sorted(events, key=lambda event: _PRECISIONS[event.event_date_precision]):
        period = _period(event)
        for known, members in clusters:
            if period is None or known is None or known.narrow(period.first, period.last):
                members.append(event)
                break
        else:
            clusters.append((period, [event]))
    return [members for _, members in clusters]


def _period(event: WindowEvent) -> _Period | None:
    first = event.event_date
    if first is None:
        return None
    if event.event_date_precision == "year":
        return _Period(first.replace(month=1, day=1), first.replace(month=12, day=31))
    if event.event_date_precision == "month":
        n_days = calendar.monthrange(first.year, first.month)[1]
        return _Period(first.replace(day=1), first.replace(day=n_days))
    return _Period(first, first)


def _most_common(values: Sequence[_Value]) -> _Value | None:
    """Return the most frequent value, the first of equals."""
    return Counter(values).most_common(1)[0][0] if values else None
