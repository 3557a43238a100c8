"""What can be checked of the files for containers without a container: they fit together."""

import ast
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from include.eventwire.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
COMPOSE = DEPLOY / "docker-compose.yaml"
VALUES = DEPLOY / "kubernetes" / "values.yaml"
SECRET = re.compile(r"PASSWORD|SECRET|FERNET_KEY|SQL_ALCHEMY_CONN|BROKER_URL|RESULT_BACKEND")
# Variables that programs beside Airflow and ours read: the image's start, Celery, libraries.
OF_OTHERS = re.compile(
    r"_AIRFLOW_DB_MIGRATE|_AIRFLOW_WWW_USER_(CREATE|USERNAME|PASSWORD)|DUMB_INIT_SETSID"
    r"|AWS_(ENDPOINT_URL|REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY)|POSTGRES_(USER|DB|PASSWORD)"
    r"|REDISCLI_AUTH"
)


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def services():
    return load(COMPOSE)["services"]


def variables():
    """Return the variables of each service, and those for Kubernetes."""
    values = load(VALUES)
    named = {name: service.get("environment", {}) for name, service in services().items()}
    named["kubernetes"] = {entry["name"]: entry["value"] for entry in values["env"]} | {
        entry["envName"]: "" for entry in values["secret"]
    }
    return named


def asked_for():
    """Return what Compose fills in, with what follows the name; "$${" is for the container."""
    written = COMPOSE.read_text(encoding="utf-8")
    return dict(re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", written))


def locked_version(package, lock):
    found = re.search(rf"^{package}==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1]


def airflow_folder():
    return Path(importlib.util.find_spec("airflow").submodule_search_locations[0])


def airflow_options():
    """Return the options of Airflow by section, and those of Celery's provider where installed."""
    sections = {
        name: set(section["options"])
        for name, section in load(airflow_folder() / "config_templates" / "config.yml").items()
    }
    provider = airflow_folder() / "providers" / "celery" / "get_provider_info.py"
    if provider.exists():
        returned = next(
            node
            for node in ast.walk(ast.parse(provider.read_text(encoding="utf-8")))
            if isinstance(node, ast.Return)
        )
        for name, section in ast.literal_eval(returned.value)["config"].items():
            sections[name] = set(section["options"])
    return sections


def test_every_image_has_a_version():
    for name, service in services().items():
        assert re.search(r":\d+(\.\d+)*(-[a-z]+)?$", service["image"]), name


def test_no_secret_stands_in_the_files():
    for name, environment in variables().items():
        for variable, value in environment.items():
            if SECRET.search(variable) and value:
                assert "${" in value or variable == "_AIRFLOW_WWW_USER_CREATE", (name, variable)
    assert set(asked_for().values()) == {":?run make_env.sh"}


def test_the_secrets_are_made_once_for_the_owner_alone_and_are_all_that_is_asked_for(tmp_path):
    script = shutil.copy(DEPLOY / "make_env.sh", tmp_path)
    subprocess.run([script], check=True, capture_output=True)
    made = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    assert set(made) == set(asked_for())
    assert all(len(value) >= 20 for value in made.values())
    assert len(made["JWT_SECRET"]) == 64
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    again = subprocess.run([script], check=False, capture_output=True)
    assert again.returncode == 1
    assert len(made["FERNET_KEY"]) == 44


def test_every_variable_of_ours_is_one_that_the_code_reads():
    read = set()
    for path in (PROJECT_ROOT / "include" / "eventwire").rglob("*.py"):
        read |= set(re.findall(r"EVENTWIRE_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
    for name, environment in variables().items():
        ours = {variable for variable in environment if variable.startswith("EVENTWIRE_")}
        assert ours <= read, name


def test_every_setting_of_airflow_is_one_that_it_has():
    options = airflow_options()
    for name, environment in variables().items():
        for variable in environment:
            if (setting := re.fullmatch(r"AIRFLOW__(\w+?)__(\w+)", variable)) is None:
                known = variable.startswith("EVENTWIRE_") or OF_OTHERS.fullmatch(variable)
                assert known, (name, variable)
                continue
            section, option = (part.lower() for part in setting.groups())
            if section in options or not section.startswith("celery"):
                assert option in options[section], (name, variable)


def test_all_of_airflow_is_told_the_same_and_only_workers_see_the_store():
    airflow = {
        name: service["environment"]
        for name, service in services().items()
        if service["image"].startswith("eventwire:")
    }
    assert set(airflow) == {"migration", "api-server", "scheduler", "dag-processor", "worker"}
    shared = airflow["scheduler"].items()
    for name, environment in airflow.items():
        assert shared <= environment.items(), name
        assert ("AWS_SECRET_ACCESS_KEY" in environment) == (name == "worker")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        assert airflow["worker"][name] == services()["s3"]["environment"][name]


def test_everything_that_stays_up_is_watched_and_reached_from_this_host_alone():
    for name, service in services().items():
        assert "healthcheck" in service or name == "migration", name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


@pytest.mark.parametrize("file", ["Dockerfile", "deploy/Dockerfile"])
def test_images_run_a_python_that_the_lock_is_for(file):
    base = re.search(r"^FROM (\S+)", (PROJECT_ROOT / file).read_text(encoding="utf-8"), re.M)[1]
    assert re.search(r"python-?3\.1[123]$", base), base


def test_all_say_the_same_version_of_airflow():
    version = locked_version("apache-airflow", PROJECT_ROOT / "requirements.txt")
    assert locked_version("apache-airflow", DEPLOY / "requirements.txt") == version
    assert f"apache/airflow:slim-{version}-python" in (DEPLOY / "Dockerfile").read_text()
    assert load(VALUES)["airflowVersion"] == version
    minor = version.rpartition(".")[0]
    assert f"/runtime:{minor}-" in (PROJECT_ROOT / "Dockerfile").read_text()
