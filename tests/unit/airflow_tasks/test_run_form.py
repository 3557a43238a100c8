from datetime import date

import pytest

from include.eventwire.airflow_tasks.form_fields import FIELDS
from include.eventwire.airflow_tasks.form_values import FormError
from include.eventwire.airflow_tasks.run_form import read_form
from include.eventwire.batches.plan import BatchRequest


def fill_in(**values):
    return dict.fromkeys(FIELDS) | values


@pytest.mark.parametrize(
    ("form", "partition_key", "days"),
    [
        ({}, "2018-04-24", ["2018-04-24"]),
        ({"day": "2018-04-24"}, None, ["2018-04-24"]),
        ({"day": "2018-04-24"}, "2018-04-24", ["2018-04-24"]),
        ({"day": "2018-04-24", "last_day": "2018-04-24"}, None, ["2018-04-24"]),
        (
            {"day": "2020-02-28", "last_day": "2020-03-01"},
            None,
            ["2020-02-28", "2020-02-29", "2020-03-01"],
        ),
        ({"last_day": "2018-04-25"}, "2018-04-24", ["2018-04-24", "2018-04-25"]),
    ],
)
def test_makes_one_batch_a_day(form, partition_key, days):
    requests = read_form(fill_in(**form), partition_key)
    assert requests == tuple(BatchRequest(date.fromisoformat(day)) for day in days)


def test_passes_on_what_else_was_filled_in():
    form = fill_in(
        day="2018-04-24",
        input=" wire/*.jsonl ",
        format="jsonl",
        publisher="xinhua",
        limit=10,
        model="en_core_web_sm",
    )
    assert read_form(form, None) == (
        BatchRequest(
            date(2018, 4, 24),
            inputs=("wire/*.jsonl",),
            format="jsonl",
            publisher="xinhua",
            limit=10,
            model="en_core_web_sm",
        ),
    )


@pytest.mark.parametrize(
    ("form", "partition_key", "says"),
    [
        ({}, None, "no day is named"),
        ({"day": " "}, None, "no day is named"),
        ({"day": "24 April"}, None, "write it like 2018-04-24"),
        ({"day": "2018-02-30"}, None, "write it like 2018-04-24"),
        ({}, "2018-W17-x", "write it like 2018-04-24"),
        ({"day": "2018-04-24"}, "2018-04-25", "partition 2018-04-25: name one"),
        ({"day": "2018-04-24", "last_day": "2018-04-23"}, None, "swap them"),
        ({"day": "2018-04-24", "last_day": "soon"}, None, "Last day is 'soon'"),
        ({"day": "2018-01-01", "last_day": "2019-01-02"}, None, "367 days are too many"),
        (
            {"day": "2018-04-24", "last_day": "2018-04-25", "input": "a.jsonl"},
            None,
            "leave Last day empty",
        ),
        ({"day": "2018-04-24", "limit": "10"}, None, "whole number"),
        ({"day": "2018-04-24", "limit": True}, None, "whole number"),
        ({"day": 20180424}, None, "must be a text"),
        ({"day": "2018-04-24", "publsher": "xinhua"}, None, "unknown: publsher"),
    ],
)
def test_refuses_in_words(form, partition_key, says):
    with pytest.raises(FormError, match=says):
        read_form(fill_in(**form), partition_key)
