"""As a new user would: log in to Airflow, run a day, open its report, read, take rows along."""

import csv
import io
import os

import pytest
from rich.console import Console

from include.eventwire.local_airflow.home import (
    USERNAME,
    find_free_port,
    make_address,
    prepare_home,
)
from include.eventwire.local_airflow.sessions import DAG_ID, open_session, wait_for
from include.eventwire.settings import PROJECT_ROOT
from tests.browser.watching import DESKTOP, Watch, check_access, keep, wait_for_charts

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.model]

DAY = "2018-04-24"
_SECONDS_TO_ANSWER = 60
# The picture in the README is made anew only for whoever asks for it, so that the tree stays clean.
_PICTURE = PROJECT_ROOT / "docs" / "images" / "explorer.png"
_ASKED_FOR_PICTURE = "EVENTWIRE_WRITE_PICTURE"


@pytest.fixture(scope="module")
def airflow(tmp_path_factory):
    """Start an Airflow with its UI; give its address, its home and a session with its API."""
    folder = tmp_path_factory.mktemp("airflow")
    home = prepare_home(folder / "home")
    port = find_free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTWIRE_LAKE", str(folder / "lake"))
        patch.delenv("EVENTWIRE_LANDING", raising=False)
        said = Console(file=io.StringIO())
        with open_session(home, said, port=port, scheduled=False) as (api, components):
            yield make_address(port), home, api, components


def test_from_login_to_rows(browser, airflow, tmp_path):
    origin, home, api, components = airflow
    width, height = DESKTOP
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    context.set_default_timeout(_SECONDS_TO_ANSWER * 1000)
    watch = Watch(origin, below="/eventwire/")
    watch.follow(context)
    page = context.new_page()
    _log_in(page, origin, home.password)
    run_id = api.trigger(DAG_ID, partition_key=DAY)
    page.goto(f"{origin}/dags/{DAG_ID}/runs/{run_id}")
    keep(page, "airflow-2-run", whole=False)
    state = wait_for(lambda: _ended(api, run_id), "the run's end", components)
    assert state == "success"
    _follow_to_the_report(page)
    _open_the_explorer(page, origin)
    _find_one_event(page, origin)
    _read_the_article(page)
    _take_the_rows(page, tmp_path / "rows.csv")
    context.close()
    watch.check()


def _log_in(page, origin, password):
    page.goto(f"{origin}/")
    page.wait_for_url("**/login**")
    page.locator("input[name=username]").fill(USERNAME)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "login" not in url)
    page.get_by_role("link", name="Eventwire").or_(page.get_by_text("Eventwire")).first.wait_for()
    keep(page, "airflow-1-home", whole=False)


def _ended(api, run_id):
    state = api.run_state(DAG_ID, run_id)
    return state if state in ("success", "failed") else None


def _follow_to_the_report(page):
    """From the page of the run by its tab to the report on its batch, in a frame."""
    page.reload()
    page.get_by_role("link", name="Batch report").or_(
        page.get_by_role("tab", name="Batch report")
    ).first.click()
    report = page.frame_locator("iframe")
    report.get_by_role("heading", level=1).wait_for()
    assert DAY in report.get_by_role("heading", level=1).inner_text()
    keep(page, "airflow-3-report", whole=False)


def _open_the_explorer(page, origin):
    """From the navigation of Airflow to the overview, in a frame."""
    page.goto(f"{origin}/")
    page.get_by_role("link", name="Eventwire").or_(page.get_by_text("Eventwire")).first.click()
    overview = page.frame_locator("iframe")
    overview.get_by_role("heading", level=1).wait_for()
    assert "What the lake holds" in overview.get_by_role("heading", level=1).inner_text()
    overview.locator("figure.chart[data-drawn]").nth(3).wait_for()
    keep(page, "airflow-4-overview", whole=False)


def _find_one_event(page, origin):
    page.goto(f"{origin}/eventwire/")
    wait_for_charts(page)
    check_access(page)
    page.get_by_role("link", name="Events", exact=True).click()
    page.wait_for_url("**/eventwire/events**")
    every = page.locator("table.events tbody").count()
    path = keep(page, "airflow-5-events", whole=False)
    if os.environ.get(_ASKED_FOR_PICTURE):
        _PICTURE.parent.mkdir(exist_ok=True)
        _PICTURE.write_bytes(path.read_bytes())
    kind = page.locator("table.events td[data-name=Type] abbr").first.inner_text()
    page.get_by_label("Event type").select_option(kind)
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**type={kind}**")
    assert 0 < page.locator("table.events tbody").count() < every


def _read_the_article(page):
    page.locator("table.events tr.sentence a[href*='/articles/']").first.click()
    page.wait_for_url("**/eventwire/articles/**")
    assert page.locator(".article-body mark.trigger").count() > 0
    page.locator(".event-card[aria-current=true] details[open]").wait_for()
    keep(page, "airflow-6-article")
    page.go_back()
    page.wait_for_url("**/eventwire/events**")


def _take_the_rows(page, path):
    shown = page.locator("#found").inner_text()
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    begun.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert shown.startswith(f"{len(rows)} event")
    keep(page, "airflow-7-export")
