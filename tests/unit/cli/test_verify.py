import json

from tests.lake_rows import DAY


def test_a_clean_lake_exits_with_0(call, publish):
    status, output, _ = call("verify", publish().root)
    assert status == 0
    assert output == "1 complete batches, nothing is wrong\n"


def test_trouble_exits_with_1_and_names_file_and_remedy(call, publish):
    layout = publish()
    next(layout.table_folder("events").glob("*/*.parquet")).unlink()
    status, output, _ = call("verify", layout.root)
    assert status == 1
    assert output.startswith("missing: events/dt=2018-04-24/daily.parquet: ")
    assert "run 2018-04-24 daily again" in output


def test_json_lists_the_findings(call, publish):
    layout = publish()
    assert json.loads(call("verify", layout.root, "--json")[1]) == {
        "is_clean": True,
        "findings": [],
    }
    next(layout.table_folder("events").glob("*/*.parquet")).unlink()
    status, output, _ = call("verify", layout.root, "--json")
    told = json.loads(output)
    assert status == 1
    assert told["is_clean"] is False
    assert [finding["kind"] for finding in told["findings"]] == ["missing"]


def test_work_in_progress_is_no_trouble(call, publish):
    layout = publish()
    layout.create_staging_run(DAY, "daily", "another")
    status, output, _ = call("verify", layout.root)
    assert status == 0
    assert "staging: " in output
