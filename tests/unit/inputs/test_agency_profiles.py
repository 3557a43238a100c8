import pytest

from include.eventwire.inputs.agency_profiles import (
    AgencyProfile,
    AgencyProfileError,
    choose_profile,
    load_profiles,
)

KNOWN = {
    *("aap", "afp", "ansa", "ap", "business-wire", "businessdesk", "cp", "dpa", "efe", "ntb", "pa"),
    *("reuters", "ritzau", "stt", "tt"),
}


@pytest.fixture
def load(tmp_path):
    """Return a function that writes one profile and loads it."""

    def load(text, name="example.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        load_profiles.cache_clear()
        return load_profiles(tmp_path)

    return load


def test_the_profiles_that_ship_are_sound_and_cover_the_large_agencies():
    profiles = {profile.name: profile for profile in load_profiles()}
    assert profiles.keys() >= KNOWN
    assert all(p.country and p.city and (p.ids or p.names) for p in profiles.values())


def test_a_profile_says_where_fields_stand_and_what_values_mean(load):
    (profile,) = load(
        'name = "ex"\ntitle = "Example"\ntime_zone = "Europe/Rome"\nline_ends = "none"\n'
        "[nitf]\nslugline = ['head/title']\nbyline = []\n[values.status]\nTRUE = 'canceled'\n"
    )
    assert (profile.name, profile.title, profile.line_ends) == ("ex", "Example", "none")
    assert profile.paths == {"nitf": {"slugline": ("head/title",), "byline": ()}}
    assert profile.mean("status", "true") == "canceled"
    assert profile.mean("status", "other") == "other"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("colour = 1", r"example.toml: key 'colour' is unknown; known: .*city"),
        ("name = 3", r"example.toml: key 'name' must be a text"),
        ("name = ''", r"key 'name' must be a text"),
        ("title = 'x'", r"keys 'name' and 'title' must be given"),
        ("names = 'x'", r"key 'names' must be a list of texts"),
        ("names = [1]", r"key 'names' must be a text"),
        ("ids = ['(']", r"key 'ids': '\('"),
        ("time_zone = 'Mars/Olympus'", r"key 'time_zone': 'Mars/Olympus' is no zone"),
        ("country = 'Italy'", r"key 'country' is 'Italy', not two capital letters"),
        ("line_ends = 'often'", r"key 'line_ends' is 'often'; known: br, source, none"),
        ("nitf = 1", r"key 'nitf' must be a table"),
        ("[nitf]\nslugline = 'head'", r"key 'nitf.slugline' must be a list"),
        ("[nitf]\nslug = ['head']", r"key 'nitf.slug' is unknown; known: .*slugline"),
        ("[nitf]\nslugline = ['head[']", r"key 'nitf.slugline': 'head\['"),
        ("[nitf]\nslugline = ['x:head']", r"key 'nitf.slugline': 'x:head'"),
        ("[values.colour]\na = 'b'", r"key 'values.colour' names no field"),
        ("[values.status]\na = 1", r"key 'values.status' must be a text"),
        ("no TOML", r"example.toml: no TOML that can be read"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(load, lines, message):
    usual = {"name": "name = 'ex'\n", "title": "title = 'Example'\n"}
    given = "".join(line for key, line in usual.items() if not lines.startswith(f"{key} ="))
    if lines == "title = 'x'":
        given = ""
    with pytest.raises(AgencyProfileError, match=message):
        load(given + lines)


def test_two_profiles_of_one_name_are_a_mistake(load):
    text = "name = 'ex'\ntitle = 'Example'\n"
    load(text)
    with pytest.raises(AgencyProfileError, match="two files have the name 'ex'"):
        load(text, "other.toml")


@pytest.mark.parametrize(
    ("evidence", "name"),
    [
        ({"ids": ["urn:newsml:afp.com:20250203:1:2"], "names": ["Reuters"]}, "afp"),
        ({"ids": ["tag:ap.org,2025:1"], "names": ["Third Party Inc"]}, "ap"),
        ({"ids": ["tag:reuters.com,2025:newsml_1"]}, "reuters"),
        ({"ids": ["unheard-of:1"], "names": ["Nobody", "dpa"]}, "dpa"),
        ({"names": ["AGENCIA  EFE"]}, "efe"),
        ({"names": ["The Canadian Press. All rights reserved."]}, "cp"),
        # A short name is one only when nothing else stands beside it.
        ({"names": ["AP Moller"]}, None),
        ({"names": ["PA"]}, "pa"),
        ({"names": ["Uninterfaxed"]}, None),
        ({"root": "RBNews"}, "ritzau"),
        ({"names": ["STT"], "root": "RBNews"}, "stt"),
        ({}, None),
    ],
)
def test_an_agency_is_told_by_id_then_name_then_root(evidence, name):
    assert choose_profile(load_profiles(), **evidence).name == name


def test_an_unknown_agency_has_a_profile_that_says_nothing():
    assert choose_profile((), names=["Nobody"]) == AgencyProfile()
