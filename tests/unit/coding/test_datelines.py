import pytest

from include.eventwire.coding.datelines import find_dateline_end


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
        "KENYA",
        "NAIROBI - ",
        "",
    ],
)
def test_other_openings_are_part_of_the_story(text):
    assert find_dateline_end(text) == 0
