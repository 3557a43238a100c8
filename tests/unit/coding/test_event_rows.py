from dataclasses import replace
from datetime import date

import pytest

from include.eventwire.coding.event_place import EventPlace
from include.eventwire.coding.event_rows import make_event_id, make_event_rows
from include.eventwire.gazetteer.places import Place
from include.eventwire.versions import CODER_VERSION, lexicon_version
from tests.lake_rows import make_article
from tests.unit.coding.events import make_event, make_party

# What counts bytes or UTF-16 units is wrong behind the accent and the emoji.
TEXT = "Cafe\u0301 \U0001f525: Rebels and police bombed Mombasa, Kenya, the army said."
ARTICLE = make_article(TEXT)
MODEL = "en_core_web_sm-3.8.0"


def span(surface):
    start = TEXT.index(surface)
    return start, start + len(surface)


def party(codes, surface, **changes):
    return make_party(codes, TEXT.index(surface), surface, **changes)


REBELS, POLICE = party("KEN.REB", "Rebels"), party(".COP", "police")
KENYA = party("KEN.GOV", "Kenya", name="Kenya", entity_id="country:KEN")
MOMBASA = Place("geonames:186301", "Mombasa", "KEN", -4.055, 39.664, "city")
EVENT = make_event(
    trigger_span=span("bombed"),
    event_mode="explosives",
    contexts=("military", "terrorism"),
    actors=(REBELS, POLICE),
    recipients=(KENYA,),
    event_date=date(2018, 4, 23),
    event_date_precision="day",
    place=EventPlace(*span("Mombasa"), "Mombasa", MOMBASA),
    source=party("KEN.MIL", "the army"),
)
BARE = make_event("CONSULT", trigger_span=span("said"))


def rows_of(*events):
    return make_event_rows(ARTICLE, events, MODEL)


def test_offsets_are_those_of_the_surface():
    (event,), parties = rows_of(EVENT)
    assert event.trigger == TEXT[event.trigger_start_char : event.trigger_end_char] == "bombed"
    assert event.place_text == TEXT[event.place_start_char : event.place_end_char] == "Mombasa"
    assert [TEXT[p.start_char : p.end_char] for p in parties] == [p.text for p in parties]
    assert [p.text for p in parties] == ["Rebels", "police", "Kenya"]


def test_an_event_has_the_fields_of_its_coding():
    (event,), _ = rows_of(EVENT)
    assert (event.event_type, event.event_mode, event.quad_class) == (
        "ASSAULT", "explosives", "material conflict",
    )  # fmt: skip
    assert event.plover_score is not None
    assert event.plover_score < 0
    assert event.contexts == "military,terrorism"
    assert (event.event_date, event.event_date_precision) == (date(2018, 4, 23), "day")
    assert (event.place_name, event.place_country) == ("Mombasa", "KEN")
    assert (event.latitude, event.longitude) == (-4.055, 39.664)
    assert event.attributed_to == "the army"
    assert event.rule_id == EVENT.rule_id
    assert (event.coder_version, event.model_version, event.lexicon_version) == (
        CODER_VERSION, MODEL, lexicon_version(),
    )  # fmt: skip


def test_what_is_not_known_is_null():
    (event,), parties = rows_of(BARE)
    assert parties == []
    empty = [
        event.event_mode, event.contexts, event.event_date, event.event_date_precision,
        event.place_text, event.place_start_char, event.place_end_char, event.place_name,
        event.place_country, event.latitude, event.longitude, event.attributed_to,
        event.actor_codes, event.recipient_codes,
    ]  # fmt: skip
    assert set(empty) == {None}


def test_a_place_that_the_gazetteer_does_not_know_keeps_its_words():
    place = EventPlace(*span("Mombasa"), "Mombasa", None)
    (event,), _ = rows_of(replace(EVENT, place=place))
    assert (event.place_text, event.place_name, event.latitude) == ("Mombasa", None, None)


@pytest.mark.parametrize(
    ("parties", "codes"),
    [
        ((), None),
        ((KENYA,), "KEN.GOV"),
        ((REBELS, POLICE), "KEN.REB|.COP"),
        ((party("KEN", "Kenya"), REBELS), "KEN|KEN.REB"),
        # A party without codes is a row of its own, and no code.
        ((make_party(""), KENYA), "KEN.GOV"),
        ((make_party(""),), None),
    ],
)
def test_codes_are_joined(parties, codes):
    (event,), rows = rows_of(replace(EVENT, actors=(), recipients=parties))
    assert (event.actor_codes, event.recipient_codes) == (None, codes)
    assert len(rows) == len(parties)


def test_events_and_parties_are_numbered_and_belong_together():
    events, parties = rows_of(EVENT, BARE)
    assert [event.event_index for event in events] == [0, 1]
    assert {event.article_id for event in events} == {ARTICLE.article_id}
    assert [(p.event_id, p.role, p.party_index) for p in parties] == [
        (events[0].event_id, "actor", 0),
        (events[0].event_id, "actor", 1),
        (events[0].event_id, "recipient", 0),
    ]
    assert (parties[2].name, parties[2].entity_id) == ("Kenya", "country:KEN")
    assert [(p.country_code, p.sector_code) for p in parties[:2]] == [("KEN", "REB"), (None, "COP")]


def test_the_same_coding_has_the_same_id_whatever_else_is_known():
    known = replace(EVENT, confidence=0.1, realis="future", place=None, event_date=None)
    event_id = make_event_id("a1", EVENT)
    assert event_id == make_event_id("a1", known)
    assert len(event_id) == 32
    assert int(event_id, 16)
    # Ids stand in published tables: another recipe would change them all.
    assert make_event_id("a1", make_event(actors=(make_party("KEN.GOV", 3),))) == (
        "21a034be664adfc4bf925d03bfc81602"
    )


@pytest.mark.parametrize(
    ("article_id", "event"),
    [
        ("a2", EVENT),
        ("a1", replace(EVENT, event_type="COERCE")),
        ("a1", replace(EVENT, trigger_span=span("army"))),
        ("a1", replace(EVENT, actors=(REBELS,))),
        ("a1", replace(EVENT, actors=(KENYA,), recipients=(REBELS, POLICE))),
        ("a1", replace(EVENT, actors=(), recipients=())),
    ],
)
def test_other_codings_have_other_ids(article_id, event):
    assert make_event_id(article_id, event) != make_event_id("a1", EVENT)
