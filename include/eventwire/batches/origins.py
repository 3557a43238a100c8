"""Where the articles of a batch that is coded again come from: a published batch of a lake.

What is known of it is kept in the staging folder beside the plan, and goes into the new receipt. So
the receipt of a batch that was coded again still names the files that its articles were read from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from include.eventwire.batches.plan import Plan
from include.eventwire.batches.staging import read_json, write_json
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import hash_file, to_location
from include.eventwire.lake.receipts import Receipt, read_receipt

# The tables that a batch is made of when it is coded again; batches of schema version 1 have no
# signatures.
TABLES_TAKEN: Final = ("articles", "rejects", "signatures")
_FILE_NAME: Final = "origin.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """A published batch whose articles are coded again.

    Attributes:
        lake: The lake that holds it.
        inputs: Files that its articles were read from, as its receipt tells them.
        compared: Batches of which copies were looked for, as its receipt tells them.
        versions: What it was coded by.
        sha256: Hash of each table that is taken from it.
    """

    lake: Path
    inputs: Sequence[Mapping[str, object]]
    compared: Sequence[Mapping[str, str]]
    versions: Mapping[str, str]
    sha256: Mapping[str, str]

    def describe(self) -> dict[str, Any]:
        """Return what the receipt of the new batch says of it."""
        return {"versions": dict(self.versions), "sha256": dict(self.sha256)}

    def check_files(self, key: BatchKey) -> None:
        """Check that the tables that are taken still are those that were planned with.

        Raises:
            LakeError: One has been replaced or damaged.
        """
        layout = LakeLayout(self.lake)
        for table, sha256 in self.sha256.items():
            path = layout.table_file(table, key.day, key.batch)
            if not path.exists() or hash_file(path) != sha256:
                raise LakeError(
                    f"{path}: not the file of its receipt; let the run that replaces {key} end, or "
                    "verify the lake, and code it again"
                )

    def check_unchanged(self, plan: Plan, articles: Path) -> None:
        """Check that the batch that `plan` replaces is the one that its articles were taken from.

        It may also be what another run made of the same articles by the same versions.

        Args:
            plan: Plan of the new batch.
            articles: The new file of articles.

        Raises:
            LakeError: Another one was published meanwhile: with new articles, or without those
                that were to be forgotten.
        """
        if self.lake != plan.settings.lake:
            return
        path = LakeLayout(self.lake).receipt_file(plan.day, plan.batch)
        if not path.exists():
            return  # a publication was cut short; that of this very plan, or another that is torn
        standing = read_receipt(path).tables["articles"].sha256
        if standing not in (self.sha256["articles"], hash_file(articles)):
            raise LakeError(
                f"{path}: {plan.label()} was replaced while it was coded again, so it was left as "
                "it is; code it again"
            )


def find_origin(layout: LakeLayout, key: BatchKey) -> Origin:
    """Return a batch of a lake as the origin of one that is coded again.

    When its publication was cut short while it was coded again, its articles are whole all the
    same: those of before or those of after, which differ only in what coding notes of them.

    Raises:
        ReceiptError: Its receipt cannot be read.
        LakeError: It has no receipt and is torn.
    """
    path = layout.receipt_file(key.day, key.batch)
    if path.exists():
        receipt = read_receipt(path)
        return _make_origin(layout, receipt, _hashes(receipt))
    receipt = read_receipt(layout.publishing_file(key.day, key.batch))
    before = (receipt.recoded_from or {}).get("sha256", {})
    found = {}
    for table, sha256 in _hashes(receipt).items():
        file = layout.table_file(table, key.day, key.batch)
        found[table] = hash_file(file) if file.exists() else ""
        if found[table] not in (sha256, before.get(table)):
            raise LakeError(
                f"{file}: the publication of {key} was cut short and this is not its file; run "
                "the batch again from its inputs"
            )
    return _make_origin(layout, receipt, found)


def write_origin(staging: Path, origin: Origin) -> None:
    """Keep `origin` beside the plan of the new batch, for `read_origin`."""
    write_json(staging / _FILE_NAME, dataclasses.asdict(origin))


def read_origin(staging: Path) -> Origin | None:
    """Return what `write_origin` kept; None for a batch that is made from its inputs."""
    path = staging / _FILE_NAME
    if not path.exists():
        return None
    content = read_json(path)
    return Origin(**{**content, "lake": to_location(content["lake"])})


def _hashes(receipt: Receipt) -> dict[str, str]:
    return {
        table: receipt.tables[table].sha256 for table in TABLES_TAKEN if table in receipt.tables
    }


def _make_origin(layout: LakeLayout, receipt: Receipt, sha256: Mapping[str, str]) -> Origin:
    return Origin(layout.root, receipt.inputs, receipt.compared, receipt.versions, sha256)
