import json
from datetime import date

from tests.lake_rows import make_batch


def test_tells_rows_rejects_events_paths_and_a_query(call, publish):
    layout = publish()
    publish(day=date(2018, 4, 25))
    status, output, _ = call("summary", layout.root)
    assert status == 0
    rows = [line.split() for line in output.splitlines()]
    assert ["2018-04-24", "daily", "1", "2", "1", "2", "1"] in rows
    assert ["all", "2", "4", "2", "4", "2"] in rows
    assert "Rejects: 2 empty_text" in output
    assert 'China (GOV) CONSULT Japan (GOV): "met", Tokyo (JPN), 2018-04-23' in output
    assert str(layout.table_folder("events")) in output
    assert "SELECT" in output


def test_the_commands_it_names_work(call, publish):
    output = call("summary", publish().root)[1]
    for name in ("show", "explain"):
        (command,) = (line for line in output.splitlines() if f"eventwire {name} " in line)
        assert call(*command.partition("include.eventwire ")[2].split())[0] == 0


def test_an_incomplete_batch_is_told(call, publish):
    layout = publish()
    next(layout.receipts())[1].unlink()
    assert "2018-04-24 daily has no receipt: run it again" in call("summary", layout.root)[1]


def test_a_lake_without_events_has_no_examples(call, publish):
    layout = publish({table: [] for table in make_batch()})
    status, output, _ = call("summary", layout.root)
    assert status == 0
    assert "Some of the events" not in output


def test_json_holds_the_same(call, publish):
    told = json.loads(call("summary", publish().root, "--json")[1])
    assert told["batches"] == [
        {
            "key": {"day": "2018-04-24", "batch": "daily"},
            "rows": {
                "articles": 1, "mentions": 2, "events": 1, "event_parties": 2, "rejects": 1,
                "signatures": 1,
            },
            "is_complete": True,
        }
    ]  # fmt: skip
    assert told["reasons"] == {"empty_text": 1}
    assert told["events"][0]["event_id"] == "e" * 32
