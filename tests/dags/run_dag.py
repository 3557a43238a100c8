"""Run the DAG named as argument in this process, for one moment; print the states as JSON.

Run by itself: Airflow's settings hold from its first import on, and are not those of the tests.
"""

import json
import os
import sys
import threading
from datetime import UTC, datetime

from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics import stats_utils
from airflow.settings import DAGS_FOLDER

# As the process of a task does, which this one stands for.
stats.initialize(
    factory=stats_utils.get_stats_factory(),
    export_legacy_names=conf.getboolean("metrics", "legacy_names_on"),
)
bag = DagBag(DAGS_FOLDER)
dag = bag.dags[sys.argv[1]]
run = dag.test(
    logical_date=datetime(2026, 3, 2, 8, 7, tzinfo=UTC),
    run_after=datetime(2026, 3, 2, 8, 7, tzinfo=UTC),
    run_conf=json.loads(os.environ["RUN_CONF"]),
)
# What was still to be told of the run stands before the states.
for thread in threading.enumerate():
    if thread.name == "eventwire-alert":
        thread.join()
states = {task.task_id: str(task.state) for task in run.get_task_instances()}
print(json.dumps({"run": str(run.state), **states}))
