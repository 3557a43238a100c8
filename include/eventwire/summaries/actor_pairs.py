"""How often who did what to whom on a day: the events of the day, counted by pairs of actors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from itertools import product

from include.eventwire.summaries.counting import mean
from include.eventwire.summaries.records import ActorPairDay, EventCluster
from include.eventwire.summaries.window import Window

_Actor = tuple[str | None, str | None]
_Pair = tuple[_Actor, _Actor, str, str]


def count_pairs(clusters: Iterable[EventCluster], window: Window) -> list[ActorPairDay]:
    """Return the rows of a day, by their key.

    An event with two actors and three recipients counts for each of the six pairs, an event without
    a known actor for the pair whose actor is null.

    Args:
        clusters: The events reported on the day, each once.
        window: The rows that they are of.
    """
    pairs: dict[_Pair, list[EventCluster]] = {}
    for cluster in clusters:
        for pair in _pairs_of(cluster):
            pairs.setdefault(pair, []).append(cluster)
    new = {key for key, article in window.articles.items() if article.day == window.day}
    return [_make_row(pair, pairs[pair], window.day, new) for pair in sorted(pairs, key=_sort_key)]


def _make_row(
    pair: _Pair, clusters: Sequence[EventCluster], day: date, new_articles: Set[str]
) -> ActorPairDay:
    (actor, recipient, event_type, quad_class) = pair
    asserted = [cluster for cluster in clusters if cluster.realis == "asserted"]
    reports = {name for cluster in asserted for name in cluster.article_ids.split(",")}
    return ActorPairDay(
        *actor,
        *recipient,
        event_type=event_type,
        quad_class=quad_class,
        n_events=len(asserted),
        n_new_events=sum(cluster.first_date == day for cluster in asserted),
        n_reports=len(reports & new_articles),
        n_not_asserted=len(clusters) - len(asserted),
        mean_plover_score=mean(cluster.plover_score for cluster in asserted),
        mean_confidence=mean(cluster.confidence for cluster in asserted),
    )


def _pairs_of(cluster: EventCluster) -> Iterator[_Pair]:
    sides = product(_read_codes(cluster.actor_codes), _read_codes(cluster.recipient_codes))
    return ((*side, cluster.event_type, cluster.quad_class) for side in sides)


def _read_codes(codes: str | None) -> list[_Actor]:
    """Return country and sector of each party ("JPN.GOV|.MIL"), each once; both None for none."""
    parts = (code.partition(".") for code in (codes or "").split("|"))
    found = dict.fromkeys((country or None, sector or None) for country, _, sector in parts)
    return list(found)


def _sort_key(pair: _Pair) -> tuple[str, ...]:
    actor, recipient, event_type, quad_class = pair
    return (*(code or "" for code in (*actor, *recipient)), event_type, quad_class)
