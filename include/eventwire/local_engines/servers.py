"""PostgreSQL, Redis and an S3 server for the time of a comparison.

Each is a process of its own on a free port of the loopback interface, with its data in a folder
that is given, and a password made for the occasion. No service of the system is used or touched.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import httpx
from pyarrow.fs import S3FileSystem

from include.eventwire.local_airflow.components import (
    ComponentError,
    kill_session,
    start_component,
    stop_components,
)
from include.eventwire.local_airflow.home import find_free_port, make_address
from include.eventwire.local_airflow.sessions import wait_for
from include.eventwire.local_engines.programs import (
    MissingProgramError,
    find_postgres,
    find_redis,
    find_s3_server,
)

_HOST: Final = "127.0.0.1"
_USER: Final = "airflow"
# Whom PostgreSQL runs as where we are root, which it refuses to be.
_POSTGRES_ACCOUNT: Final = "postgres"
_BUCKET: Final = "eventwire"
_REGION: Final = "us-east-1"
_LOG: Final = "server.log"


class ServerProcess:
    """A server as a process, which may be killed and started again over what it left on disk."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, user: str | None = None
    ) -> None:
        """Start it in `folder`, as `user` where that is not None; its log is written there."""
        self._name = name
        self._command = command
        self._folder = folder
        self._user = user
        self._starts = 0
        self.start()

    def start(self) -> None:
        """Start it, after `kill` again; does not wait until it answers."""
        name = _LOG if self._starts == 0 else f"{self._starts}-{_LOG}"
        self._starts += 1
        self.component = start_component(
            self._name,
            self._command,
            self._folder / name,
            os.environ,
            folder=self._folder,
            user=self._user,
        )

    def kill(self) -> None:
        """Kill it with all its processes, none of which can put anything in order."""
        kill_session(self.component)

    def stop(self) -> None:
        """Let it end in order."""
        stop_components([self.component])

    def wait_until_answered(self, port: int) -> None:
        """Wait until something listens at its port.

        Raises:
            ComponentError: It ended, or does not listen in time.
        """
        what = f"{self._name} at port {port}"
        wait_for(lambda: _answers(port) or None, what, [self.component])


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL that runs."""

    port: int
    password: str = field(repr=False)
    process: ServerProcess | None = field(default=None, repr=False)

    def address(self, database: str, driver: str) -> str:
        """Return the address of a database for SQLAlchemy ("postgresql+psycopg2") or Celery."""
        return f"{driver}://{_USER}:{self.password}@{_HOST}:{self.port}/{database}"

    def make_database(self, name: str) -> None:
        """Make an empty database.

        Raises:
            ComponentError: PostgreSQL refused.
        """
        command = _postgres_command("createdb", "-h", _HOST, "-p", str(self.port), "-U", _USER)
        _call([*command, name], {**os.environ, "PGPASSWORD": self.password})


@dataclass(frozen=True, slots=True)
class Redis:
    """A Redis that runs."""

    port: int
    password: str = field(repr=False)
    process: ServerProcess | None = field(default=None, repr=False)

    def address(self) -> str:
        """Return its address for Celery."""
        return f"redis://:{self.password}@{_HOST}:{self.port}/0"


@dataclass(frozen=True, slots=True)
class S3Server:
    """An S3 server that runs, with an empty bucket; its log has a line for each request."""

    port: int
    secret: str = field(repr=False)
    log: Path

    def location(self, prefix: str) -> str:
        """Return the location of a prefix in the bucket."""
        return f"s3://{_BUCKET}/{prefix}"

    def connect(self) -> S3FileSystem:
        """Return the store as this process may use it, whatever its own variables say."""
        return S3FileSystem(
            access_key=_USER,
            secret_key=self.secret,
            endpoint_override=f"{_HOST}:{self.port}",
            scheme="http",
            region=_REGION,
        )

    def variables(self) -> dict[str, str]:
        """Return the variables by which programs find it and are let in."""
        return {
            "AWS_ENDPOINT_URL": make_address(self.port),
            "AWS_ACCESS_KEY_ID": _USER,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": _REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@contextmanager
def running_postgres(folder: Path) -> Iterator[Postgres]:
    """Make a PostgreSQL in the new folder `folder`; when the block ends, only its log is left.

    Raises:
        ComponentError: It does not start.
    """
    account = _POSTGRES_ACCOUNT if os.geteuid() == 0 else None
    server = Postgres(find_free_port(), secrets.token_hex(16))
    data = folder / "data"
    folder.mkdir()
    _write_private(folder / "password", server.password)
    if account is not None:
        for path in (folder, folder / "password"):
            shutil.chown(path, account, account)
    make = ("-D", str(data), "-U", _USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")
    command = _postgres_command("initdb", *make, "--pwfile", str(folder / "password"))
    _call(command, os.environ, account)
    options = (f"listen_addresses={_HOST}", f"port={server.port}", "unix_socket_directories=")
    command = _postgres_command(
        "postgres", "-D", str(data), *(part for option in options for part in ("-c", option))
    )
    try:
        with _running("PostgreSQL", command, folder, server.port, user=account) as process:
            yield replace(server, process=process)
    finally:
        shutil.rmtree(data)


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    """Start a Redis that notes on disk what waits in it, and stop it when the block ends.

    Raises:
        ComponentError: It does not start.
    """
    server = Redis(find_free_port(), secrets.token_hex(16))
    folder.mkdir()
    settings = {
        "bind": _HOST,
        "port": server.port,
        "requirepass": server.password,
        "dir": folder,
        "save": '""',
        # Tasks that wait are still there after it was killed, but for the last second.
        "appendonly": "yes",
    }
    # In a file, for what stands on a command line can be read by everybody.
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    _write_private(folder / "redis.conf", lines)
    command = [_found(find_redis(), "redis-server"), str(folder / "redis.conf")]
    with _running("Redis", command, folder, server.port) as process:
        yield replace(server, process=process)


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """Start an S3 server that keeps everything in memory, and stop it when the block ends.

    Raises:
        ComponentError: It does not start.
    """
    server = S3Server(find_free_port(), secrets.token_hex(16), folder / _LOG)
    folder.mkdir()
    command = [_found(find_s3_server(), "moto_server"), "-H", _HOST, "-p", str(server.port)]
    with _running("the S3 server", command, folder, server.port):
        httpx.put(f"{make_address(server.port)}/{_BUCKET}", timeout=60).raise_for_status()
        yield server


@contextmanager
def _running(
    name: str, command: Sequence[str], folder: Path, port: int, *, user: str | None = None
) -> Iterator[ServerProcess]:
    process = ServerProcess(name, command, folder, user)
    try:
        process.wait_until_answered(port)
        yield process
    finally:
        process.stop()


def _call(command: Sequence[str], environment: Mapping[str, str], user: str | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - no shell
        command,
        env=dict(environment),
        cwd="/",  # which every account may enter
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ComponentError(f"{Path(command[0]).name} failed:\n{done.stdout}")


def _postgres_command(program: str, *arguments: str) -> list[str]:
    return [_found(find_postgres(program), program), *arguments]


def _found(program: Path | None, name: str) -> str:
    if program is None:
        raise MissingProgramError(f"{name} is not installed")
    return str(program)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((_HOST, port), timeout=5):
            return True
    except OSError:
        return False


def _write_private(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
