from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from include.eventwire.batches.plan import (
    BatchRequest,
    Plan,
    PlanError,
    cut_shards,
    name_batch,
    read_plan,
    write_plan,
)
from include.eventwire.inputs.selection import InputFile
from include.eventwire.lake.layout import BatchNameError
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

DAY = date(2018, 4, 24)
MIB = 1024 * 1024


def make_file(number, size, suffix=".jsonl"):
    name = f"wire/{number:04d}{suffix}"
    return InputFile(Path("/landing") / name, name, size, "jsonl")


@pytest.fixture
def plan():
    return Plan(
        day=DAY,
        batch="daily",
        run="abc",
        settings=Settings(lake=Path("/srv/lake"), coded_languages=("en", "de")),
        files=(make_file(0, 10), InputFile(Path("/landing/ö \n.txt"), "ö \n.txt", 0, "plain_text")),
        shards=((0,), (1,)),
        rejects=(Reject("a.docx", None, "read", "unknown_format", "no reader"),),
        publisher=None,
        limit=7,
        created_at="2018-04-25T00:00:00+00:00",
    )


def test_a_plan_is_read_as_it_was_written(plan, tmp_path):
    write_plan(plan, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plan
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_plan_that_is_gone_is_told_so(tmp_path):
    with pytest.raises(PlanError, match="start a new run"):
        read_plan(tmp_path / "plan.json")


def test_label_names_day_and_batch(plan):
    assert plan.label() == "2018-04-24 daily"


def test_the_landing_folders_are_the_daily_batch():
    assert name_batch(BatchRequest(DAY)) == "daily"
    assert name_batch(BatchRequest(DAY, format="csv", model="xx")) == "daily"


def test_a_selection_of_ones_own_never_replaces_the_daily_batch():
    requests = [
        BatchRequest(DAY, inputs=("wire/a.jsonl",)),
        BatchRequest(DAY, inputs=("wire/b.jsonl",)),
        BatchRequest(DAY, inputs=("wire/a.jsonl", "wire/b.jsonl")),
        BatchRequest(DAY, inputs=("wire/a.jsonl",), limit=10),
        BatchRequest(DAY, inputs=("wire/a.jsonl",), format="jsonl"),
        BatchRequest(DAY, inputs=("wire/a.jsonl",), publisher="xinhua"),
        BatchRequest(DAY, limit=10),
        BatchRequest(DAY, publisher="xinhua"),
    ]
    names = [name_batch(request) for request in requests]
    assert len({*names, "daily"}) == len(requests) + 1
    assert [name_batch(request) for request in requests] == names
    assert names[0].startswith("a-jsonl-")
    assert names[-1].startswith("landing-")


@pytest.mark.parametrize("spec", ["Überfall*.jsonl", "/", "..", "x" * 300, "新华社/"])
def test_the_name_of_a_batch_is_a_safe_file_name_whatever_the_input(spec):
    name = name_batch(BatchRequest(DAY, inputs=(spec,)))
    assert BatchRequest(DAY, batch=name).batch == name


def test_a_model_makes_no_batch_of_its_own():
    # Coding the same selection with another model replaces the rows of the first.
    request = BatchRequest(DAY, inputs=("a.jsonl",))
    assert name_batch(replace(request, model="other")) == name_batch(request)


@pytest.mark.parametrize("batch", ["", ".hidden", "a/b", "../x", "a b", "x" * 101, "a\n", "-x"])
def test_refuses_a_batch_name_that_is_no_safe_file_name(batch):
    with pytest.raises(BatchNameError):
        BatchRequest(DAY, batch=batch)


@pytest.mark.parametrize("limit", [0, -1])
def test_refuses_a_limit_below_one(limit):
    with pytest.raises(ValueError, match="1 or more"):
        BatchRequest(DAY, limit=limit)


def test_shards_hold_every_file_once_and_in_order():
    files = [make_file(number, 20 * MIB) for number in range(10)]
    shards = cut_shards(files, None)
    # Three files of 20 MiB fit the 64 MiB of a shard.
    assert shards == ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9,))


def test_compressed_files_weigh_more():
    files = [make_file(number, 20 * MIB, ".jsonl.gz") for number in range(3)]
    assert cut_shards(files, None) == ((0,), (1,), (2,))


def test_many_small_files_are_several_shards():
    files = [make_file(number, 1) for number in range(4_001)]
    assert [len(shard) for shard in cut_shards(files, None)] == [2_000, 2_000, 1]


def test_a_large_batch_has_no_more_shards_than_the_scheduler_likes():
    files = [make_file(number, 63 * MIB) for number in range(1_000)]
    assert len(cut_shards(files, None)) <= 200


def test_a_file_for_each_article_makes_no_more_shards_either():
    files = [make_file(number, 2_000) for number in range(500_000)]
    assert len(cut_shards(files, None)) == 200


def test_no_files_are_no_shards():
    assert cut_shards([], None) == ()
    assert cut_shards([], 5) == ()


def test_a_limit_makes_one_shard_since_it_counts_over_all_files():
    files = [make_file(number, 60 * MIB) for number in range(3)]
    assert cut_shards(files, 5) == ((0, 1, 2),)
