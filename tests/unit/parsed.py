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


def parse(*lines: str) -> Doc:
    """Return the doc of `lines`: text, lemma, tag, label, 1-based head and entity label or "-"."""
    words, lemmas, tags, labels, heads, entities = zip(
        *(line.split() for line in lines), strict=True
    )
    return Doc(
        spacy.blank("en").vocab,
        words=words,
        spaces=[word.isalnum() for word in (*words[1:], ".")],
        lemmas=lemmas,
        tags=tags,
        pos=[
            "AUX" if label in _AUXILIARIES and tag != "TO" else _POS.get(tag, "PUNCT")
            for tag, label in zip(tags, labels, strict=True)
        ],
        deps=labels,
        heads=[int(head) - 1 for head in heads],
        ents=["O" if label == "-" else f"B-{label}" for label in entities],
    )


def word(doc: Doc, text: str):
    """Return the only token of `doc` with this text."""
    (found,) = (token for token in doc if token.text == text)
    return found
