"""Measures the coder on all evaluation data beside the project: `make quality`.

    python -m benchmarks.quality

Prints one table and writes it to docs/quality.md. Where the data is absent it says so and leaves
the document as it is.
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import Final

from benchmarks import actor_codes, places
from benchmarks.open_gold import GOLD, read_rows, score_sentences
from include.eventwire.coding.coder import code_events
from include.eventwire.components.event_coder import NAME
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import PROJECT_ROOT, Settings
from include.eventwire.versions import CODER_VERSION, lexicon_version, model_version
from tests.quality.gate import score_sentences as score_own_sentences
from training.train_confidence import CrossValidation, cross_validate, load_leads

DOCUMENT: Final = PROJECT_ROOT / "docs" / "quality.md"
ROUNDS: Final = 5
_INTRODUCTION: Final = """# How good the coding is

Made by `make quality` ({versions}). The evaluation data is not part of the project.

- *Leads* are whole openings of news articles in which people coded every event by the same
  guidelines. The figures are cross-validated: no weight of the confidence model was trained on the
  lead that it judges. The lexicon was written with an eye on these leads, though, so expect a few
  points less on others. *Leads of our own* (`training/`) are denser and more varied in their words
  than real ones, and most of them were written after the lexicon.
- *GSR* and *PLV* are single sentences with one coded event or pair each, *actors* and *places* are
  names with known codes. None of them trained anything.
- *Own sentences* were written for this project and are kept in `tests/quality/`; `make test` fails
  when the coder falls below the pinned figures.

"""
_CALIBRATION: Final = """
## Reading the confidence

`confidence` is the probability that an event of this type stands in the sentence. Candidates of the
leads, by the confidence that a model gave them which had not seen them:

| confidence | right | candidates |
|---|---|---|
"""


def main() -> int:
    """Measure, print and write the table."""
    if not GOLD.is_dir():
        print(f"skipped: the evaluation data is not at {GOLD}")
        return 0
    validation = cross_validate(load_leads())
    rows = [*_lead_rows(validation), *_sentence_rows(), *_name_rows(), *_own_rows(), _speed_row()]
    model = model_version(Settings().model)
    versions = f"coder {CODER_VERSION}, lexicon {lexicon_version()}, {model}"
    text = _INTRODUCTION.format(versions=versions) + _table(rows)
    text += _CALIBRATION + _calibration_rows(validation)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(text)
    return 0


Row = tuple[str, str, str]


def _lead_rows(validation: CrossValidation) -> list[Row]:
    rows: list[Row] = []
    for name, where in (("dev", "55 leads, two coders"), ("train", "62 leads, one coder")):
        score = validation.scores[name]
        pairs = score["on_pairs"]
        precision, recall = score["type_precision"], score["type_recall"]
        rows += [
            (f"{where}: F1 (sentence, type)", f"{score['f1']['type']:.3f}", ".70"),
            (f"{where}: precision, recall", f"{precision:.3f}, {recall:.3f}", ""),
            (
                f"{where}: F1 who-whom, countries of both sides",
                f"{score['f1']['who-whom']:.3f}",
                ".45",
            ),
            (
                f"{where}: mode, realis, date, place right on pairs",
                ", ".join(f"{pairs[field]:.3f}" for field in ("mode", "realis", "date", "place")),
                "-, .93, .85, .80",
            ),
            (f"{where}: leads without events left quiet", f"{score['quiet']:.2f}", ".80"),
        ]
    own = validation.scores["leads"]
    rows.append(
        (
            f"{own['articles']} leads of our own: F1 type, who-whom",
            f"{own['f1']['type']:.3f}, {own['f1']['who-whom']:.3f}",
            "",
        )
    )
    return rows


def _sentence_rows() -> list[Row]:
    printed = score_sentences()
    gsr = dict(re.findall(r"(type|dyad\+type) (\d\.\d+)", printed.partition("|")[0]))
    plv = re.search(r"PLV \d+: type (\d\.\d+)", printed)
    assert plv is not None
    return [
        ("GSR: gold type found", gsr["type"], ".68"),
        ("GSR: country dyad and type", gsr["dyad+type"], ".48"),
        ("PLV: type between the marked parties", plv[1], ".70"),
    ]


def _name_rows() -> list[Row]:
    cases = list(actor_codes.read_ngec(GOLD / "actors" / "ngec_actor_resolution.jsonl"))
    shares = actor_codes.score(cases)
    cities = list(places.read_cases(GOLD / "geo" / "trnews.jsonl"))
    return [
        (
            "actors: country, sector, both",
            ", ".join(f"{shares[field]:.3f}" for field in ("country", "sector", "both")),
            ".85, .75, .68",
        ),
        ("places (trnews): country of a place that is found", places.score(cities), ".92"),
    ]


def _own_rows() -> list[Row]:
    return [
        (f"own sentences: {name.replace('_', '-')}", f"{score:.3f}", "")
        for name, score in score_own_sentences().items()
    ]


def _speed_row() -> Row:
    """Time coding and parsing in turn on the same leads; return the median of the ratios."""
    texts = [row["text"] for row in read_rows(GOLD / "events" / "train.jsonl")]
    nlp = load_pipeline(Settings().model)
    ratios = []
    with nlp.select_pipes(disable=[NAME]):
        for _ in range(ROUNDS + 1):
            started = time.process_time()
            docs = list(nlp.pipe(texts, batch_size=16))
            parsed = time.process_time()
            for doc in docs:
                code_events(doc, date(2016, 1, 1))
            ratios.append((time.process_time() - parsed) / (parsed - started))
    # The first round fills caches.
    return ("coding time over parsing time", f"{statistics.median(ratios[1:]):.2f}", "<= .25")


def _table(rows: Sequence[Row]) -> str:
    lines = ["| measure | figure | goal |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _calibration_rows(validation: CrossValidation) -> str:
    return "".join(
        f"| {low:.1f} to {low + 0.1:.1f} | {share:.2f} | {n} |\n"
        for low, share, n in validation.calibration
    )


if __name__ == "__main__":
    sys.exit(main())
