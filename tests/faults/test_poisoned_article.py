"""An article that ends the process which codes it costs one reject, not a run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import hash_file
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from include.eventwire.settings import PROJECT_ROOT
from tests.lake_rows import DAY

pytestmark = [pytest.mark.model, pytest.mark.slow]

POISON = Path(__file__).with_name("poison")
TOWNS = ("Nairobi", "Lagos", "Lima", "Oslo", "Quito", "Riga", "Tunis", "Accra", "Hanoi")


def write_articles(path, poisons):
    """Write nine articles, with a word of `poisons` in those whose numbers it names."""
    lines = []
    for number, town in enumerate(TOWNS, 1):
        text = (
            f"Police in {town} arrested {number + 20} protesters on Monday. The mayor of {town} "
            f"praised the fire brigade for saving house number {number * 7} from the flames."
        )
        if number in poisons:
            text += f" A miner found {poisons[number]} in the hills."
        record = {"id": f"n{number}", "title": f"News from {town}", "language": "en", "text": text}
        lines.append(json.dumps(record | {"date": "2018-04-24T08:00:00Z"}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def call(*arguments, is_deadly=True, **variables):
    """Call the command line, of which every process dies of poisoned articles; return its end."""
    environment = {name: value for name, value in os.environ.items() if name[:9] != "EVENTWIRE"} | {
        "PYTHONPATH": str(POISON) if is_deadly else "",
        "EVENTWIRE_ARTICLES_PER_SHARD": "3",
    }
    return subprocess.run(
        [sys.executable, "-m", "include.eventwire", *map(str, arguments), "--workers", "2"],
        cwd=PROJECT_ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def run(path, lake, **options):
    done = call("run", path, "--lake", lake, "--day", DAY.isoformat(), **options)
    assert done.returncode == 0, done.stderr
    return LakeLayout(lake)


def rows(layout, table):
    return list(read_rows(layout.table_file(table, DAY, "daily"), table))


def hashes(layout):
    return {table: hash_file(layout.table_file(table, DAY, "daily")) for table in TABLES}


def without(found, article_ids):
    return [row for row in found if getattr(row, "article_id", None) not in article_ids]


def test_it_costs_one_reject_and_the_others_are_coded_as_ever(tmp_path):
    path = write_articles(tmp_path / "news.jsonl", {2: "segfaultium"})
    undisturbed = run(path, tmp_path / "undisturbed", is_deadly=False)
    lake = run(path, tmp_path / "lake")
    (crashed,) = rows(lake, "rejects")
    assert (crashed.record_number, crashed.stage) == (2, "code")
    assert crashed.reason == "crashed_the_coder"
    assert "SIGSEGV" in crashed.detail
    lost = {row.article_id for row in rows(undisturbed, "articles") if row.source_id == "n2"}
    for table in TABLES:
        if table != "rejects":
            assert rows(lake, table) == without(rows(undisturbed, table), lost)
    assert {row.article_id for row in rows(lake, "events")}.isdisjoint(lost)
    assert len(rows(lake, "events")) >= 8
    assert verify_lake(lake) == []


def test_a_process_that_is_killed_for_no_fault_of_an_article_changes_no_byte(tmp_path):
    path = write_articles(tmp_path / "news.jsonl", {4: "unluckium"})
    undisturbed = run(path, tmp_path / "undisturbed", is_deadly=False)
    (once := tmp_path / "once").touch()
    lake = run(path, tmp_path / "lake", POISON_ONCE=str(once))
    assert not once.exists(), "the process was killed"
    assert hashes(lake) == hashes(undisturbed)
    assert verify_lake(lake) == []


def test_coded_again_it_stays_in_the_lake_without_events(tmp_path):
    path = write_articles(tmp_path / "news.jsonl", {5: "segfaultium"})
    lake = run(path, tmp_path / "lake", is_deadly=False)
    before = {row.source_id: row.article_id for row in rows(lake, "articles")}
    done = call("recode", lake.root, "--force")
    assert done.returncode == 0, done.stderr
    warned = {row.source_id: row.warnings for row in rows(lake, "articles")}
    assert warned == dict.fromkeys(before) | {"n5": "coding_failed"}
    assert before["n5"] not in {row.article_id for row in rows(lake, "events")}
    assert len({row.article_id for row in rows(lake, "events")}) == 8
    assert verify_lake(lake) == []
