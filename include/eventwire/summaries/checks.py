"""The checks that a day's summary must pass before it is published: one SQL query each.

A query gives the rows that break the rule. It sees the staged tables under their names.
"""

# ruff: noqa: S608 - the queries are made of names that stand in this file
from __future__ import annotations

from itertools import pairwise
from typing import Final

from include.eventwire.checks.audit_checks import Check


def _unique(table: str, *key: str) -> Check:
    columns = ", ".join(key)
    return Check(
        f"{table}_unique",
        f"no two rows of {table} have the same {columns}",
        f"SELECT {columns}, count(*) AS n_rows FROM {table} GROUP BY {columns} HAVING count(*) > 1",
    )


def _listed(table: str, key: str, n_column: str) -> Check:
    return Check(
        f"{table}_articles_listed",
        f"a row of {table} lists as many articles as it counts, each once, the new ones among them",
        f"SELECT {key}, article_ids FROM {table} "
        "WHERE len(list_distinct(string_split(article_ids, ','))) <> "
        f"{n_column} OR len(string_split(article_ids, ',')) <> {n_column}",
    )


def _ordered_counts(table: str, key: str, *columns: str) -> Check:
    wrong = " OR ".join(f"{less} > {more}" for less, more in pairwise(columns))
    return Check(
        f"{table}_{columns[0]}",
        f"in {table} 1 <= {' <= '.join(columns)}",
        f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE {columns[0]} < 1 OR {wrong}",
    )


SUMMARY_CHECKS: Final = (
    _unique("stories", "story_id"),
    _unique("event_clusters", "event_cluster_id"),
    _unique("source_days", "source"),
    _unique(
        "actor_pair_days",
        "actor_country_code",
        "actor_sector_code",
        "recipient_country_code",
        "recipient_sector_code",
        "event_type",
    ),
    _listed("stories", "story_id", "n_articles"),
    _listed("event_clusters", "event_cluster_id", "n_reports"),
    _ordered_counts("stories", "story_id", "n_new_articles", "n_articles"),
    _ordered_counts(
        "stories", "story_id", "n_independent_publishers", "n_publishers", "n_articles"
    ),
    _ordered_counts("event_clusters", "event_cluster_id", "n_new_reports", "n_reports"),
    _ordered_counts(
        "event_clusters",
        "event_cluster_id",
        "n_independent_publishers",
        "n_publishers",
        "n_reports",
    ),
    Check(
        "stories_share_no_article",
        "an article belongs to one story",
        "SELECT article_id, count(*) AS n_stories FROM "
        "(SELECT unnest(string_split(article_ids, ',')) AS article_id FROM stories) "
        "GROUP BY article_id HAVING count(*) > 1",
    ),
    Check(
        "clusters_share_no_event",
        "an event belongs to one cluster",
        "SELECT event_id, count(*) AS n_clusters FROM "
        "(SELECT unnest(string_split(event_ids, ',')) AS event_id FROM event_clusters) "
        "GROUP BY event_id HAVING count(*) > 1",
    ),
    Check(
        "clusters_have_story",
        "every event cluster belongs to a story of the day",
        "SELECT event_cluster_id, story_id FROM event_clusters ANTI JOIN stories USING (story_id)",
    ),
    Check(
        "pairs_counts",
        "a pair has events, no more of them new than there are, and a report of each",
        "FROM actor_pair_days WHERE n_events + n_not_asserted < 1 OR n_new_events > n_events "
        "OR (n_events > 0) <> (n_reports > 0)",
    ),
    Check(
        "sources_counts",
        "the articles of a source are canonical, exact copies or near copies",
        "FROM source_days WHERE n_canonical + n_exact_copies + n_near_copies <> n_articles",
    ),
)
