"""A disk of a few megabytes that can be filled: a tmpfs, which only root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BLOCK = bytes(64 * 1024)


def may_mount() -> bool:
    """Return whether this user may mount one."""
    return os.geteuid() == 0


class SmallDisk:
    """A mounted disk."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that it is mounted at."""
        self._ballast = folder / ".ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while file.write(_BLOCK):
                pass

    def free(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink()


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk at `folder`, which exists, until the end of the block."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield SmallDisk(folder)
    finally:
        # What still has a file open there keeps it until it closes.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
