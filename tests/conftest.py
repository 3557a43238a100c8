"""Fixtures of all tests."""

import csv

import pytest


@pytest.fixture(autouse=True)
def csv_limit():
    """Put back the greatest length of a CSV field: it is of the process, and readers set it."""
    limit = csv.field_size_limit()
    yield
    csv.field_size_limit(limit)
