import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.datelines import find_dateline, find_dateline_end, name_agency
from include.eventwire.versions import RESOURCES

PUBLISHED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("opening", "place", "day", "agency"),
    [
        ("QINGDAO, June 6 (Xinhua) -- ", "QINGDAO", None, "Xinhua"),
        ("NAIROBI, Kenya (AP) — ", "NAIROBI", None, "AP"),
        ("WASHINGTON, Jan 14 - ", "WASHINGTON", date(2026, 1, 14), None),
        ("(Reuters) - ", None, None, "Reuters"),
        ("(CNN) ", None, None, "CNN"),
        ("Dec 30 (Reuters) - ", None, date(2025, 12, 30), "Reuters"),
        ("BETHESDA, Md. (AP) _ ", "BETHESDA", None, "AP"),
        ("LONDON/PARIS (Reuters) - ", "LONDON/PARIS", None, "Reuters"),
        ("SEOUL/UNITED NATIONS, Dec 30 (Reuters) - ", "SEOUL/UNITED NATIONS", date(2025, 12, 30),
         "Reuters"),
        ("PARIS, 3 janv. (AFP) - ", "PARIS", date(2026, 1, 3), "AFP"),
        ("París, 3 de enero (EFE).- ", "París", date(2026, 1, 3), "EFE"),
        ("Berlin (dpa) - ", "Berlin", None, "dpa"),
        ("München (dpa/lby) - ", "München", None, "dpa"),
        ("ROMA - (ANSA) - ", "ROMA", None, "ANSA"),
        ("(ANSA) - ROMA, 24 NOV - ", "ROMA", date(2025, 11, 24), "ANSA"),
        ("TOKYO, Dec. 1 Kyodo - ", "TOKYO", date(2025, 12, 1), "Kyodo"),
        ("MOSCOW. December 4 (Interfax) - ", "MOSCOW", date(2025, 12, 4), "Interfax"),
        ("MOSCOW, December 4. /TASS/. ", "MOSCOW", date(2025, 12, 4), "TASS"),
        ("New Delhi, Dec 6 (PTI) ", "New Delhi", date(2025, 12, 6), "PTI"),
        ("BERLIN, 24.11.2025 (dpa) - ", "BERLIN", date(2025, 11, 24), "dpa"),
        ("МОСКВА, 24 ноя - ", "МОСКВА", date(2025, 11, 24), None),
        ("TULSA, Okla.--(BUSINESS WIRE)--", "TULSA", None, "Business Wire"),
        ("DENVER, Jan. 5, 2018 /PRNewswire/ -- ", "DENVER", date(2018, 1, 5), "PR Newswire"),
        ("COLUMBIA, Ky. (WXYZ) -- ", "COLUMBIA", None, "WXYZ"),
        ("BEIRUT (AP) � ", "BEIRUT", None, "AP"),
        ("XI'AN, Dec. 3 (Xinhua) -- ", "XI'AN", date(2025, 12, 3), "Xinhua"),
        ("NEW DELHI: ", "NEW DELHI", None, None),
        ("OTTAWA—", "OTTAWA", None, None),
        ("  NAIROBI - ", "NAIROBI", None, None),
        ("By JANE DOE\nAssociated Press Writer\nBEIRUT, Lebanon (AP) -- ", "BEIRUT", None, "AP"),
    ],
)  # fmt: skip
def test_reads_place_day_and_agency(opening, place, day, agency):
    text = opening + "Police said on Monday that nobody was hurt."
    dateline = find_dateline(text, PUBLISHED)
    assert (dateline.place, dateline.agency) == (place, agency)
    assert dateline.date == day
    assert text[dateline.end_char :].startswith("Police said")
    assert dateline.start_char == (
        text.index(place[0], opening.rfind("\n") + 1)
        if place and not opening.startswith("(")
        else 0
    )


