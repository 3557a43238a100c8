"""Keys of the object store come from a connection of Airflow, or else from the environment."""

import json
import os
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from include.eventwire.lake.locations import list_files, to_location
from include.eventwire.lake.object_store import ObjectStore, explain_failure
from include.eventwire.lake.store_keys import StoreKeysError, find_access

SECRET = "s3cr3t-of-the-store"
REFUSED = OSError("AWS Error ACCESS_DENIED during ListObjectsV2 operation")


@dataclass
class Connection:
    """What Airflow gives for a connection, as far as it is asked."""

    conn_type: str = "aws"
    login: str | None = "KEYOFNEWS"
    password: str | None = SECRET
    extra_dejson: dict = field(default_factory=dict)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("EVENTWIRE_S3_CONNECTION", raising=False)
    ObjectStore.clear_instance_cache()
    yield
    ObjectStore.clear_instance_cache()


@pytest.fixture
def connect(monkeypatch):
    """Have Airflow know one connection, `news_store`, and name it in the environment."""

    def get(connection, conn_id):
        if conn_id != "news_store":
            raise LookupError(f"no {conn_id}, but there is {connection.password}")
        return connection

    def name(connection, conn_id="news_store"):
        asked = SimpleNamespace(get=lambda wanted: get(connection, wanted))
        monkeypatch.setitem(sys.modules, "airflow.sdk", SimpleNamespace(Connection=asked))
        monkeypatch.setenv("EVENTWIRE_S3_CONNECTION", conn_id)

    return name


@pytest.fixture
def asked():
    """Yield an address and what was asked there: the header of each request that says who asks."""
    headers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            headers.append({name.lower(): value for name, value in self.headers.items()})
            body = b'<?xml version="1.0"?><ListBucketResult></ListBucketResult>'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", headers
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_a_connection_the_usual_variables_say_it(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.example:9000")
    access = find_access()
    assert (access.region, access.endpoint) == ("eu-central-1", "http://store.example:9000")
    assert access.access_key is access.secret_key is access.session_token is None


def test_a_connection_says_all_of_it(connect, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://other.example")
    extra = {"region_name": "eu-west-1", "endpoint_url": "http://s.example",
             "aws_session_token": "for-an-hour"}  # fmt: skip
    connect(Connection(extra_dejson=extra))
    access = find_access()
    assert (access.region, access.endpoint) == ("eu-west-1", "http://s.example")
    assert (access.access_key, access.secret_key) == ("KEYOFNEWS", SECRET)
    assert access.session_token == "for-an-hour"


def test_what_a_connection_leaves_open_the_variables_say(connect, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.example")
    connect(Connection(login=None, password=None))
    access = find_access()
    assert (access.region, access.endpoint) == ("us-east-1", "http://store.example")
    assert access.access_key is None


def test_the_keys_of_the_connection_sign_the_requests(connect, monkeypatch, asked):
    address, headers = asked
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "OTHERKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    connect(Connection(extra_dejson={"region_name": "eu-west-1", "endpoint_url": address}))
    assert list_files(to_location("s3://news/lake")) == []
    assert headers
    for header in headers:
        assert "Credential=KEYOFNEWS/" in header["authorization"]
        assert "/eu-west-1/s3/" in header["authorization"]
        assert SECRET not in json.dumps(header)


def test_a_location_says_nothing_of_the_keys(connect):
    connect(Connection(extra_dejson={"endpoint_url": "http://s.example"}))
    place = to_location("s3://news/lake")
    store = place.fs
    assert "KEYOFNEWS" in repr(store.fs.__reduce__())  # Arrow has them
    for told in (str(place), repr(place), repr(store), store.to_json(), repr(find_access())):
        assert "KEYOFNEWS" not in told
        assert SECRET not in told


@pytest.mark.parametrize(
    ("connection", "told"),
    [
        (Connection(conn_type="postgres"), "is of type 'postgres', not aws"),
        (Connection(password=None), "needs login and password, or neither"),
        (Connection(login=""), "needs login and password, or neither"),
        (Connection(extra_dejson={"role_arn": "arn:aws:iam::1:role/news"}), "role_arn, which is"),
        (Connection(extra_dejson={"profile_name": "news"}), "profile_name, which is not supported"),
    ],
)
def test_a_connection_that_means_something_else_is_refused(connect, connection, told):
    connect(connection)
    with pytest.raises(StoreKeysError, match=told) as refused:
        find_access()
    assert "'news_store' of EVENTWIRE_S3_CONNECTION" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_connection_that_is_not_there_is_told_without_what_a_backend_said(connect):
    connect(Connection(), "another")
    with pytest.raises(StoreKeysError, match=r"'another'.*cannot be read \(LookupError\)") as told:
        find_access()
    assert SECRET not in str(told.value)
    assert told.value.__suppress_context__


def test_a_refusal_of_the_store_names_where_its_keys_stand(connect):
    assert "see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in explain_failure(REFUSED)
    connect(Connection())
    assert "see login and password of the Airflow connection news_store" in explain_failure(REFUSED)
