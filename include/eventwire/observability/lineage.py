"""What a batch was made of and where it went, as Airflow's lineage has it.

Airflow collects it only where something reads it, such as its OpenLineage provider.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Protocol

from include.eventwire.checks.batch_profile import ELSEWHERE, BatchProfile
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import is_remote
from include.eventwire.lake.receipts import Receipt
from include.eventwire.schemas import TABLES

# Airflow takes 100 inputs of a task.
_MOST_INPUTS: Final = 90


class Collector(Protocol):
    """What takes lineage: `airflow.sdk.lineage.get_hook_lineage_collector()`."""

    def add_input_asset(self, context: Any, *, uri: str) -> None:
        """Note what was read."""

    def add_output_asset(self, context: Any, *, uri: str) -> None:
        """Note what was written."""


def tell_lineage(receipt: Receipt, layout: LakeLayout, landing: Path, collector: Collector) -> None:
    """Tell a collector what a batch was made of and where it went.

    Args:
        receipt: Receipt of the batch.
        layout: Lake of the batch.
        landing: Landing area.
        collector: What takes the lineage.
    """
    for uri in list_inputs(receipt, layout, landing):
        collector.add_input_asset(layout, uri=uri)
    for uri in list_outputs(layout):
        collector.add_output_asset(layout, uri=uri)


def list_inputs(receipt: Receipt, layout: LakeLayout, landing: Path) -> list[str]:
    """Return the addresses of what a batch was made of, by name.

    That is the folder of each source, or the folder of an input that lies elsewhere; for a batch
    that was coded again, the tables that its articles were taken from.
    """
    if receipt.recoded_from is not None:
        return _tables(layout, ("articles", "rejects", "signatures"))
    names = BatchProfile.from_json(receipt.profile).sources if receipt.profile else ()
    folders = {_address(landing / name) for name in names if name != ELSEWHERE}
    for file in receipt.inputs:
        folder, _, _ = str(file["uri"]).rpartition("/")
        if folder.startswith("/"):
            folders.add(f"file://{folder}")
        elif "://" in folder:
            folders.add(folder)
    return sorted(folders)[:_MOST_INPUTS]


def list_outputs(layout: LakeLayout) -> list[str]:
    """Return the addresses of the tables."""
    return _tables(layout, TABLES)


def _tables(layout: LakeLayout, tables: Iterable[str]) -> list[str]:
    return [_address(layout.table_folder(table)) for table in tables]


def _address(folder: Path) -> str:
    return str(folder) if is_remote(folder) else f"file://{folder.absolute()}"
