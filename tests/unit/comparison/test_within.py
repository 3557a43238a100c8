from datetime import date

import pytest

from include.eventwire.comparison.within import compare_versions
from include.eventwire.lake.layout import LakeError, LakeLayout
from tests.unit.comparison.lakes import VERSIONS, article_of, event_of, publish

DAYS = [date(2018, 4, number) for number in (23, 24, 25)]
NEW = {**VERSIONS, "coder": "2"}


def test_shares_are_those_of_each_set_of_versions(tmp_path):
    one, two, three, foreign = (article_of(number) for number in range(4))
    uncoded = article_of(9, n_tokens=None, n_sentences=None)
    events = [event_of(one, "a"), event_of(two, "b", event_type="AID", event_mode=None)]
    publish(tmp_path, [one, two, uncoded], events, day=DAYS[0])
    publish(tmp_path, [three], [event_of(three, "c", confidence=0.25)], day=DAYS[1])
    publish(tmp_path, [foreign], [], day=DAYS[2], versions=NEW)
    before, after = compare_versions(LakeLayout(tmp_path))
    assert before.versions == "coder 1, lexicon abc, model m-1"
    assert (before.n_batches, before.first_day, before.last_day) == (2, DAYS[0], DAYS[1])
    assert (before.n_articles, before.n_coded, before.n_events) == (4, 3, 3)
    assert before.events_per_article == 1
    assert before.confidence == pytest.approx((0.75 + 0.75 + 0.25) / 3)
    assert before.types == pytest.approx({"AID": 1000 / 3, "CONSULT": 2000 / 3})
    assert before.realis == pytest.approx({"asserted": 1000})
    assert after.versions.startswith("coder 2")
    assert (after.n_coded, after.n_events, after.confidence, after.types) == (1, 0, None, {})


def test_a_version_without_coded_articles_has_no_shares(tmp_path):
    uncoded = article_of(1, n_tokens=None, n_sentences=None)
    publish(tmp_path, [uncoded], [])
    (share,) = compare_versions(LakeLayout(tmp_path))
    assert (share.events_per_article, share.types) == (None, {})


def test_days_are_chosen(tmp_path):
    for number, day in enumerate(DAYS):
        publish(tmp_path, [article_of(number)], [], day=day)
    (share,) = compare_versions(LakeLayout(tmp_path), first_day=DAYS[1], last_day=DAYS[1])
    assert (share.n_batches, share.n_articles) == (1, 1)
    with pytest.raises(LakeError, match="no complete batch"):
        compare_versions(LakeLayout(tmp_path), first_day=date(2019, 1, 1))