@pytest.mark.parametrize(
    "dateline",
    [
        "NAIROBI - ",
        "BANGKOK (Reuters) - ",
        "QINGDAO, June 6 (Xinhua) -- ",
        "BATON ROUGE, Louisiana (AP) — ",
        "ST. PETERSBURG, Russia – ",
        "ADDIS ABABA, Nov. 30 — -",
    ],
)
def test_the_story_begins_after_the_dateline(dateline):
    assert find_dateline_end(dateline + "Police said on Monday") == len(dateline)


@pytest.mark.parametrize(
    "text",
    [
        "Police in Nairobi - the capital - said",
        "NATO said on Monday that its troops - all of them - would stay.",
        "U.S. President Donald Trump - in a tweet - said",
        "WASHINGTON - a city of lawyers - was quiet on Monday.",
        "LONDON-based lenders said on Monday that they would stay.",
        "Q - What is it? A - Nobody knows.",
        "UPDATE - Shares fall in Europe after the vote",
        "PARIS - SUGAR FUTURES CLOSE LOWER ON PROFIT-TAKING",
        "CHICAGO - 3, BOSTON - 2",
        "The Palestinian Authority (PA) - which rules there - said",
        "General Motors (GM) saw its profits fall.",
        "The Trade Union Congress (TUC) - the largest - said",
        "FILE - In this photo of Dec. 31 police are seen",
        "THIS is the moment that a bridge fell.",
        "ELECTIONS: Voters go to the polls",
        "ISRAEL STARTS SUMMER TIME.\nAPRIL 26 - CANADA STARTS SUMMER TIME",
        "Jane Doe. BOSTON (Reuters) - The owner",
        "KENYA",
        "NAIROBI - ",
        "",
    ],
)
def test_other_openings_are_part_of_the_story(text):
    assert find_dateline(text, PUBLISHED) is None
    assert find_dateline_end(text) == 0


@pytest.mark.parametrize(
    ("printed", "published", "expected"),
    [
        ("Dec 31", date(2026, 1, 1), date(2025, 12, 31)),
        ("Jan 1", date(2025, 12, 31), date(2026, 1, 1)),  # where the sun is already up
        ("Jan 3", date(2025, 12, 31), None),  # neither in three days nor a year ago
        ("Feb 29", date(2024, 3, 1), date(2024, 2, 29)),
        ("Feb 29", date(2025, 3, 1), None),
        ("April 31", date(2025, 5, 1), None),
        ("April 3", None, None),
        ("April 3, 2012", None, date(2012, 4, 3)),
    ],
)
def test_a_day_has_the_year_that_brings_it_next_to_publication(printed, published, expected):
    dateline = find_dateline(f"OSLO, {printed} (Reuters) - Police said", published)
    assert dateline.place == "OSLO"
    assert dateline.date == expected


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("XINHUA", "Xinhua"),
        ("The Associated Press", "AP"),
        ("A.P.", "AP"),
        ("dpa/AFP", "dpa"),
        ("WXYZ/AP", "AP"),
        ("Reuters Health", "Reuters"),
        ("RFE/RL", "RFE/RL"),
        ("WXYZ", None),
        ("", None),
        (None, None),
    ],
)
def test_agencies_have_one_name(printed, name):
    assert name_agency(printed) == name


def test_no_form_of_an_agency_stands_twice():
    path = RESOURCES / "datelines" / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"] for row in rows]
    assert names == sorted(names, key=str.casefold)
    forms = [
        form.strip().replace(".", "").casefold()
        for row in rows
        for form in {row["name"].casefold(), *row["other_forms"].casefold().split(";")}
        if form
    ]
    assert len(forms) == len(set(forms))


@given(
    st.text(max_size=150)
    | st.lists(
        st.sampled_from(["OSLO", "Oslo", ",", " ", "(AP)", "-", "--", "/", "May 1", ".", "\n", ":"])
    ).map("".join)
)
def test_any_text_has_a_dateline_within_it_or_none(text):
    dateline = find_dateline(text, PUBLISHED)
    if dateline is not None:
        assert 0 <= dateline.start_char < dateline.end_char < len(text)
        assert dateline.place is None or dateline.place in " ".join(text.split())
