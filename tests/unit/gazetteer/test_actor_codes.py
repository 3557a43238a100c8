from datetime import date

import pytest

from include.eventwire.gazetteer.actor_codes import resolve_actor, resolve_surname

DAY = date(2016, 6, 1)


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        # states, peoples, forces
        ("Russia", "RUS", "GOV"),
        ("Moscow", "RUS", "GOV"),
        ("the White House", "USA", "GOV"),
        ("Palestinians", "PSE", "CVL"),
        ("an Iranian", "IRN", "CVL"),
        ("Ukrainian forces", "UKR", "MIL"),
        ("three Palestinian protesters", "PSE", "CVL"),
        ("1,200 Turkish soldiers", "TUR", "MIL"),
        ("police", None, "COP"),
        ("Sydney", "AUS", "CVL"),
        # who follows what the preposition tells
        ("rebels in Syria", "SYR", "REB"),
        ("members of the judiciary", None, "JUD"),
        ("several of the largest unions in Denmark", "DNK", "LAB"),
        ("hundreds of protesters", None, "CVL"),
        ("the head of an Indonesian charity", "IDN", "NGO"),
        ("president of the Knesset", "ISR", "LEG"),
        ("the president of Kenya", "KEN", "GOV"),
        ("people who fled Syria", None, "CVL"),
        ("ambassador to Turkey", None, "GOV"),
        ("more than 90 Kenyan farmers", "KEN", "CVL"),
        ("at least two police officers", None, "COP"),
        ("King Hassan of Morocco", "MAR", "GOV"),
        ("Republicans in the U.S. Senate", "USA", "LEG"),
        # hyphens
        ("US-backed rebels", None, "REB"),
        ("pro-Russian separatists in Ukraine", "UKR", "REB"),
        ("a Saudi-led coalition", "SAU", "MIL"),
        ("a Pakistan-based militant group", "PAK", "REB"),
        ("rebel-held towns", None, "CVL"),
        # compounds: the last role, unless it is weak or a rank
        ("an army spokesman", None, "MIL"),
        ("rebel soldiers", None, "REB"),
        ("government soldiers", None, "MIL"),
        ("Defense Minister Gen. Ivan Petrov", None, "GOV"),
        ("U.S. allies", None, "GOV"),
        # out of office, family
        ("a former CIA official", "USA", "ELI"),
        ("ex-president", None, "ELI"),
        ("the president's wife", None, "ELI"),
        ("the wife of the prime minister", None, "ELI"),
        # organisations
        ("the UN Security Council", "IGO", "IGO"),
        ("U.N. peacekeepers", "IGO", "MIL"),
        ("EU lawmakers", "IGO", "LEG"),
        ("NATO members", "IGO", "GOV"),
        ("Islamic State militants", "IMG", "REB"),
        ("the Muslim Brotherhood's Freedom and Justice party", "EGY", "PTY"),
        ("Knesset", "ISR", "LEG"),
        ("FBI agents", "USA", "COP"),
        ("nobody in particular", None, None),
        ("", None, None),
    ],
)
def test_codes_a_phrase(phrase, country, sector):
    code = resolve_actor(phrase, DAY)
    assert (code.country_code, code.sector_code) == (country, sector)


@pytest.mark.parametrize(
    ("phrase", "day", "country", "sector", "entity_id"),
    [
        ("Chinese Foreign Minister Wang Yi", DAY, "CHN", "GOV", "person:wang-yi"),
        ("Barack Obama", DAY, "USA", "GOV", "person:barack-obama"),
        ("Barack Obama", date(2018, 1, 1), "USA", "ELI", "person:barack-obama"),
        (
            "former U.S. President Barack Obama",
            date(2018, 1, 1),
            "USA",
            "ELI",
            "person:barack-obama",
        ),
        ("Donald Trump", DAY, "USA", "PTY", "person:donald-trump"),
        ("Donald Trump", date(2017, 6, 1), "USA", "GOV", "person:donald-trump"),
        ("President Obama", DAY, "USA", "GOV", "person:barack-obama"),
        ("rebel leader Riek Machar", DAY, "SSD", "REB", "person:riek-machar"),
        ("the Obama administration", DAY, "USA", "GOV", None),
        ("Mr. Putin", DAY, "RUS", "GOV", "person:vladimir-putin"),
        ("Jordan's King Abdullah", DAY, "JOR", "GOV", "person:king-abdullah-ii"),
        ("Taliban", date(2019, 1, 1), "AFG", "REB", "armed_group:taliban"),
        ("Taliban", date(2022, 1, 1), "AFG", "GOV", "armed_group:taliban"),
    ],
)
def test_office_and_status_are_those_of_the_day(phrase, day, country, sector, entity_id):
    code = resolve_actor(phrase, day)
    assert (code.country_code, code.sector_code) == (country, sector)
    if entity_id is not None:
        assert code.entity_id == entity_id


def test_without_a_day_the_latest_known_status_counts():
    assert resolve_actor("Angela Merkel").sector_code == "ELI"
    assert resolve_actor("Angela Merkel", date(2010, 1, 1)).sector_code == "GOV"


def test_a_place_in_a_persons_name_is_no_country():
    assert resolve_actor("Vladimir Ionov", DAY).country_code is None
    assert resolve_actor("officer Florence Smith", DAY).country_code is None


def test_an_organisation_of_another_country_is_another_organisation():
    code = resolve_actor("the Jordanian Muslim Brotherhood", DAY)
    assert (code.country_code, code.entity_id) == ("JOR", None)


def test_says_what_decided():
    code = resolve_actor("Chinese troops", DAY)
    assert code.country_by == "China: people"
    assert code.sector_by == "troop: role"


def test_a_surname_alone_is_that_of_one_office_holder():
    merkel = resolve_surname("Merkel", DAY)
    assert merkel is not None
    assert (merkel.country_code, merkel.sector_code) == ("DEU", "GOV")
    assert resolve_surname("Nobodyknows", DAY) is None
    assert resolve_surname("merkel", DAY) is None


def test_a_surname_of_somebody_out_of_office_is_of_the_elite():
    code = resolve_surname("Obama", date(2019, 1, 1))
    assert code is not None
    assert code.sector_code == "ELI"
