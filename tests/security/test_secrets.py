"""No secret stands in the project, none is a default, and what is served is served to this host."""

import re

import pytest

from include.eventwire.local_airflow.components import COMPONENTS
from include.eventwire.local_airflow.home import make_address, make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

FOLDERS = ("deploy", "dags", "plugins", "include/eventwire", "include/config", "docs")
FILES = sorted(
    path
    for path in (
        *(PROJECT_ROOT / name for name in ("Makefile", "Dockerfile", "README.md", "packages.txt")),
        *(path for folder in FOLDERS for path in (PROJECT_ROOT / folder).rglob("*")),
    )
    if path.suffix in (".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".cfg", ".in", "")
    and path.is_file()
    and path.name != ".env"
)
# A name that tells of a secret, and a text of a secret's kind: letters and digits, no words.
GIVEN = re.compile(
    r"(?i)\b\w*(password|passwd|secret|token|access_key|fernet_key)\w*[\"']?\s*[:=]\s*"
    r"[\"'](?=[^\"']*\d)[A-Za-z0-9+/_=-]{8,}[\"']"
)
KEYS = re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----")
# A user and a password within an address; in capital letters stands what is to be filled in.
IN_ADDRESS = re.compile(r"\w+://[^\s/:@${}<>]*:(?![A-Z]+@)[^\s/:@${}<>]+@")


@pytest.mark.parametrize(
    "line",
    [
        'PASSWORD = "hunter2hunter2"',
        "AIRFLOW__API_AUTH__JWT_SECRET: 'c0ffee00c0ffee00'",
        "key = AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        "redis://:passw0rd@redis:6379",
        "postgresql://airflow:airflow@postgres/airflow",
    ],
)
def test_a_secret_would_be_seen(line):
    assert GIVEN.search(line) or KEYS.search(line) or IN_ADDRESS.search(line)


def test_no_secret_stands_in_the_project():
    found = [
        f"{path.relative_to(PROJECT_ROOT)}:{number}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if GIVEN.search(line) or KEYS.search(line) or IN_ADDRESS.search(line)
    ]
    assert len(FILES) > 200
    assert found == []


def test_every_home_has_secrets_of_its_own(tmp_path):
    one, other = (prepare_home(tmp_path / name) for name in ("one", "other"))
    assert one.password != other.password
    assert one.jwt_secret != other.jwt_secret
    assert len(one.password) >= 20
    assert len(one.jwt_secret) >= 64
    assert prepare_home(tmp_path / "one") == one


def test_the_local_airflow_asks_for_a_login_and_serves_this_host_alone(tmp_path):
    home = prepare_home(tmp_path / "home")
    inherited = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__API__HOST": "0.0.0.0",
        "AIRFLOW__CORE__AUTH_MANAGER": "somebody.elses.Manager",
    }
    variables = make_environment(home, port=8080, inherited=inherited)
    assert variables["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] == "False"
    assert variables["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert variables["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "admin:admin"
    assert "AIRFLOW__CORE__AUTH_MANAGER" not in variables
    assert make_address(8080) == "http://127.0.0.1:8080"
    # The servers of logs of scheduler and workers would listen on all interfaces.
    assert "--skip-serve-logs" in COMPONENTS["scheduler"]


def test_no_process_is_told_to_listen_on_all_interfaces():
    for path in FILES:
        if path.suffix in (".py", ".sh", ".yaml", "") and path.name != "guard.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\b0\.0\.0\.0\b(?!/)", text), path


def test_what_runs_celery_workers_here_leaves_out_their_server_of_logs():
    folder = PROJECT_ROOT / "include" / "eventwire" / "local_engines"
    starting = [
        text
        for path in folder.glob("*.py")
        if re.search(
            r"[\"']celery[\"'], [\"']worker[\"']", text := path.read_text(encoding="utf-8")
        )
    ]
    assert starting
    assert all("--skip-serve-logs" in text for text in starting)
