"""What the command line is compared with: nothing but `spacy.load(model).pipe(texts)`.

`python -m benchmarks.bare_spacy TEXTS.jsonl MODEL PROCESSES` prints the number of tokens.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# Before NumPy is loaded: one thread a process, as on the other side.
os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})

import spacy

from include.eventwire.versions import find_model


def main(path: str, model: str, n_processes: str) -> None:
    """Parse the field "text" of every line and print how many tokens there were."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    nlp = spacy.load(find_model(model))
    docs = nlp.pipe(texts, n_process=int(n_processes))
    print(sum(len(doc) for doc in docs))


if __name__ == "__main__":
    main(*sys.argv[1:])
