"""An Airflow on which faults are played, with its servers, and what must hold at the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pyarrow.fs import FileSelector, FileSystem, LocalFileSystem

from include.eventwire.local_airflow.api import AirflowApi, AirflowApiError, TaskState
from include.eventwire.local_airflow.sessions import DAG_ID
from include.eventwire.local_engines.engines import Engine, Servers
from include.eventwire.local_engines.processes import prepare_engine
from include.eventwire.local_engines.servers import running_postgres, running_redis, running_s3
from include.eventwire.local_engines.tables import hash_tables
from tests.chaos.news import Undisturbed, call_command_line, make_articles, write_articles
from tests.chaos.proxy import Gate
from tests.chaos.small_disk import SmallDisk, may_mount, mounted
from tests.chaos.supervision import Supervisor

DAY = "2018-04-24"
# A dozen chunks: some are coded when the fault comes, and some are not.
N_ARTICLES = 120
ARTICLES_PER_CHUNK = 10
CODE = "code"
SECONDS_TO_END = 600.0
_SECONDS_BETWEEN_LOOKS = 0.5
_DISK_MEGABYTES = 256
_MOST_LETTERS = 200

T = TypeVar("T")

# Airflow gives up a silent task sooner than local_airflow.home has it, so that a case takes a
# minute or two. What is waited for is the same.
_IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "EVENTWIRE_ARTICLES_PER_SHARD": str(ARTICLES_PER_CHUNK),
}


@dataclass(slots=True)
class Outcome:
    """What was seen of one run.

    Attributes:
        state: How the run ended ("success" or "failed").
        seconds: From the fault to the end of the run.
        tries: Attempts beyond the first of all its tasks.
        restarts: Processes of Airflow that ended meanwhile and were started again.
        errors: What the logs of attempts say that failed, each once.
    """

    state: str
    seconds: float
    tries: int
    restarts: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def tell(self) -> str:
        """Return it in words."""
        told = [f"run {self.state} {self.seconds:.0f} s after the fault"]
        told.append(f"{self.tries} more tries" if self.tries else "no task tried again")
        if self.restarts:
            told.append(f"started again: {', '.join(self.restarts)}")
        said = f"; logs say: {' / '.join(self.errors)}" if self.errors else ""
        return ", ".join(told) + said


class Stage:
    """One engine with an empty lake; each case lands a file of its own and runs it."""

    def __init__(
        self, engine: Engine, servers: Servers, supervisor: Supervisor, folder: Path, lake: str
    ) -> None:
        """Take what runs; `open_stage` does."""
        self.engine = engine
        self.servers = servers
        self.supervisor = supervisor
        self.folder = folder
        self.landing = folder / "landing"
        self.lake = lake
        self.gate: Gate | None = None
        self.disks: list[SmallDisk] = []
        self.api: AirflowApi
        self._undisturbed = Undisturbed(self.landing, folder / "undisturbed")
        self._landed: list[str] = []
        self._n_restarts = 0

    def land(self, name: str, n_articles: int = N_ARTICLES) -> str:
        """Write made news for a case; return its name in the landing area."""
        file = f"chaos/{name}.jsonl"
        write_articles(self.landing / file, make_articles(n_articles, seed=hash_of(name)))
        self._undisturbed.hashes(file)
        if self.engine.on_celery:
            self._upload(file)
        self._landed.append(file)
        return file

    def trigger(self, file: str) -> str:
        """Start a run over a landed file; return its id."""
        return self.api.trigger(DAG_ID, conf={"day": DAY, "input": self._input(file)})

    def wait_until_coding(self, run_id: str) -> TaskState:
        """Wait until a task has coded a chunk and is at the next; return it.

        Raises:
            TimeoutError: The run ended before, or never came so far.
        """
        deadline = time.monotonic() + SECONDS_TO_END
        while time.monotonic() < deadline:
            tasks = [task for task in self.tasks(run_id) if task.task_id == CODE]
            running = [task for task in tasks if task.state == "running"]
            if running and self._count_coded():
                return running[0]
            if tasks and all(task.state == "success" for task in tasks):
                break
            time.sleep(0.1)
        raise TimeoutError("no task was seen in the middle of its chunks: too few articles?")

    def wait_for_end(self, run_id: str, since: float) -> Outcome:
        """Wait until a run has ended; return what was seen of it.

        Raises:
            TimeoutError: It goes on for too long.
        """
        deadline = time.monotonic() + SECONDS_TO_END
        while (state := self._ask(lambda: self.api.run_state(DAG_ID, run_id))) not in (
            "success",
            "failed",
        ):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the run is still {state}: {self.tasks(run_id)}")
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        seconds = time.monotonic() - since
        tasks = self.tasks(run_id)
        again = sum(max(0, task.try_number - 1) for task in tasks)
        restarts = self.supervisor.restarts[self._n_restarts :]
        self._n_restarts += len(restarts)
        return Outcome(state, seconds, again, restarts, self._errors(run_id))

    def wait_until_failing(self, run_id: str, states: Collection[str]) -> None:
        """Wait until the state of a task is one of `states`.

        Raises:
            TimeoutError: None gets there.
        """
        deadline = time.monotonic() + SECONDS_TO_END
        while not any(task.state in states for task in self.tasks(run_id)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no task is {' or '.join(states)}")
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def tasks(self, run_id: str) -> list[TaskState]:
        """Return where the tasks of a run stand, as soon as the API answers."""
        return self._ask(lambda: self.api.task_states(DAG_ID, run_id))

    def heal(self, run_id: str) -> Outcome:
        """Have what failed done again, and wait for the end."""
        began = time.monotonic()
        self.api.clear_failed(DAG_ID, run_id)
        return self.wait_for_end(run_id, began)

    def check(self) -> None:
        """Check that the lake has the undisturbed batch of each landed file, and is whole.

        Raises:
            AssertionError: A table has other bytes, is missing, `verify` finds something, or the
                staging of a run is left.
        """
        batches: dict[str, dict[str, str]] = {}
        for path, sha256 in hash_tables(self.store, self._root).items():
            batches.setdefault(Path(path).stem, {})[path.split("/")[0]] = sha256
        expected = [self._undisturbed.hashes(file) for file in self._landed]
        assert sorted(batches.values(), key=str) == sorted(expected, key=str)
        said = call_command_line("verify", self.lake, variables=self._variables())
        assert said.returncode == 0, said.stdout
        left = self._list_staging()
        assert not left, f"left in staging: {left[:3]} and more, {len(left)} files"

    @property
    def store(self) -> FileSystem:
        """The file system of the lake."""
        if self.engine.on_celery and self.servers.s3 is not None:
            return self.servers.s3.connect()
        return LocalFileSystem()

    @property
    def _root(self) -> str:
        return self.lake.removeprefix("s3://")

    def _variables(self) -> dict[str, str]:
        on_s3 = self.engine.on_celery and self.servers.s3 is not None
        return self.servers.s3.variables() if on_s3 and self.servers.s3 else {}

    def _input(self, file: str) -> str:
        if self.engine.on_celery and self.servers.s3 is not None:
            return self.servers.s3.location(f"landing/{file}")
        return str(self.landing / file)

    def _upload(self, file: str) -> None:
        assert self.servers.s3 is not None
        bucket = self.servers.s3.location("landing").removeprefix("s3://")
        with self.store.open_output_stream(f"{bucket}/{file}") as stream:
            stream.write((self.landing / file).read_bytes())

    def _count_coded(self) -> int:
        files = self._list_staging()
        return sum("/coded/" in file and file.endswith("events.parquet") for file in files)

    def _list_staging(self) -> list[str]:
        """Return the files in staging, apart from locks."""
        selector = FileSelector(f"{self._root}/_staging", recursive=True, allow_not_found=True)
        files = [info.path for info in self.store.get_file_info(selector) if info.is_file]
        return [file for file in files if "/_staging/dt=" in file]

    def _errors(self, run_id: str) -> list[str]:
        """Return what failed attempts say in their logs; the API does not see those of workers."""
        logs = sorted(self.folder.glob(f"airflow/**/dag_id={DAG_ID}/run_id={run_id}/**/*.log"))
        said = [error for log in logs if (error := last_error(log)) is not None]
        return list(dict.fromkeys(said))

    def _ask(self, question: Callable[[], T]) -> T:
        """Ask the API until it answers: its database may be away."""
        deadline = time.monotonic() + SECONDS_TO_END
        while True:
            try:
                return question()
            except AirflowApiError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_SECONDS_BETWEEN_LOOKS)


def last_error(log: Path) -> str | None:
    """Return the last error that a log of a task tells of, on one short line; None without one."""
    for line in reversed(log.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # half a line, of a process that was killed
        if details := entry.get("error_detail"):
            said = f"{details[-1]['exc_type']}: {details[-1]['exc_value']}"
        elif entry.get("level") in ("error", "critical"):
            said = str(entry["event"])
        else:
            continue
        return " ".join(said.split())[:_MOST_LETTERS]
    return None


def hash_of(name: str) -> int:
    """Return the seed of a case's news: no two cases have an article in common."""
    return int.from_bytes(name.encode(), "big") % 1_000_003


