import pytest

from include.eventwire.local_airflow import __main__ as command
from include.eventwire.local_airflow.components import ComponentError


def test_passes_days_and_home_on(tmp_path, monkeypatch):
    seen = []

    def run(home, console, days):
        seen.append((home.folder, days))
        return True

    monkeypatch.setattr(command.sessions, "run_landed_days", run)
    monkeypatch.setenv("EVENTWIRE_AIRFLOW_HOME", str(tmp_path / "home"))
    assert command.main(["run", "2018-04-24"]) == 0
    assert seen == [((tmp_path / "home").resolve(), ["2018-04-24"])]


def test_a_failed_day_is_status_1(tmp_path, monkeypatch):
    monkeypatch.setattr(command.sessions, "run_landed_days", lambda *_: False)
    assert command.main(["--home", str(tmp_path), "run"]) == 1


def test_trouble_is_said_without_a_traceback(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise ComponentError("Airflow's scheduler ended with status 1 [odd]")

    monkeypatch.setattr(command.sessions, "run_landed_days", fail)
    assert command.main(["--home", str(tmp_path), "run"]) == 1
    assert capsys.readouterr().err == "error: Airflow's scheduler ended with status 1 [odd]\n"


def test_a_bad_variable_is_said_without_a_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EVENTWIRE_ARTICLES_PER_SHARD", "many")
    assert command.main(["--home", str(tmp_path), "run"]) == 1
    assert "EVENTWIRE_ARTICLES_PER_SHARD='many'" in capsys.readouterr().err


def test_needs_to_be_told_what_to_do(capsys):
    with pytest.raises(SystemExit) as ended:
        command.main([])
    assert ended.value.code == 2


@pytest.mark.parametrize(("arguments", "status"), [(["up"], 0), (["run"], 130)])
def test_being_stopped_is_how_up_ends(tmp_path, monkeypatch, arguments, status):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command.sessions, "serve", stop)
    monkeypatch.setattr(command.sessions, "run_landed_days", stop)
    assert command.main(["--home", str(tmp_path), *arguments]) == status
