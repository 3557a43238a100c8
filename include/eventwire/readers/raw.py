"""What readers take and give: the context of a file, and articles before they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from include.eventwire.inputs.compression import ByteBudget, ByteStream, open_stream
from include.eventwire.inputs.selection import InputFile, storable_name
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings

_LONGEST_DETAIL: Final = 1_000


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One record, its fields named but not yet checked; see `articles.make_article`.

    Attributes:
        record_number: 1-based number of the record in its file.
        published_at: As written: a text, a number, a date or a datetime.
        metadata: What else the input states: texts, numbers, true or false, or lists of these or
            of {"code", "name", "scheme"}. Names that several formats share: "abstract",
            "agency", "category", "editorial_note", "embargoed_until", "genre", "keywords",
            "modified_at", "place", "priority", "slugline", "status", "subjects", "urgency",
            "usage_terms", "version", "word_count".
    """

    record_number: int
    text: str | None
    source_id: str | None = None
    url: str | None = None
    headline: str | None = None
    byline: str | None = None
    publisher: str | None = None
    language: str | None = None
    published_at: object = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The archive that a file was taken out of to be read.

    Attributes:
        place: Where the file would lie if the archive were a folder.
        depth: How many archives lie around the file.
        budget: What may still be decompressed of the archive.
    """

    place: Path
    depth: int
    budget: ByteBudget


@dataclass(frozen=True, slots=True)
class ReadContext:
    """The file that a reader reads, how its source writes, and the limits.

    Attributes:
        not_after: Latest time of publication that is believed.
        archive: The archive that the file was taken out of, or None.
        landed: Where the file lies, when `file` is a copy of it.
    """

    file: InputFile
    profile: SourceProfile
    settings: Settings
    not_after: datetime
    archive: Enclosure | None = None
    landed: Path | None = None

    @property
    def place(self) -> Path:
        """Where the file lies; for one from an archive, as if that were a folder."""
        return self.archive.place if self.archive else self.landed or self.file.path

    def open_stream(self) -> AbstractContextManager[ByteStream]:
        """Open the file as a stream of bytes, decompressed."""
        return open_stream(
            self.file.path,
            max_expansion=self.settings.max_expansion,
            outer=self.archive.budget if self.archive else None,
        )

    def make_budget(self, size: int) -> ByteBudget:
        """Return what `size` bytes of the file may grow to, within what its archive may."""
        return ByteBudget(
            size,
            max_expansion=self.settings.max_expansion,
            outer=self.archive.budget if self.archive else None,
        )

    def reject(
        self, record_number: int | None, reason: str, detail: str, *, stage: str = "read"
    ) -> Reject:
        """Return a reject of one record, or of the file when `record_number` is None."""
        return Reject(self.file.uri, record_number, stage, reason, tell_briefly(detail))


def tell_briefly(detail: str) -> str:
    """Return `detail` as tables can hold it, without the middle where it is very long.

    What libraries say of a broken record quotes it, and so may be as long or as broken.
    """
    if len(detail) > _LONGEST_DETAIL:
        half = _LONGEST_DETAIL // 2
        detail = f"{detail[:half]} ... {detail[-half:]}"
    return storable_name(detail)


Reader = Callable[[ReadContext], Iterator[RawArticle | Article | Reject]]
"""Yields each record of a file, in order: as a `RawArticle`, or as an article where it was checked
already, by the reader of a member of an archive. What cannot be read is yielded as a reject; an
OSError that the reader lets through ends the file and becomes a reject of the rest."""
