"""What the README shows is what happens."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.eventwire.settings import PROJECT_ROOT, Settings

README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
_SECONDS_TO_START = 300


def run_shell(command, environment):
    """Run a line of the README in a shell at the root of the project."""
    return subprocess.run(
        ["sh", "-c", command],
        cwd=PROJECT_ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def environment(tmp_path):
    """Variables under which the README's commands write nothing outside a temporary folder."""
    return {
        "EVENTWIRE_LAKE": str(tmp_path / "lake"),
        "EVENTWIRE_AIRFLOW_HOME": str(tmp_path / "airflow"),
        "MAKEFLAGS": "",
    }


def test_the_commands_are_those_tested_here():
    makes = [command.split()[1] for command in COMMANDS if command.startswith("make ")]
    assert makes == ["run", "up", "check", "test"]
    others = [command.split()[:3] for command in COMMANDS if not command.startswith("make ")]
    assert others == [[".venv/bin/python", "-m", "include.eventwire"]] * 3


def test_links_and_variables_exist():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (PROJECT_ROOT / target).exists(), target
    settings = (PROJECT_ROOT / "include/eventwire/settings.py").read_text(encoding="utf-8")
    for variable in re.findall(r"EVENTWIRE_\w+", README):
        assert f"({variable}" in settings, variable


def test_every_target_of_make_that_is_named_exists():
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"[`\n]make ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.model
@pytest.mark.slow
def test_the_article_gives_the_rows_that_are_shown(tmp_path):
    article = re.search(r"```json\n(.*?)```", README, re.DOTALL)[1]
    (tmp_path / "article.jsonl").write_text(article, encoding="utf-8")
    command = ["run", tmp_path / "article.jsonl", "--lake", tmp_path / "lake"]
    subprocess.run(
        [sys.executable, "-m", "include.eventwire", *command, "--day", "2018-04-24"],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
    )
    names, rows = read_table("## Its events out")
    found = duckdb.sql(
        f"SELECT {', '.join(names)} FROM '{tmp_path}/lake/events/*/*.parquet' ORDER BY event_index"
    ).fetchall()
    assert [["" if cell is None else str(cell) for cell in row] for row in found] == rows


def read_table(heading: str) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns and the rows of the README's table under a heading."""
    lines = README.split(heading)[1].split("\n\n")[1].splitlines()
    cells = [
        [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in lines
    ]
    return cells[0], cells[2:]


@pytest.mark.model
@pytest.mark.slow
def test_the_command_line_does_as_shown(tmp_path, environment):
    for command in COMMANDS:
        if command.startswith(".venv/bin/python"):
            there = command.replace("data/lake", shlex.quote(str(tmp_path / "lake")))
            there = there.replace(".venv/bin/python", shlex.quote(sys.executable))
            done = run_shell(there, environment)
            assert done.returncode == 0, (command, done.stderr)
    query = re.search(r"```sql\n(.*?)```", README, re.DOTALL)[1]
    counts = duckdb.sql(query.replace("data/lake", str(tmp_path / "lake"))).fetchall()
    assert sum(count for *_, count in counts) > 0


@pytest.mark.airflow
@pytest.mark.model
@pytest.mark.slow
def test_make_run_codes_every_day_of_the_sample(tmp_path, environment):
    done = run_shell("make run", environment)
    assert done.returncode == 0, done.stdout + done.stderr
    landed = {path.name for path in Settings().landing.glob("*/dt=*")}
    receipts = {path.parent.name for path in tmp_path.glob("lake/_receipts/dt=*/daily.json")}
    assert receipts == landed
    for day in landed:
        assert f"{date.fromisoformat(day.removeprefix('dt='))} daily: " in done.stdout
    assert "read_parquet(" in done.stdout


@pytest.mark.airflow
@pytest.mark.slow
def test_make_up_says_where_and_how_to_log_in(tmp_path, environment):
    said = tmp_path / "said"
    with said.open("wb") as output:
        serving = subprocess.Popen(
            ["make", "up"],
            cwd=PROJECT_ROOT,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address, password = wait_for_login(said, serving)
        assert log_in(address, password)
        done = run_shell("make down", environment)
        assert done.returncode == 0, done.stdout + done.stderr
        serving.wait(60)
    finally:
        if serving.poll() is None:
            os.killpg(serving.pid, signal.SIGTERM)
            serving.wait()


def wait_for_login(said: Path, serving: subprocess.Popen[bytes]) -> tuple[str, str]:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        text = said.read_text(encoding="utf-8")
        assert serving.poll() is None, text
        assert time.monotonic() < deadline, text
        if found := re.search(r"Airflow: (\S+)\nlogin: admin   password: (\S+)", text):
            return found[1], found[2]
        time.sleep(0.5)


def log_in(address: str, password: str) -> str:
    request = urllib.request.Request(
        f"{address}/auth/token",
        data=json.dumps({"username": "admin", "password": password}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        token: str = json.load(answer)["access_token"]
        return token
