"""Scores the coder on the sentences beside this file, and keeps the floors that it must hold.

python -m tests.quality.gate                 print the scores beside the floors
python -m tests.quality.gate --raise         raise the floors to the scores
python -m tests.quality.gate --lower REASON  lower them; the reason goes into the changelog
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from benchmarks.open_gold import as_scored
from include.eventwire.coding.coder import code_events
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import PROJECT_ROOT, Settings

FOLDER: Final = Path(__file__).parent
SENTENCES: Final = FOLDER / "sentences.jsonl"
FLOORS: Final = FOLDER / "floors.json"
CHANGELOG: Final = PROJECT_ROOT / "CHANGELOG.md"
# Between processors the last digits of the parser's numbers differ, and with them a few decisions.
MARGIN: Final = 0.01
_UNRELEASED: Final = "## Unreleased\n"

Row = dict[str, Any]
Key = tuple[Any, ...]


def score_sentences(model: str | None = None) -> dict[str, float]:
    """Return the scores of the coder on the sentences, each between 0 and 1.

    "type" and "who_whom" are F1 over all events (the second with the countries of both sides all
    right); "mode", "realis", "place" and "date" are shares of the events whose type is right;
    "quiet" is the share of the sentences without an event in which none was coded.
    """
    rows = read_sentences()
    docs = load_pipeline(model or Settings().model).pipe(row["text"] for row in rows)
    coded = [
        [as_scored(event) for event in code_events(doc, date.fromisoformat(row["published"]))]
        for row, doc in zip(rows, docs, strict=True)
    ]
    gold = [row["events"] for row in rows]
    pairs = [pair for g, c in zip(gold, coded, strict=True) for pair in _pair(g, c)]
    scores = {"type": _f1(gold, coded, _type_key), "who_whom": _f1(gold, coded, _party_key)}
    for field in ("mode", "realis", "place", "date"):
        right = sum(g["place_country" if field == "place" else field] == c[field] for g, c in pairs)
        scores[field] = right / len(pairs)
    empty = [c for g, c in zip(gold, coded, strict=True) if not g]
    scores["quiet"] = sum(not c for c in empty) / len(empty)
    return {name: round(score, 3) for name, score in scores.items()}


def read_sentences() -> list[Row]:
    """Return the sentences with their events."""
    text = SENTENCES.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def read_floors() -> dict[str, float]:
    """Return the lowest score that each measure may have."""
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return floors


def main() -> int:
    """Print scores and floors, and change the floors when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raise", dest="raised", action="store_true")
    parser.add_argument("--lower", metavar="REASON")
    chosen = parser.parse_args()
    scores = score_sentences()
    floors = read_floors() if FLOORS.exists() else dict.fromkeys(scores, 0.0)
    for name, score in scores.items():
        print(f"{name:10} {score:.3f}  floor {floors[name]:.3f}")
    if chosen.lower:
        _note_in_changelog(scores, floors, chosen.lower)
        _write_floors({name: score - MARGIN for name, score in scores.items()})
    elif chosen.raised:
        _write_floors({n: max(score - MARGIN, floors[n]) for n, score in scores.items()})
    return 0


def _type_key(event: Row) -> Key:
    return (event["type"],)


def _party_key(event: Row) -> Key:
    sides = (event["actors"], event["recipients"])
    return (event["type"], *(tuple(sorted(str(p["country"]) for p in side)) for side in sides))


def _f1(gold: list[list[Row]], coded: list[list[Row]], key: Callable[[Row], Key]) -> float:
    hits = sum(
        (Counter(map(key, g)) & Counter(map(key, c))).total()
        for g, c in zip(gold, coded, strict=True)
    )
    return 2 * hits / (sum(map(len, gold)) + sum(map(len, coded)))


def _pair(gold: list[Row], coded: list[Row]) -> list[tuple[Row, Row]]:
    """Return gold events with a coded one of the same type, in the order of the text."""
    left = list(coded)
    pairs = []
    for event in gold:
        match = next((other for other in left if other["type"] == event["type"]), None)
        if match is not None:
            left.remove(match)
            pairs.append((event, match))
    return pairs


def _write_floors(floors: dict[str, float]) -> None:
    rounded = {name: round(floor, 3) for name, floor in floors.items()}
    FLOORS.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def _note_in_changelog(scores: dict[str, float], floors: dict[str, float], reason: str) -> None:
    fallen = ", ".join(
        f"{name} {floors[name]:.3f} to {score:.3f}"
        for name, score in scores.items()
        if score < floors[name]
    )
    text = CHANGELOG.read_text(encoding="utf-8")
    entry = f"{_UNRELEASED}\n- Quality floors lowered ({fallen or 'none fell'}): {reason}\n"
    CHANGELOG.write_text(text.replace(_UNRELEASED, entry, 1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
