"""A full disk leaves what was published; a disk that cannot be written gives a clear error."""

from contextlib import suppress
from io import FileIO
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.faults.publisher import publish_run
from tests.lake_rows import DAY, make_batch, stage_run

OLD, NEW = make_batch(), make_batch("China met Japan in Tokyo, and nobody else did.")


def write_endlessly(file: FileIO, content: bytes) -> None:
    while True:
        file.write(content)


def fill(disk: Path) -> None:
    """Write until there is no space left."""
    with (disk / "ballast").open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            with pytest.raises(OSError, match="No space left"):
                write_endlessly(file, b"x" * size)


def content(layout: LakeLayout) -> dict[Path, bytes]:
    """Return what is published, byte for byte."""
    staging = layout.staging
    return {
        path: path.read_bytes()
        for path in layout.root.rglob("*")
        if path.is_file() and not path.is_relative_to(staging)
    }


def errors(layout: LakeLayout) -> list:
    return [finding for finding in verify_lake(layout) if finding.is_error]


def test_a_full_disk_leaves_the_old_day_and_space_heals(small_disk):
    disk = small_disk("size=1m")
    layout = LakeLayout(disk / "lake")
    stage_run(layout, OLD, "old")
    publish_run(layout, "old")
    stage_run(layout, NEW, "new")
    before = content(layout)
    fill(disk)
    with pytest.raises(LakeError, match=r"could not be published: .*No space left"):
        publish_run(layout, "new")
    assert content(layout) == before
    assert errors(layout) == []
    (disk / "ballast").unlink()
    publish_run(layout, "new")
    events = layout.table_file("events", DAY, "daily")
    assert list(read_rows(events, "events")) == NEW["events"]
    assert verify_lake(layout) == []


def test_a_full_disk_leaves_no_part_of_a_first_day(small_disk):
    disk = small_disk("size=1m")
    layout = LakeLayout(disk / "lake")
    stage_run(layout, NEW, "new")
    fill(disk)
    with pytest.raises(LakeError, match="No space left"):
        publish_run(layout, "new")
    assert content(layout) == {}
    assert errors(layout) == []


def test_a_full_disk_at_every_amount_of_space_leaves_the_old_day_or_the_new(small_disk):
    disk = small_disk("size=1m")
    layout = LakeLayout(disk / "lake")
    stage_run(layout, OLD, "old")
    publish_run(layout, "old")
    outcomes = set()
    for n_pages in range(6):
        stage_run(layout, NEW, "new")
        fill(disk)
        ballast = disk / "ballast"
        with ballast.open("rb+") as file:
            file.truncate(ballast.stat().st_size - 4_096 * n_pages)
        with suppress(LakeError):
            publish_run(layout, "new")
        ballast.unlink()
        assert errors(layout) == []
        rows = {
            table: list(read_rows(layout.table_file(table, DAY, "daily"), table))
            for table in TABLES
        }
        assert rows in (OLD, NEW)
        outcomes.add(rows == NEW)
    assert outcomes == {False, True}


def test_a_read_only_disk_is_told_and_can_be_verified(small_disk):
    layout = LakeLayout(small_disk("size=1m") / "lake")
    stage_run(layout, OLD, "old")
    publish_run(layout, "old")
    stage_run(layout, NEW, "new")
    before = content(layout)
    small_disk("remount,ro")
    with pytest.raises(LakeError, match=r"no lake can be written .*Read-only.*name a folder"):
        layout.create_staging_run(DAY, "daily", "more")
    with pytest.raises(LakeError, match=r"could not be published: .*Read-only file system"):
        publish_run(layout, "new")
    assert content(layout) == before
    assert errors(layout) == []
