"""Keys that come from a connection of Airflow get into nothing that is kept or said."""

import logging
import os
import sys
from types import SimpleNamespace

import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.locations import list_files, to_location
from include.eventwire.lake.object_store import ObjectStore
from tests.unit.made_batches import DAY, article, land, make_batch, make_settings

pytestmark = pytest.mark.slow
KEY, SECRET, TOKEN = "KEYOFTHENEWS", "s3cr3t-of-the-store", "token-for-an-hour"


@pytest.fixture
def place(tmp_path, server, monkeypatch):
    """Return a place in a store of which only a connection of Airflow tells who we are there."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    known = SimpleNamespace(
        conn_type="aws",
        login=KEY,
        password=SECRET,
        extra_dejson={
            "region_name": "us-east-1", "endpoint_url": server, "aws_session_token": TOKEN,
        },
    )  # fmt: skip
    asked = SimpleNamespace(Connection=SimpleNamespace(get=lambda conn_id: known))
    monkeypatch.setitem(sys.modules, "airflow.sdk", asked)
    monkeypatch.setenv("EVENTWIRE_S3_CONNECTION", "news_store")
    ObjectStore.clear_instance_cache()
    # Made anew: a location keeps the store that it was made with.
    yield to_location(str(tmp_path))
    ObjectStore.clear_instance_cache()


def test_no_object_of_a_lake_and_no_line_of_a_log_has_a_key(place, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    settings = make_settings(place, monkeypatch)
    land(settings, "a.jsonl", [article(1), "{broken"])
    receipt = make_batch(settings)
    kept = {str(path): path.read_bytes() for path, _ in list_files(place)}
    assert any(name.endswith("/daily.json") for name in kept)
    told = [caplog.text.encode(), receipt.to_json().encode(), repr(settings).encode()]
    for content in (*kept.values(), *(name.encode() for name in kept), *told):
        for secret in (KEY, SECRET, TOKEN):
            assert secret.encode() not in content


def test_no_plan_in_staging_has_a_key(place, monkeypatch):
    settings = make_settings(place, monkeypatch)
    land(settings, "a.jsonl", [article(1)])
    plan_path = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan_path, 0)
    found = [path for path, _ in list_files(settings.lake / "_staging")]
    assert any(str(path) == plan_path for path in found)
    for path in found:
        for secret in (KEY, SECRET, TOKEN):
            assert secret.encode() not in path.read_bytes()
            assert secret not in str(path)
