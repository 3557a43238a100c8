"""Scores the event coder on the evaluation data beside the project.

    python -m benchmarks.open_gold [--misses TYPE] [--spurious TYPE] [--set dev|train]

The scorers are those of the data (`score_events.py`, `score_sentences.py`). Parsed articles are
kept in `.benchmarks/`, so that a change of the lexicon is measured within seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from spacy.tokens import Doc, DocBin

from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.coder import code_events
from include.eventwire.coding.parties import Party
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import PROJECT_ROOT, Settings
from include.eventwire.versions import model_version

GOLD = PROJECT_ROOT.parent / "shared" / "eval"
CACHE = PROJECT_ROOT / ".benchmarks"


def main() -> int:
    """Print the scores, and on request what was missed or coded in vain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", metavar="TYPE", help="list gold events of TYPE not found")
    parser.add_argument("--spurious", metavar="TYPE", help="list coded events of TYPE not in gold")
    parser.add_argument("--set", default="dev", choices=("dev", "train"), help="set that is listed")
    chosen = parser.parse_args()
    if not GOLD.is_dir():
        print(f"skipped: the evaluation data is not at {GOLD}")
        return 0
    for name in ("dev", "train"):
        rows = read_rows(GOLD / "events" / f"{name}.jsonl")
        predicted = list(predict(rows, name))
        print_events(name, rows, predicted)
        if name == chosen.set:
            if chosen.misses:
                list_misses(rows, predicted, chosen.misses)
            if chosen.spurious:
                list_spurious(rows, predicted, chosen.spurious)
    print(score_sentences())
    return 0


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the JSON objects of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def predict(rows: Iterable[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """Yield for each row its id and the events that the coder finds in its text."""
    rows = list(rows)
    for row, doc in zip(rows, parse([row["text"] for row in rows], name), strict=True):
        published = date.fromisoformat(row["published"][:10])
        yield {"id": row["id"], "events": [as_scored(e) for e in code_events(doc, published)]}


def parse(texts: list[str], name: str) -> list[Doc]:
    """Return the parsed texts, from the cache where the texts and the model are the same."""
    model = Settings().model
    key = hashlib.sha256(json.dumps([model_version(model), texts]).encode()).hexdigest()[:16]
    path = CACHE / f"{name}-{key}.spacy"
    nlp = load_pipeline(model)
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        with nlp.select_pipes(disable=["event_coder"]):
            DocBin(docs=nlp.pipe(texts, batch_size=16), store_user_data=False).to_disk(path)
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def as_scored(event: CodedEvent) -> dict[str, Any]:
    """Return an event in the form that the scorers read."""
    day = event.event_date.isoformat() if event.event_date else None
    length = {"year": 4, "month": 7}.get(event.event_date_precision or "", 10)
    place = event.place.place if event.place else None
    return {
        "start": event.trigger_span[0],
        "type": event.event_type,
        "mode": event.event_mode,
        "realis": event.realis,
        "actors": [_party(party) for party in event.actors],
        "recipients": [_party(party) for party in event.recipients],
        "place": place.country_code if place else None,
        "date": day[:length] if day else None,
        "rule": event.rule_id,
    }


def print_events(name: str, rows: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> None:
    """Print the scores on whole leads."""
    result = load_scorer("score_events").score(rows, predicted)
    figures = {**result["f1"], **result["on_pairs"], "quiet": result["quiet"]}
    print(
        f"{name}: gold {result['gold']} coded {result['coded']} "
        f"P {result['type_precision']:.3f} R {result['type_recall']:.3f} | "
        + " ".join(f"{key} {value:.3f}" for key, value in figures.items())
    )
    for type_, row in result["per_type"].items():
        print(f"    {type_:10s} F1 {row['f1']:.3f}  gold {row['gold']:4d}  coded {row['coded']:4d}")


def list_misses(rows: list[dict[str, Any]], predicted: list[dict[str, Any]], wanted: str) -> None:
    """Print the gold events of a type in whose sentence no event of the type was coded."""
    for row, guess in zip(rows, predicted, strict=True):
        for event in row["events"]:
            start, end = row["sentences"][event["sent"]]
            inside = [e for e in guess["events"] if start <= e["start"] < end]
            if event["type"] == wanted and all(e["type"] != wanted for e in inside):
                others = [f"{e['type']}:{row['text'][e['start'] :][:12]}" for e in inside]
                print(f"- [{event['trigger']}] {row['text'][start:end]}  || coded {others}")


def list_spurious(rows: list[dict[str, Any]], predicted: list[dict[str, Any]], wanted: str) -> None:
    """Print the coded events of a type in whose sentence gold has none of the type."""
    for row, guess in zip(rows, predicted, strict=True):
        for number, (start, end) in enumerate(row["sentences"]):
            gold = [e for e in row["events"] if e["sent"] == number]
            for event in guess["events"]:
                inside = start <= event["start"] < end and event["type"] == wanted
                if inside and all(e["type"] != wanted for e in gold):
                    known = [f"{e['type']}:{e['trigger']}" for e in gold]
                    words = row["text"][event["start"] :][:20]
                    text = row["text"][start:end]
                    print(f"- {event['rule']} [{words}] {text}  || gold {known}")


def score_sentences() -> str:
    """Return the scores on single sentences, as the scorer prints them."""
    scorer = load_scorer("score_sentences")
    printed = io.StringIO()
    with TemporaryDirectory() as folder:
        prepared, coded = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        scorer.main("prepare", str(GOLD / "plover"), str(prepared))
        predicted = predict(read_rows(prepared), "sentences")
        coded.write_text("\n".join(json.dumps(row) for row in predicted), encoding="utf-8")
        # The scorer ends with an exit status that tells whether the goals are reached.
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(printed):
            scorer.main("score", str(GOLD / "plover"), str(coded))
    return printed.getvalue().strip()


def _party(party: Party) -> dict[str, str | None]:
    return {"text": party.text, "country": party.country_code, "sector": party.sector_code}


def load_scorer(name: str) -> ModuleType:
    """Return one of the scorers of the evaluation data."""
    spec = importlib.util.spec_from_file_location(name, GOLD / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
