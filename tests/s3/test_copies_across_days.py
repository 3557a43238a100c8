"""Copies of articles of earlier days are found in the signatures of a lake in a bucket."""

import pytest

from include.eventwire.deduplication import earlier_batches as module
from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from tests.unit.made_batches import make_settings
from tests.unit.test_copies_across_days import (
    DAY,
    SECOND,
    STORY,
    record,
    run_day,
    test_a_batch_that_is_made_again_has_the_same_bytes_and_is_no_copy_of_itself,  # noqa: F401
    test_the_receipt_and_the_report_tell_what_was_compared_and_how_many_copies,  # noqa: F401
)

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def test_a_batch_that_changes_while_it_is_read_is_not_compared_with(settings, monkeypatch):
    run_day(settings, DAY, record(1, " ".join(STORY)))
    layout = LakeLayout(settings.lake)
    signatures = layout.table_file("signatures", DAY, "daily")
    copy = module.on_this_machine

    def replace_before(path):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        signatures.write_bytes(bytes(content))
        return copy(path)

    monkeypatch.setattr(module, "on_this_machine", replace_before)
    with (
        pytest.raises(LakeError, match="replaced while it was read"),
        earlier_batches(layout, BatchKey(SECOND, "daily"), 7),
    ):
        pass
