import io

import pytest
from rich.console import Console

from include.eventwire.local_airflow import sessions
from include.eventwire.local_airflow.components import ComponentError, Running
from include.eventwire.local_airflow.home import prepare_home
from include.eventwire.local_airflow.sessions import landed_days, run_landed_days, stop


def test_days_that_landed_are_named_once_and_in_order(tmp_path):
    for folder in (
        "b/dt=2018-04-24",
        "a/dt=2018-04-24",
        "a/dt=2016-01-31",
        "a/other",
        ".b/dt=2017-01-01",
    ):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "a" / "dt=2019-01-01").write_text("a file, not a folder")
    assert landed_days(tmp_path) == ["2016-01-31", "2018-04-24"]


def test_an_empty_landing_area_is_said_and_starts_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENTWIRE_LANDING", str(tmp_path / "landing"))
    said = io.StringIO()
    assert not run_landed_days(prepare_home(tmp_path / "home"), Console(file=said))
    assert "nothing has landed" in said.getvalue()


def test_an_airflow_with_other_settings_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "landing" / "a" / "dt=2018-04-24").mkdir(parents=True)
    monkeypatch.setenv("EVENTWIRE_LANDING", str(tmp_path / "landing"))
    other = Running(pid=1, created_at=0.0, port=8080, settings="with another lake")
    monkeypatch.setattr(sessions, "read_running", lambda _: other)
    with pytest.raises(ComponentError, match="other variables"):
        run_landed_days(prepare_home(tmp_path / "home"), Console(file=io.StringIO()))


def test_stopping_nothing_is_no_error(tmp_path):
    said = io.StringIO()
    stop(prepare_home(tmp_path), Console(file=said))
    assert "no Airflow runs here" in said.getvalue()
