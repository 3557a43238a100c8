import json

import pytest

from include.eventwire.cli import run as run_command
from include.eventwire.cli import verify as verify_command
from include.eventwire.local_runs import WorkerLostError
from include.eventwire.schemas import VERSION_MARK


@pytest.mark.parametrize(
    "command", [[], ["run"], ["recode"], ["diff"], ["verify"], ["show"], ["explain"], ["summary"]]
)
def test_help_says_what_a_command_does(call, command):
    status, output, _ = call(*command, "--help")
    assert status == 0
    assert "usage: python -m include.eventwire" in output


def test_help_of_run_says_which_day_is_taken(call):
    _, output, _ = call("run", "--help")
    assert "else today" in " ".join(output.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND"),
        (["code"], "invalid choice"),
        (["run", "--lake", "x"], "INPUT"),
        (["run", "a.txt"], "--lake"),
        (["run", "a.txt", "--lake", "x", "--day", "24.04.2018"], "write it like 2018-04-24"),
        (["run", "a.txt", "--lake", "x", "--day", "2018-02-30"], "write it like 2018-04-24"),
        (["run", "a.txt", "--lake", "x", "--workers", "0"], "1 or more"),
        (["run", "a.txt", "--lake", "x", "--limit", "-5"], "1 or more"),
        (["run", "a.txt", "--lake", "x", "--format", "docx"], "jsonl"),
        (["show", "x"], "ARTICLE_ID"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(call, arguments, message):
    status, output, errors = call(*arguments)
    assert status == 2
    assert output == ""
    assert message in errors


@pytest.fixture
def news(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"text": "The ministers met."}))
    return path


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--batch", "../x"], "batch name '../x'"),
        (["--batch", ""], "batch name ''"),
        (["--model", "no_such_model"], "no_such_model"),
    ],
)
def test_an_option_that_cannot_be_met_exits_with_2(call, news, tmp_path, options, message):
    status, output, errors = call("run", news, "--lake", tmp_path / "lake", *options)
    assert (status, output) == (2, "")
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert message in errors
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.jsonl", None, "there is no such file or folder"),
        ("letter.docx", b"x", "known are agency_xml, anpa"),
        ("*.nothing", None, "no file matches"),
    ],
)
def test_an_input_that_cannot_be_read_exits_with_2(call, tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    status, _, errors = call("run", tmp_path / name, "--lake", tmp_path / "lake")
    assert status == 2
    assert message in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "lake").exists()


def test_a_setting_that_cannot_be_used_exits_with_2(call, news, tmp_path, monkeypatch):
    monkeypatch.setenv("EVENTWIRE_ARTICLES_PER_SHARD", "many")
    status, _, errors = call("run", news, "--lake", tmp_path / "lake")
    assert status == 2
    assert "EVENTWIRE_ARTICLES_PER_SHARD" in errors


def test_a_lake_that_is_a_file_exits_with_1(call, news):
    status, _, errors = call("run", news, "--lake", news / "lake")
    assert status == 1
    assert str(news) in errors
    assert errors.count("\n") == 1


def test_an_address_is_no_lake(call, news):
    status, _, errors = call("run", news, "--lake", "gs://bucket/lake")
    assert status == 1
    assert "folder on a disk" in errors


@pytest.mark.parametrize("command", ["run", "verify", "summary"])
def test_a_lake_of_a_newer_schema_exits_with_1(call, publish, news, command):
    layout = publish()
    layout.views.write_text(f"{VERSION_MARK}999\n")
    arguments = [news, "--lake", layout.root] if command == "run" else [layout.root]
    status, _, errors = call(command, *arguments)
    assert status == 1
    assert "999" in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["verify"], ["summary"], ["show", "abc"], ["explain", "abc"]]
)
def test_a_folder_that_is_no_lake_exits_with_1(call, tmp_path, arguments):
    command, *rest = arguments
    status, _, errors = call(command, tmp_path / "nothing", *rest)
    assert status == 1
    assert "no lake" in errors


def test_a_damaged_table_is_told_without_a_traceback(call, publish):
    layout = publish()
    next(layout.table_folder("events").glob("*/*.parquet")).write_bytes(b"PAR1 no more")
    for command in (["summary", layout.root], ["explain", layout.root, "e"]):
        status, _, errors = call(*command)
        assert status == 1
        assert errors.startswith("error: ")
        assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (KeyboardInterrupt(), 130, "stopped"),
        (WorkerLostError("a process was killed"), 1, "a process was killed"),
        (OSError(28, "No space left on device", "/lake"), 1, "No space left"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_what_goes_wrong_on_the_way_has_its_status(
    call, news, tmp_path, monkeypatch, error, status, message
):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(run_command, "run_batch", fail)
    monkeypatch.setattr("include.eventwire.cli.silence_output", lambda: None)
    got, _, errors = call("run", news, "--lake", tmp_path / "lake")
    assert got == status
    assert message in errors


def test_an_error_shows_no_character_that_steers_the_terminal(call, monkeypatch, publish):
    def fail(_):
        raise ValueError("\x1b[2J\u202etxt.exe")

    monkeypatch.setattr(verify_command, "verify_lake", fail)
    _, _, errors = call("verify", publish().root)
    assert errors == "error: \ufffd[2J\ufffdtxt.exe\n"
