"""What runs tell the world: logs, metrics and alerts, against listeners of the test."""

import importlib.metadata
import json
import socket
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.schemas import TABLES
from include.eventwire.settings import PROJECT_ROOT
from tests.lake_rows import make_receipt

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.usefixtures("landed")]

DAY = date(2026, 3, 1)
BAD_FORM = {"day": "2026-03-02", "last_day": "2026-03-01"}
TEXT = "LONDON, March 1 - The foreign minister of France met the president of Kenya on Sunday. "


@pytest.fixture
def web():
    """Serve what takes POSTs; return its address and what came in, by path."""
    came = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.setdefault(self.path, []).append(body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()
        thread.join()


@pytest.fixture
def landed(tmp_path):
    """Land three articles and a broken line."""
    folder = tmp_path / "landing" / "wire" / f"dt={DAY.isoformat()}"
    folder.mkdir(parents=True)
    lines = [json.dumps({"id": str(number), "text": f"{TEXT}{number}."}) for number in range(3)]
    (folder / "a.jsonl").write_text("\n".join([*lines, "{broken"]))


def alerted(address):
    """Return the variables that send alerts to a webhook."""
    connection = {"conn_type": "http", "host": address, "extra": {"path": "hook"}}
    return {
        "EVENTWIRE_ALERT_CONNECTION": "news_alerts",
        "AIRFLOW_CONN_NEWS_ALERTS": json.dumps(connection),
    }


def fill_lake(lake, n_days):
    """Put receipts of the days before into a lake, of a source that delivered 40 articles."""
    for before in range(1, n_days + 1):
        day = DAY - timedelta(days=before)
        profile = BatchProfile({"post": SourceCounts(40)}).to_json()
        path = LakeLayout(lake).receipt_file(day, "daily")
        path.parent.mkdir(parents=True)
        path.write_text(make_receipt(day=day, profile=profile).to_json())


def read_counters(bodies):
    """Return the sums that OpenTelemetry sent, by name and tags."""
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
        ExportMetricsServiceRequest,
    )

    counters = {}
    for body in bodies:
        for of_resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for of_scope in of_resource.scope_metrics:
                for metric in of_scope.metrics:
                    for point in metric.sum.data_points:
                        tags = {tag.key: tag.value.string_value for tag in point.attributes}
                        key = metric.name, *sorted(tags.items())
                        counters[key] = point.as_int
    return counters


COUNTS = {
    ("airflow.eventwire.articles", ("dag_id", "code_news"), ("source", "wire")): 3,
    (
        "airflow.eventwire.rejects",
        *(("dag_id", "code_news"), ("reason", "broken_record"), ("source", "wire")),
    ): 1,
    ("airflow.eventwire.events", ("dag_id", "code_news"), ("event_type", "CONSULT")): 3,
}


def test_a_run_tells_its_log_its_metrics_and_what_changed(web, run_dag, tmp_path):
    address, came = web
    fill_lake(tmp_path / "lake", 14)
    states, said = run_dag(
        "code_news",
        {"day": DAY.isoformat()},
        **alerted(address),
        AIRFLOW__METRICS__OTEL_ON="True",
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=f"{address}/v1/metrics",
        OTEL_EXPORTER_OTLP_METRICS_PROTOCOL="http/protobuf",
    )
    assert states["run"] == "success"
    assert "2026-03-01 daily: planned: 1 files" in said
    assert "shard 0 read: 1 files gave 3 articles, 1 rejects (broken_record 1) in" in said
    assert "coded: 3 articles (0 taken from the batch before) gave 3 events" in said
    assert "audited: 3 articles" in said
    counters = read_counters(came["/v1/metrics"])
    assert {key: counters.get(key) for key in COUNTS} == COUNTS
    (alert,) = map(json.loads, came["/hook"])
    assert alert["kind"] == "batch_warnings"
    assert alert["lines"] == ["post delivered no article; the median of the 14 days before is 40"]


def test_failed_runs_and_missing_days_are_told(web, run_dag, tmp_path):
    address, came = web
    states, said = run_dag("code_news", BAD_FORM, **alerted(address))
    assert states["run"] == "failed"
    (alert,) = map(json.loads, came.pop("/hook"))
    assert alert["subject"] == "code_news failed"
    assert "failed tasks: plan" in alert["lines"]
    assert "ALERT run_failed" in said
    fill_lake(tmp_path / "lake", 3)
    states, said = run_dag("watch_lake", **alerted(address))
    assert states == {"run": "failed", "find_missing_days": "failed"}
    days, run = map(json.loads, came["/hook"])
    assert (days["kind"], run["kind"]) == ("days_missing", "run_failed")
    assert days["lines"][1] == "days: 2026-03-01"


def test_nothing_is_sent_by_default(web, run_dag):
    states, said = run_dag("code_news", BAD_FORM)
    assert states["run"] == "failed"
    assert "ALERT run_failed" in said
    assert web[1] == {}


def installed(*packages):
    known = {distribution.name for distribution in importlib.metadata.distributions()}
    return known.issuperset(packages)


@pytest.mark.skipif(
    not installed("statsd", "apache-airflow-providers-openlineage"),
    reason="the packages for clusters are not installed (requirements-cluster.txt)",
)
def test_metrics_go_to_statsd_and_lineage_to_openlineage_as_well(run_dag, tmp_path):
    transport = {"type": "file", "log_file_path": str(tmp_path / "lineage"), "append": True}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        states, _ = run_dag(
            "code_news",
            {"day": DAY.isoformat()},
            AIRFLOW__METRICS__STATSD_ON="True",
            AIRFLOW__METRICS__STATSD_HOST="127.0.0.1",
            AIRFLOW__METRICS__STATSD_PORT=str(listener.getsockname()[1]),
            AIRFLOW__METRICS__STATSD_INFLUXDB_ENABLED="True",
            AIRFLOW__METRICS__METRICS_ALLOW_LIST="eventwire",
            AIRFLOW__OPENLINEAGE__TRANSPORT=json.dumps(transport),
            AIRFLOW__OPENLINEAGE__NAMESPACE="news",
        )
        assert states["run"] == "success"
        came = list(iter(lambda: receive(listener), None))
    assert "airflow.eventwire.articles,dag_id=code_news,source=wire:3|c" in came
    assert any(line.startswith("airflow.eventwire.seconds,") for line in came)
    lineage = map(json.loads, (tmp_path / "lineage").read_text().splitlines())
    (published,) = (
        event
        for event in lineage
        if event["job"]["name"] == "code_news.finish.publish" and event["eventType"] == "COMPLETE"
    )
    assert [dataset["name"] for dataset in published["inputs"]] == [f"{tmp_path}/landing/wire"]
    assert {dataset["name"] for dataset in published["outputs"]} == {
        f"{tmp_path}/lake/{table}" for table in TABLES
    }


def receive(listener):
    """Return the next datagram that has come in; None without one."""
    try:
        return listener.recv(65_536).decode()
    except BlockingIOError:
        return None


def test_every_dag_has_alerts():
    plugin = (PROJECT_ROOT / "plugins" / "eventwire_listeners.py").read_text()
    for file in (PROJECT_ROOT / "dags").glob("*.py"):
        assert f'"{file.stem}"' in plugin
