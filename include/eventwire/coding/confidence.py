"""How likely a candidate event is right: a logistic regression over named features.

The weights are a table that can be read, `include/resources/confidence/weights.csv`; its README
tells what they were trained on and how well the probabilities hold.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from include.eventwire.versions import RESOURCES

WEIGHTS: Final = RESOURCES / "confidence" / "weights.csv"

# Below this more candidates are wrong than is made good by those that are right; the value gave the
# best F1 of (sentence, type) in cross-validation.
LEAST: Final = 0.3
# A story without one candidate that is at least this likely tells of something else, as sport.
LEAST_OF_BEST: Final = 0.65
# A headline or a single sentence is no story: it was mostly chosen for its event.
SHORT_SENTENCES: Final = 2


class ConfidenceError(ValueError):
    """The file of weights cannot be used; the message names file and line."""


def estimate(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the probability that a candidate with these features is an event of its type."""
    total = sum(value * weights.get(name, 0.0) for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def choose(confidences: Sequence[float], n_sentences: int) -> list[bool]:
    """Return which of the candidates of one article are kept.

    Args:
        confidences: Probability of each candidate.
        n_sentences: Number of sentences of the article.
    """
    is_story = n_sentences > SHORT_SENTENCES
    quiet = is_story and max(confidences, default=0.0) < LEAST_OF_BEST
    return [not quiet and confidence >= LEAST for confidence in confidences]


@cache
def load_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Return the weight of each feature by its name.

    Raises:
        ConfidenceError: A row is no name and finite number, or repeats a name.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != ["feature", "weight"]:
            raise ConfidenceError(f"{path.name}:1: the columns must be feature,weight")
        weights: dict[str, float] = {}
        for row in rows:
            name, weight = _read_weight(row, f"{path.name}:{rows.line_num}")
            if name in weights:
                raise ConfidenceError(f"{path.name}:{rows.line_num}: {name!r} stands there twice")
            weights[name] = weight
    return weights


def _read_weight(row: Sequence[str], where: str) -> tuple[str, float]:
    try:
        name, text = row
        weight = float(text)
    except ValueError as error:
        raise ConfidenceError(f"{where}: {row} is no feature and weight") from error
    if not math.isfinite(weight):
        raise ConfidenceError(f"{where}: {row} is no feature and weight")
    return name, weight
