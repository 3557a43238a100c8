from datetime import date

from include.eventwire.gazetteer.persons import choose_person, row_on
from include.eventwire.gazetteer.tables import Entry


def make_row(sector, start, end=None, *, country="USA", entity_id="person:a"):
    return Entry(
        entity_id, "A", "person", country, sector, office="minister", valid_from=start, valid_to=end
    )


MINISTER = make_row("GOV", date(2001, 1, 1), date(2004, 12, 31))
CANDIDATE = make_row("PTY", date(2008, 1, 1), date(2008, 11, 4))
REBEL = make_row("REB", date(1990, 1, 1), date(1995, 12, 31))


def test_the_row_of_the_day_decides():
    rows = [MINISTER, CANDIDATE]
    assert row_on(rows, date(2001, 1, 1)) == (MINISTER, "GOV")
    assert row_on(rows, date(2004, 12, 31)) == (MINISTER, "GOV")
    assert row_on(rows, date(2008, 6, 1)) == (CANDIDATE, "PTY")


def test_between_and_after_offices_is_elite_but_before_the_first_unknown():
    rows = [MINISTER, CANDIDATE]
    assert row_on(rows, date(2006, 1, 1)) == (MINISTER, "ELI")
    assert row_on(rows, date(2010, 1, 1)) == (CANDIDATE, "ELI")
    assert row_on(rows, date(1999, 1, 1)) == (MINISTER, None)


def test_a_former_rebel_is_not_of_the_elite():
    assert row_on([REBEL], date(2000, 1, 1)) == (REBEL, "REB")


def test_of_overlapping_offices_the_later_counts():
    later = make_row("LEG", date(2003, 1, 1))
    assert row_on([MINISTER, later], date(2004, 1, 1)) == (later, "LEG")


def test_of_two_persons_of_one_name_the_country_decides_then_who_is_in_office():
    other = make_row("GOV", date(2010, 1, 1), country="FRA", entity_id="person:b")
    assert choose_person([MINISTER, other], "USA", date(2011, 1, 1)) == (MINISTER,)
    assert choose_person([MINISTER, other], None, date(2011, 1, 1)) == (other,)
    assert choose_person([MINISTER, other], None, date(2002, 1, 1)) == (MINISTER,)
