"""What a mapped task is called in Airflow's UI, where its siblings differ by their arguments only.

Loaded whenever Airflow reads a DAG: it imports nothing but Airflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from airflow.sdk import get_current_context


def name_parts(parts: Sequence[object]) -> str:
    """Return the parts of a batch that one task does, in words: "3" or "3 to 7"."""
    return f"{parts[0]}" if len(parts) == 1 else f"{parts[0]} to {parts[-1]}"


def label_task(label: str) -> None:
    """Give the running task the name under which it is shown among those mapped beside it."""
    cast("dict[str, Any]", get_current_context())["label"] = label
