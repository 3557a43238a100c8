"""Every page in a browser: on a desk and on a phone, in light and dark, for eyes and readers."""

import csv

import pytest

from tests.browser.news import DAYS
from tests.browser.watching import DESKTOP, PHONE, check_access, keep

pytestmark = pytest.mark.slow

ARTICLE = f"/articles/{5:032x}?event={5 + 0xE0000:032x}&day={DAYS[0]}&batch=daily"
PAGES = {
    "overview": "/",
    "events": "/events?fold=no",
    "article": ARTICLE,
    "actors": "/actors?who=CHN",
    "map": "/map",
    "runs": "/runs",
    "report": f"/runs/{DAYS[6]}/daily",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_drawn_and_open_to_all(visit, name, scheme):
    page = visit(PAGES[name], scheme=scheme)
    keep(page, f"{name}-{scheme}")
    assert page.locator("h1").count() == 1
    assert page.locator("nav a[aria-current=page]").count() == (name != "article")
    assert page.locator("figure.chart[data-chart]:not(:has(canvas))").count() == 0
    check_access(page)


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_a_phone(visit, name):
    page = visit(PAGES[name], size=PHONE, scheme="dark" if name == "events" else "light")
    keep(page, f"{name}-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    check_access(page)


def test_colours_follow_the_system(visit):
    page = visit("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark


def test_pages_can_be_read_without_scripts(visit):
    page = visit("/events", java_script_enabled=False, wait=False)
    assert page.locator("table.events tbody").count() > 0


def test_filters_narrow_the_table_and_their_address_restores_it(visit):
    page = visit("/events")
    every = page.locator("table.events tbody").count()
    page.get_by_label("Event type").select_option("ASSAULT")
    page.get_by_label("Actor's country").fill("KEN")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/events?*type=ASSAULT*")
    found = page.locator("table.events tbody")
    assert 0 < found.count() < every
    kinds = page.locator("table.events td[data-name=Type]").all_inner_texts()
    assert all("ASSAULT" in kind for kind in kinds)
    actors = page.locator("table.events td[data-name=Actor]").all_inner_texts()
    assert all("KEN" in actor for actor in actors)
    link = page.get_by_role("link", name="link to this view").get_attribute("href")
    rows = found.all_inner_texts()
    again = visit(link)
    assert again.locator("table.events tbody").all_inner_texts() == rows
    assert again.get_by_label("Event type").input_value() == "ASSAULT"


def test_a_search_finds_words_of_an_article(visit):
    page = visit("/events")
    page.get_by_label("Text").fill("report 18.")
    page.get_by_label("Text").press("Enter")
    page.wait_for_url("**text=report*")
    assert page.locator("table.events tbody").count() == 1
    assert "18th time" in page.locator("table.events").inner_text()


def test_the_table_is_sorted_and_paged(visit):
    page = visit("/events?fold=no")
    page.get_by_role("link", name="Confidence").click()
    page.wait_for_url("**sort=confidence*")
    shown = page.locator("table.events td[data-name=Confidence]").all_inner_texts()
    assert shown == sorted(shown, reverse=True)
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2*")
    further = page.locator("table.events td[data-name=Confidence]").all_inner_texts()
    assert further
    assert max(further) <= min(shown)


def test_from_an_event_to_the_words_of_its_article(visit):
    page = visit("/events?text=report+18.")
    page.locator("table.events tr.sentence a").first.click()
    page.wait_for_url("**/articles/**")
    assert page.locator("h1").inner_text() == "Ministers meet for the 18th time"
    body = page.locator(".article-body")
    assert body.locator("mark.trigger").inner_text() == "met"
    assert body.locator("mark.actor").first.inner_text() == "China"
    assert body.locator("mark.recipient").inner_text() == "Japan"
    assert body.locator("mark.place").inner_text() == "Tokyo"
    card = page.locator(".event-card[aria-current=true]")
    card.hover()
    assert "lit" in (body.locator("mark.trigger").get_attribute("class") or "")
    assert card.locator("details").evaluate("one => one.open")


def test_rows_are_taken_along(visit, tmp_path):
    page = visit("/events?fold=no&type=AID")
    n_rows = page.locator("table.events tbody").count()
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    begun.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == n_rows > 0
    assert {row["event_type"] for row in rows} == {"AID"}


def test_what_an_article_says_stays_text(visit):
    page = visit(ARTICLE)
    assert "<script>alert(2)</script>" in page.locator("main").inner_text()
    assert page.locator("main img").count() == 0


def test_all_can_be_done_with_the_keyboard(visit):
    page = visit("/")
    page.keyboard.press("Tab")
    assert "Skip" in _focused(page)
    _tab_to(page, "Events")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events?*")
    _tab_to(page, "INPUT text")
    page.keyboard.type("report 18.")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=report*")
    _tab_to(page, "Ministers meet for the 18th time")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    _tab_to(page, "met")
    page.keyboard.press("Enter")
    page.wait_for_url("**#event-1")


def test_where_the_keyboard_is_can_be_seen(visit):
    page = visit("/events")
    for _ in range(20):
        page.keyboard.press("Tab")
        # The parts of a date are marked by the browser itself.
        style = page.evaluate(
            "(() => { const one = document.activeElement;"
            "return one.type === 'date' ? 'marked' : getComputedStyle(one).outlineStyle; })()"
        )
        assert style != "none", _focused(page)


def test_without_a_session_nothing_is_shown(visit, browser, explorer):
    context = browser.new_context()
    page = context.new_page()
    assert page.goto(f"{explorer}/events").status == 401
    assert "report" not in page.content()
    context.close()


def test_a_desk_is_used_to_its_width(visit):
    page = visit("/events", size=DESKTOP)
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP[0]


def _focused(page):
    return page.evaluate(
        "(() => { const one = document.activeElement;"
        "return one.innerText?.trim() || `${one.tagName} ${one.name ?? ''}`; })()"
    )


def _tab_to(page, name, most=80):
    """Press Tab until what has the focus is called `name`."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        seen.append(_focused(page))
        if seen[-1] == name:
            return
    raise AssertionError(f"{name!r} is not reached by the keyboard: {seen}")
