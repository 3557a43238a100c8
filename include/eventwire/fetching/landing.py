"""Where what was fetched lands: names that say which run it was, and files that are whole.

`<landing>/<source>/dt=YYYY-MM-DD/fetch-20260302T080700Z.warc.gz`, named after the moment that the
run is for, not after a clock: a run that is repeated since it was killed replaces its own file. A
second attempt after its state was committed has a number of its own and replaces nothing.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Final

from include.eventwire.fetching.client import Exchange
from include.eventwire.fetching.report import FetchReport
from include.eventwire.fetching.state import STATE_FOLDER, SourceState
from include.eventwire.fetching.warc_files import sync
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.lake.locations import is_remote, write_object

_RUN: Final = "run"


class Landing:
    """The places of one run of one source.

    Attributes:
        root: The landing area.
        run: Name of the run.
        hidden: Folder for what is not to be read by other runs.
    """

    def __init__(
        self, root: Path, profile: SourceProfile, state: SourceState, run_at: datetime
    ) -> None:
        """Name the run that is for the moment `run_at`, in UTC."""
        self.root = root
        self.hidden = root / STATE_FOLDER
        self._profile = profile
        self._state = state
        self._run_at = run_at
        self._base = f"fetch-{run_at:%Y%m%dT%H%M%SZ}"
        kept = state.get(_RUN)
        self._n_before = int(kept["n_commits"]) if kept.get("name") == self._base else 0
        self.run = f"{self._base}-{self._n_before + 1}" if self._n_before else self._base

    def remember_run(self) -> None:
        """Note in the state, which is about to be committed, that this run was done."""
        self._state.put(_RUN, {"name": self._base, "n_commits": self._n_before + 1})

    def folder(self, now: datetime) -> Path:
        """Return the folder of the day that the files of this run belong to.

        That is the day the run is for. When it has ended by `now`, the batch of that day may have
        been read already; then it is the present day, so that nothing is left out.
        """
        day = max(self._run_at.date(), now.date())
        return self.root / self._profile.folder / f"dt={day.isoformat()}"

    def write_feed(self, exchange: Exchange, url: str, now: datetime) -> Path:
        """Land the feed of `url` as a file of its own and return where it is."""
        is_json = exchange.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        tag = hashlib.sha256(url.encode()).hexdigest()[:8]
        path = self.folder(now) / f"{self.run}-{tag}{'.json' if is_json else '.xml'}"
        _write(path, exchange.body)
        return path

    def write_report(self, report: FetchReport) -> Path:
        """Write the report beside the state and return where it is."""
        day = f"dt={self._run_at.date().isoformat()}"
        path = self.hidden / "reports" / self._profile.folder / day / f"{self.run}.json"
        content = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
        _write(path, content.encode())
        return path


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and wait until it is on the disk, or in the bucket."""
    if is_remote(path):
        write_object(path, content)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(content)
    sync(partial)
    partial.replace(path)
    sync(path.parent)
