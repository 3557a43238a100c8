"""What breaks first, and that the document tells what is recorded."""

import pytest

from benchmarks.scale.costs import load_costs
from benchmarks.scale.limits import Limit, list_limits
from benchmarks.scale.report import DOCUMENT, SIZES, write_tables


@pytest.fixture(scope="module")
def costs():
    return load_costs()


@pytest.mark.parametrize(("need", "breaks_at"), [(1, 101), (2, 51), (200, 1)])
def test_a_limit_breaks_where_the_need_is_more_than_allowed(need, breaks_at):
    limit = Limit("", "", 100, lambda n: n * need, "")
    assert limit.breaks_at() == pytest.approx(breaks_at, abs=1)


def test_a_need_that_does_not_grow_never_breaks():
    assert Limit("", "", 100, lambda _: 100, "").breaks_at() is None


def test_a_day_of_this_machine_is_far_from_all_limits(costs):
    for limit in list_limits(costs):
        assert limit.need(SIZES[0]) < limit.allowed / 2, limit.name


def test_no_day_has_more_mapped_tasks_than_airflow_takes(costs):
    (limit,) = [limit for limit in list_limits(costs) if limit.name.startswith("mapped tasks")]
    assert limit.breaks_at() is None


def test_every_assumption_says_where_it_is_from(costs):
    assert costs.origins
    assert all(origin.strip() for origin in costs.origins.values())


def test_the_document_has_the_tables_of_the_recorded_costs(costs):
    document = DOCUMENT.read_text(encoding="utf-8")
    assert write_tables(document, costs) == document, "run python -m benchmarks.scale write"
