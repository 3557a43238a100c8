from datetime import date

import pytest

from include.eventwire.coding.dates import find_dates

TUESDAY = date(2018, 4, 24)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("They met on Monday.", date(2018, 4, 23), "day"),
        ("They met on Tuesday.", date(2018, 4, 24), "day"),
        ("They met last Tuesday.", date(2018, 4, 17), "day"),
        ("They meet next Tuesday.", date(2018, 5, 1), "day"),
        ("They met on March 5.", date(2018, 3, 5), "day"),
        ("They met on Nov. 5.", date(2017, 11, 5), "day"),
        ("They met on 5 March 2015.", date(2015, 3, 5), "day"),
        ("They met on March 5, 2015, in Oslo.", date(2015, 3, 5), "day"),
        ("They met in March 2015.", date(2015, 3, 1), "month"),
        ("They met in May.", date(2017, 5, 1), "month"),
        ("They met in 2015.", date(2015, 1, 1), "year"),
        ("They met yesterday.", date(2018, 4, 23), "day"),
        ("They met last month.", date(2018, 3, 1), "month"),
        ("They met last year.", date(2017, 1, 1), "year"),
        ("They met last week.", date(2018, 4, 1), "month"),
        ("They met three days ago.", date(2018, 4, 21), "day"),
        ("They met five years ago.", date(2013, 1, 1), "year"),
        ("They met on 2018-04-02.", date(2018, 4, 2), "day"),
    ],
)
def test_reads_a_date(text, day, precision):
    (found,) = find_dates(text, TUESDAY)
    assert (found.day, found.precision) == (day, precision)


@pytest.mark.parametrize(
    ("text", "next_day"),
    [
        ("They will meet on Monday.", date(2018, 4, 30)),
        ("They will meet on June 5.", date(2018, 6, 5)),
        ("They will meet in February.", date(2019, 2, 1)),
        ("They met last Monday.", date(2018, 4, 23)),
    ],
)
def test_an_act_to_come_has_the_next_such_day(text, next_day):
    (found,) = find_dates(text, TUESDAY)
    assert found.next_day == next_day


@pytest.mark.parametrize(
    "text",
    [
        "They may march on 31 June.",
        "They met recently, some days ago.",
        "Room 2015 was full of 1,990 people.",
        "In mayhem they met a decade ago.",
        "Theresa May said the march was over.",
    ],
)
def test_invents_nothing(text):
    assert find_dates(text, TUESDAY) == []


def test_offsets_are_those_of_the_expression():
    text = "Troops left in March 2015 and on Friday."
    spans = [text[found.start_char : found.end_char] for found in find_dates(text, TUESDAY)]
    assert spans == ["in March 2015", "Friday"]


def test_without_a_day_of_publication_only_whole_dates_are_read():
    found = find_dates("On Monday, on 5 May and on 6 June 2016.", None)
    assert [mention.day for mention in found] == [date(2016, 6, 6)]
