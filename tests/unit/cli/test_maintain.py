"""The commands `maintain` and `forget`; what they do is tested in tests/unit/maintenance."""

import json

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run
from tests.unit.made_batches import article, land, make_settings, rows_of
from tests.unit.made_batches import make_batch as run_batch
from tests.unit.maintenance.lakes import run_by_hand


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture
def stored(settings):
    """Two articles in a lake; their rows."""
    land(settings, "a.jsonl", [article(1, url="https://example.org/a"), article(2)])
    run_batch(settings)
    return rows_of(settings, "articles")


def test_a_clean_lake_exits_with_0(call, publish):
    status, output, _ = call("maintain", publish().root)
    assert (status, output) == (0, "nothing is wrong\n")


def test_trouble_exits_with_1_and_nothing_is_swept_or_put_together(
    call, settings, stored, monkeypatch
):
    for name in "ab":
        run_by_hand(settings, name, article(name))
    monkeypatch.setenv("EVENTWIRE_COMPACT_ABOVE", "1")
    layout = LakeLayout(settings.lake)
    layout.table_file("events", DAY, "daily").unlink()
    status, output, _ = call("maintain", layout.root, "--compact")
    assert status == 1
    assert output.startswith("missing: events/dt=2018-04-24/daily.parquet: ")
    assert "run 2018-04-24 daily again" in output
    assert not layout.receipt_file(DAY, "compacted").exists()


def test_batches_are_put_together_when_that_is_asked(call, settings, stored, monkeypatch):
    for name in "ab":
        run_by_hand(settings, name, article(name))
    monkeypatch.setenv("EVENTWIRE_COMPACT_ABOVE", "1")
    assert json.loads(call("maintain", settings.lake, "--json")[1]) == {
        "is_clean": True,
        "done": [],
        "findings": [],
    }
    _, output, _ = call("maintain", settings.lake, "--compact")
    assert output == "2018-04-24: 2 batches became one\nnothing is wrong\n"


def test_what_was_cut_short_is_finished(call, publish):
    layout = publish()
    rows = make_batch("China met Japan in Tokyo, and nobody else did.")
    tables = stage_run(layout, rows, "new")
    receipt = layout.receipt_file(DAY, "daily")
    # As far as the process came: the receipt of before is gone, no table is in place.
    other = LakeLayout(layout.root.parent / "other")
    made = publish_tables(other, DAY, "daily", stage_run(other, rows, "new"), make_receipt())
    layout.publishing_file(DAY, "daily").write_text(made.read_text())
    receipt.unlink()
    status, output, _ = call("maintain", layout.root)
    assert (status, output) == (
        0,
        "2018-04-24 daily: its publication was finished\nnothing is wrong\n",
    )
    assert not tables["events"].exists()


def test_forgetting_tells_what_was_done_and_what_is_left(call, settings, stored):
    status, output, _ = call("forget", settings.lake, stored[0].article_id, "--reason", "asked")
    assert status == 0
    assert "1 articles are forgotten; 1 batches were published anew" in output
    assert "left where it is: the input wire/dt=2018-04-24/a.jsonl" in output
    assert [row.article_id for row in rows_of(settings, "articles")] == [stored[1].article_id]


def test_an_address_is_forgotten_and_told_as_json(call, settings, stored):
    told = json.loads(call("forget", settings.lake, "https://example.org/a", "--json")[1])
    assert told == {
        "article_ids": [stored[0].article_id],
        "batches": ["2018-04-24 daily"],
        "copies": {},
        "inputs": ["wire/dt=2018-04-24/a.jsonl"],
        "staging": [],
        "uncoded": [],
        "summaries": [],
        "reports": [],
    }


@pytest.mark.parametrize(
    ("wanted", "status", "says"),
    [
        ("abc", 2, "neither the id of an article"),
        ("../../etc/passwd", 2, "neither the id of an article"),
        ("0" * 32, 1, "no article there"),
        ("https://example.org/none", 1, "no article there"),
    ],
)
def test_what_cannot_be_done_is_told(call, settings, stored, wanted, status, says):
    found, output, errors = call("forget", settings.lake, wanted)
    assert (found, output) == (status, "")
    assert says in errors
