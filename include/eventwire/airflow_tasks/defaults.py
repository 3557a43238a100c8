"""How the tasks of all DAGs are tried again.

Loaded whenever Airflow reads a DAG: it imports nothing but Airflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

# Paths that are wrong stay wrong, although they are errors of the system like a full disk.
_STAY_WRONG: Final[Sequence[type[BaseException]]] = (
    *(FileNotFoundError, FileExistsError, PermissionError),
    *(NotADirectoryError, IsADirectoryError),
)


def make_task_defaults(
    *,
    retry_delay: timedelta,
    timeout: timedelta,
    may_pass: Sequence[type[BaseException]] = (),
) -> dict[str, Any]:
    """Return the `default_args` of a DAG.

    What may be different the next time (network, a full disk) is tried again twice, after twice
    the time. All else fails at once: the same data would fail again.

    Args:
        retry_delay: Time before the first retry.
        timeout: Most time for one try of a task.
        may_pass: Errors beside those of the system that may be different the next time.
    """
    rules = [
        RetryRule(list(_STAY_WRONG), RetryAction.FAIL),
        RetryRule([OSError, MemoryError, *may_pass], RetryAction.DEFAULT),
    ]
    return {
        "owner": "eventwire",
        "retries": 2,
        "retry_delay": retry_delay,
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": ExceptionRetryPolicy(rules=rules, default=RetryAction.FAIL),
        "execution_timeout": timeout,
    }
