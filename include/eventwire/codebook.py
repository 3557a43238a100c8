"""PLOVER's types, modes, contexts and sectors, read from `include/resources/codebook/`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from include.eventwire.versions import RESOURCES

CODEBOOK_FOLDER: Final = RESOURCES / "codebook"
QUAD_CLASSES: Final = (
    "verbal cooperation",
    "material cooperation",
    "verbal conflict",
    "material conflict",
)
REALIS: Final = ("asserted", "future", "hypothetical", "negated", "historical")
# Parties that belong to no one country have one of these instead of an ISO 3166 code.
SUPRANATIONAL_CODES: Final = ("IGO", "NGO", "IMG", "MNC")


class CodebookError(ValueError):
    """A file of the codebook contradicts itself; the message names file and line."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One of the 16 types.

    Attributes:
        code: "ASSAULT".
        score: PLOVER's score of the type, -10 (conflict) to 10 (cooperation).
        modes: Score of each mode; the type's own where PLOVER gives none.
    """

    code: str
    quad_class: str
    score: float
    definition: str
    modes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Codebook:
    """Everything that may stand in a coded column, with what it means."""

    types: Mapping[str, EventType]
    mode_definitions: Mapping[tuple[str, str], str]
    contexts: Mapping[str, str]
    sectors: Mapping[str, str]

    def score(self, event_type: str, mode: str | None) -> float:
        """Return the score of the mode, or of the type where no mode is coded."""
        entry = self.types[event_type]
        return entry.score if mode is None else entry.modes[mode]


@cache
def load_codebook(folder: Path = CODEBOOK_FOLDER) -> Codebook:
    """Read and check the codebook.

    Raises:
        CodebookError: A quad class or the type of a mode is unknown.
    """
    modes: dict[str, dict[str, float]] = {}
    definitions: dict[tuple[str, str], str] = {}
    for row in _read(folder / "modes.csv"):
        modes.setdefault(row["type"], {})[row["mode"]] = float(row["score"])
        definitions[row["type"], row["mode"]] = row["definition"]
    types = {}
    for row in _read(folder / "types.csv"):
        if row["quad_class"] not in QUAD_CLASSES:
            raise CodebookError(f"types.csv: {row['type']}: unknown class {row['quad_class']!r}")
        types[row["type"]] = EventType(
            code=row["type"],
            quad_class=row["quad_class"],
            score=float(row["score"]),
            definition=row["definition"],
            modes=modes.pop(row["type"], {}),
        )
    if modes:
        raise CodebookError(f"modes.csv: modes of unknown types: {', '.join(sorted(modes))}")
    return Codebook(
        types=types,
        mode_definitions=definitions,
        contexts={row["context"]: row["definition"] for row in _read(folder / "contexts.csv")},
        sectors={row["sector"]: row["definition"] for row in _read(folder / "sectors.csv")},
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
