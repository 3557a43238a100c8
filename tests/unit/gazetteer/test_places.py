import pytest

from include.eventwire.gazetteer.places import find_context, resolve_place


@pytest.mark.parametrize(
    ("name", "countries", "country", "kind"),
    [
        ("Paris", (), "FRA", "city"),
        ("Paris", ("USA",), "FRA", "city"),
        ("Paris, Texas", (), "USA", "city"),
        ("Birmingham", (), "GBR", "city"),
        ("Birmingham", ("USA",), "USA", "city"),
        ("Georgia", (), "GEO", "country"),
        ("Georgia", ("USA",), "USA", "region"),
        ("Georgia", ("USA", "GEO"), "GEO", "country"),
        ("Jordan", ("USA",), "JOR", "country"),
        ("Washington", ("USA",), "USA", "city"),
        ("Darfur", (), "SDN", "region"),
        ("Soviet Union", (), "RUS", "country"),
        ("northern Syria", (), "SYR", "country"),
        ("Aleppo province", (), "SYR", "region"),
        ("Kiev", (), "UKR", "city"),
        ("Mo.", (), "USA", "region"),
    ],
)
def test_resolves_a_place(name, countries, country, kind):
    place = resolve_place(name, countries=countries)
    assert place is not None
    assert (place.country_code, place.kind) == (country, kind)


@pytest.mark.parametrize("name", ["Russian", "Palestinians", "Asia", "paris", "Xyzzy", "", ","])
def test_demonyms_areas_of_many_countries_and_unknown_names_are_no_places(name):
    assert resolve_place(name) is None


def test_a_region_named_in_the_article_decides_among_towns():
    place = resolve_place("Paris", countries=("USA",), regions=("Texas",))
    assert place is not None
    assert place.country_code == "USA"


def test_a_city_has_coordinates_and_a_country_has_none():
    city, country = resolve_place("Mosul"), resolve_place("Iraq")
    assert city is not None
    assert city.latitude == pytest.approx(36.3, abs=0.2)
    assert city.longitude == pytest.approx(43.1, abs=0.2)
    assert country is not None
    assert country.latitude is None


def test_an_area_named_after_a_town_has_not_the_towns_point():
    place = resolve_place("Seminole County")
    assert place is not None
    assert (place.country_code, place.latitude) == ("USA", None)


@pytest.mark.parametrize(
    ("name", "countries"),
    [("Springfield", ("USA",)), ("Texas", ())],  # many towns of that name; a vast region
)
def test_no_point_where_it_is_not_sure(name, countries):
    place = resolve_place(name, countries=countries)
    assert place is not None
    assert (place.country_code, place.latitude) == ("USA", None)


def test_a_town_comes_before_the_region_of_its_name():
    place = resolve_place("New York")
    assert place is not None
    assert (place.kind, place.name) == ("city", "New York City")


def test_the_context_is_what_the_article_names_but_not_the_name_in_question():
    countries, regions = find_context("Officials in Georgia and Texas met a French delegation.")
    assert countries == {"USA", "FRA"}
    assert "Texas" in regions
