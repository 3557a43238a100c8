"""The comparison of engines itself, with one real server, on the smallest day of the sample."""

import importlib.util
import shutil
import tempfile
from pathlib import Path

import pytest

from include.eventwire.local_engines import __main__ as command
from include.eventwire.local_engines.programs import find_postgres

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


@pytest.fixture
def folder(monkeypatch):
    """Make the folder of the run; PostgreSQL's account could not enter one of pytest's."""
    made = Path(tempfile.mkdtemp(prefix="eventwire-engines-"))
    monkeypatch.setattr(command.tempfile, "mkdtemp", lambda **_: str(made))
    yield made
    shutil.rmtree(made)


def test_postgresql_gives_the_same_bytes_as_the_command_line(folder, capsys):
    if find_postgres("initdb") is None or importlib.util.find_spec("psycopg2") is None:
        pytest.skip("PostgreSQL or its driver is not installed here; make engines needs them")
    assert command.main(["--engines", "2", "--days", "2014-09-05"]) == 0
    said = capsys.readouterr().out
    assert "PostgreSQL, LocalExecutor, disk" in said
    assert not (folder / "postgres" / "data").exists()
    for lake in ("command-line", "engine-2/lake"):
        assert (folder / lake / "events" / "dt=2014-09-05" / "daily.parquet").exists()
