import logging
import sys
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace

import httpx
import pytest

from include.eventwire.checks.audit import CheckResult
from include.eventwire.observability import alerts
from include.eventwire.observability.alerts import (
    Alert,
    alert_of_batch,
    alert_of_days,
    alert_of_run,
    send_alert,
)
from tests.lake_rows import make_receipt

ALERT = Alert("run_failed", "code_news failed", ("reason: <task_failure>",))


def failed(name, *findings):
    examples = tuple({"source": "wire", "finding": finding} for finding in findings)
    return CheckResult(name, "warning", False, "all is as ever", len(findings), examples)


def test_a_failed_run_names_its_day_and_tasks():
    alert = alert_of_run("code_news", "scheduled__1", "2026-03-02", "task_failure", ["code[3]"])
    assert alert.text() == (
        "Eventwire: code_news failed for 2026-03-02\n"
        "run: scheduled__1\nreason: task_failure\nfailed tasks: code[3]"
    )


def test_of_many_failed_tasks_twenty_are_named():
    names = [f"code[{number}]" for number in range(400)]
    alert = alert_of_run("code_news", "manual__1", None, "task_failure", names)
    assert alert.subject == "code_news failed"
    assert alert.lines[-1].endswith("code[19], 380 more")


def test_no_day_missing_is_no_alert():
    assert alert_of_days([], "lake") is None
    days = [date(2026, 3, 1), date(2026, 3, 2)]
    alert = alert_of_days(days, "s3://news/lake")
    assert alert.subject == "2 days are missing in the lake"
    assert alert.lines == ("lake: s3://news/lake", "days: 2026-03-01, 2026-03-02")


def test_a_batch_tells_what_changed_and_not_what_is_always_so():
    receipt = make_receipt(
        checks=(
            failed("sources_volume", "wire delivered 3 articles", "post delivered 900"),
            failed("articles_coded"),
            failed("batch_not_empty"),
        )
    )
    alert = alert_of_batch(receipt)
    assert alert.subject == "2018-04-24 differs from other days"
    assert alert.lines == (
        "wire delivered 3 articles",
        "post delivered 900",
        "batch_not_empty: it does not hold that all is as ever",
    )


@pytest.mark.parametrize(
    "receipt",
    [
        make_receipt(),
        make_receipt(checks=(failed("articles_coded"),)),
        make_receipt("mine", checks=(failed("sources_volume"),)),
        make_receipt(checks=(CheckResult("sources_volume", "warning", True, "all is as ever"),)),
    ],
)
def test_other_batches_give_no_alert(receipt):
    assert alert_of_batch(receipt) is None


def test_every_alerted_check_is_one_that_is_made():
    from include.eventwire.checks.audit_checks import CHECKS
    from include.eventwire.checks.batch_profile import BatchProfile
    from include.eventwire.checks.history_checks import compare_with_history

    history = compare_with_history(date(2026, 3, 1), BatchProfile(), {})
    made = {check.name for check in (*CHECKS, *history)}
    assert set(alerts.ALERTED_CHECKS) <= made


@dataclass
class Connection:
    """What Airflow gives for a connection, as far as it is asked."""

    conn_type: str
    host: str = ""
    schema: str = ""
    port: int | None = None
    password: str | None = None
    extra_dejson: dict = field(default_factory=dict)


@pytest.fixture
def connect(monkeypatch):
    """Name a connection in the environment."""

    def name(connection):
        asked = SimpleNamespace(get=lambda conn_id: connection)
        monkeypatch.setitem(sys.modules, "airflow.sdk", SimpleNamespace(Connection=asked))
        monkeypatch.setenv("EVENTWIRE_ALERT_CONNECTION", "news_alerts")

    return name


@pytest.fixture
def posted(monkeypatch):
    calls = []

    def post(url, **sent):
        calls.append((url, sent))
        return httpx.Response(200 if "good" in url else 500)

    monkeypatch.setattr(httpx, "post", post)
    return calls


def test_without_a_connection_an_alert_is_a_line_in_the_log(monkeypatch, posted, caplog):
    monkeypatch.delenv("EVENTWIRE_ALERT_CONNECTION", raising=False)
    send_alert(ALERT)
    assert posted == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "code_news failed" in caplog.text


@pytest.mark.parametrize(
    ("connection", "url"),
    [
        (Connection("http", "https://good.example/hook"), "https://good.example/hook"),
        (Connection("generic", "https://good.example/hook"), "https://good.example/hook"),
        (Connection("http", "good.example"), "https://good.example"),
        (Connection("https", "good.example", "hook"), "https://good.example"),
        (Connection("http", "good.example", "http", 8080), "http://good.example:8080"),
        (
            Connection("http", "https://good.example", extra_dejson={"path": "/a/b"}),
            "https://good.example/a/b",
        ),
    ],
)
def test_a_webhook_gets_the_alert_as_json(connect, posted, connection, url):
    connect(connection)
    send_alert(ALERT)
    ((called, sent),) = posted
    assert called == url
    assert sent["json"] == {
        "text": ALERT.text(),
        "kind": "run_failed",
        "subject": "code_news failed",
        "lines": ["reason: <task_failure>"],
    }
    assert sent["headers"] == {}


def test_a_password_is_a_bearer_token(connect, posted):
    connect(Connection("http", "https://good.example", password="hush"))
    send_alert(ALERT)
    assert posted[0][1]["headers"] == {"Authorization": "Bearer hush"}


def test_a_failure_to_send_is_logged_without_address_and_token(connect, posted, caplog):
    connect(Connection("http", "https://bad.example/secret-path", password="hush"))
    send_alert(ALERT)
    assert "the webhook answered 500" in caplog.text
    assert "secret-path" not in caplog.text
    assert "hush" not in caplog.text


def test_whatever_goes_wrong_stops_nothing(connect, monkeypatch, caplog):
    connect(Connection("http", "https://bad.example"))

    def fail(url, **sent):
        raise httpx.ConnectError(f"no way to {url}")

    monkeypatch.setattr(httpx, "post", fail)
    send_alert(ALERT)
    assert "ConnectError" in caplog.text
    assert "no way to" not in caplog.text


def test_a_connection_of_another_type_is_told(connect, caplog):
    connect(Connection("postgres"))
    send_alert(ALERT)
    assert "its type is 'postgres'; it must be http, generic or smtp" in caplog.text


def test_mail_goes_to_all_addresses_as_text_that_is_escaped(connect, monkeypatch):
    sent = []

    class SmtpHook:
        def __init__(self, smtp_conn_id):
            assert smtp_conn_id == "news_alerts"

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def send_email_smtp(self, **mail):
            sent.append(mail)

    module = "airflow.providers.smtp.hooks.smtp"
    connect(Connection("smtp", extra_dejson={"to": "a@example.org, b@example.org"}))
    monkeypatch.setitem(sys.modules, module, SimpleNamespace(SmtpHook=SmtpHook))
    send_alert(ALERT)
    (mail,) = sent
    assert mail["to"] == ["a@example.org", "b@example.org"]
    assert mail["subject"] == "Eventwire: code_news failed"
    assert "reason: &lt;task_failure&gt;" in mail["html_content"]


def test_mail_to_nobody_is_told(connect, caplog):
    connect(Connection("smtp"))
    send_alert(ALERT)
    assert "no extra field 'to'" in caplog.text
