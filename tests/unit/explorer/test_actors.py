import re
from dataclasses import replace
from datetime import timedelta

import pytest

from include.eventwire.explorer.actors_queries import MATRIX_COUNTRIES, Pair, sum_rest
from include.eventwire.explorer.meanings import country_choices
from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import look_at, make_story, publish, rows_of, summarise

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def story(number, actors, recipients, **event):
    article, found, parties = make_story(number=number)
    changed = replace(found, actor_codes=actors, recipient_codes=recipients, **event)
    return article, changed, parties


def pairs_of(client, query=""):
    """Return actor, recipient and number of events of each cell of the matrix."""
    data = client.get(f"/data/actors?{query}").json()
    codes = data["codes"]
    return {(codes[row], codes[column]): n for column, row, n, _ in data["cells"]}


def test_an_event_counts_for_each_pair_of_its_countries(layout):
    publish(
        layout,
        rows_of(
            story(1, "CHN.GOV|CHN.MIL|RUS", "JPN"),
            story(2, "CHN", "JPN.BUS|KOR"),
            story(3, "CHN", ""),  # nobody named
            story(4, "JPN.OPP", "JPN.GOV"),  # within a country
        ),
    )
    assert pairs_of(look_at(layout.root)) == {
        ("CHN", "JPN"): 2,
        ("RUS", "JPN"): 1,
        ("CHN", "KOR"): 1,
        ("JPN", "JPN"): 1,
    }


def test_the_table_has_means_and_links_to_the_events(layout):
    publish(
        layout,
        rows_of(
            story(1, "CHN", "JPN", plover_score=-4.0), story(2, "CHN", "JPN", plover_score=1.0)
        ),
    )
    page = look_at(layout.root).get("/actors").text
    assert "−" not in re.findall(r"<td class=\"number\">([^<]*)</td>", page)
    assert "-1.5" in page
    assert re.search(r'href="/events\?from=\S*actor=CHN&amp;recipient=JPN">2</a>', page)


def test_an_actor_is_shown_day_by_day_on_both_sides(layout):
    publish(
        layout, rows_of(story(1, "CHN", "JPN", quad_class="verbal conflict", plover_score=-2.0))
    )
    publish(
        layout,
        rows_of(story(2, "JPN.GOV", "CHN", quad_class="verbal cooperation", plover_score=3.0)),
        day=NEXT,
    )
    client = look_at(layout.root)
    data = client.get("/data/actors/timeline?who=CHN").json()
    assert data["begins"] == [DAY.isoformat(), NEXT.isoformat()]
    counts = {series["name"]: series["values"] for series in data["quad_classes"]}
    assert counts["verbal conflict"] == [1, 0]
    assert counts["verbal cooperation"] == [0, 1]
    assert data["scores"] == [-2.0, 3.0]
    # A sector is not the whole country.
    assert client.get("/data/actors/timeline?who=JPN.GOV").json()["begins"] == [NEXT.isoformat()]
    assert "No event of this choice has FRA" in client.get("/actors?who=FRA").text


def test_a_long_period_is_shown_by_weeks(layout):
    publish(layout, rows_of(story(1, "CHN", "JPN")))  # a Tuesday
    publish(layout, rows_of(story(2, "CHN", "JPN")), day=NEXT)
    query = f"who=CHN&from={DAY - timedelta(days=100)}&to={NEXT}"
    data = look_at(layout.root).get(f"/data/actors/timeline?{query}").json()
    assert data["begins"] == [(DAY - timedelta(days=DAY.weekday())).isoformat()]


def test_a_report_of_a_later_day_is_folded_into_the_first(layout):
    first, second = story(1, "CHN", "JPN"), story(2, "CHN", "JPN")
    publish(layout, rows_of(first))
    publish(layout, rows_of(second), day=NEXT)
    ids = f"{first[1].event_id},{second[1].event_id}"
    # The day of the first report was not summarised, or knew of no other report yet.
    summarise(layout, [{"event_cluster_id": first[1].event_id, "event_ids": ids}], day=NEXT)
    client = look_at(layout.root)
    assert pairs_of(client) == {("CHN", "JPN"): 1}
    assert pairs_of(client, "fold=no") == {("CHN", "JPN"): 2}


def test_an_event_of_two_batches_counts_once(layout):
    publish(layout, rows_of(story(1, "CHN", "JPN")))
    publish(layout, rows_of(story(1, "CHN", "JPN")), name="trial")
    assert pairs_of(look_at(layout.root)) == {("CHN", "JPN"): 1}


def test_filters_narrow_the_pairs(layout):
    publish(layout, rows_of(story(1, "CHN", "JPN"), story(2, "RUS", "JPN")))
    assert set(pairs_of(look_at(layout.root), "actor=RUS")) == {("RUS", "JPN")}


def test_countries_without_a_row_of_their_own_are_put_together():
    pairs = [
        Pair("CHN", "JPN", 5, 2.0),
        Pair("CHN", "FRA", 3, -4.0),
        Pair("CHN", "DEU", 1, 4.0),
        Pair("FRA", "DEU", 2, None),
        Pair("DEU", "JPN", 1, None),
    ]
    assert sum_rest(pairs, ["CHN", "JPN"]) == [
        Pair("CHN", "JPN", 5, 2.0),
        Pair("CHN", "other", 4, -2.0),  # (3 * -4 + 1 * 4) / 4
        Pair("other", "other", 2, None),
        Pair("other", "JPN", 1, None),
    ]


def test_the_matrix_loses_no_event(layout):
    codes = [code for code, _ in country_choices()][: MATRIX_COUNTRIES + 3]
    stories = [story(number, code, "CHN") for number, code in enumerate(codes, 1)]
    publish(layout, rows_of(*stories))
    data = look_at(layout.root).get("/data/actors").json()
    assert data["codes"][-1] == "other"
    assert len(data["codes"]) == len(data["names"]) == MATRIX_COUNTRIES + 1
    assert sum(n for _, _, n, _ in data["cells"]) == len(stories)


def test_cells_tell_events_or_scores_and_the_address_says_which(layout):
    publish(layout, rows_of(story(1, "CHN", "JPN")))
    client = look_at(layout.root)
    assert 'data-chart="matrix"' in client.get("/actors").text
    page = client.get("/actors?cells=score&who=CHN").text
    assert 'data-chart="scores"' in page
    assert '<input type="hidden" name="cells" value="score">' in page
    assert client.get("/actors?cells=colours").status_code == 400


def test_choosing_an_actor_keeps_the_filters(layout):
    publish(layout, rows_of(story(1, "CHN", "JPN")))
    page = look_at(layout.root).get("/actors?type=CONSULT&text=met").text
    form = page[page.index('aria-label="Choose an actor"') :].partition("</form>")[0]
    assert '<input type="hidden" name="type" value="CONSULT">' in form
    assert '<input type="hidden" name="text" value="met">' in form


@pytest.mark.parametrize("who", ["frankreich", "FRA|USA", "<script>", "FRA.MILX"])
def test_what_is_no_actor_is_refused_in_words(layout, who):
    publish(layout, rows_of(story(1, "CHN", "JPN")))
    client = look_at(layout.root)
    page = client.get("/actors", params={"who": who})
    assert page.status_code == 400
    assert "<script>" not in page.text
    assert client.get("/data/actors/timeline", params={"who": who}).status_code == 400
