"""kill -9 right before every single change that publishing makes to the disk."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.faults.publisher import publish_run, run_publisher
from tests.lake_rows import DAY, make_batch, stage_run

OLD, NEW = make_batch(), make_batch("China met Japan in Tokyo, and nobody else did.")
MOST_STEPS = 60


@dataclass(frozen=True)
class Killed:
    """A lake after a publication that was killed before step `step`, or went through."""

    step: int
    layout: LakeLayout
    status: int

    def published(self, table: str) -> list | None:
        path = self.layout.table_file(table, DAY, "daily")
        return list(read_rows(path, table)) if path.exists() else None

    def receipt(self) -> Path:
        return self.layout.receipt_file(DAY, "daily")

    def errors(self) -> list:
        return [finding for finding in verify_lake(self.layout) if finding.is_error]


def kill_at_every_step(template: LakeLayout, folder: Path) -> list[Killed]:
    """Return one copy of `template` for each step before which its publication was killed."""
    lakes = [folder / f"killed-{step:02d}" for step in range(MOST_STEPS)]
    for lake in lakes:
        shutil.copytree(template.root, lake)
    statuses = run_publisher("kill", "0", *lakes)
    assert set(statuses) == {-signal.SIGKILL, 0}, "some steps are killed, the last ones are beyond"
    n_killed = statuses.index(0)
    return [
        Killed(step, LakeLayout(lake), status)
        for step, (lake, status) in enumerate(
            zip(lakes[: n_killed + 1], statuses[: n_killed + 1], strict=True)
        )
    ]


@pytest.fixture(scope="module")
def over_an_old_day(tmp_path_factory) -> list[Killed]:
    """Lakes in which the new batch was to replace an old one."""
    folder = tmp_path_factory.mktemp("replaced")
    template = LakeLayout(folder / "template")
    stage_run(template, OLD, "old")
    publish_run(template, "old")
    stage_run(template, NEW, "new")
    return kill_at_every_step(template, folder)


@pytest.fixture(scope="module")
def on_a_new_day(tmp_path_factory) -> list[Killed]:
    """Lakes in which the batch was the first of its day, and of the lake."""
    folder = tmp_path_factory.mktemp("first")
    template = LakeLayout(folder / "template")
    stage_run(template, NEW, "new")
    return kill_at_every_step(template, folder)


def test_a_reader_sees_the_old_or_the_new_rows_of_a_table(over_an_old_day):
    for lake in over_an_old_day:
        for table in TABLES:
            assert lake.published(table) in (OLD[table], NEW[table]), lake.step


def test_a_reader_of_a_new_day_sees_no_file_or_all_its_rows(on_a_new_day):
    for lake in on_a_new_day:
        for table in TABLES:
            assert lake.published(table) in (None, NEW[table]), lake.step


def test_a_batch_with_a_receipt_is_of_one_run(over_an_old_day):
    for lake in over_an_old_day:
        if lake.receipt().exists():
            rows = {table: lake.published(table) for table in TABLES}
            assert rows in (OLD, NEW), lake.step
            run = read_receipt(lake.receipt()).run["run_id"]
            assert rows == {"old": OLD, "new": NEW}[run], lake.step
            assert lake.errors() == [], lake.step


def test_verify_names_exactly_the_tables_that_are_still_old(over_an_old_day):
    n_torn = 0
    for lake in over_an_old_day:
        if lake.receipt().exists():
            continue
        findings = {finding.path: finding.kind for finding in lake.errors()}
        assert findings.pop("_receipts/dt=2018-04-24/daily.publishing") == "unfinished"
        still_old = {
            f"{table}/dt=2018-04-24/daily.parquet"
            for table in TABLES
            if lake.published(table) == OLD[table] != NEW[table]
        }
        assert findings == dict.fromkeys(still_old, "torn"), lake.step
        n_torn += 0 < len(still_old) < len(TABLES) - 1
    assert n_torn >= 3, "the kill never fell between two tables"


def test_verify_names_the_tables_of_a_new_day_that_are_missing(on_a_new_day):
    n_partial = 0
    for lake in on_a_new_day:
        if lake.receipt().exists() or not any(lake.published(table) for table in TABLES):
            continue
        missing = [finding.path for finding in lake.errors() if finding.kind == "missing"]
        assert missing == [
            f"{table}/dt=2018-04-24/daily.parquet"
            for table in TABLES
            if lake.published(table) is None
        ]
        n_partial += bool(missing)
    assert n_partial >= 3, "the kill never fell between two tables"


@pytest.mark.parametrize("lakes", ["over_an_old_day", "on_a_new_day"])
def test_publishing_the_same_staged_files_again_heals(lakes, request, tmp_path):
    for killed in request.getfixturevalue(lakes):
        layout = LakeLayout(tmp_path / str(killed.step))
        shutil.copytree(killed.layout.root, layout.root)
        if not all(
            (layout.staging_run(DAY, "daily", "new") / "tables" / f"{table}.parquet").exists()
            for table in TABLES
        ):
            # The staging is swept after the receipt: there is nothing left to heal.
            assert killed.receipt().exists(), killed.step
            continue
        publish_run(layout, "new")
        assert_healed(Killed(killed.step, layout, 0))


@pytest.mark.parametrize("lakes", ["over_an_old_day", "on_a_new_day"])
def test_a_new_run_of_the_batch_heals(lakes, request, tmp_path):
    for killed in request.getfixturevalue(lakes):
        layout = LakeLayout(tmp_path / str(killed.step))
        shutil.copytree(killed.layout.root, layout.root)
        stage_run(layout, NEW, "later")
        publish_run(layout, "later")
        assert_healed(Killed(killed.step, layout, 0))


def assert_healed(lake: Killed) -> None:
    assert lake.errors() == [], lake.step
    assert {table: lake.published(table) for table in TABLES} == NEW, lake.step
    assert lake.receipt().exists()
    assert not lake.layout.publishing_file(DAY, "daily").exists(), lake.step


def test_the_kills_fell_before_amid_and_after_the_change(over_an_old_day):
    states = {
        (lake.receipt().exists(), lake.published("articles") == NEW["articles"])
        for lake in over_an_old_day
    }
    assert states == {(True, False), (False, False), (False, True), (True, True)}
