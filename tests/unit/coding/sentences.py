"""Parsed sentences that the tests of several modules put together to articles."""

KENYAN_GENERAL = (
    "Kenyan kenyan JJ amod 3 NORP",
    "general general NN compound 3 -",
    "Okoth Okoth NNP nsubj 4 PERSON",
    "spoke speak VBD ROOT 4 -",
    ". . . punct 4 -",
)
POLICE_ARREST = (
    "Police police NNS nsubj 2 -",
    "arrested arrest VBD ROOT 2 -",
    "smugglers smuggler NNS dobj 2 -",
    ". . . punct 2 -",
)
RUSSIA_WARNED_MERKEL = (
    "Russia Russia NNP nsubj 2 GPE",
    "warned warn VBD ROOT 2 -",
    "Merkel Merkel NNP dobj 2 PERSON",
    ". . . punct 2 -",
)
MERKEL_VISITED_RUSSIA = (
    "Merkel Merkel NNP nsubj 2 PERSON",
    "visited visit VBD ROOT 2 -",
    "Russia Russia NNP dobj 2 GPE",
    ". . . punct 2 -",
)
KENYA_FREED_REBELS = (
    "Kenya Kenya NNP nsubj 2 GPE",
    "freed free VBD ROOT 2 -",
    "rebels rebel NNS dobj 2 -",
    ". . . punct 2 -",
)
REBELS_ATTACKED_KENYA = (
    "Rebels rebel NNS nsubj 2 -",
    "attacked attack VBD ROOT 2 -",
    "Kenya Kenya NNP dobj 2 GPE",
    ". . . punct 2 -",
)
RUSSIA_AND_IRAN_MET = (
    "Russia Russia NNP nsubj 4 GPE",
    "and and CC cc 1 -",
    "Iran Iran NNP conj 1 GPE",
    "met meet VBD ROOT 4 -",
    ". . . punct 4 -",
)
RUSSIA_VOTED = (
    "Russia Russia NNP nsubj 2 GPE",
    "voted vote VBD ROOT 2 -",
    ". . . punct 2 -",
)
NOTHING_NEW = (
    "Nothing nothing NN nsubj 2 -",
    "changed change VBD ROOT 2 -",
    ". . . punct 2 -",
)


def said(pronoun: str, tag: str = "PRP") -> tuple[str, ...]:
    """Return a sentence in which a pronoun acts."""
    return (f"{pronoun} {pronoun} {tag} nsubj 2 -", "left leave VBD ROOT 2 -", ". . . punct 2 -")
