import tempfile
from pathlib import Path

import pytest

from include.eventwire.local_engines import __main__ as command
from include.eventwire.local_engines.runs import EngineError
from include.eventwire.local_engines.timings import Cost

COST = Cost(wall_seconds=2.0, cpu_seconds=1.0)
DAY = "2018-04-24"


@pytest.fixture(autouse=True)
def _temporary(tmp_path, monkeypatch):
    """Keep the folders of the runs with those of the tests."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def landing(tmp_path):
    """Return a landing area with one day."""
    (tmp_path / "landing" / "wire" / f"dt={DAY}").mkdir(parents=True)
    return tmp_path / "landing"


@pytest.fixture
def run(landing, monkeypatch):
    """Call the command with engines that do nothing but write what `wrote` says."""

    def call(*arguments, wrote=b"rows"):
        def write(lake, content):
            folder = lake / "events" / f"dt={DAY}"
            folder.mkdir(parents=True)
            (folder / "daily.parquet").write_bytes(content)
            return COST

        def run_engine(engine, servers, folder, days, console, *, lake, landing):
            assert days == [DAY]
            return write(Path(lake), wrote)

        monkeypatch.setattr(
            command, "run_command_line", lambda _, days, lake, console: write(lake, b"rows")
        )
        monkeypatch.setattr(command, "run_engine", run_engine)
        monkeypatch.setattr(command, "count_rows", lambda *_: 4)
        return command.main(["--input", str(landing), "--engines", "1", *arguments])

    return call


def test_says_that_all_wrote_the_same(run, capsys):
    assert run() == 0
    said = capsys.readouterr().out
    assert "SQLite, LocalExecutor, disk" in said
    assert "no Airflow" in said


def test_an_engine_that_writes_other_bytes_is_told_and_is_status_1(run, capsys):
    assert run(wrote=b"other rows") == 1
    assert (
        f"SQLite, LocalExecutor, disk: events/dt={DAY}/daily.parquet has other bytes"
        in capsys.readouterr().out
    )


def test_a_failed_run_is_said_without_a_traceback(run, monkeypatch, capsys):
    def fail(*_, **__):
        raise EngineError("a run failed [odd]")

    monkeypatch.setattr(command, "install_packages", fail)
    monkeypatch.setattr(command, "missing_packages", lambda **_: ["postgresql"])
    assert run() == 1
    assert capsys.readouterr().err == "error: a run failed [odd]\n"


def test_an_empty_landing_area_starts_nothing(tmp_path, capsys):
    assert command.main(["--input", str(tmp_path), "--engines", "1"]) == 1
    assert "has no folder <source>/dt=YYYY-MM-DD/" in capsys.readouterr().err


def test_there_are_three_engines(capsys):
    with pytest.raises(SystemExit) as caught:
        command.main(["--engines", "1,4"])
    assert caught.value.code == 2
    assert "there are 1, 2 and 3" in capsys.readouterr().err
