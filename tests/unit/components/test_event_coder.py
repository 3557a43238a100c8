from datetime import date

import spacy

from include.eventwire.components.event_coder import NAME, event_coder
from tests.unit.coding.sentences import REBELS_ATTACKED_KENYA
from tests.unit.parsed import parse

ON_MONDAY = (*REBELS_ATTACKED_KENYA[:3], "on on IN prep 2 -", "Monday Monday NNP pobj 4 DATE")


def test_sets_the_events_of_an_article_by_its_day_of_publication():
    doc = parse(*ON_MONDAY)
    doc._.published = date(2018, 4, 24)
    assert event_coder(doc) is doc
    (event,) = doc._.events
    assert (event.event_type, event.event_date) == ("ASSAULT", date(2018, 4, 23))


def test_without_a_day_of_publication_a_weekday_is_no_date():
    (event,) = event_coder(parse(*ON_MONDAY))._.events
    assert event.event_date is None


def test_spacy_knows_the_component_by_its_name_and_what_it_sets():
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME)
    assert nlp.analyze_pipes()["summary"][NAME]["assigns"] == ["doc._.events"]
