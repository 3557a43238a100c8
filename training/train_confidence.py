"""Trains the confidence model of the event coder: `make train`.

    python -m training.train_confidence [--check]

Trains on every `training/leads*.jsonl` and, where the evaluation data lies beside the project, on
those of its sets that may train a model that ships (`events/train.jsonl` and the Voice of America
rows of `events/dev.jsonl`). `--check` writes nothing and prints how well it does on leads not
trained on.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.open_gold import GOLD, as_scored, load_scorer, parse, read_rows
from include.eventwire.coding.coder import DescribedEvent, describe_candidates
from include.eventwire.coding.confidence import WEIGHTS, choose, estimate
from include.eventwire.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "training"
# Strength of the L2 penalty and the fewest candidates that a feature must occur in, chosen by
# cross-validation.
PENALTY = 0.05
FEWEST = 3
FOLDS = 8


@dataclass(frozen=True)
class Lead:
    """One coded lead: its gold row, the candidates found in it and which of them are right."""

    row: dict[str, Any]
    origin: str
    candidates: list[DescribedEvent]
    right: list[bool]


@dataclass(frozen=True)
class CrossValidation:
    """How well the coder does on leads that its weights were not trained on.

    Attributes:
        scores: Result of `score_events.py` for each set.
        calibration: For each tenth of the confidence its lower end, the share of candidates that
            are right, and their number.
    """

    scores: dict[str, dict[str, Any]]
    calibration: list[tuple[float, float, int]]


def main() -> int:
    """Train and write the weights, or print the figures of cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    leads = load_leads()
    if parser.parse_args().check:
        _print(cross_validate(leads))
        return 0
    weights = train([lead for lead in leads if lead.origin != "held out"])
    WEIGHTS.parent.mkdir(exist_ok=True)
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "weight"])
        writer.writerows((name, f"{weight:.4f}") for name, weight in sorted(weights.items()))
    print(f"{len(weights)} weights of {len(leads)} leads written to {WEIGHTS.name}")
    return 0


def load_leads() -> list[Lead]:
    """Return all coded leads; those that must not train have the origin "held out"."""
    files = sorted(FOLDER.glob("leads*.jsonl"))
    sets = {"leads": [row for path in files for row in read_rows(path)]}
    if GOLD.is_dir():
        sets |= {name: read_rows(GOLD / "events" / f"{name}.jsonl") for name in ("train", "dev")}
    leads = []
    for name, rows in sets.items():
        leads += _describe(rows, name)
        # Each sentence on its own as well: how to judge where there is no story around it.
        leads += _describe([part for row in rows for part in _split(row)], f"{name} sentences")
    return leads


def train(leads: Sequence[Lead]) -> dict[str, float]:
    """Return the weights of the features that the candidates of `leads` have."""
    counts = Counter(name for lead in leads for c in lead.candidates for name in c.features)
    rows = [
        {name: value for name, value in c.features.items() if counts[name] >= FEWEST}
        for lead in leads
        for c in lead.candidates
    ]
    labels = [right for lead in leads for right in lead.right]
    vectorizer = DictVectorizer()
    model = LogisticRegression(C=PENALTY, max_iter=3000, fit_intercept=False)
    model.fit(vectorizer.fit_transform(rows), labels)
    names = vectorizer.get_feature_names_out()
    return {
        str(name): float(weight)
        for name, weight in zip(names, model.coef_[0], strict=True)
        if abs(weight) >= 0.005
    }


def cross_validate(leads: Sequence[Lead]) -> CrossValidation:
    """Return the scores on leads not trained on, and how calibrated the probabilities are."""
    folds = GroupKFold(n_splits=FOLDS)
    groups = [lead.row["id"] for lead in leads]
    seen: list[tuple[Lead, list[float]]] = []
    for training, testing in folds.split(leads, groups=groups):
        weights = train([leads[i] for i in training if leads[i].origin != "held out"])
        seen += [(leads[i], _estimate(leads[i], weights)) for i in testing]
    sets = {
        name: [(lead, p) for lead, p in seen if lead.row["set"] == name]
        for name in ("leads", "train", "dev")
    }
    scores = {name: _score(chosen) for name, chosen in sets.items() if chosen}
    return CrossValidation(scores, _calibrate(seen))


