"""Imports Starlette's client before the tests do: it warns that it will want another httpx."""

import warnings

with warnings.catch_warnings():
    # Its successor httpx2 is nothing that Airflow installs.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    import starlette.testclient  # noqa: F401
