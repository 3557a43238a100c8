from datetime import date, timedelta

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.reports.charts import HEIGHT, WIDTH, draw_days
from include.eventwire.reports.trailing import Usual, compare_with_days_before

DAY = date(2026, 3, 29)


def profile(articles, undated=0, rejects=None, **types):
    return BatchProfile({"wire": SourceCounts(articles, undated, rejects or {})}, types)


def before(*profiles):
    """Return the profiles as those of the days before, the first the day just before."""
    return {DAY - timedelta(days=number): one for number, one in enumerate(profiles, 1)}


def test_a_number_stands_beside_the_median_of_the_days_before():
    history = before(
        profile(10, ASSAULT=4), profile(30, ASSAULT=6), profile(20, rejects={"bad_date": 2})
    )
    found = compare_with_days_before(DAY, profile(40, rejects={"empty_text": 3}, AGREE=5), history)
    assert found.n_days == 3
    assert found.totals == (
        Usual("articles", 40, 20.0, 10, 30),
        Usual("rejects", 3, 0.0, 0, 2),
        Usual("events", 5, 4.0, 0, 6),
    )
    assert found.totals[0].ratio == 2.0
    assert found.totals[1].ratio is None  # no multiple of nothing
    assert found.event_types == (Usual("AGREE", 5, 0.0, 0, 0), Usual("ASSAULT", 0, 4.0, 0, 6))


def test_a_source_that_is_gone_is_still_told():
    found = compare_with_days_before(DAY, BatchProfile(), before(profile(8, undated=2)))
    (row,) = found.sources
    assert (row.name, row.articles.here, row.articles.usual) == ("wire", 0, 8.0)
    assert (row.undated_share, row.undated_before) == (None, 0.25)


def test_without_days_before_nothing_is_usual():
    found = compare_with_days_before(DAY, profile(8, undated=2), {})
    assert found.n_days == 0
    assert found.totals[0] == Usual("articles", 8)
    assert (found.sources[0].undated_share, found.sources[0].undated_before) == (0.25, None)


def test_bars_stand_on_their_days_and_the_largest_has_the_full_height():
    found = compare_with_days_before(DAY, profile(5), {DAY - timedelta(days=3): profile(20)})
    chart = draw_days("Articles by day", "articles", found.days)
    then, here = chart.bars
    assert (then.y, then.height, then.is_here, then.label) == (0, HEIGHT, False, "2026-03-26: 20")
    assert (here.y, here.height, here.is_here) == (HEIGHT * 3 / 4, HEIGHT / 4, True)
    assert then.x < WIDTH / 4 < WIDTH * 3 / 4 < here.x  # four days have room, two have none


def test_a_drawing_of_nothing_has_no_height():
    found = compare_with_days_before(DAY, profile(0), before(profile(0)))
    assert {bar.height for bar in draw_days("Articles", "articles", found.days).bars} == {0.0}
