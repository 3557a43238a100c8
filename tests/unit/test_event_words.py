import pytest

from include.eventwire.event_words import describe_event, describe_party
from tests.lake_rows import make_article, make_event, make_party

ARTICLE = make_article()
EVENT = make_event(ARTICLE)


def party(**changes):
    return make_party(ARTICLE, EVENT, **changes)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ({"country_code": "RUS", "sector_code": "GOV"}, "Russia (GOV)"),
        ({"country_code": "RUS", "sector_code": None}, "Russia"),
        ({"country_code": "IGO", "sector_code": None, "name": "European Union"},
         "European Union (IGO)"),
        ({"country_code": None, "sector_code": "REB", "name": "FARC"}, "FARC (REB)"),
        ({"country_code": None, "sector_code": None, "name": None, "text": "they"}, "they"),
    ],
)  # fmt: skip
def test_a_party_is_a_country_and_sector_or_its_name(codes, words):
    assert describe_party(party(**codes)) == words


def test_an_event_is_who_does_what_to_whom_where_and_when():
    parties = [party(), party(role="recipient", country_code="JPN", sector_code=None)]
    assert describe_event(EVENT, parties) == (
        'China (GOV) CONSULT Japan: "met", Tokyo (JPN), 2018-04-23'
    )


def test_several_parties_of_a_side_and_none_on_the_other():
    parties = [party(), party(country_code="JPN"), party()]
    event = make_event(ARTICLE, place_text=None, place_name=None, event_date=None)
    assert describe_event(event, parties) == 'China (GOV) and Japan (GOV) CONSULT: "met"'
    assert describe_event(event, []) == 'somebody CONSULT: "met"'


def test_what_did_not_happen_is_marked():
    event = make_event(ARTICLE, realis="negated")
    assert describe_event(event, [party()]).startswith("China (GOV) CONSULT (negated): ")


@pytest.mark.parametrize(
    ("precision", "date"), [("day", "2018-04-23"), ("month", "2018-04"), ("year", "2018")]
)
def test_a_date_is_told_no_more_exactly_than_it_is_known(precision, date):
    event = make_event(ARTICLE, event_date_precision=precision)
    assert describe_event(event, []).rpartition(", ")[2] == date
