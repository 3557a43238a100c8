"""The rows of the tables of summaries; `schemas.py` beside this tells what each column means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ActorPairDay:
    """How often one actor did one type of thing to one recipient, as reported on a day."""

    actor_country_code: str | None
    actor_sector_code: str | None
    recipient_country_code: str | None
    recipient_sector_code: str | None
    event_type: str
    quad_class: str
    n_events: int
    n_new_events: int
    n_reports: int
    n_not_asserted: int
    mean_plover_score: float | None
    mean_confidence: float | None


@dataclass(frozen=True, slots=True)
class EventCluster:
    """One event with all its reports, as known at the end of a day."""

    event_cluster_id: str
    story_id: str
    event_type: str
    event_mode: str | None
    quad_class: str
    realis: str
    actor_country_codes: str | None
    recipient_country_codes: str | None
    actor_codes: str | None
    recipient_codes: str | None
    event_date: date | None
    event_date_precision: str | None
    place_name: str | None
    place_country: str | None
    plover_score: float | None
    confidence: float | None
    first_article_id: str
    first_published_at: datetime | None
    first_publisher: str | None
    first_date: date
    last_date: date
    n_reports: int
    n_new_reports: int
    n_publishers: int
    n_independent_publishers: int
    event_ids: str
    article_ids: str


@dataclass(frozen=True, slots=True)
class Story:
    """The articles on one happening, as known at the end of a day."""

    story_id: str
    headline: str | None
    central_article_id: str
    first_date: date
    last_date: date
    first_published_at: datetime | None
    last_published_at: datetime | None
    first_publisher: str | None
    n_articles: int
    n_new_articles: int
    n_publishers: int
    n_independent_publishers: int
    n_event_clusters: int
    country_codes: str | None
    publishers: str | None
    article_ids: str


@dataclass(frozen=True, slots=True)
class SourceDay:
    """What one source delivered on a day, and how good it is."""

    source: str
    n_articles: int
    n_canonical: int
    n_exact_copies: int
    n_near_copies: int
    n_coded: int
    n_rejects: int
    main_reject_reason: str | None
    n_undated: int
    n_without_headline: int
    n_with_warnings: int
    n_publishers: int
    n_events: int
    n_asserted_events: int
    mean_chars: float | None
    mean_confidence: float | None
    n_stories: int
    n_first_articles: int
