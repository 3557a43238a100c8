import json

import httpx
import pytest

from include.eventwire.local_airflow.api import AirflowApi, AirflowApiError, TaskState
from include.eventwire.local_airflow.home import find_free_port, prepare_home

TASK = TaskState("code", map_index=1, label=None, state="failed", try_number=2)


def open_session(answer):
    """Return a session with an Airflow that answers each request with `answer(request)`."""
    return AirflowApi("http://airflow", "a-token", httpx.MockTransport(answer))


def test_triggers_a_run_for_a_partition():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"dag_run_id": "manual__1"})

    api = open_session(answer)
    assert api.trigger("code_news", partition_key="2018-04-24") == "manual__1"
    assert seen[0].url.path == "/api/v2/dags/code_news/dagRuns"
    assert seen[0].headers["Authorization"] == "Bearer a-token"
    sent = json.loads(seen[0].content)
    assert sent == {"logical_date": None, "partition_key": "2018-04-24", "conf": {}}


def test_clears_the_failed_tasks_of_a_run_and_no_others():
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json={"task_instances": [], "total_entries": 3})

    assert open_session(answer).clear_failed("code_news", "manual__1") == 3
    assert seen[0].url.path == "/api/v2/dags/code_news/clearTaskInstances"
    sent = json.loads(seen[0].content)
    assert sent == {"dag_run_id": "manual__1", "only_failed": True, "dry_run": False}


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (httpx.Response(400, json={"detail": "limit: 'x' is no integer"}), "limit: 'x' is no"),
        (httpx.Response(502, text="bad gateway"), "status 502: bad gateway"),
        (httpx.Response(500, json=["odd"]), "status 500"),
    ],
)
def test_says_why_a_request_was_refused(response, says):
    api = open_session(lambda _: response)
    with pytest.raises(AirflowApiError, match=says):
        api.trigger("code_news")


def test_says_that_nothing_answers():
    def answer(request):
        raise httpx.ReadTimeout("timed out", request=request)

    with pytest.raises(AirflowApiError, match="no answer: timed out"):
        open_session(answer).run_state("code_news", "run")


def test_reads_every_page_of_task_states():
    def answer(request):
        offset = int(request.url.params["offset"])
        page = [
            {
                "task_id": "code",
                "map_index": number,
                "rendered_map_index": None,
                "state": "success",
                "try_number": 1,
                "start_date": "2026-11-25T01:00:00Z",
                "end_date": "2026-11-25T01:00:01.5Z",
            }
            for number in range(offset, min(offset + 100, 230))
        ]
        return httpx.Response(200, json={"task_instances": page, "total_entries": 230})

    states = open_session(answer).task_states("code_news", "run")
    assert [state.map_index for state in states] == list(range(230))
    assert states[229].started_at == "2026-11-25T01:00:00Z"
    assert states[229].ended_at == "2026-11-25T01:00:01.5Z"


def test_log_has_the_errors_and_not_the_marks_of_folds():
    content = [
        {"event": "::group::Log message source details"},
        {"event": "/home/logs/attempt=2.log"},
        {"event": "::endgroup::"},
        {"event": "reading"},
        {
            "event": "Task failed with exception",
            "error_detail": [{"exc_type": "InputError", "exc_value": "a.jsonl is missing"}],
        },
    ]

    def answer(request):
        assert request.url.path.endswith("/taskInstances/code/logs/2")
        assert request.url.params["map_index"] == "1"
        return httpx.Response(200, json={"content": content})

    assert open_session(answer).log_of("code_news", "run", TASK) == [
        "reading",
        "Task failed with exception",
        "InputError: a.jsonl is missing",
    ]


def test_a_task_that_returned_nothing_and_a_dag_that_is_unknown_are_none():
    api = open_session(lambda _: httpx.Response(404, json={"detail": "not found"}))
    assert api.returned("code_news", "run", TASK) is None
    assert api.last_parsed_at("code_news") is None


def test_connects_to_nothing_while_nothing_answers(tmp_path):
    assert AirflowApi.connect(prepare_home(tmp_path), find_free_port()) is None
