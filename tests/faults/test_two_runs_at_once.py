"""Several runs of the same day publish at the same moment; readers and the lake stay whole."""

import fcntl
import threading

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.publishing import lock_batch, publish_tables
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.faults.publisher import publish_run, run_publisher
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

RUNS = [f"run-{number}" for number in range(6)]
BATCHES = {run: make_batch(f"China met Japan in Tokyo, says {run}.") for run in RUNS}


def published(layout: LakeLayout, table: str) -> list:
    return list(read_rows(layout.table_file(table, DAY, "daily"), table))


@pytest.mark.parametrize("attempt", range(4))
def test_all_end_well_and_the_day_is_that_of_one_of_them(tmp_path, attempt):
    layout = LakeLayout(tmp_path)
    for run, batch in BATCHES.items():
        stage_run(layout, batch, run)
    assert run_publisher("race", layout.root, *RUNS) == [0] * len(RUNS)
    run = read_receipt(layout.receipt_file(DAY, "daily")).run["run_id"]
    assert {table: published(layout, table) for table in TABLES} == BATCHES[run]
    assert verify_lake(layout) == []


def test_a_reader_sees_whole_files_all_the_while(tmp_path):
    layout = LakeLayout(tmp_path)
    stage_run(layout, BATCHES["run-0"], "run-0")
    publish_run(layout, "run-0")
    done = threading.Event()

    def publish_all() -> None:
        try:
            for run in RUNS * 5:
                stage_run(layout, BATCHES[run], run)
                publish_run(layout, run)
        finally:
            done.set()

    writer = threading.Thread(target=publish_all)
    writer.start()
    n_reads = 0
    while not done.is_set():
        for table in TABLES:
            assert published(layout, table) in [batch[table] for batch in BATCHES.values()]
        n_reads += 1
    writer.join()
    assert n_reads > 5
    assert verify_lake(layout) == []


def test_who_publishes_a_batch_keeps_others_of_it_waiting(tmp_path):
    layout = LakeLayout(tmp_path)
    with lock_batch(layout, DAY, "daily"), layout.lock_file(DAY, "daily").open("ab") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with layout.lock_file(DAY, "daily").open("rb") as verifier, pytest.raises(BlockingIOError):
            fcntl.flock(verifier, fcntl.LOCK_SH | fcntl.LOCK_NB)
        with lock_batch(layout, DAY, "another"):
            pass  # batches do not wait for each other
    with layout.lock_file(DAY, "daily").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_two_batches_of_one_day_live_side_by_side(tmp_path):
    layout = LakeLayout(tmp_path)
    for name, run in (("daily", "run-1"), ("by-hand", "run-2"), ("daily", "run-3")):
        tables = stage_run(layout, BATCHES[run], run, name)
        publish_tables(layout, DAY, name, tables, make_receipt(name))
    assert published(layout, "events") == BATCHES["run-3"]["events"]
    by_hand = layout.table_file("events", DAY, "by-hand")
    assert list(read_rows(by_hand, "events")) == BATCHES["run-2"]["events"]
    assert verify_lake(layout) == []
