from pathlib import Path

import pytest

from include.eventwire.gazetteer.names import load_gazetteer, read_gazetteer
from include.eventwire.gazetteer.phrases import split_words
from include.eventwire.gazetteer.tables import GazetteerError

TABLES = {
    "countries.csv": "code,name,other_names,people,governments\n"
    "UTO,Utopia,Republic of Utopia,Utopian;Utopians,Amaurot\n",
    "places.csv": "term,country_code,kind,latitude,longitude,valid_from,valid_to\n"
    "Far Coast,UTO,region,1.5,2.5,,\nMiddle Sea,,group,,,,\n",
    "regions.csv": "name,other_names,country_code,latitude,longitude,population\n",
    "cities.csv": "geonames_id,name,other_names,spellings,country_code,region,latitude,longitude,"
    "population\n1,Bigtown,,,UTO,,1.0,2.0,200000\n2,Smalltown,,,UTO,,1.0,2.0,9000\n",
    "roles.csv": "role,sector_code,strength\n"
    "soldier,MIL,strong\nally,GOV,weak\nsecretary,GOV,weak\n",
    "bodies.csv": "kind,name,other_names,country_code,sector_code,valid_from,valid_to\n"
    "igo,World Order,WO,IGO,IGO,,\n",
    "persons.csv": "name,other_names,country_code,sector_code,office,valid_from,valid_to\n"
    "Raphael Hythloday,Hythloday,UTO,GOV,president,1990-02,1999\n",
}


@pytest.fixture
def write_tables(tmp_path):
    def write(**changed: str) -> Path:
        for name, text in TABLES.items():
            tmp_path.joinpath(name).write_text(text + changed.get(name.removesuffix(".csv"), ""))
        return tmp_path

    return write


def find(folder, phrase):
    matches = read_gazetteer(folder).find(split_words(phrase))
    return [(match.entry.name, match.entry.kind) for match in matches]


def test_finds_the_longest_names(write_tables):
    folder = write_tables()
    assert find(folder, "the Republic of Utopia's soldiers on the Far Coast") == [
        ("Utopia", "country"),
        ("soldier", "role"),
        ("Far Coast", "place"),
    ]


def test_roles_have_plurals(write_tables):
    folder = write_tables()
    assert find(folder, "allies and secretaries") == [("ally", "role"), ("secretary", "role")]


def test_a_short_acronym_needs_its_capitals(write_tables):
    folder = write_tables()
    assert find(folder, "the WO") == [("World Order", "body")]
    assert find(folder, "wo") == []


def test_a_name_needs_its_capital_and_small_towns_are_no_actors(write_tables):
    folder = write_tables()
    assert find(folder, "bigtown") == []
    assert find(folder, "Bigtown and Smalltown") == [("Bigtown", "city")]


def test_validity_runs_to_the_end_of_the_period_named(write_tables):
    (row,) = read_gazetteer(write_tables()).surnames["hythloday"]
    assert (str(row.valid_from), str(row.valid_to)) == ("1990-02-01", "1999-12-31")


@pytest.mark.parametrize(
    ("table", "row", "message"),
    [
        ("bodies", "igo,X,,XYZ,IGO,,\n", r"bodies\.csv:3: country code 'XYZ'"),
        ("bodies", "club,X,,UTO,IGO,,\n", r"bodies\.csv:3: kind is 'club'"),
        ("bodies", "igo,X,,UTO,ABC,,\n", r"bodies\.csv:3: sector 'ABC'"),
        ("persons", "X,,UTO,GOV,king,2000,1999\n", r"persons\.csv:3: valid_from .* is after"),
        ("persons", "X,,UTO,GOV,king,March,\n", r"persons\.csv:3: 'March' is not YYYY"),
        ("places", "Here,UTO,spot,,,,\n", r"places\.csv:4: kind is 'spot'"),
        ("roles", "knight,MIL,firm\n", r"roles\.csv:5: strength is 'firm'"),
        ("roles", "knight,MIL\n", r"roles\.csv:5: the row has not as many fields"),
    ],
)
def test_a_row_that_cannot_be_right_names_file_and_line(write_tables, table, row, message):
    with pytest.raises(GazetteerError, match=message):
        read_gazetteer(write_tables(**{table: row}))


def test_the_projects_own_tables_load():
    gazetteer = load_gazetteer()
    assert len(gazetteer.terms) > 20_000
    assert gazetteer.surnames["merkel"][0].country_code == "DEU"


def test_the_projects_own_tables_have_no_row_twice():
    from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER

    for name in ("persons.csv", "bodies.csv", "roles.csv", "places.csv"):
        lines = (GAZETTEER_FOLDER / name).read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(set(lines)), name
