"""Processes are killed, servers go away and disks fill in the middle of a run."""

from __future__ import annotations

import time

import pytest

from tests.chaos.small_disk import may_mount

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1_200)]

_TASK = "airflow worker -- "
_WORKER = "LocalExecutor"


def kill_tasks(stage, *, with_worker):
    """Kill the processes in which tasks run, or also those that wait for them."""
    found = []
    for process in stage.supervisor.processes():
        words = " ".join(process.cmdline())
        if words.startswith(_TASK) and (with_worker or _WORKER not in words):
            found.append(process)
    for process in found:
        process.kill()
    assert found, "no task was running"


def kill_coding_worker(stage):
    """Kill the first Celery worker that has a task in hand, with all of its processes."""
    tasks = [process for process in stage.supervisor.processes() if is_task(process)]
    assert tasks, "no task was running"
    stage.supervisor.kill(stage.supervisor.name_of(tasks[0]))


def is_task(process):
    """Return whether our code runs in a process, which Airflow names after the task instance."""
    words = " ".join(process.cmdline())
    return words.startswith(_TASK) and _WORKER not in words


def play(stage, note, name, fault, disturb):
    """Disturb a run in the middle of its coding; check that it ends right, or heals."""
    file = stage.land(name)
    run = stage.trigger(file)
    stage.wait_until_coding(run)
    began = time.monotonic()
    disturb(run)
    outcome = stage.wait_for_end(run, began)
    seen = outcome.tell()
    if outcome.state != "success":
        assert outcome.errors, "it failed and does not say why"
        healed = stage.heal(run)
        seen += f"; cleared by hand: {healed.tell()}"
        assert healed.state == "success"
    stage.check()
    began = time.monotonic()
    again = stage.wait_for_end(stage.trigger(file), began)
    assert again.state == "success"
    stage.check()
    note(stage.engine.name, fault, seen)


def test_laptop_tasks_are_killed(laptop, note):
    play(
        laptop, note, "tasks-killed", "kill -9 of the processes of all tasks that code",
        lambda _: kill_tasks(laptop, with_worker=False),
    )  # fmt: skip


def test_laptop_workers_are_killed_with_their_tasks(laptop, note):
    play(
        laptop, note, "workers-killed", "kill -9 of the executor's workers and their tasks",
        lambda _: kill_tasks(laptop, with_worker=True),
    )  # fmt: skip


def test_laptop_scheduler_is_killed_and_its_tasks_live_on(laptop, note):
    play(
        laptop, note, "scheduler-alone",
        "kill -9 of the scheduler alone, started again after 5 s beside tasks that it had started",
        lambda _: laptop.supervisor.kill("scheduler", spare_children=True),
    )  # fmt: skip


@pytest.mark.parametrize("stage_name", ["laptop", "cluster"])
def test_the_scheduler_is_killed(stage_name, request, note):
    stage = request.getfixturevalue(stage_name)
    play(
        stage, note, "scheduler-killed",
        "kill -9 of the scheduler with all it had started, started again after 5 s",
        lambda _: stage.supervisor.kill("scheduler"),
    )  # fmt: skip


def test_laptop_api_server_is_killed(laptop, note):
    play(
        laptop, note, "api-server-killed", "kill -9 of the api-server, started again after 5 s",
        lambda _: laptop.supervisor.kill("api-server"),
    )  # fmt: skip


def test_cluster_worker_is_killed(cluster, note):
    play(
        cluster, note, "worker-killed",
        "kill -9 of a Celery worker with its task, started again after 5 s",
        lambda _: kill_coding_worker(cluster),
    )  # fmt: skip


def test_cluster_database_is_gone_for_30_seconds(cluster, note):
    def disturb(_):
        database = cluster.servers.postgres.process
        database.kill()
        time.sleep(30)
        database.start()

    play(cluster, note, "database-killed", "kill -9 of PostgreSQL, back after 30 s", disturb)


def test_cluster_broker_is_gone_for_10_seconds(cluster, note):
    def disturb(_):
        broker = cluster.servers.redis.process
        broker.kill()
        time.sleep(10)
        broker.start()

    play(cluster, note, "broker-killed", "kill -9 of Redis, back after 10 s", disturb)


def test_cluster_store_is_gone_for_30_seconds(cluster, note):
    def disturb(_):
        cluster.gate.shut()
        time.sleep(30)
        cluster.gate.open()

    play(
        cluster, note, "store-gone",
        "S3 refuses connections and cuts those that are open, for 30 s", disturb,
    )  # fmt: skip


@pytest.mark.skipif(not may_mount(), reason="only root may mount a small disk")
@pytest.mark.parametrize(
    ("stage_name", "whose", "until"),
    [
        ("laptop", "the lake", "failed"),
        ("cluster", "both workers", "up_for_retry"),
    ],
)
def test_a_disk_is_full(stage_name, whose, until, request, note):
    stage = request.getfixturevalue(stage_name)

    def disturb(run):
        for disk in stage.disks:
            disk.fill()
        stage.wait_until_failing(run, {until, "failed"})
        for disk in stage.disks:
            disk.free()

    told = "all tries of a task have failed" if until == "failed" else "one try has failed"
    play(stage, note, "disk-full", f"the disk of {whose} is full until {told}", disturb)
