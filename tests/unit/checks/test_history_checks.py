from datetime import date, timedelta

import pytest

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.checks.history_checks import compare_with_history, stability_index

DAY = date(2026, 3, 30)  # a Monday


def days_before(profile, n_days=14):
    return {DAY - timedelta(days=before): profile for before in range(1, n_days + 1)}


def wire(articles=100, undated=0, **rejects):
    return BatchProfile({"wire": SourceCounts(articles, undated, rejects)})


def warnings(profile, history):
    return {
        check.name: [example["finding"] for example in check.examples]
        for check in compare_with_history(DAY, profile, history)
        if not check.passed
    }


@pytest.mark.parametrize(
    ("articles", "name"),
    [
        (0, "sources_present"),
        (24, "sources_volume"),
        (25, None),
        (400, None),
        (401, "sources_volume"),
    ],
)
def test_a_quarter_to_four_times_the_median_is_usual(articles, name):
    assert list(warnings(wire(articles), days_before(wire()))) == ([name] if name else [])


def test_a_warning_says_the_source_and_both_numbers():
    assert warnings(wire(1_000), days_before(wire(101))) == {
        "sources_volume": ["wire delivered 1,000 articles; the median of the 14 days before is 101"]
    }


def test_a_source_without_anything_today_is_missed():
    assert warnings(BatchProfile(), days_before(wire())) == {
        "sources_present": ["wire delivered no article; the median of the 14 days before is 100"]
    }


def test_all_checks_are_warnings_and_pass_without_a_past():
    checks = compare_with_history(DAY, wire(0), {})
    assert {(check.severity, check.passed) for check in checks} == {("warning", True)}
    assert len(checks) == 5


@pytest.mark.parametrize(
    ("history", "why"),
    [
        (days_before(wire(), 6), "fewer than seven days"),
        (days_before(wire(9)), "a small source"),
        (days_before(BatchProfile()) | days_before(wire(), 6), "a source of six days"),
    ],
)
def test_too_little_past_says_nothing(history, why):
    for articles in (0, 1_000):
        assert warnings(wire(articles), history) == {}, why


def test_a_paper_without_mondays_is_not_missed_on_one():
    history = days_before(wire())
    for weeks in (1, 2):
        history[DAY - timedelta(weeks=weeks)] = BatchProfile()
    assert warnings(BatchProfile(), history) == {}


def test_a_paper_that_is_large_on_mondays_may_be_so():
    history = days_before(wire(20))
    for weeks in (1, 2):
        history[DAY - timedelta(weeks=weeks)] = wire(100)
    assert warnings(wire(100), history) == {}
    assert list(warnings(wire(401), history)) == ["sources_volume"]


def test_one_odd_day_does_not_move_the_median():
    history = days_before(wire())
    history[DAY - timedelta(days=3)] = wire(100_000)
    assert warnings(wire(110), history) == {}


@pytest.mark.parametrize(("undated", "warns"), [(30, False), (31, True)])
def test_undated_articles_may_be_twenty_points_more_than_before(undated, warns):
    found = warnings(wire(100, undated), days_before(wire(100, 10)))
    assert found == (
        {"sources_dated": ["31% of wire's articles have no date; 10% in the 14 days before"]}
        if warns
        else {}
    )


def test_rejects_are_counted_without_copies_and_by_their_commonest_reason():
    history = days_before(wire(95, empty_text=5))
    assert warnings(wire(80, duplicate_article=500, empty_text=4), history) == {}
    found = warnings(wire(80, bad_date=15, empty_text=5, duplicate_article=90), history)
    assert found == {
        "sources_rejects": [
            "20% of wire's records were rejected, most as bad_date; 5% in the 14 days before"
        ]
    }


def test_a_source_that_only_rejects_is_warned_about():
    found = warnings(wire(0, unreadable_file=40), days_before(wire()))
    assert set(found) == {"sources_present", "sources_rejects"}


def test_shares_of_few_records_say_nothing():
    assert warnings(wire(19, 19), days_before(wire(30))) == {}


def types(**counts):
    return BatchProfile({}, counts)


def test_types_that_shift_are_named_with_their_shares():
    history = days_before(types(ASSAULT=20, CONSULT=80))
    assert warnings(types(ASSAULT=60, CONSULT=240), history) == {}
    found = warnings(types(ASSAULT=180, CONSULT=120), history)
    assert found == {
        "event_types_stable": [
            "60.0% of the events are ASSAULT; 20.0% in the 14 days before",
            "40.0% of the events are CONSULT; 80.0% in the 14 days before",
        ]
    }


def test_few_events_do_not_shift():
    history = days_before(types(CONSULT=100))
    assert warnings(types(ASSAULT=199), history) == {}
    assert warnings(types(ASSAULT=200), days_before(types(CONSULT=100), 9)) == {}
    assert list(warnings(types(ASSAULT=200), history)) == ["event_types_stable"]


def test_the_index_is_the_one_in_the_books():
    # (0.6 - 0.2) ln(0.6 / 0.2) + (0.4 - 0.8) ln(0.4 / 0.8), but for the half cases.
    index = stability_index({"A": 600_000, "B": 400_000}, {"A": 200_000, "B": 800_000})
    assert index["A"] == pytest.approx(0.4 * 1.0986, abs=1e-3)
    assert index["B"] == pytest.approx(0.4 * 0.6931, abs=1e-3)


def test_the_index_of_equal_and_of_empty_sides_is_defined():
    assert sum(stability_index({"A": 5}, {"A": 5}).values()) == 0
    assert sum(stability_index({}, {"A": 5}).values()) == 0


def test_at_most_five_examples_stand_for_all():
    names = [f"source{number}" for number in range(7)]
    profile = BatchProfile({name: SourceCounts(50) for name in names})
    (present, *_) = compare_with_history(DAY, BatchProfile(), days_before(profile))
    assert (present.n_rows, len(present.examples)) == (7, 5)
