"""Grammatical relations of verbs and nouns, read from spaCy's dependency parse."""
