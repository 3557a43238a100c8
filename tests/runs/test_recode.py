"""Coding a lake again as its user calls it, with the trained model; and a kill in the middle."""

import json
import os
import subprocess

import pytest

from include.eventwire.settings import PROJECT_ROOT
from tests.runs.test_command_line import COMMAND, call, hashes, news

pytestmark = [pytest.mark.model, pytest.mark.slow]

__all__ = ["news"]  # a fixture
DAYS = ("2018-04-24", "2018-04-25")


@pytest.fixture
def lake(news, tmp_path):
    """Publish two days, and take their input away."""
    path, lake = news(6), tmp_path / "lake"
    for day in DAYS:
        done = call("run", path, "--lake", lake, "--day", day, "--code-copies")
        assert done.returncode == 0, done.stderr
    path.unlink()
    return lake


def test_the_same_versions_give_the_same_bytes(lake, tmp_path):
    before = hashes(lake)
    options = {"EVENTWIRE_CODE_COPIES": "true"}
    done = call("recode", lake, "--json", **options)
    assert json.loads(done.stdout) == {
        "recoded": [], "current": [f"{day} daily" for day in DAYS],
    }  # fmt: skip
    done = call("recode", lake, "--force", "--workers", "2", "--json", **options)
    assert done.returncode == 0, done.stderr
    assert [batch["day"] for batch in json.loads(done.stdout)["recoded"]] == list(DAYS)
    assert hashes(lake) == before
    done = call("recode", lake, "--into", tmp_path / "other", "--day", DAYS[1], **options)
    assert done.returncode == 0, done.stderr
    told = json.loads(call("diff", lake, tmp_path / "other", "--json").stdout)
    assert (told["articles"]["both"], told["articles"]["b"]) == (6, 6)
    events = told["events"]
    assert events["a"] == events["b"] > 0
    assert events["gained"] == events["lost"] == events["changed"] == 0


def test_after_a_kill_the_lake_is_whole_and_the_next_run_ends_right(lake):
    before = hashes(lake)
    environment = {**os.environ, "EVENTWIRE_CODE_COPIES": "true"}
    command = [*COMMAND, "recode", lake, "--force", "--workers", "1"]
    process = subprocess.Popen(
        command, cwd=PROJECT_ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert any(line.startswith("coding") for line in process.stderr)
    process.kill()
    process.wait()
    process.stderr.close()
    assert hashes(lake) == before
    findings = json.loads(call("verify", lake, "--json").stdout)
    assert findings["is_clean"]
    done = call("recode", lake, "--force", EVENTWIRE_CODE_COPIES="true")
    assert done.returncode == 0, done.stderr
    assert hashes(lake) == before
