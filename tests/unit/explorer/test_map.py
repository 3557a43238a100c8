from dataclasses import replace
from itertools import pairwise

import pytest

from include.eventwire.explorer.map_page import load_outlined
from include.eventwire.explorer.map_queries import (
    Class,
    class_of,
    load_towns,
    make_log_classes,
    make_quantile_classes,
)
from include.eventwire.gazetteer.places import resolve_place
from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER, read_rows
from include.eventwire.lake.layout import LakeLayout
from tests.unit.explorer.made_lakes import look_at, make_story, publish, rows_of

NO_PLACE = {
    "place_text": None, "place_start_char": None, "place_end_char": None, "place_name": None,
    "place_country": None, "latitude": None, "longitude": None,
}  # fmt: skip


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def at(name):
    """Return what the gazetteer knows of a place, as the coder writes it."""
    place = resolve_place(name)
    return {
        "place_name": place.name, "place_country": place.country_code,
        "latitude": place.latitude, "longitude": place.longitude,
    }  # fmt: skip


def publish_at(layout, *places):
    stories = []
    for number, place in enumerate(places):
        article, event, parties = make_story(number=number)
        stories.append((article, replace(event, **place), parties))
    publish(layout, rows_of(*stories))


def test_points_are_towns_and_all_else_is_counted(layout):
    region, country = at("Bavaria"), at("Kenya")
    assert region["latitude"] is not None  # the middle of its towns
    assert country["latitude"] is None
    unknown = {**NO_PLACE, "place_text": "Tokyo", "place_start_char": 0, "place_end_char": 5}
    doubted = {**at("Nairobi"), "latitude": None, "longitude": None}  # one of several of its name
    publish_at(
        layout, at("Nairobi"), at("Nairobi"), at("Tokyo"), region, country, doubted, unknown,
        NO_PLACE,
    )  # fmt: skip
    answer = look_at(layout.root).get("/map/data/events").json()
    assert [(one["code"], one["events"]) for one in answer["countries"]] == [
        ("KEN", 4), ("DEU", 1), ("JPN", 1),
    ]  # fmt: skip
    assert [(one["name"], one["events"]) for one in answer["towns"]] == [
        ("Nairobi, Kenya", 2), ("Tokyo, Japan", 1),
    ]  # fmt: skip
    longitude, latitude = answer["towns"][0]["at"]
    assert (longitude, latitude) == (at("Nairobi")["longitude"], at("Nairobi")["latitude"])
    page = " ".join(look_at(layout.root).get("/map").text.split())
    assert "Of 8 events, 6 took place in a country that is known." in page
    for name, number in (
        ("A town", 3), ("A region", 1), ("A country only", 2), ("Place not known", 1),
        ("No place named", 1),
    ):  # fmt: skip
        assert f"<dt>{name}</dt><dd>{number}<small>" in page


def test_coordinates_of_no_town_are_no_point(layout):
    """An older gazetteer may have placed a town elsewhere: it is counted and not shown."""
    publish_at(layout, {**at("Nairobi"), "latitude": -1.0})
    answer = look_at(layout.root).get("/map/data/events").json()
    assert answer["towns"] == []
    assert answer["countries"][0]["code"] == "KEN"


def test_a_country_leads_to_its_events(layout):
    publish_at(layout, at("Nairobi"))
    client = look_at(layout.root)
    page = client.get("/map?type=CONSULT").text
    address = client.get("/map/data/events?type=CONSULT").json()["countries"][0]["link"]
    assert address.startswith("/events?")
    assert address.endswith("&place=KEN")
    assert address.replace("&", "&amp;") in page
    assert client.get(address).status_code == 200


def test_filters_narrow_the_map(layout):
    publish_at(layout, at("Nairobi"), at("Tokyo"))
    client = look_at(layout.root)
    assert [c["code"] for c in client.get("/map/data/events?place=JPN").json()["countries"]] == [
        "JPN"
    ]
    assert client.get("/map/data/events?type=ASSAULT").json()["countries"] == []
    assert "No event of this choice has a country." in client.get("/map?type=ASSAULT").text


def test_the_scale_is_told(layout):
    publish_at(layout, *[at("Nairobi")] * 9, at("Tokyo"))
    client = look_at(layout.root)
    assert client.get("/map/data/events?fold=no").json()["classes"] == [
        [1, 1], [2, 3], [4, 7], [8, 15],
    ]  # fmt: skip
    page = client.get("/map?fold=no&scale=quantiles").text
    assert "each class with about as many countries" in page
    assert client.get("/map?scale=linear").status_code == 400


def test_what_has_no_outline_is_told(layout):
    publish_at(layout, {**at("Kenya"), "place_country": "GIB"})
    page = look_at(layout.root).get("/map").text
    assert "No outline of their own have:" in page
    assert "Gibraltar" in page


@pytest.mark.parametrize(
    ("counts", "classes"),
    [
        ([], []),
        ([1], [(1, 1)]),
        ([1, 31], [(1, 1), (2, 3), (4, 7), (8, 15), (16, 31)]),
        ([32], [(1, 2), (3, 8), (9, 26), (27, 80)]),
        ([5, 99_999], [(1, 9), (10, 99), (100, 999), (1_000, 9_999), (10_000, 99_999)]),
        ([10**12], [(1, 99), (100, 9_999), (10**4, 10**6 - 1), (10**6, 10**8 - 1),
                    (10**8, 10**12)]),
    ],
)  # fmt: skip
def test_log_classes_grow_by_the_same_factor(counts, classes):
    assert make_log_classes(counts) == tuple(Class(*one) for one in classes)


@pytest.mark.parametrize(
    ("counts", "classes"),
    [
        ([], []),
        ([7], [(1, 7)]),
        ([1, 2, 3, 4, 5], [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]),
        ([1, 1, 1, 1, 1, 1, 9], [(1, 1), (2, 9)]),
        ([10, 1, 2, 20, 3, 30, 4, 40, 5, 50], [(1, 2), (3, 4), (5, 10), (11, 30), (31, 50)]),
    ],
)
def test_quantiles_hold_as_many_countries_each(counts, classes):
    found = make_quantile_classes(counts)
    assert found == tuple(Class(*one) for one in classes)
    assert all(class_of(number, found) is not None for number in counts)


def test_every_country_of_the_gazetteer_has_an_outline_or_is_known_to_have_none():
    codes = {row["code"] for _, row in read_rows(GAZETTEER_FOLDER / "countries.csv")}
    assert codes - load_outlined() == {"GIB", "GLP", "GUF", "MTQ", "MYT", "REU", "TUV"}


def test_the_outlines_lie_within_the_world(layout):
    publish_at(layout, NO_PLACE)
    answer = look_at(layout.root).get("/map/data/outlines")
    assert len(answer.content) < 1_000_000
    for feature in answer.json()["features"]:
        assert feature["geometry"]["coordinates"]
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
                # No line crosses the map from one side to the other.
                jumps = [abs(a[0] - b[0]) for a, b in pairwise(ring)]
                assert max(jumps) < 90, feature["properties"]


def test_towns_are_those_of_the_gazetteer():
    assert len(load_towns()) > 30_000
