import html
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from include.eventwire.explorer import article_decisions
from include.eventwire.explorer.article_decisions import MOST_CHARS, DecisionsError
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.versions import CODER_VERSION, lexicon_version
from tests.unit.explorer.made_lakes import TEXT, look_at, make_story, publish, rows_of

ID = f"{1:032x}"
ADDRESS = f"/articles/{ID}/explain"


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def decide(monkeypatch):
    """Return a function that sets what the process answers; it returns the list of its runs."""

    def set_answer(answer):
        runs = []

        def run(folder, model):
            runs.append(model)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(article_decisions, "_run", run)
        return runs

    return set_answer


def make_candidate(words, *, text=TEXT, **changes):
    start = text.index(words)
    return {
        "sentence_index": 1, "start_char": start, "end_char": start + len(words),
        "event_type": "CONSULT", "event_mode": "meet", "rule_id": "consult.csv:1",
        "realis": "asserted", "actors": ["CHN"], "recipients": [], "confidence": 0.8,
        "verdict": "coded", "rest": 0.5,
        "features": [{"feature": "lemma=meet", "value": 1.0, "weight": 1.5, "adds": 1.5}],
        **changes,
    }  # fmt: skip


def decisions_of(*candidates, text=TEXT):
    ends = [match.end() for match in re.finditer(r"\.", text)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return {"sentences": list(zip(starts, ends, strict=True)), "candidates": list(candidates)}


def test_each_sentence_is_shown_with_what_was_coded_and_what_rejected(layout, decide):
    publish(layout, rows_of(make_story(number=1)))
    decide(
        decisions_of(
            make_candidate("met"),
            make_candidate(
                "signed", sentence_index=2, event_type="AGREE", confidence=0.12, verdict="unlikely"
            ),
        )
    )
    page = look_at(layout.root).get(ADDRESS).text
    assert "3 sentences, 2 candidates: 1 coded, 1 rejected" in page
    assert "Sentence 1: no frame fits" in page
    assert "rejected: its confidence is below 0.3" in page
    assert '<mark class="trigger" title="CONSULT: coded">met</mark>' in page
    assert '<mark class="mention" title="AGREE: unlikely">signed</mark>' in page
    assert f"event={1 + 0xE0000:032x}" in page
    assert "#event-1" in page
    assert "lemma=meet" in page


def test_differences_from_the_lake_are_told(layout, decide):
    publish(layout, rows_of(make_story(number=1)))
    decide(decisions_of(make_candidate("signed", sentence_index=2, event_type="AGREE")))
    page = look_at(layout.root).get(ADDRESS).text
    assert "coded</strong>, but not in the lake" in page
    assert "In the lake, but no candidate now" in page


def test_other_versions_are_told(layout, decide):
    decide(decisions_of())
    article, event, parties = make_story(number=1)
    now = replace(event, coder_version=CODER_VERSION, lexicon_version=lexicon_version())
    publish(layout, rows_of((article, now, parties)))
    assert "have changed since" not in look_at(layout.root).get(ADDRESS).text
    publish(layout, rows_of((article, replace(now, coder_version="0.0.1"), parties)))
    assert "have changed since" in look_at(layout.root).get(ADDRESS).text


def test_an_article_is_read_anew_only_once(layout, decide):
    publish(layout, rows_of(make_story(number=1)))
    runs = decide(decisions_of())
    client = look_at(layout.root)
    assert [client.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 200]
    assert len(runs) == 1


def test_nothing_of_an_article_becomes_markup(layout, decide):
    hostile = "<img src=x onerror=alert(1)> met <script>alert(2)</script>."
    article, event, parties = make_story(number=1)
    publish(layout, rows_of((replace(article, headline=hostile), event, parties)))
    decide(decisions_of(make_candidate("met", rule_id=hostile, actors=[hostile])))
    page = look_at(layout.root).get(ADDRESS).text
    assert "<img" not in page
    assert "<script>alert" not in page
    assert html.escape("<script>alert(2)") in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"language": "fr"}, "Its language is fr"),
        ({"language": None}, "Its language is unknown"),
        ({"text": TEXT + " " * MOST_CHARS}, "characters"),
    ],
)
def test_what_is_not_coded_is_not_explained(layout, decide, changes, told):
    article, event, parties = make_story(number=1)
    publish(layout, rows_of((replace(article, **changes), event, parties)))
    runs = decide(decisions_of())
    answer = look_at(layout.root).get(ADDRESS)
    assert answer.status_code == 422
    assert told in answer.text
    assert runs == []


@pytest.mark.parametrize("article_id", [f"{2:032x}", "x; touch y", "0" * 31])
def test_no_process_is_started_for_what_is_not_in_the_lake(layout, decide, article_id):
    publish(layout, rows_of(make_story(number=1)))
    runs = decide(decisions_of())
    assert look_at(layout.root).get(f"/articles/{article_id}/explain").status_code == 404
    assert runs == []


def test_a_coder_that_fails_is_told_in_words_and_tried_again(layout, decide):
    publish(layout, rows_of(make_story(number=1)))
    client = look_at(layout.root)
    decide(DecisionsError("the coder could not be run here (status 1)"))
    answer = client.get(ADDRESS)
    assert answer.status_code == 503
    assert "status 1" in answer.text
    decide(decisions_of())
    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import sys; sys.exit('no model <here>')", "status 1"),
        ("import time; time.sleep(60)", "more than 0.2 seconds"),
    ],
)
def test_a_process_that_ends_badly_or_never_is_an_error(layout, monkeypatch, program, told):
    publish(layout, rows_of(make_story(number=1)))
    run = subprocess.run

    def run_program(command, **options):
        assert command[0] == sys.executable
        return run([sys.executable, "-c", program], **options)

    monkeypatch.setattr(article_decisions.subprocess, "run", run_program)
    if "sleep" in program:
        monkeypatch.setattr(article_decisions, "MOST_SECONDS", 0.2)
    answer = look_at(layout.root).get(ADDRESS)
    assert answer.status_code == 503
    assert told in answer.text
    assert "<here>" not in answer.text


def test_whoever_comes_while_another_is_explained_waits_and_is_told(layout, decide, monkeypatch):
    publish(layout, rows_of(make_story(number=1)))
    monkeypatch.setattr(article_decisions, "_SECONDS_TO_WAIT", 0.01)
    decide(decisions_of())
    with article_decisions._TURN:
        answer = look_at(layout.root).get(ADDRESS)
    assert answer.status_code == 503
    assert "try again" in answer.text
    assert look_at(layout.root).get(ADDRESS).status_code == 200


@pytest.mark.model
def test_a_process_of_its_own_reads_the_article(layout):
    publish(layout, rows_of(make_story(number=1)))
    page = look_at(layout.root).get(ADDRESS).text
    assert "3 sentences" in page
    assert '<mark class="trigger" title="CONSULT: coded">met</mark>' in page
    assert "#event-1" in page
