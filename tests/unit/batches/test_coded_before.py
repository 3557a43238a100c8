"""A batch that is made again codes what is new, and has the bytes that coding all would give."""

import sys
from dataclasses import replace

import pytest

from include.eventwire.batches import coded_before
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.settings import Settings
from include.eventwire.versions import current_versions
from tests.unit.made_batches import (
    DAY,
    ENGLISH,
    article,
    hashes_of,
    land,
    make_batch,
    make_settings,
    rows_of,
)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch, articles_per_shard=3)


@pytest.fixture
def coded(settings, monkeypatch):
    """Collect the sources' ids of the articles that go to the coder."""
    seen = []
    stand_in = sys.modules["include.eventwire.batches.chunk_coding"]
    code_articles = stand_in.code_articles

    def watch(articles, plan, on_progress=None):
        seen.extend(row.source_id for row in articles)
        return code_articles(articles, plan, on_progress)

    monkeypatch.setattr(stand_in, "code_articles", watch)
    return seen


def hashes_without_reuse(settings):
    """Return the hashes of the batch made by coding every article, in another lake."""
    anew = replace(settings, lake=settings.lake.with_name("anew"), reuse=False)
    make_batch(anew)
    return hashes_of(anew)


def test_of_a_grown_folder_only_what_is_new_is_coded(settings, coded):
    land(settings, "a.jsonl", [article(number) for number in range(5)])
    first = make_batch(settings)
    assert (sorted(coded), first.counts["articles_reused"]) == (list("01234"), 0)
    coded.clear()
    # The new ones come first, so that all old ones are in other chunks than before.
    land(settings, "0.jsonl", [article("new"), article(3), article("newer")])
    second = make_batch(settings)
    assert sorted(coded) == ["new", "newer"]
    assert second.counts["articles_reused"] == 5
    assert second.counts["articles"] == 7
    assert hashes_of(settings) == hashes_without_reuse(settings)


def test_a_batch_that_did_not_change_is_not_coded_at_all(settings, coded):
    land(settings, "a.jsonl", [article(number) for number in range(4)])
    make_batch(settings)
    before = hashes_of(settings)
    coded.clear()
    assert make_batch(settings).counts["articles_reused"] == 4
    assert coded == []
    assert hashes_of(settings) == before


def test_an_article_that_changed_is_coded(settings, coded):
    land(settings, "a.jsonl", [article(0), article(1), article(2, date="2018-04-23")])
    make_batch(settings)
    coded.clear()
    changed = [article(0), article(1, text=f"Correction: {ENGLISH}"), article(2, date="2018-04-22")]
    land(settings, "a.jsonl", changed)
    assert make_batch(settings).counts["articles_reused"] == 1
    assert sorted(coded) == ["1", "2"]
    assert hashes_of(settings) == hashes_without_reuse(settings)


def test_what_has_become_a_copy_is_not_coded_and_what_was_one_is(settings, coded):
    late = {"id": "late", "date": "2018-04-24", "text": ENGLISH}
    early = {"id": "early", "date": "2018-04-23", "text": ENGLISH}
    land(settings, "a.jsonl", [late])
    make_batch(settings)
    path = land(settings, "b.jsonl", [early])
    coded.clear()
    assert make_batch(settings).counts["articles_reused"] == 0
    assert coded == ["early"]
    assert [row.n_tokens for row in rows_of(settings, "articles")] == [None, 1]
    assert len(rows_of(settings, "mentions")) == 1
    assert hashes_of(settings) == hashes_without_reuse(settings)
    path.unlink()
    coded.clear()
    assert make_batch(settings).counts["articles_reused"] == 0
    assert coded == ["late"]
    assert hashes_of(settings) == hashes_without_reuse(settings)


def test_an_article_on_which_the_coder_failed_is_tried_again(settings, coded):
    land(settings, "a.jsonl", [article(0), {"id": "1", "text": "make the coder fail"}])
    make_batch(settings)
    coded.clear()
    receipt = make_batch(settings)
    assert (coded, receipt.counts["articles_reused"]) == (["1"], 1)
    assert len(rows_of(settings, "rejects")) == 1


def test_an_article_whose_language_is_no_longer_coded_loses_its_rows(settings, coded):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    receipt = make_batch(replace(settings, coded_languages=("fr",)))
    assert receipt.counts["articles_reused"] == 0
    assert rows_of(settings, "mentions") == []


@pytest.mark.parametrize("part", ["code", "coder", "lexicon", "model", "schema"])
def test_what_other_versions_found_is_not_taken(settings, coded, monkeypatch, part):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    coded.clear()
    versions = current_versions(settings.model) | {part: "another"}
    monkeypatch.setattr(coded_before, "current_versions", lambda model: versions)
    assert make_batch(settings).counts["articles_reused"] == 0
    assert coded == ["0"]


def test_a_setting_switches_it_off(settings, coded):
    assert Settings.from_environment({"EVENTWIRE_REUSE": "false"}).reuse is False
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    coded.clear()
    make_batch(replace(settings, reuse=False))
    assert coded == ["0"]


@pytest.mark.parametrize("table", ["articles", "mentions"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_batch_is_coded_anew(settings, coded, table, damage):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    before = hashes_of(settings)
    coded.clear()
    path = LakeLayout(settings.lake).table_file(table, DAY, "daily")
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-100])
    assert make_batch(settings).counts["articles_reused"] == 0
    assert coded == ["0"]
    assert hashes_of(settings) == before


def test_a_receipt_that_cannot_be_read_counts_as_none(settings, coded):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    coded.clear()
    LakeLayout(settings.lake).receipt_file(DAY, "daily").write_text("{")
    make_batch(settings)
    assert coded == ["0"]


def test_a_batch_that_is_replaced_while_it_is_read_is_not_taken(settings, coded, monkeypatch):
    land(settings, "a.jsonl", [article(0)])
    make_batch(settings)
    coded.clear()
    read_matching = coded_before.read_matching

    def lose_receipt(*arguments):
        LakeLayout(settings.lake).receipt_file(DAY, "daily").unlink(missing_ok=True)
        return read_matching(*arguments)

    monkeypatch.setattr(coded_before, "read_matching", lose_receipt)
    assert make_batch(settings).counts["articles_reused"] == 0
    assert coded == ["0"]


@pytest.mark.model
def test_the_rows_of_the_trained_pipeline_are_taken_as_they_are(tmp_path):
    landing = tmp_path / "landing"
    landing.mkdir()
    settings = Settings(
        lake=tmp_path / "lake", landing=landing, allowed_roots=(landing,), articles_per_shard=2
    )
    attack = "Ten farmers were killed by rebels near {} on Monday, Kenyan police said."
    towns = ("Mombasa", "Kisumu", "Nakuru", "Kampala")
    dated = [article(town, text=attack.format(town), date="2018-04-24") for town in towns]
    land(settings, "a.jsonl", dated[1:])
    make_batch(settings)
    land(settings, "a.jsonl", dated)
    assert make_batch(settings).counts["articles_reused"] == 3
    assert len(rows_of(settings, "events")) == 4
    assert len(rows_of(settings, "event_parties")) >= 8
    assert hashes_of(settings) == hashes_without_reuse(settings)
