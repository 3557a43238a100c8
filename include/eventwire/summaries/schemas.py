"""The contract of the four tables of summaries: one Arrow schema each, every column described.

The day of a summary stands in the path alone, `<table>/dt=YYYY-MM-DD/summary.parquet`. Lists are
texts with commas between their parts, in the order that the column tells: flat tables are read
many times faster, and `string_split` makes lists of them. The rules of `schemas.py` hold here too.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from include.eventwire.schemas import TIMESTAMP, column

ACTOR_PAIR_DAYS: Final = pa.schema(
    [
        column("actor_country_code", pa.string(), "Country of the actor, as parties.", null=True),
        column("actor_sector_code", pa.string(), "PLOVER sector of the actor.", null=True),
        column("recipient_country_code", pa.string(), "Country of the recipient.", null=True),
        column("recipient_sector_code", pa.string(), "Sector of the recipient.", null=True),
        column("event_type", pa.string(), "PLOVER type, one of 16."),
        column("quad_class", pa.string(), "Quad class of the type."),
        column("n_events", pa.int32(), "Asserted events reported on the day, each once."),
        column("n_new_events", pa.int32(), "Those of them not reported in the days before."),
        column("n_reports", pa.int32(), "Articles of the day that report them, copies too."),
        column("n_not_asserted", pa.int32(), "Events that are future, hypothetical, negated ..."),
        column("mean_plover_score", pa.float64(), "Mean over n_events; null = none.", null=True),
        column("mean_confidence", pa.float64(), "Mean over n_events of the surest.", null=True),
    ]
)

EVENT_CLUSTERS: Final = pa.schema(
    [
        column("event_cluster_id", pa.string(), "event_id of the first report of the event."),
        column("story_id", pa.string(), "Story that its articles belong to."),
        column("event_type", pa.string(), "PLOVER type, one of 16."),
        column("event_mode", pa.string(), "Mode that most reports have.", null=True),
        column("quad_class", pa.string(), "Quad class of the type."),
        column("realis", pa.string(), "asserted, future, hypothetical, negated, historical."),
        column("actor_country_codes", pa.string(), "Countries of the actors, by code.", null=True),
        column("recipient_country_codes", pa.string(), "Countries of the recipients.", null=True),
        column("actor_codes", pa.string(), "As in events, of the surest report.", null=True),
        column("recipient_codes", pa.string(), "As in events, of the surest report.", null=True),
        column("event_date", pa.date32(), "Day of the act, of the most precise.", null=True),
        column("event_date_precision", pa.string(), "day, month or year.", null=True),
        column("place_name", pa.string(), "Place that most reports name.", null=True),
        column("place_country", pa.string(), "Country of that place.", null=True),
        column("plover_score", pa.float64(), "Mean of the reports.", null=True),
        column("confidence", pa.float32(), "Greatest of the reports.", null=True),
        column("first_article_id", pa.string(), "Article of the first report."),
        column("first_published_at", TIMESTAMP, "Its time of publication, UTC.", null=True),
        column("first_publisher", pa.string(), "Its publisher.", null=True),
        column("first_date", pa.date32(), "dt of the first report in the window."),
        column("last_date", pa.date32(), "dt of the last report up to the day."),
        column("n_reports", pa.int32(), "Articles that report it up to the day, copies too."),
        column("n_new_reports", pa.int32(), "Those of them that are of the day."),
        column("n_publishers", pa.int32(), "Publishers of these articles."),
        column("n_independent_publishers", pa.int32(), "Those with an article that is no copy."),
        column("event_ids", pa.string(), "The member events, the first report first."),
        column("article_ids", pa.string(), "The articles, copies too, the first report first."),
    ]
)

STORIES: Final = pa.schema(
    [
        column("story_id", pa.string(), "article_id of the first article of the story."),
        column("headline", pa.string(), "Headline of the central article.", null=True),
        column("central_article_id", pa.string(), "Article that is most like the others."),
        column("first_date", pa.date32(), "dt of the first article in the window."),
        column("last_date", pa.date32(), "dt of the last article up to the day."),
        column("first_published_at", TIMESTAMP, "Earliest time of publication.", null=True),
        column("last_published_at", TIMESTAMP, "Latest time of publication.", null=True),
        column("first_publisher", pa.string(), "Publisher of the first article.", null=True),
        column("n_articles", pa.int32(), "Articles up to the day, copies too."),
        column("n_new_articles", pa.int32(), "Those of them that are of the day."),
        column("n_publishers", pa.int32(), "Publishers of these articles."),
        column("n_independent_publishers", pa.int32(), "Those with an article that is no copy."),
        column("n_event_clusters", pa.int32(), "Events that they report, each counted once."),
        column("country_codes", pa.string(), "Countries of these, most frequent first.", null=True),
        column("publishers", pa.string(), "The publishers, in alphabetical order.", null=True),
        column("article_ids", pa.string(), "The articles, copies too, the first one first."),
    ]
)

SOURCE_DAYS: Final = pa.schema(
    [
        column("source", pa.string(), "Folder of the landing area, or elsewhere."),
        column("n_articles", pa.int32(), "Articles, copies too."),
        column("n_canonical", pa.int32(), "Those that are no copy of another article."),
        column("n_exact_copies", pa.int32(), "Those whose words another article has too."),
        column("n_near_copies", pa.int32(), "Those that are nearly another article."),
        column("n_coded", pa.int32(), "Those whose events were looked for."),
        column("n_rejects", pa.int32(), "Records that did not become an article."),
        column("main_reject_reason", pa.string(), "Most frequent reason of these.", null=True),
        column("n_undated", pa.int32(), "Articles without a time of publication."),
        column("n_without_headline", pa.int32(), "Articles without a headline."),
        column("n_with_warnings", pa.int32(), "Articles of which something was doubted."),
        column("n_publishers", pa.int32(), "Publishers that the articles name."),
        column("n_events", pa.int32(), "Events in the articles, as coded."),
        column("n_asserted_events", pa.int32(), "Those that are told as having happened."),
        column("mean_chars", pa.float64(), "Mean length of the articles.", null=True),
        column("mean_confidence", pa.float64(), "Mean of the events' confidence.", null=True),
        column("n_stories", pa.int32(), "Stories that the articles belong to."),
        column("n_first_articles", pa.int32(), "Stories of several articles it had first."),
    ]
)

SUMMARY_TABLES: Final[dict[str, pa.Schema]] = {
    "actor_pair_days": ACTOR_PAIR_DAYS,
    "event_clusters": EVENT_CLUSTERS,
    "stories": STORIES,
    "source_days": SOURCE_DAYS,
}

SUMMARY_DESCRIPTIONS: Final[dict[str, str]] = {
    "actor_pair_days": "One row per pair of actor and recipient, event type and day. "
    "Key: dt, both countries and sectors, event_type.",
    "event_clusters": "One row per event and day on which it was reported, with all reports of the "
    "window up to that day. Key: dt, event_cluster_id. Each event once: first_date = dt.",
    "stories": "One row per story and day on which it had news, with all articles of the window up "
    "to that day. Key: dt, story_id. Each story once: first_date = dt.",
    "source_days": "One row per source and day: volume and quality. Key: dt, source.",
}
