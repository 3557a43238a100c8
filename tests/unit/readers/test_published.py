from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

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
    ],
)
def test_reads_times_to_utc(value, expected):
    assert read_published_at(value, BERLIN) == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "24/04/2018",
        "April 24, 2018",
        "2018-02-31",
        "2018-04-24x10:30",
        "Tue, 24 Apr 2018 10:30:00 IST",  # India, Israel or Ireland
        20180424,  # a date written as a number
        1524565800000,  # milliseconds
        float("nan"),
        True,
        ["2018-04-24"],
        "0001-01-01T00:00:00+05:00",
    ],
)
def test_refuses_what_is_no_sure_date(value):
    with pytest.raises(ValueError, match=r"is no date|is outside"):
        read_published_at(value, BERLIN)
