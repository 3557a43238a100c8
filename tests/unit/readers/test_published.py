from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.readers.published import read_published_at

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2018-04-24T10:30:00+02:00", datetime(2018, 4, 24, 8, 30)),
        ("2018-04-24T10:30:00Z", datetime(2018, 4, 24, 10, 30)),
        ("2018-04-24 10:30:00 UTC", datetime(2018, 4, 24, 10, 30)),
        ("2018-04-24 10:30:00 -0500", datetime(2018, 4, 24, 15, 30)),
        ("20180424T103000Z", datetime(2018, 4, 24, 10, 30)),
        ("2018-04-24T10:30:00.123456789Z", datetime(2018, 4, 24, 10, 30, 0, 123456)),
        ("2018-W17-2", datetime(2018, 4, 23, 22)),
        ("2018-04-24T10:30", datetime(2018, 4, 24, 8, 30)),  # Berlin, summer time
        ("2018-01-24T10:30", datetime(2018, 1, 24, 9, 30)),  # Berlin, winter time
        ("2018-04-24", datetime(2018, 4, 23, 22)),
        ("Tue, 24 Apr 2018 10:30:00 +0200", datetime(2018, 4, 24, 8, 30)),
        ("24 Apr 2018 10:30 GMT", datetime(2018, 4, 24, 10, 30)),
        ("Tue, 24 Apr 2018 10:30:00 EDT", datetime(2018, 4, 24, 14, 30)),
        ("Tue, 24 Apr 2018 10:30:00 -0000", datetime(2018, 4, 24, 10, 30)),
        (1524565800, datetime(2018, 4, 24, 10, 30)),
        (1524565800.5, datetime(2018, 4, 24, 10, 30, 0, 500000)),
        (date(2018, 4, 24), datetime(2018, 4, 23, 22)),
        # As agencies write it.
        ("20180424T090000+0200", datetime(2018, 4, 24, 7)),
        ("2018-04-24T09:00:00.123Z", datetime(2018, 4, 24, 9, 0, 0, 123000)),
        ("2018-04-24T09:00:00,5-03", datetime(2018, 4, 24, 12, 0, 0, 500000)),
        ("2018-04-24+02:00", datetime(2018, 4, 23, 22)),
        ("2018/04/24 09:00", datetime(2018, 4, 24, 7)),
        ("20180424", datetime(2018, 4, 23, 22)),
        # As feeds and mails write it.
        ("Tue, 24 Apr 18 10:30:00 GMT", datetime(2018, 4, 24, 10, 30)),
        ("Sat, 24 Apr 99 10:30:00 GMT", datetime(1999, 4, 24, 10, 30)),
        ("Tue, 24 Apr 2018 10:30:00 CEST", datetime(2018, 4, 24, 8, 30)),
        ("Tue, 24 Apr 2018 10:30:00 PDT", datetime(2018, 4, 24, 17, 30)),
        ("Tue, 24 Apr 2018 10:30:00 +0200 (CEST)", datetime(2018, 4, 24, 8, 30)),
        ("Tue, 24 Apr 2018 10:30:00 GMT+0530", datetime(2018, 4, 24, 5)),
        ("Tuesday, 24 April 2018, 10:30", datetime(2018, 4, 24, 8, 30)),
        # As pages and programs write it.
        ("April 24, 2018", datetime(2018, 4, 23, 22)),
        ("Tuesday, April 24, 2018 at 12:30 a.m. EDT", datetime(2018, 4, 24, 4, 30)),
        ("Sept. 24, 2018 12:30 PM ET", datetime(2018, 9, 24, 16, 30)),
        ("Jan 24, 2018 12:30 PM ET", datetime(2018, 1, 24, 17, 30)),
        ("24-APR-2018 10:30:00.79", datetime(2018, 4, 24, 8, 30, 0, 790000)),
        ("Tue Apr 24 10:30:00 +0000 2018", datetime(2018, 4, 24, 10, 30)),
        ("Tue Apr  4 10:30:00 2018", datetime(2018, 4, 4, 8, 30)),
        (1524565800000, datetime(2018, 4, 24, 10, 30)),
        # An hour that occurs twice in Berlin is the first, one that is skipped is an hour later.
        ("2018-10-28T02:30", datetime(2018, 10, 28, 0, 30)),
        ("2018-03-25T02:30", datetime(2018, 3, 25, 1, 30)),
    ],
)
def test_reads_times_to_utc(value, expected):
    assert read_published_at(value, BERLIN) == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "24/04/2018",
        "04.05.2018",
        "24 Apr",
        "April 31, 2018",
        "24 Apr 2018 13:30 pm",
        "2018-04-24T25:00",
        "2018-04-24T10:30:00+25:00",
        "2018-0424",
        "24 Apr 2018 10:30 BST",  # Britain or Bangladesh
        "2018-02-31",
        "2018-04-24x10:30",
        "Tue, 24 Apr 2018 10:30:00 IST",  # India, Israel or Ireland
        20180424,  # a date written as a number
        201804241030,  # the same with its time
        float("nan"),
        True,
        ["2018-04-24"],
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_refuses_what_is_no_sure_date(value):
    with pytest.raises(ValueError, match=r"is no date|is outside"):
        read_published_at(value, BERLIN)


@pytest.mark.parametrize(
    ("zone", "abbreviation", "hours"),
    [
        ("Asia/Kolkata", "IST", 5.5),
        ("Asia/Jerusalem", "IST", 2),
        ("Europe/London", "BST", 1),
        ("Asia/Shanghai", "CST", 8),
        ("America/Chicago", "CST", -6),
    ],
)
def test_an_abbreviation_of_the_source_zone_is_believed(zone, abbreviation, hours):
    month = "Jul" if abbreviation == "BST" else "Jan"
    found = read_published_at(f"24 {month} 2018 12:00:00 {abbreviation}", ZoneInfo(zone))
    assert found.hour + found.minute / 60 == 12 - hours


@given(st.text() | st.from_regex(r"\d{1,4}[-/ ][A-Za-z0-9]{2,5}[-/ ]\d{2,4}( \d\d:\d\d)?"))
def test_any_text_is_a_time_or_refused(text):
    with suppress(ValueError):
        assert read_published_at(text, BERLIN).tzinfo is UTC
