"""Reports in a bucket, where nothing can be locked."""

import pytest

from include.eventwire.lake.layout import LakeLayout
from tests.unit.explorer.made_lakes import make_story, publish, rows_of
from tests.unit.made_batches import make_settings
from tests.unit.reports.test_files import (  # noqa: F401 - collected here
    test_a_batch_that_is_replaced_meanwhile_is_reported_on_again,
    test_a_report_on_a_batch_that_is_gone_goes_too,
    test_a_report_on_a_batch_that_was_replaced_is_stale,
    test_no_report_on_what_is_not_published,
)
from tests.unit.reports.test_upkeep import (  # noqa: F401 - collected here
    test_a_forgotten_article_leaves_the_reports,
    test_upkeep_writes_stale_reports_anew,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture
def layout(request, tmp_path):
    """The lake of the settings where a test has them; else one with a batch, as test_files has."""
    if "settings" in request.fixturenames:
        return LakeLayout(request.getfixturevalue("settings").lake)
    layout = LakeLayout(tmp_path / "lake")
    publish(layout, rows_of(make_story(number=1)))
    return layout
