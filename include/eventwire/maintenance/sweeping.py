"""Removes the work in progress of runs that were stopped long ago."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import is_remote, last_change, remove_folder

_SECONDS_OF_A_DAY: Final = 86_400


def sweep_staging(layout: LakeLayout, days: int) -> list[Path]:
    """Remove the staging folders in which nothing has changed for so many days; return them.

    A run that is at work changes its folder all the time. The folders of a batch whose publication
    was cut short stay: the batch can be finished from one of them. In a bucket it is the files
    that change, by the clock of the store.
    """
    needed = {
        layout.staging_run(key.day, key.batch, "any").parent for key, _ in layout.unfinished()
    }
    latest = time.time() - days * _SECONDS_OF_A_DAY
    swept = []
    for run in layout.staging_runs():
        if run.parent not in needed and _last_change(layout, run) < latest:
            remove_folder(run)
            if not is_remote(run):
                _remove_empty(run.parent)
                _remove_empty(run.parent.parent)
            swept.append(run)
    return swept


def _last_change(layout: LakeLayout, run: Path) -> float:
    """Return when something changed below a folder; that of the folder counts as well."""
    if is_remote(run):
        return last_change(run)
    return max(run.stat().st_mtime, *(file.st_mtime for _, file in layout.staged_files(run)), 0.0)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # a run has just begun there
        folder.rmdir()
