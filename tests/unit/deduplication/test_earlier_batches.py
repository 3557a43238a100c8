"""Which batches of a small lake a new one is compared with."""

from dataclasses import replace

import pytest

from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.lake.layout import BatchKey, LakeError
from include.eventwire.lake.receipts import ReceiptError, read_receipt
from tests.lake_rows import DAY
from tests.unit.deduplication.lakes import article_of, days_before


def compared(layout, name="daily", n_days=7):
    with earlier_batches(layout, BatchKey(DAY, name), n_days) as earlier:
        return [str(batch.key) for batch in earlier]


def test_a_batch_is_compared_with_the_days_before_and_a_hand_batch_with_its_daily_one(
    publish, layout
):
    for n in (8, 7, 1, 0, -1):
        for name in ("daily", "mine"):
            publish(days_before(n), article_of(f"{name}{n}", "Text."), name=name)
    before = ["2018-04-17 daily", "2018-04-17 mine", "2018-04-23 daily", "2018-04-23 mine"]
    assert compared(layout) == before
    assert compared(layout, "mine") == [*before, "2018-04-24 daily"]
    assert compared(layout, "new") == [*before, "2018-04-24 daily"]
    assert compared(layout, "mine", 1) == [*before[2:], "2018-04-24 daily"]
    assert compared(layout, "mine", 0) == []
    assert len(compared(layout, n_days=10**9)) == 6


def test_batches_that_are_incomplete_or_have_no_signatures_are_left_out(publish, layout):
    for n in (1, 2, 3):
        publish(days_before(n), article_of(f"stored{n}", "Text."))
    layout.receipt_file(days_before(1), "daily").unlink()
    path = layout.receipt_file(days_before(2), "daily")
    receipt = read_receipt(path)
    tables = {name: file for name, file in receipt.tables.items() if name != "signatures"}
    path.write_text(replace(receipt, tables=tables).to_json())
    layout.table_file("signatures", days_before(2), "daily").unlink()
    assert compared(layout) == ["2018-04-21 daily"]


def test_what_was_compared_is_told_by_the_hash_of_its_receipt(publish, layout):
    publish(days_before(1), article_of("stored", "Text."))
    receipt = read_receipt(layout.receipt_file(days_before(1), "daily"))
    with earlier_batches(layout, BatchKey(DAY, "daily"), 7) as (batch,):
        assert batch.to_json() == {
            "day": "2018-04-23",
            "batch": "daily",
            "signatures_sha256": receipt.tables["signatures"].sha256,
        }


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("x")])
def test_a_damaged_batch_is_named(publish, layout, harm):
    publish(days_before(1), article_of("stored", "Text."))
    harm(layout.table_file("signatures", days_before(1), "daily"))
    with pytest.raises(LakeError, match=r"signatures/dt=2018-04-23/daily.*run 2018-04-23 daily"):
        compared(layout)


def test_a_broken_receipt_is_named(publish, layout):
    publish(days_before(1), article_of("stored", "Text."))
    layout.receipt_file(days_before(1), "daily").write_text("{")
    with pytest.raises(ReceiptError, match="2018-04-23"):
        compared(layout)
