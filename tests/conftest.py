"""Fixtures of all tests."""

import csv

import pytest


@pytest.fixture(autouse=True)
def csv_limit():
    """Put back the greatest length of a CSV field: it is of the process, and readers set it."""
    limit = csv.field_size_limit()
    yield
    csv.field_size_limit(limit)


def pytest_make_parametrize_id(val, argname):
    """Name tests of bytes by their argument: compressed ones hold the time at which they were made.

    Processes that share the tests must all call them the same.
    """
    return argname if isinstance(val, bytes) else None
