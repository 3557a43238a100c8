"""What is known of a source from earlier runs, in an SQLite file of the library `reader`.

`reader` keeps the feeds, their ETag and Last-Modified, and their entries; an entry that is not
"read" is a page that waits to be fetched. Tags without a resource hold the rest: the pages that
were fetched, by a hash of their address, the robots.txt of each host, and hosts that asked to be
left alone.

A run works on a copy. `commit` puts the copy in the place of the file, at the very end: until
then the source is as if the run had not been, and the next run fetches again what this one did.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from reader import Entry, Reader, make_reader

from include.eventwire.fetching.errors import SourceBusyError
from include.eventwire.fetching.warc_files import sync
from include.eventwire.lake.locations import is_remote, on_this_machine, upload_file

# Below the landing area, where hidden folders are not read.
STATE_FOLDER: Final = ".feeds"
_GLOBAL: Final = ()


class SourceState:
    """The state of one source during a run.

    Attributes:
        reader: The library's own view of it.
    """

    def __init__(self, reader: Reader, work: Path, path: Path) -> None:
        """Work on `work`, a copy of the file at `path`."""
        self.reader = reader
        self._work = work
        self._path = path

    def get(self, key: str) -> Mapping[str, Any]:
        """Return what was kept under `key`, or an empty mapping."""
        kept = self.reader.get_tag(_GLOBAL, key, None)
        return kept if isinstance(kept, dict) else {}

    def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep `value` under `key`."""
        self.reader.set_tag(_GLOBAL, key, dict(value))

    def is_fetched(self, url: str) -> bool:
        """Return whether the page at `url` was fetched before, or given up."""
        return bool(self.get(_page_key(url)))

    def mark_fetched(self, url: str, moment: datetime) -> None:
        """Remember that the page at `url` need not be fetched again."""
        self.put(_page_key(url), {"at": moment.isoformat()})

    def waiting(self) -> Iterator[Entry]:
        """Yield the entries of which the page is still to be fetched, the newest first."""
        yield from self.reader.get_entries(read=False)

    def n_waiting(self) -> int:
        """Return how many entries `waiting` would yield."""
        return self.reader.get_entry_counts(read=False).total or 0

    def count_attempt(self, entry: Entry) -> int:
        """Count a failed attempt at the page of `entry` and return how many there were."""
        kept = self.reader.get_tag(entry, "attempts", None)
        n_attempts = 1 + (int(str(kept["n"])) if isinstance(kept, dict) else 0)
        self.reader.set_tag(entry, "attempts", {"n": n_attempts})
        return n_attempts

    def finish(self, entry: Entry) -> None:
        """Let `entry` wait no longer."""
        self.reader.mark_entry_as_read(entry)

    def commit(self) -> None:
        """Put this state in the place of the former one; it cannot be used afterwards."""
        self.reader.close()
        with closing(sqlite3.connect(self._work)) as connection:
            # One file without a journal beside it can be copied and renamed as it is.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
        if is_remote(self._path):
            upload_file(self._work, self._path)
            return
        partial = self._path.with_name(f".{self._path.name}.part")
        shutil.copyfile(self._work, partial)
        sync(partial)
        partial.replace(self._path)
        sync(self._path.parent)


@contextmanager
def open_state(landing: Path, folder: str) -> Iterator[SourceState]:
    """Open the state of a source; no other run can use it during the block.

    In a bucket there are no locks: of two runs at once the state of the one that ends last stays,
    and what both fetched has landed twice.

    Args:
        landing: The landing area.
        folder: Name of the folder of the source in it.

    Raises:
        SourceBusyError: Another run uses it.
    """
    states = landing / STATE_FOLDER
    path = states / f"{folder}.sqlite"
    with _lock(states / f"{folder}.lock", folder), tempfile.TemporaryDirectory() as temporary:
        # On a local disk: landing areas on a network lack the locks that SQLite needs.
        work = Path(temporary) / path.name
        if path.exists():
            with on_this_machine(path) as copy:
                shutil.copyfile(copy, work)
        with closing(make_reader(str(work), search_enabled=False, plugins=())) as reader:
            yield SourceState(reader, work, path)


@contextmanager
def _lock(path: Path, source: str) -> Iterator[None]:
    if is_remote(path):
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file stays when the lock goes: removing it would let two processes lock two files.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise SourceBusyError(
            f"{source} is being fetched by another run at this moment; try again when it is done"
        ) from error
    finally:
        os.close(descriptor)


def _page_key(url: str) -> str:
    return f"page/{hashlib.sha256(url.encode()).hexdigest()[:32]}"
