"""Airflow's own connections give the keys of the store, and its logs then show stars for them."""

import json
import os
import subprocess
import sys

import pytest

from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
# What a task would log if somebody made it; of a connection login and password are read.
PROGRAM = """
import warnings; warnings.simplefilter("ignore")
import json
from airflow.sdk.log import redact
from include.eventwire.lake.store_keys import find_access
access = find_access()
told = f"{access.secret_key} and {access.session_token}"
print(json.dumps([access.access_key, access.secret_key, access.endpoint, redact(told)]))
"""


def test_a_key_of_the_store_is_masked_in_what_a_task_logs(tmp_path):
    home = prepare_home(tmp_path / "home")
    connection = {
        "conn_type": "aws",
        "login": "KEYOFTHENEWS",
        "password": "s3cr3t-of-the-store",
        "extra": {"endpoint_url": "http://s.example", "aws_session_token": "token-for-an-hour"},
    }
    environment = make_environment(home, port=1, inherited=os.environ) | {
        "AIRFLOW_CONN_NEWS_STORE": json.dumps(connection),
        "EVENTWIRE_S3_CONNECTION": "news_store",
    }
    asked = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    key, secret, endpoint, logged = json.loads(asked.stdout.splitlines()[-1])
    assert (key, secret, endpoint) == ("KEYOFTHENEWS", "s3cr3t-of-the-store", "http://s.example")
    assert logged == "*** and ***"
