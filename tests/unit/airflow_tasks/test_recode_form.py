from datetime import date

import pytest

from include.eventwire.airflow_tasks.form_values import FormError
from include.eventwire.airflow_tasks.recode_fields import FIELDS
from include.eventwire.airflow_tasks.recode_form import read_form
from include.eventwire.lake.layout import BatchNameError
from include.eventwire.recoding import RecodeRequest

DAY = date(2018, 4, 24)


def fill_in(**values):
    return dict.fromkeys(FIELDS) | values


@pytest.mark.parametrize(
    ("form", "partition_key", "request_"),
    [
        ({}, "2018-04-24", RecodeRequest(DAY, DAY)),
        ({"day": "2018-04-24"}, None, RecodeRequest(DAY, DAY)),
        (
            {"day": "2018-04-24", "last_day": "2018-04-26"},
            None,
            RecodeRequest(DAY, date(2018, 4, 26)),
        ),
        (
            {"day": "2018-04-24", "batch": "trial", "model": "en_core_web_md", "force": True},
            None,
            RecodeRequest(DAY, DAY, batch="trial", model="en_core_web_md", force=True),
        ),
        ({"day": "2018-04-24", "force": False}, None, RecodeRequest(DAY, DAY)),
    ],
)
def test_names_what_is_coded_again(form, partition_key, request_):
    assert read_form(fill_in(**form), partition_key) == request_


@pytest.mark.parametrize(
    ("form", "error", "says"),
    [
        ({}, FormError, "no day is named"),
        ({"day": "2018-04-24", "last_day": "2018-04-23"}, FormError, "swap them"),
        ({"day": "2018-04-24", "force": "yes"}, FormError, "yes or no"),
        ({"day": "2018-04-24", "batch": "../x"}, BatchNameError, "batch name"),
        ({"day": "2018-04-24", "batch": 3}, FormError, "must be a text"),
        ({"day": "2018-04-24", "input": "a.jsonl"}, FormError, "unknown: input"),
    ],
)
def test_refuses_in_words(form, error, says):
    with pytest.raises(error, match=says):
        read_form(fill_in(**form), None)


def test_every_field_says_what_it_is_and_may_stay_empty():
    for name, field in FIELDS.items():
        assert field["title"], name
        assert field["description"].endswith("."), name
        assert "null" in field["type"], name
