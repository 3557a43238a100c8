from pathlib import Path

import pytest

from include.eventwire.local_airflow.home import prepare_home
from include.eventwire.local_engines.engines import (
    ENGINES,
    Servers,
    airflow_environment,
    worker_environment,
)
from include.eventwire.local_engines.servers import Postgres, Redis, S3Server
from include.eventwire.settings import Settings

SQLITE, POSTGRES, CELERY = ENGINES
NONE = Servers(None, None, None)
ALL = Servers(
    Postgres(5001, "pg-word"), Redis(5002, "redis-word"), S3Server(5003, "s3-word", Path("s3.log"))
)


@pytest.fixture
def make(tmp_path):
    """Return the variables of an engine's Airflow."""
    home = prepare_home(tmp_path / "home")

    def environment(engine, servers, **inherited):
        return airflow_environment(
            engine,
            home,
            servers,
            port=8123,
            lake="s3://eventwire/lake",
            landing="/srv/landing",
            inherited={"PATH": "/bin", **inherited},
        )

    return environment


def test_sqlite_and_local_executor_need_no_server(make):
    made = make(SQLITE, NONE)
    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("sqlite:///")
    assert made["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert made["AIRFLOW__CORE__PARALLELISM"] == "2"
    assert not any(name.startswith(("AIRFLOW__CELERY", "AWS_")) for name in made)


def test_postgres_changes_the_database_alone(make):
    made, sqlite = make(POSTGRES, ALL), make(SQLITE, ALL)
    changed = {name for name in made if made[name] != sqlite.get(name)}
    assert changed == {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"}
    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == (
        "postgresql+psycopg2://airflow:pg-word@127.0.0.1:5001/engine_2"
    )


def test_celery_gets_its_broker_its_results_and_the_store(make):
    made = make(CELERY, ALL)
    assert made["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert made["AIRFLOW__CELERY__BROKER_URL"] == "redis://:redis-word@127.0.0.1:5002/0"
    assert made["AIRFLOW__CELERY__RESULT_BACKEND"] == (
        "db+postgresql://airflow:pg-word@127.0.0.1:5001/engine_3"
    )
    assert made["AIRFLOW__CELERY__WORKER_CONCURRENCY"] == "1"
    assert made["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5003"
    assert made["AWS_SECRET_ACCESS_KEY"] == "s3-word"
    assert len(made["AIRFLOW__API_AUTH__JWT_SECRET"]) == 64


def test_celery_without_its_servers_is_refused(make):
    with pytest.raises(ValueError, match="needs PostgreSQL, Redis and an S3 server"):
        make(CELERY, NONE)


def test_the_tasks_get_the_lake_and_may_read_the_landing_area_alone(make):
    made = make(SQLITE, NONE, EVENTWIRE_LAKE="/elsewhere", EVENTWIRE_ALLOWED_ROOTS="/")
    settings = Settings.from_environment(made)
    assert str(settings.lake) == "s3://eventwire/lake"
    assert [str(root) for root in settings.allowed_roots] == ["/srv/landing"]


def test_workers_share_no_folder_and_do_not_know_airflows_database(make, tmp_path):
    airflow = make(CELERY, ALL)
    one, other = (
        worker_environment(tmp_path / name, airflow, project=tmp_path / name / "project")
        for name in ("worker-1", "worker-2")
    )
    shared = {name for name in one if one[name] == other[name]}
    assert not any(str(tmp_path) in one[name] for name in shared)
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in one
    for name in ("AIRFLOW_HOME", "TMPDIR", "HOME", "PYTHONPATH", "AIRFLOW__CORE__DAGS_FOLDER"):
        assert one[name].startswith(str(tmp_path / "worker-1"))
        assert other[name].startswith(str(tmp_path / "worker-2"))
    for name in ("AIRFLOW__CELERY__BROKER_URL", "AIRFLOW__API_AUTH__JWT_SECRET", "EVENTWIRE_LAKE"):
        assert one[name] == other[name] == airflow[name]


def test_no_password_is_shown_with_a_server():
    assert "word" not in repr(ALL)
