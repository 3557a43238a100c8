import json
import socket

from include.eventwire.local_airflow.home import (
    find_free_port,
    make_address,
    make_environment,
    prepare_home,
)
from include.eventwire.settings import PROJECT_ROOT


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path):
    home = prepare_home(tmp_path / "home")
    assert prepare_home(tmp_path / "home") == home
    assert prepare_home(tmp_path / "other").password != home.password
    for file in (home.folder / "secrets.json", home.passwords_file):
        assert file.stat().st_mode & 0o777 == 0o600
    assert home.folder.stat().st_mode & 0o777 == 0o700
    assert json.loads(home.passwords_file.read_text()) == {"admin": home.password}
    assert len(home.jwt_secret) == 64  # the shortest that Airflow takes without a warning


def test_no_setting_of_another_airflow_leaks_in(tmp_path):
    inherited = {
        "PATH": "/bin",
        "PYTHONPATH": "/elsewhere",
        "AIRFLOW_HOME": "/srv/airflow",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW_CONN_LAKE": "s3://",
        "EVENTWIRE_LAKE": "/srv/lake",
    }
    made = make_environment(prepare_home(tmp_path), port=8080, inherited=inherited)
    assert made["PATH"] == "/bin"
    assert made["EVENTWIRE_LAKE"] == "/srv/lake"
    assert made["PYTHONPATH"] == str(PROJECT_ROOT)
    assert made["AIRFLOW_HOME"] == str(tmp_path)
    assert made["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert "AIRFLOW_CONN_LAKE" not in made


def test_only_this_machine_reaches_it_and_only_with_the_password(tmp_path):
    made = make_environment(prepare_home(tmp_path), port=8123, inherited={})
    assert made["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert made["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
    assert made["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith("http://127.0.0.1:8123/")
    assert made["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "False"
    assert made["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"


def test_scheduled_runs_can_be_left_out(tmp_path):
    home = prepare_home(tmp_path)
    for scheduled in (True, False):
        made = make_environment(home, port=1, scheduled=scheduled, inherited={})
        assert made["AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE"] == str(scheduled)


def test_a_free_port_can_be_listened_on():
    port = find_free_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
    assert make_address(port) == f"http://127.0.0.1:{port}"