@contextmanager
def open_stage(engine: Engine, folder: Path) -> Iterator[Stage]:
    """Start an engine with all its servers, watched over by a supervisor, until the end."""
    folder.chmod(0o711)  # PostgreSQL's account must get to its own folder
    with ExitStack() as stack:
        postgres = redis = s3 = gate = None
        if engine.on_postgres:
            postgres = stack.enter_context(running_postgres(folder / "postgres"))
        if engine.on_celery:
            redis = stack.enter_context(running_redis(folder / "redis"))
            behind = stack.enter_context(running_s3(folder / "s3"))
            gate = Gate(behind.port)
            s3 = replace(behind, port=gate.port)
        servers = Servers(postgres, redis, s3)
        lake = s3.location("lake") if s3 else str(folder / "disk" / "lake")
        landing = s3.location("landing") if s3 else str(folder / "landing")
        prepared = prepare_engine(
            engine, servers, folder / "airflow", lake=lake, landing=landing, extra=_IMPATIENT
        )
        small = [folder / "disk"]
        if engine.on_celery:
            small = [launch.folder.parent / "tmp" for launch in prepared.launches if launch.folder]
        disks = []
        for place in small if may_mount() else ():
            place.mkdir(exist_ok=True)
            disks.append(stack.enter_context(mounted(place, _DISK_MEGABYTES)))
        supervisor = stack.enter_context(Supervisor(prepared.launches))
        stage = Stage(engine, servers, supervisor, folder, lake)
        stage.gate, stage.disks = gate, disks
        stage.api = prepared.connect(supervisor.components)
        stack.callback(stage.api.close)
        yield stage
