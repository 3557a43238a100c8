import pytest

from include.eventwire.local_engines import programs
from include.eventwire.local_engines.programs import (
    MissingProgramError,
    find_postgres,
    install_packages,
    missing_packages,
)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """Make this a machine without any of the servers, and return its folder of PostgreSQL."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(programs, "_POSTGRES_FOLDERS", tmp_path / "postgresql")
    monkeypatch.setattr(programs, "find_s3_server", lambda: tmp_path / "moto_server")
    return tmp_path / "postgresql"


def test_the_latest_postgres_is_taken(bare):
    for version in ("9.6", "15", "13"):
        (bare / version / "bin").mkdir(parents=True)
        (bare / version / "bin" / "initdb").touch()
    assert find_postgres("initdb") == bare / "15" / "bin" / "initdb"
    assert find_postgres("postgres") is None


def test_names_only_the_packages_that_the_engines_need(bare):
    assert missing_packages(postgres=False, celery=False) == []
    assert missing_packages(postgres=True, celery=False) == ["postgresql"]
    assert missing_packages(postgres=True, celery=True) == ["postgresql", "redis-server"]


def test_a_missing_python_package_is_no_matter_for_apt(bare, monkeypatch):
    monkeypatch.setattr(programs, "find_s3_server", lambda: None)
    with pytest.raises(MissingProgramError, match="make engines"):
        missing_packages(postgres=False, celery=True)


@pytest.mark.parametrize(("allowed", "user"), [(False, 0), (True, 1000)])
def test_nothing_is_installed_unasked_or_by_others_than_root(allowed, user, monkeypatch):
    monkeypatch.setattr(programs.os, "geteuid", lambda: user)
    monkeypatch.setattr(programs.subprocess, "run", lambda *_, **__: pytest.fail("was run"))
    with pytest.raises(MissingProgramError) as caught:
        install_packages(["redis-server"], allowed=allowed)
    assert "apt-get update && apt-get install --yes --no-install-recommends redis-server" in str(
        caught.value
    )


def test_root_may_have_them_installed(monkeypatch):
    commands = []

    class Done:
        returncode = 0

    def run(command, **_):
        commands.append(" ".join(command))
        return Done()

    monkeypatch.setattr(programs.os, "geteuid", lambda: 0)
    monkeypatch.setattr(programs.subprocess, "run", run)
    install_packages(["postgresql"], allowed=True)
    assert commands == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends postgresql",
    ]
