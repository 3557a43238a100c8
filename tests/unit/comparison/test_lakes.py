from dataclasses import replace
from datetime import date

import pytest

from include.eventwire.comparison.lakes import Counts, compare_lakes
from include.eventwire.lake.layout import LakeError, LakeLayout
from tests.lake_rows import DAY
from tests.unit.comparison.lakes import VERSIONS, article_of, event_of, publish

ONE, TWO, THREE = map(article_of, range(3))


@pytest.fixture
def compare(tmp_path):
    """Compare two lakes of one article, given by their events."""

    def compare(before, after, articles=(ONE,), **options):
        a = publish(tmp_path / "a", list(articles), before)
        b = publish(tmp_path / "b", list(articles), after)
        return compare_lakes(a, b, **options)

    return compare


def test_the_same_events_differ_in_nothing(compare):
    event = event_of(ONE, "e")
    # Another rule, confidence or place in the order is no change.
    diff = compare([event], [replace(event, rule_id="x:1", confidence=0.5, event_index=3)])
    assert diff.events == Counts(a=1, b=1)
    assert (diff.fields, diff.moves, diff.examples) == ({}, (), ())
    assert (diff.confidence_a, diff.confidence_b) == (0.75, 0.5)


def test_events_are_gained_and_lost(compare):
    kept, lost, gained = (
        event_of(ONE, "a"),
        event_of(ONE, "b", "Monday", event_index=1, event_type="THREATEN", event_mode=None),
        event_of(ONE, "c", "Number", event_index=1, event_type="PROTEST", event_mode="demo"),
    )
    diff = compare([kept, lost], [kept, gained])
    assert diff.events == Counts(a=2, b=2, gained=1, lost=1)
    assert diff.by["event_type"] == {
        "CONSULT": Counts(a=1, b=1),
        "THREATEN": Counts(a=1, lost=1),
        "PROTEST": Counts(b=1, gained=1),
    }
    assert set(diff.by["event_mode"]) == {"CONSULT visit", "PROTEST demo"}
    assert [(example.kind, example.article_id) for example in diff.examples] == [
        ("gained", ONE.article_id),
        ("lost", ONE.article_id),
    ]
    assert diff.examples[0].before is None
    assert diff.examples[0].after[1].event_id == gained.event_id
    assert diff.examples[1].before[1].event_id == lost.event_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event_mode": None}, "event_mode"),
        ({"realis": "negated"}, "realis"),
        ({"actor_codes": None}, "actor_codes"),
        ({"recipient_codes": "KOR"}, "recipient_codes"),
        ({"event_date": date(2018, 4, 1), "event_date_precision": "month"}, "event_date"),
        ({"event_date": None, "event_date_precision": None}, "event_date"),
        ({"place_name": "Kyoto"}, "place"),
        ({"place_country": None}, "place"),
    ],
)
@pytest.mark.parametrize("event_id", ["e", "f"])
def test_an_event_that_changed_is_told_with_what_changed(compare, changes, field, event_id):
    diff = compare([event_of(ONE, "e")], [event_of(ONE, event_id, **changes)])
    assert diff.events == Counts(a=1, b=1, changed=1)
    assert diff.fields == {field: 1}
    (example,) = diff.examples
    assert (example.kind, example.fields) == ("changed", (field,))
    assert example.before[1].event_id == "e" * 32
    assert example.after[1].event_id == event_id * 32


def test_another_type_of_the_same_trigger_is_a_change(compare):
    diff = compare(
        [event_of(ONE, "e")], [event_of(ONE, "f", event_type="COOPERATE", event_mode=None)]
    )
    assert diff.events == Counts(a=1, b=1, changed=1)
    assert diff.moves == (("CONSULT", "COOPERATE", 1),)
    assert diff.by["event_type"]["CONSULT"] == Counts(a=1, changed=1)
    assert diff.by["event_type"]["COOPERATE"] == Counts(b=1)


def test_of_several_events_of_a_trigger_those_alike_are_paired(compare):
    # The first of A is the second of B; what is left over has the same type, and then any type.
    a = [
        event_of(ONE, "a", event_index=0, actor_codes="CHN"),
        event_of(ONE, "b", event_index=1, actor_codes="USA"),
        event_of(ONE, "c", event_index=2, event_type="ASSAULT", event_mode=None),
    ]
    b = [
        event_of(ONE, "d", event_index=0, actor_codes="FRA"),
        event_of(ONE, "a", event_index=1, actor_codes="CHN"),
        event_of(ONE, "e", event_index=2, event_type="PROTEST", event_mode=None),
        event_of(ONE, "f", event_index=3, event_type="AID", event_mode=None),
    ]
    diff = compare(a, b)
    assert diff.events == Counts(a=3, b=4, gained=1, changed=2)
    assert diff.moves == (("ASSAULT", "PROTEST", 1),)
    assert diff.by["event_type"]["AID"] == Counts(b=1, gained=1)


