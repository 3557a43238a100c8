"""Docs spelled out in words, lemmas, tags and heads, so that syntax is tested without a model."""

import spacy
from spacy.tokens import Doc

_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "VB": "VERB", "VBD": "VERB",
    "VBG": "VERB", "VBN": "VERB", "VBP": "VERB", "VBZ": "VERB", "MD": "AUX", "JJ": "ADJ",
    "IN": "ADP", "RP": "ADP", "DT": "DET", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON",
    "WDT": "PRON", "RB": "ADV", "CC": "CCONJ", "CD": "NUM", "TO": "PART", "POS": "PART",
}  # fmt: skip
_AUXILIARIES = ("aux", "auxpass")
_VOCAB = spacy.blank("en").vocab


def parse(*lines: str) -> Doc:
    """Return the doc of `lines`: text, lemma, tag, label, 1-based head and entity label or "-".

    "I-PERSON" goes on with the name of the line before. After an empty line a sentence begins, and
    heads count from its first word.
    """
    cells, first = [], 0
    for line in lines:
        if not line:
            first = len(cells)
            continue
        *others, head, entity = line.split()
        cells.append((*others, int(head) - 1 + first, entity))
    words, lemmas, tags, labels, heads, entities = zip(*cells, strict=True)
    return Doc(
        _VOCAB,
        words=words,
        spaces=[word.isalnum() for word in (*words[1:], ".")],
        lemmas=lemmas,
        tags=tags,
        pos=[
            "AUX" if label in _AUXILIARIES and tag != "TO" else _POS.get(tag, "PUNCT")
            for tag, label in zip(tags, labels, strict=True)
        ],
        deps=labels,
        heads=list(heads),
        ents=["O" if e == "-" else e if e.startswith("I-") else f"B-{e}" for e in entities],
    )


def word(doc: Doc, text: str):
    """Return the only token of `doc` with this text; "they/2" is the second of several."""
    text, _, number = text.partition("/")
    found = [token for token in doc if token.text == text]
    if not number:
        (only,) = found
        return only
    return found[int(number) - 1]
