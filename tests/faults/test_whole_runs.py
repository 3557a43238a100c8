"""Whole runs of a day, from its files to its receipt: twice, emptied, killed, two at once."""

import json
import random
import shutil
import signal
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import hash_file
from include.eventwire.lake.parquet_files import count_rows
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.faults.publisher import run_publisher
from tests.faults.runner import OPENING, run_day
from tests.lake_rows import DAY

pytestmark = [pytest.mark.model, pytest.mark.slow]

# The steps of a run are counted over everything that it writes, some 120 for this one; a kill at
# every one would take minutes, and tests of publishing alone try every step of that.
STRIDE = 11
MOST_KILLS = 30

OLD = [
    OPENING,
    "Police in Kenya arrested forty protesters in Nairobi on Tuesday.",
    "The weather will stay fine.",
]
NEW = [
    "Russia accused Ukraine of shelling a village near the border.",
    "France will send food aid to Mali, the government said.",
    "The European Union imposed sanctions on Iran.",
    "",
]


def write_inputs(folder: Path, texts: list[str]) -> Path:
    folder.mkdir()
    for number, text in enumerate(texts):
        record = {"id": number, "title": "News", "date": "2018-04-24T08:00:00Z", "text": text}
        line = json.dumps(record | {"language": "en"})
        (folder / f"news-{number}.jsonl").write_text(line + "\n", encoding="utf-8")
    return folder


def hashes(layout: LakeLayout) -> dict[str, str]:
    paths = {table: layout.table_file(table, DAY, "daily") for table in TABLES}
    return {table: hash_file(path) for table, path in paths.items() if path.exists()}


def errors(layout: LakeLayout) -> list:
    return [finding for finding in verify_lake(layout) if finding.is_error]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the inputs `old`, `new` and `none`, and a lake `template` of the old ones."""
    folder = tmp_path_factory.mktemp("runs")
    write_inputs(folder / "old", OLD)
    write_inputs(folder / "new", NEW)
    write_inputs(folder / "none", [])
    run_day(folder / "old", folder / "template")
    run_day(folder / "new", folder / "finished")
    return folder


@pytest.fixture
def lake(folder, request) -> LakeLayout:
    """A lake of its own that holds the old day."""
    copy = folder / request.node.name.replace("[", "-").replace("]", "")
    shutil.copytree(folder / "template", copy)
    return LakeLayout(copy)


def test_the_same_inputs_twice_give_the_same_bytes(folder, lake):
    before = hashes(lake)
    assert len(before) == len(TABLES)
    run_day(folder / "old", lake.root)
    assert hashes(lake) == before
    assert verify_lake(lake) == []


def test_a_day_whose_inputs_are_gone_is_empty_not_stale(folder, lake):
    assert count_rows(lake.table_file("events", DAY, "daily")) > 0
    run_day(folder / "none", lake.root)
    for table in TABLES:
        assert count_rows(lake.table_file(table, DAY, "daily")) == 0
    assert read_receipt(lake.receipt_file(DAY, "daily")).counts["records_in"] == 0
    assert verify_lake(lake) == []


def test_two_runs_of_the_day_at_once_leave_one_whole_day(folder, lake):
    arguments = ["-1", lake.root] * 3
    assert run_publisher("new", "at-once", *arguments, module="runner") == [0, 0, 0]
    assert hashes(lake) == hashes(LakeLayout(folder / "finished"))
    assert verify_lake(lake) == []


def test_a_kill_at_any_step_leaves_the_old_day_or_says_what_is_torn_and_a_new_run_heals(folder):
    old, new = hashes(LakeLayout(folder / "template")), hashes(LakeLayout(folder / "finished"))
    lakes = [folder / f"killed-{number}" for number in range(MOST_KILLS)]
    for killed in lakes:
        shutil.copytree(folder / "template", killed)
    steps = [part for number, path in enumerate(lakes) for part in (str(number * STRIDE), path)]
    statuses = run_publisher("new", *steps, module="runner")
    assert set(statuses) == {-signal.SIGKILL, 0}, "some runs are killed, the last ones go through"
    lakes = lakes[: statuses.index(0)]
    assert len(lakes) >= 8
    for killed in map(LakeLayout, lakes):
        found = hashes(killed)
        assert all(found[table] in (old[table], new[table]) for table in TABLES)
        if killed.receipt_file(DAY, "daily").exists():
            assert found in (old, new)
            assert errors(killed) == []
        else:
            torn = {finding.path for finding in errors(killed) if finding.kind == "torn"}
            assert torn == {
                f"{table}/dt=2018-04-24/daily.parquet"
                for table in TABLES
                if found[table] == old[table] != new[table]
            }
    again = [part for path in lakes for part in ("-1", path)]
    assert set(run_publisher("new", *again, module="runner")) == {0}
    for healed in map(LakeLayout, lakes):
        assert hashes(healed) == new
        assert errors(healed) == []


def test_a_disk_that_is_full_while_the_run_writes_leaves_the_old_day(folder, small_disk):
    lake = LakeLayout(small_disk("size=600k") / "lake")
    shutil.copytree(folder / "template", lake.root)
    before = hashes(lake)
    # Texts that no compression makes small, in no language: they are stored and not coded.
    texts = [make_noise(number) for number in range(40)]
    large = write_inputs(folder / "large", texts)
    with pytest.raises(OSError, match="No space left"):
        run_day(large, lake.root)
    assert hashes(lake) == before
    assert errors(lake) == []


def make_noise(seed: int) -> str:
    """Return 40,000 characters that do not repeat."""
    return "".join(map(chr, random.Random(seed).choices(range(0x4E00, 0x9FA5), k=40_000)))