def test_countries_count_once_an_event(compare):
    event = event_of(ONE, "e", actor_codes="CHN.GOV|CHN.MIL", recipient_codes="|.MIL|IGO")
    diff = compare([event], [])
    assert diff.by["party_country"] == {"CHN": Counts(a=1, lost=1), "IGO": Counts(a=1, lost=1)}


def test_articles_of_one_lake_only_are_told_and_their_events_not_compared(tmp_path):
    a = publish(tmp_path / "a", [ONE, TWO], [event_of(ONE, "a"), event_of(TWO, "b")])
    b = publish(tmp_path / "b", [ONE, THREE], [event_of(ONE, "a"), event_of(THREE, "c")])
    diff = compare_lakes(a, b)
    assert (diff.articles.a, diff.articles.b, diff.articles.both) == (2, 2, 1)
    assert diff.only_a == ((TWO.article_id, "2018-04-24 daily"),)
    assert diff.only_b == ((THREE.article_id, "2018-04-24 daily"),)
    assert diff.events == Counts(a=1, b=1)


def test_an_article_that_one_lake_left_uncoded_is_told(tmp_path):
    uncoded = replace(ONE, n_tokens=None, n_sentences=None)
    a = publish(tmp_path / "a", [ONE], [event_of(ONE, "a")])
    b = publish(tmp_path / "b", [uncoded], [])
    diff = compare_lakes(a, b)
    assert (diff.articles.coded_only_a, diff.articles.coded_only_b) == (1, 0)
    assert diff.events == Counts(a=1, lost=1)


def test_of_an_article_in_several_batches_the_coded_one_counts(tmp_path):
    a = publish(tmp_path / "a", [ONE], [event_of(ONE, "a")])
    uncoded = replace(ONE, n_tokens=None, n_sentences=None)
    publish(tmp_path / "a", [uncoded], [], name="later")
    b = publish(tmp_path / "b", [ONE], [event_of(ONE, "a")], day=date(2018, 4, 20), name="other")
    diff = compare_lakes(a, b)
    assert (diff.articles.a, diff.articles.both, diff.events) == (1, 1, Counts(a=1, b=1))


def test_only_the_named_days_and_complete_batches_are_compared(tmp_path):
    later = date(2018, 4, 25)
    for name in "ab":
        publish(tmp_path / name, [ONE], [event_of(ONE, "a")])
        publish(tmp_path / name, [TWO], [event_of(TWO, "b")], day=later)
    a, b = LakeLayout(tmp_path / "a"), LakeLayout(tmp_path / "b")
    assert compare_lakes(a, b).events.a == 2
    assert compare_lakes(a, b, first_day=later).events.a == 1
    assert compare_lakes(a, b, last_day=DAY).events.a == 1
    b.receipt_file(later, "daily").unlink()
    diff = compare_lakes(a, b)
    assert (diff.articles.both, diff.articles.a) == (1, 2)
    with pytest.raises(LakeError, match="no complete batch"):
        compare_lakes(a, b, first_day=later)


def test_versions_and_their_batches_are_told(tmp_path):
    a = publish(tmp_path / "a", [ONE], [])
    b = publish(tmp_path / "b", [ONE], [], versions={**VERSIONS, "coder": "2"})
    diff = compare_lakes(a, b)
    assert diff.versions_a == {"coder 1, lexicon abc, model m-1": 1}
    assert diff.versions_b == {"coder 2, lexicon abc, model m-1": 1}
    assert diff.confidence_a is None


def test_examples_are_of_many_types_and_few(compare):
    articles = [article_of(number) for number in range(6)]
    kinds = ["ACCUSE", "ACCUSE", "ACCUSE", "ACCUSE", "AID", "ASSAULT"]
    lost = [
        event_of(article, letter, event_type=kind, event_mode=None)
        for article, letter, kind in zip(articles, "abcdef", kinds, strict=True)
    ]
    for most, told in [
        (0, []),
        (2, ["ACCUSE", "AID"]),
        (4, ["ACCUSE", "AID", "ASSAULT", "ACCUSE"]),
    ]:
        diff = compare(lost, [], articles, most_examples=most)
        assert [example.before[1].event_type for example in diff.examples] == told


@pytest.mark.parametrize("name", ["it's", "a [1] b", "100% *"])
def test_lakes_may_have_any_name(tmp_path, name):
    a = publish(tmp_path / name, [ONE], [event_of(ONE, "a")])
    diff = compare_lakes(a, a)
    assert diff.events == Counts(a=1, b=1)