def _print(result: CrossValidation) -> None:
    for name, score in result.scores.items():
        print(
            f"{name}: type F1 {score['f1']['type']:.3f} (precision {score['type_precision']:.3f}, "
            f"recall {score['type_recall']:.3f}), who-whom {score['f1']['who-whom']:.3f}, "
            f"quiet {score['quiet']:.2f}"
        )
    for low, share, n in result.calibration:
        print(f"confidence {low:.1f} to {low + 0.1:.1f}: {share:.2f} right of {n}")


def _split(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for number, (start, end) in enumerate(row["sentences"]):
        events = [event | {"sent": 0} for event in row["events"] if event["sent"] == number]
        text = row["text"][start:end]
        yield row | {"text": text, "sentences": [[0, end - start]], "events": events}


def _describe(rows: list[dict[str, Any]], name: str) -> list[Lead]:
    docs = parse([row["text"] for row in rows], name)
    leads = []
    for row, doc in zip(rows, docs, strict=True):
        candidates = describe_candidates(doc, date.fromisoformat(row["published"][:10]))
        ours = not name.startswith("dev") or row["origin"] == "m2e2_voa"
        origin = name if ours else "held out"
        leads.append(Lead(row | {"set": name}, origin, candidates, _label(row, candidates)))
    return leads


def _label(row: Mapping[str, Any], candidates: Sequence[DescribedEvent]) -> list[bool]:
    """Return which candidates are gold events: at most as many of a sentence and type as gold has.

    Among those of one sentence and type the ones whose words stand in a gold trigger come first.
    """
    keys = [(_sentence(row, c), c.event.event_type) for c in candidates]
    gold = Counter((event["sent"], event["type"]) for event in row["events"])
    triggers: dict[tuple[int | None, str], list[str]] = {}
    for event in row["events"]:
        triggers.setdefault((event["sent"], event["type"]), []).append(event["trigger"].lower())
    words = [row["text"][slice(*c.event.trigger_span)].lower() for c in candidates]
    order = sorted(
        range(len(candidates)),
        key=lambda i: not any(words[i] in trigger for trigger in triggers.get(keys[i], [])),
    )
    right = [False] * len(candidates)
    for i in order:
        if gold[keys[i]] > 0:
            gold[keys[i]] -= 1
            right[i] = True
    return right


def _sentence(row: Mapping[str, Any], candidate: DescribedEvent) -> int | None:
    start = candidate.event.trigger_span[0]
    return next((n for n, (a, b) in enumerate(row["sentences"]) if a <= start < b), None)


def _estimate(lead: Lead, weights: Mapping[str, float]) -> list[float]:
    return [estimate(candidate.features, weights) for candidate in lead.candidates]


def _score(chosen: Iterable[tuple[Lead, list[float]]]) -> dict[str, Any]:
    rows, coded = [], []
    for lead, confidences in chosen:
        kept = choose(confidences, len(lead.row["sentences"]))
        events = [as_scored(c.event) for c, keep in zip(lead.candidates, kept, strict=True) if keep]
        rows.append(lead.row)
        coded.append({"id": lead.row["id"], "events": events})
    result: dict[str, Any] = load_scorer("score_events").score(rows, coded)
    return result


def _calibrate(seen: Iterable[tuple[Lead, list[float]]]) -> list[tuple[float, float, int]]:
    pairs = [pair for lead, p in seen for pair in zip(p, lead.right, strict=True)]
    rows = []
    for tenth in range(10):
        inside = [right for confidence, right in pairs if tenth <= confidence * 10 < tenth + 1]
        if inside:
            rows.append((tenth / 10, sum(inside) / len(inside), len(inside)))
    return rows


if __name__ == "__main__":
    sys.exit(main())
