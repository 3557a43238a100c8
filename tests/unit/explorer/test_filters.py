from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from include.eventwire.explorer.filters import FilterError, Filters, parse_filters, select_events
from include.eventwire.explorer.lake_state import EmptyLakeError, LakeState, PublishedBatch
from include.eventwire.lake.layout import BatchKey

FIRST, LAST = date(2018, 4, 1), date(2018, 4, 24)


def state(*days):
    return LakeState(
        tuple(PublishedBatch(BatchKey(day, "daily"), Path("r.json"), 1, 0.0) for day in days)
    )


def parse(query, *days):
    return parse_filters(parse_qsl(query, keep_blank_values=True), lambda: state(*days))


def test_an_address_restores_all_that_was_chosen():
    filters = Filters(
        FIRST,
        LAST,
        publishers=("a, b & sons", "wire"),
        event_types=("ASSAULT", "PROTEST"),
        event_modes=("visit",),
        quad_classes=("material conflict",),
        realis=("asserted", "future"),
        actor_countries=("CHN", "IGO"),
        recipient_countries=("JPN",),
        place_countries=("FRA",),
        least_confidence=0.25,
        text="100% \u00fcber <b>",
        fold_duplicates=False,
    )
    assert parse(filters.to_query()) == filters


def test_a_changed_address_leaves_the_filters_as_they_are():
    filters = Filters(FIRST, LAST, event_types=("AGREE",))
    assert parse(filters.to_query(event_types=(), text="x")) == Filters(FIRST, LAST, text="x")
    assert filters.event_types == ("AGREE",)


def test_days_that_are_not_named_are_the_last_thirty_of_the_lake():
    days = (date(2017, 1, 1), date(2018, 3, 1), LAST)
    assert parse("", *days) == Filters(date(2018, 3, 26), LAST)
    assert parse("", LAST) == Filters(LAST, LAST)


def test_one_day_that_is_named_opens_the_other_side():
    days = (date(2017, 1, 1), LAST)
    assert parse("from=2017-06-01", *days) == Filters(date(2017, 6, 1), LAST)
    assert parse("from=2019-01-01", *days) == Filters(date(2019, 1, 1), date(2019, 1, 1))
    assert parse("to=2017-01-31", *days) == Filters(date(2017, 1, 2), date(2017, 1, 31))


def test_what_a_form_leaves_empty_narrows_nothing():
    assert parse("type=&actor=&text=+&confidence=&fold=&publisher=", LAST) == Filters(LAST, LAST)


def test_several_values_may_stand_in_one_field():
    filters = parse("type=AGREE,PROTEST&actor=chn, jpn", LAST)
    assert filters.event_types == ("AGREE", "PROTEST")
    assert filters.actor_countries == ("CHN", "JPN")


def test_a_lake_without_batches_has_no_days():
    with pytest.raises(EmptyLakeError):
        parse("")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("from=2018-04-31", "from='2018-04-31' is no day"),
        ("from=2018-04-02&to=2018-04-01", "exchange the two days"),
        ("type=WAR", "type='WAR' is not in the codebook; choose of .*ASSAULT"),
        ("mode='); DROP TABLE events; --", "not in the codebook"),
        ("realis=true", "asserted"),
        ("quad=war", "material conflict"),
        ("actor=China", "actor='CHINA' is no code"),
        ("place=F|A", "is no code"),
        ("confidence=2", "no number from 0 to 1"),
        ("confidence=nan", "no number from 0 to 1"),
        ("confidence=high", "no number from 0 to 1"),
        ("fold=maybe", "yes or no"),
        ("text=" + "x" * 201, "longer than 200"),
        ("publisher=" + "x" * 201, "longer than 200"),
        ("&".join(f"publisher={number}" for number in range(51)), "name 50 at most"),
    ],
)
def test_what_cannot_be_is_told(query, message):
    with pytest.raises(FilterError, match=message):
        parse(query, LAST)


def test_values_never_stand_in_the_sql():
    filters = Filters(FIRST, LAST, publishers=("x'; --",), text="y'; --", event_types=("AGREE",))
    selection = select_events(filters)
    assert "--" not in selection.sql
    assert selection.values["f_publishers"] == ["x'; --"]
    assert set(selection.tables) == {"events", "articles", "event_clusters"}
