"""Print what Airflow finds in the folder of DAGs, as one line of JSON.

Run by itself: Airflow's settings hold from its first import on, and are not those of the tests.
"""

import json

from airflow.dag_processing.dagbag import DagBag
from airflow.settings import DAGS_FOLDER


def describe_task(task):
    return {
        "upstream": sorted(task.upstream_task_ids),
        "trigger_rule": task.trigger_rule.value,
        "is_mapped": task.is_mapped or task.get_closest_mapped_task_group() is not None,
        "outlets": sorted(outlet.name for outlet in task.outlets),
        "retries": task.retries,
        "retry_delay": task.retry_delay.total_seconds(),
        "has_retry_policy": task.has_retry_policy,
        "execution_timeout": task.execution_timeout.total_seconds(),
        "doc": task.doc_md,
    }


def describe_dag(dag):
    return {
        "file": dag.fileloc,
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "owner": dag.owner,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "start_date": dag.start_date.isoformat(),
        "timetable": type(dag.timetable).__name__,
        "params": {name: param.value for name, param in dag.params.items()},
        "schemas": {name: dag.params.get_param(name).schema for name in dag.params},
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
    }


bag = DagBag(DAGS_FOLDER)
print(
    json.dumps(
        {
            "errors": bag.import_errors,
            "dags": {dag_id: describe_dag(dag) for dag_id, dag in bag.dags.items()},
        }
    )
)
