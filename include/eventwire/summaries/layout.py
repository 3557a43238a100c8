"""Where the summaries of a lake lie: in tables, receipts and staging of their own.

stories/dt=2018-04-24/summary.parquet               a day of a table; the same for every table
_receipts/summaries/dt=2018-04-24/summary.json      written last: the day is complete
_staging/summaries/dt=2018-04-24/summary/<run>/     work in progress

So whoever lists the batches of a lake meets no summaries, and yet they are published, verified and
swept by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES

# The one batch of a day.
SUMMARY: Final = "summary"
_FOLDER: Final = "summaries"


@dataclass(frozen=True, slots=True)
class SummaryLayout(LakeLayout):
    """The paths of the summaries of the lake at `root`."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables of summaries."""
        return tuple(SUMMARY_TABLES)

    @property
    def staging(self) -> Path:
        """The folder of all work in progress on summaries."""
        return self.root / "_staging" / _FOLDER

    @property
    def _receipts(self) -> Path:
        return self.root / "_receipts" / _FOLDER
