"""Why an article has the events that it has: each sentence with what the coder decided on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.coding.confidence import LEAST, LEAST_OF_BEST
from include.eventwire.explorer.article_decisions import (
    MOST_CHARS,
    DecisionsError,
    find_decisions,
)
from include.eventwire.explorer.article_page import find
from include.eventwire.explorer.marked_article import MarkedPiece, TextMark, cut_pieces
from include.eventwire.explorer.rendering import reader_of, render
from include.eventwire.lake.lookup import Found
from include.eventwire.records import Article, Event
from include.eventwire.settings import Settings
from include.eventwire.versions import CODER_VERSION, lexicon_version

router: Final = APIRouter()


@dataclass(frozen=True, slots=True)
class DecidedSentence:
    """A sentence and its candidates.

    Attributes:
        number: Its number in the article, from 1.
        pieces: Its text, the acts of the candidates marked.
        candidates: Each as `coding.decisions.Decision` in JSON, with `event`: the number of the
            same event on the page of the article, None where the lake has none.
    """

    number: int
    pieces: Sequence[MarkedPiece]
    candidates: Sequence[Mapping[str, Any]]


@router.get("/articles/{article_id}/explain")
def explain_article(article_id: str, request: Request) -> Response:
    """Answer with what the coder decides on each sentence of an article; takes some seconds."""
    reader = reader_of(request)
    found = find(reader, article_id, request.query_params)
    article, settings = found.coded.article, Settings.from_environment()
    if (told := _tell_why_not(article, settings)) is not None:
        return _refuse(request, 422, told)
    try:
        decisions = find_decisions(reader, article, settings.model)
    except DecisionsError as error:
        return _refuse(request, 503, str(error))
    sentences = list_sentences(found, decisions)
    candidates = [candidate for sentence in sentences for candidate in sentence.candidates]
    context = {
        "found": found,
        "article": article,
        "sentences": sentences,
        "n_candidates": len(candidates),
        "n_coded": sum(candidate["verdict"] == "coded" for candidate in candidates),
        "lost": _list_lost(found, candidates),
        "has_changed": _has_changed(found.coded.events),
        "least": LEAST,
        "least_of_best": LEAST_OF_BEST,
    }
    return render(request, "article_explain.html", context)


def list_sentences(found: Found, decisions: Mapping[str, Any]) -> list[DecidedSentence]:
    """Return the sentences of an article, those without a candidate too.

    Args:
        found: The article and the events that the lake has of it.
        decisions: See `article_decisions.find_decisions`.
    """
    numbers = {
        (event.trigger_start_char, event.event_type): number
        for number, event in enumerate(found.coded.events, 1)
    }
    by_sentence: dict[int, list[Mapping[str, Any]]] = {}
    for candidate in decisions["candidates"]:
        stored = numbers.get((candidate["start_char"], candidate["event_type"]))
        told = {**candidate, "event": stored}
        by_sentence.setdefault(candidate["sentence_index"], []).append(told)
    return [
        DecidedSentence(
            number=index + 1,
            pieces=_mark(found.coded.article.text, start, end, by_sentence.get(index, [])),
            candidates=by_sentence.get(index, []),
        )
        for index, (start, end) in enumerate(decisions["sentences"])
    ]


def _mark(
    text: str, start: int, end: int, candidates: Sequence[Mapping[str, Any]]
) -> list[MarkedPiece]:
    marks = [
        TextMark(
            candidate["start_char"],
            candidate["end_char"],
            "trigger" if candidate["verdict"] == "coded" else "mention",
            f"{candidate['event_type']}: {candidate['verdict']}",
        )
        for candidate in candidates
    ]
    return cut_pieces(text, marks, start, end)


def _list_lost(found: Found, candidates: Sequence[Mapping[str, Any]]) -> list[tuple[int, Event]]:
    """Return events of the lake that are no candidates now, with their numbers."""
    again = {candidate["event"] for candidate in candidates}
    return [
        (number, event) for number, event in enumerate(found.coded.events, 1) if number not in again
    ]


def _has_changed(events: Sequence[Event]) -> bool:
    """Return whether events were coded by another coder or lexicon than there is now."""
    now = (CODER_VERSION, lexicon_version())
    return any((event.coder_version, event.lexicon_version) != now for event in events)


def _tell_why_not(article: Article, settings: Settings) -> str | None:
    """Return why an article is not explained; None when it is."""
    if article.language not in settings.coded_languages:
        return (
            f"Its language is {article.language or 'unknown'}; only articles in "
            f"{', '.join(settings.coded_languages)} are coded."
        )
    if len(article.text) > MOST_CHARS:
        return (
            f"Its text has {len(article.text):,} characters. Articles of more than {MOST_CHARS:,} "
            "take longer to explain than a page can wait."
        )
    return None


def _refuse(request: Request, status: int, detail: str) -> Response:
    told = {"heading": "This article cannot be explained", "detail": detail, "status": status}
    return render(request, "error.html", told, status=status)
