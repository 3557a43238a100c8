"""What is fetched lands in a bucket, and the state of a source is kept there."""

import pytest

from include.eventwire.fetching.state import open_state
from include.eventwire.lake.locations import list_files
from tests.fetching.conftest import clock, fetch, limits, site  # noqa: F401 - fixtures
from tests.fetching.test_runs import (  # noqa: F401 - collected here
    WARC,
    test_a_second_try_after_a_commit_replaces_nothing,
    test_the_folder_of_the_day_holds_what_is_to_be_read_and_no_more,
    test_what_is_known_is_not_asked_for_again,
    test_without_pages_the_feed_itself_lands,
)


@pytest.fixture
def landing(tmp_path):
    return tmp_path / "landing"


def test_nothing_else_lands_than_the_pages_the_state_and_the_report(site, fetch, landing):  # noqa: F811
    site.feed([site.url("/a")])
    site.page("/a", "Ministers met in Nairobi")
    fetch()
    found = [str(path.relative_to(landing)) for path, _ in list_files(landing)]
    assert found == [
        ".feeds/reports/wire/dt=2026-03-02/fetch-20260302T080700Z.json",
        ".feeds/wire.sqlite",
        WARC,
    ]
    with open_state(landing, "wire") as state:
        assert state.is_fetched(site.url("/a"))
