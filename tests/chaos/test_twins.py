"""Twins of tasks and of runs, and articles that end the processes of tasks."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from include.eventwire.local_engines.engines import ENGINES
from include.eventwire.local_engines.tables import hash_tables
from include.eventwire.settings import PROJECT_ROOT
from tests.chaos import stage as stages
from tests.chaos.news import call_command_line, make_articles, write_articles
from tests.chaos.stage import ARTICLES_PER_CHUNK, CODE, DAY, open_stage
from tests.chaos.test_faults import is_task, play

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_200)]

POISON = PROJECT_ROOT / "tests" / "faults" / "poison"


def stop_one_task(stage, run):
    """Stop a task and who waits for it until its twin is at work, then let both go on."""
    task = next(process for process in stage.supervisor.processes() if is_task(process))
    stopped = [task, task.parent()]
    for process in reversed(stopped):
        process.suspend()
    try:
        deadline = time.monotonic() + stages.SECONDS_TO_END
        while not any(
            found.task_id == CODE and found.try_number > 1 and found.state == "running"
            for found in stage.tasks(run)
        ):
            assert time.monotonic() < deadline, stage.tasks(run)
            time.sleep(0.5)
    finally:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def test_laptop_task_goes_on_beside_its_twin(laptop, note):
    play(
        laptop, note, "task-stopped",
        "a task and its worker stand still until Airflow has given them up and tries again; then "
        "both tries go on",
        lambda run: stop_one_task(laptop, run),
    )  # fmt: skip


@pytest.mark.parametrize("stage_name", ["laptop", "cluster"])
def test_users_trigger_the_same_batch_at_once(stage_name, request, note):
    stage = request.getfixturevalue(stage_name)
    file = stage.land("same-batch")
    began = time.monotonic()
    with ThreadPoolExecutor(2) as users:
        runs = list(users.map(stage.trigger, [file, file]))
    assert len(set(runs)) == 2
    outcomes = [stage.wait_for_end(run, began) for run in runs]
    assert [outcome.state for outcome in outcomes] == ["success", "success"]
    stage.check()
    note(
        stage.engine.name, "two users trigger the same day and input at the same moment",
        "; ".join(outcome.tell() for outcome in outcomes),
    )  # fmt: skip


def test_laptop_poisoned_articles_cost_one_reject_each(tmp_path, note, monkeypatch):
    poison = {"PYTHONPATH": f"{POISON}:{PROJECT_ROOT}", "POISON_GRACE": "-12"}
    for name, value in poison.items():
        monkeypatch.setitem(stages._IMPATIENT, name, value)
    with open_stage(ENGINES[0], tmp_path) as stage:
        articles = list(make_articles(4 * ARTICLES_PER_CHUNK, seed=8))
        for number, word in {3: "segfaultium", 25: "endlessium", 33: "abortium"}.items():
            articles[number]["text"] += f" A miner found {word}."
        write_articles(stage.landing / "chaos/poison.jsonl", articles)
        began = time.monotonic()
        outcome = stage.wait_for_end(stage.trigger("chaos/poison.jsonl"), began)
        assert outcome.state == "success"
        (rejects,) = Path(stage.lake).glob("rejects/*/*.parquet")
        reasons = pq.read_table(rejects).column("reason").to_pylist()
        assert reasons == ["crashed_the_coder", "took_too_long", "crashed_the_coder"]
        alone = tmp_path / "alone"
        done = call_command_line(
            *("run", str(stage.landing / "chaos/poison.jsonl"), "--lake", str(alone)),
            *("--day", DAY, "--workers", "2"),
            variables=poison | {"EVENTWIRE_LANDING": str(stage.landing)},
        )
        assert done.returncode == 0, done.stdout
        engine, command_line = (
            sorted(hash_tables(stage.store, str(lake)).values()) for lake in (stage.lake, alone)
        )
        assert engine == command_line
        said = call_command_line("verify", stage.lake, variables={})
        assert said.returncode == 0, said.stdout
        note(
            stage.engine.name,
            "three of 40 articles end the process that codes them: two by a fault in compiled "
            "code, one by an endless loop there that no signal breaks off",
            f"{outcome.tell()}; 3 rejects, the other 37 articles coded",
        )
