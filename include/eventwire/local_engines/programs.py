"""The programs of the servers, and the packages of Debian that bring them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_POSTGRES_FOLDERS: Final = Path("/usr/lib/postgresql")
_UPDATE: Final = ("apt-get", "update")
_INSTALL: Final = ("apt-get", "install", "--yes", "--no-install-recommends")


class MissingProgramError(RuntimeError):
    """A server is not installed; the message says how to install it."""


def find_postgres(program: str) -> Path | None:
    """Return a program of the latest PostgreSQL here ("initdb", "postgres"), None without one.

    Debian keeps the server's programs out of PATH, in a folder for each version.
    """
    found = [path for path in _POSTGRES_FOLDERS.glob(f"*/bin/{program}") if path.is_file()]
    if found:
        return max(found, key=lambda path: _version(path.parts[-3]))
    on_path = shutil.which(program)
    return Path(on_path) if on_path else None


def find_redis() -> Path | None:
    """Return the program of the Redis server, None when there is none."""
    found = shutil.which("redis-server")
    return Path(found) if found else None


def find_s3_server() -> Path | None:
    """Return the program of the S3 server, which is moto's in this Python, None without one."""
    found = Path(sys.executable).with_name("moto_server")
    return found if found.exists() else None


def missing_packages(*, postgres: bool, celery: bool) -> list[str]:
    """Return the packages of Debian that are needed for PostgreSQL, or for Celery, and not here.

    Raises:
        MissingProgramError: A Python package is missing, which apt does not bring.
    """
    missing = []
    if postgres and find_postgres("initdb") is None:
        missing.append("postgresql")
    if celery and find_redis() is None:
        missing.append("redis-server")
    if celery and find_s3_server() is None:
        raise MissingProgramError("moto's S3 server is not in .venv: run make engines")
    return missing


def install_packages(packages: Sequence[str], *, allowed: bool) -> None:
    """Install packages of Debian, when that is allowed and possible; say how otherwise.

    Debian starts the services of what it installs; they are neither used nor touched here.

    Raises:
        MissingProgramError: It is not allowed, we are not root, or apt failed.
    """
    commands = (_UPDATE, (*_INSTALL, *packages))
    written = " && ".join(map(shlex.join, commands))
    if not allowed or os.geteuid() != 0:
        raise MissingProgramError(
            f"not installed: {', '.join(packages)}. As root, --install would run: {written}"
        )
    for command in commands:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, env=environment, check=False).returncode:  # noqa: S603
            raise MissingProgramError(f"failed: {shlex.join(command)}")


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))
