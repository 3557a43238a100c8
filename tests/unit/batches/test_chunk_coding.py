from datetime import UTC, date, datetime

import pytest
import spacy
from spacy.language import Language

from include.eventwire.batches import chunk_coding
from include.eventwire.batches.chunk_coding import code_articles
from include.eventwire.batches.plan import Plan
from include.eventwire.components import event_coder
from include.eventwire.parsing.pipeline import load_pipeline, parse_articles
from include.eventwire.settings import Settings
from include.eventwire.time_limits import TookTooLongError
from tests.lake_rows import make_article


@Language.component("refuses_boom")
def refuses_boom(doc):
    """Fail as a broken component does."""
    if "boom" in doc.text:
        raise RuntimeError("the parser tripped")
    return doc


@pytest.fixture
def nlp(monkeypatch):
    """Stand in for the trained pipeline: sentences and one name, and no heads, so no events."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Kenya"}])
    nlp.add_pipe("refuses_boom")
    nlp.add_pipe(event_coder.NAME)
    monkeypatch.setattr(chunk_coding, "load_pipeline", lambda model: nlp)
    monkeypatch.setattr(chunk_coding, "model_version", lambda model: f"{model}-1.0")
    return nlp


def make_plan(model="blank", seconds=10):
    settings = Settings(model=model, max_article_seconds=seconds)
    return Plan(
        day=date(2018, 4, 24), batch="daily", run="r1", settings=settings, files=(), shards=(),
        rejects=(), publisher=None, limit=None, created_at="2018-04-24T00:00:00+00:00",
    )  # fmt: skip


def articles_of(*texts, **changes):
    return [
        make_article(text, record_number=number, n_tokens=None, n_sentences=None, **changes)
        for number, text in enumerate(texts, 1)
    ]


def test_articles_are_annotated_in_their_order(nlp):
    rows = code_articles(articles_of("Kenya won. It rained.", "Nothing new."), make_plan())
    counted = [(a.text, a.n_tokens, a.n_sentences) for a in rows["articles"]]
    assert counted == [("Kenya won. It rained.", 6, 2), ("Nothing new.", 3, 1)]
    (mention,) = rows["mentions"]
    assert (mention.article_id, mention.text) == (rows["articles"][0].article_id, "Kenya")
    assert [rows[table] for table in ("events", "event_parties", "rejects")] == [[], [], []]


def test_an_article_that_makes_the_pipeline_fail_is_one_reject_and_the_others_are_coded(nlp):
    articles = articles_of("Kenya won.", "Kenya went boom.", "Kenya lost.")
    rows = code_articles(articles, make_plan())
    assert [article.text for article in rows["articles"]] == ["Kenya won.", "Kenya lost."]
    assert len(rows["mentions"]) == 2
    (reject,) = rows["rejects"]
    assert (reject.input_uri, reject.record_number) == (articles[1].input_uri, 2)
    assert (reject.stage, reject.reason) == ("code", "unexpected_error")
    assert "RuntimeError: the parser tripped" in reject.detail


def test_an_article_longer_than_the_pipeline_takes_is_a_reject(nlp):
    nlp.max_length = 20
    rows = code_articles(articles_of("Kenya won.", "Kenya won and won and won."), make_plan())
    assert [article.text for article in rows["articles"]] == ["Kenya won."]
    assert [reject.record_number for reject in rows["rejects"]] == [2]


@pytest.mark.parametrize("language", ["sw", "und", None])
def test_an_article_in_another_language_stays_as_it_is(nlp, language):
    (article,) = articles_of("Kenya went boom.", language=language)
    rows = code_articles([article], make_plan())
    assert rows["articles"] == [article]
    assert (rows["mentions"], rows["rejects"]) == ([], [])


def test_the_day_of_publication_is_told_to_the_coder(nlp, monkeypatch):
    seen = []
    monkeypatch.setattr(event_coder, "code_events", lambda doc, day: seen.append(day) or [])
    late = datetime(2018, 4, 23, 23, 59, tzinfo=UTC)
    articles = articles_of("One.", published_at=late) + articles_of("Two.", published_at=None)
    code_articles(articles, make_plan())
    assert seen == [date(2018, 4, 23), None]


def test_every_article_is_counted_in_the_progress_whatever_became_of_it(nlp):
    articles = articles_of("One.", "boom", "x" * 60_000, "Two.")
    articles += articles_of("Tatu.", language="sw")
    counts = []
    rows = code_articles(articles, make_plan(), counts.append)
    assert sum(counts) == len(articles) == len(rows["articles"]) + len(rows["rejects"])
    assert len(counts) > 1


def test_no_articles_make_empty_tables(nlp):
    rows = code_articles([], make_plan())
    assert set(rows) == {"articles", "mentions", "events", "event_parties", "rejects"}
    assert not any(rows.values())


def test_articles_that_together_take_too_long_are_each_given_the_time(nlp, monkeypatch):
    def refuse_many(nlp, articles):
        if len(articles) > 1:
            raise TookTooLongError("too long")
        return parse_articles(nlp, articles)

    monkeypatch.setattr(chunk_coding, "parse_articles", refuse_many)
    rows = code_articles(articles_of("Kenya won.", "Kenya lost."), make_plan())
    assert [article.text for article in rows["articles"]] == ["Kenya won.", "Kenya lost."]
    assert not rows["rejects"]


def test_articles_that_are_not_coded_stay_in_their_place(nlp):
    articles = articles_of("One.", "Two.")
    articles.insert(1, *articles_of("Moja.", language="sw"))
    rows = code_articles(articles, make_plan())
    assert [article.text for article in rows["articles"]] == ["One.", "Moja.", "Two."]


@pytest.mark.model
def test_the_trained_pipeline_codes_the_others_when_one_article_makes_it_fail():
    settings = Settings()
    nlp = load_pipeline(settings.model)
    nlp.add_pipe("refuses_boom", first=True)
    attack = "Rebels attacked Kenyan soldiers near Mombasa on Monday."
    try:
        rows = code_articles(
            articles_of(attack, "Kenya went boom."), make_plan(model=settings.model)
        )
    finally:
        nlp.remove_pipe("refuses_boom")
    assert [reject.record_number for reject in rows["rejects"]] == [2]
    (article,), (event,) = rows["articles"], rows["events"]
    assert (event.article_id, event.event_type) == (article.article_id, "ASSAULT")
    assert event.trigger == attack[event.trigger_start_char : event.trigger_end_char] == "attacked"
    assert (event.actor_codes, event.recipient_codes) == ("KEN.REB", "KEN.MIL")
    assert {party.event_id for party in rows["event_parties"]} == {event.event_id}
    assert {"Kenyan", "Mombasa"} <= {mention.text for mention in rows["mentions"]}
    assert event.model_version.startswith(settings.model)


def test_an_article_whose_rows_cannot_be_made_is_a_reject(nlp, monkeypatch):
    def refuse(doc, *args):
        if "boom" in doc.text.lower():
            raise ValueError("no such mention")
        return []

    monkeypatch.setattr(chunk_coding, "make_mentions", refuse)
    rows = code_articles(articles_of("Kenya won.", "Kenya went BOOM."), make_plan())
    assert [article.text for article in rows["articles"]] == ["Kenya won."]
    assert "ValueError: no such mention" in rows["rejects"][0].detail


def test_a_very_long_article_is_parsed_in_pieces_and_its_offsets_are_those_of_the_text(nlp):
    filler = "It rained. " * 6_000
    (article,) = articles_of(f"Kenya won. {filler}Kenya lost.")
    rows = code_articles([article], make_plan())
    spans = [(mention.start_char, mention.end_char) for mention in rows["mentions"]]
    assert [article.text[start:end] for start, end in spans] == ["Kenya", "Kenya"]
    assert rows["mentions"][-1].sentence_index == 6_001
    assert rows["articles"][0].n_sentences == 6_002


def test_an_article_that_takes_too_long_is_a_reject_and_the_others_are_coded(nlp, monkeypatch):
    def code_slowly(doc, published):
        while "for ever" in doc.text:
            pass
        return []

    monkeypatch.setattr(event_coder, "code_events", code_slowly)
    rows = code_articles(articles_of("Kenya won.", "On for ever."), make_plan(seconds=1))
    assert [article.text for article in rows["articles"]] == ["Kenya won."]
    (reject,) = rows["rejects"]
    assert (reject.reason, reject.record_number) == ("took_too_long", 2)
    assert "EVENTWIRE_MAX_ARTICLE_SECONDS" in reject.detail
